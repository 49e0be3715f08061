package org.iommulab.linux;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.iommulab.linux.boot.Walker;
import org.iommulab.linux.mm.FrameAllocator;
import org.iommulab.linux.process.MemoryOptions;
import org.iommulab.linux.process.ModelProcess;
import org.iommulab.linux.process.SyscallResult;
import org.iommulab.linux.uapi.Uapi;
import org.iommulab.linux.uapi.UapiField;
import org.iommulab.linux.uapi.UapiStruct;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whichever allocation of VT-d tables fails, the kernel keeps its books. */
@ExtendWith(NothingLeaks.class)
final class ResilienceTest {

  private static final long P = 4096;

  /** A process with an iommufd, a bound device and memory of every kind. */
  private static final class Bench {
    final Lab lab;
    final FrameAllocator frames;
    final ModelProcess process;
    final long scratch;
    final List<Long> memory = new ArrayList<>();
    int iommu = -1;
    int device = -1;

    Bench(Walker walker) {
      lab = Lab.boot(BootOptions.of("intel_iommu=on").withWalker(walker));
      frames = lab.kernel.parts().frames();
      process = lab.kernel.createProcess("random");
      scratch = process.alloc(P, MemoryOptions.PLAIN).ret();
      memory.add(process.alloc(64 * P, MemoryOptions.PLAIN).ret());
      memory.add(process.alloc(8L << 20, MemoryOptions.PLAIN.withPageSize(2 << 20)).ret());
      memory.add(process.alloc(64 * P, MemoryOptions.PLAIN.asScattered()).ret());
      memory.add(process.alloc(64 * P, MemoryOptions.PLAIN.asReadOnly()).ret());
      process.writeFile("/sys/bus/pci/devices/0000:00:03.0/driver_override", "vfio-pci");
      process.writeFile("/sys/bus/pci/drivers_probe", "0000:00:03.0");
    }

    boolean open() {
      iommu = (int) process.open("/dev/iommu").ret();
      device = (int) process.open("/dev/vfio/devices/vfio0").ret();
      return call(device, Uapi.VFIO_DEVICE_BIND_IOMMUFD, "iommufd", iommu).failed();
    }

    SyscallResult call(int fd, UapiStruct command, Object... fields) {
      ByteBuffer bytes = ByteBuffer.allocate(64).order(ByteOrder.LITTLE_ENDIAN);
      bytes.putInt(0, command.size());
      for (int i = 0; i < fields.length; i += 2) {
        UapiField field = command.field((String) fields[i]);
        long value = ((Number) fields[i + 1]).longValue();
        if (field.size() == 8) {
          bytes.putLong(field.offset(), value);
        } else if (field.size() == 4) {
          bytes.putInt(field.offset(), (int) value);
        } else {
          bytes.putShort(field.offset(), (short) value);
        }
      }
      process.write(scratch, bytes.array());
      return process.ioctl(fd, command.number(), scratch);
    }
  }

  private static boolean scenario(Bench b) {
    boolean failed = b.open();
    failed |= b.call(b.iommu, Uapi.IOMMU_IOAS_ALLOC).failed();
    failed |= b.call(b.device, Uapi.VFIO_DEVICE_ATTACH_IOMMUFD_PT, "pt_id", 2).failed();
    long[][] maps = {{0, 0x10_0000_0000L, P}, {1, 0x4000_0000L, 4L << 20}, {2, 0x1000, 64 * P}};
    for (long[] map : maps) {
      failed |=
          b.call(
                  b.iommu,
                  Uapi.IOMMU_IOAS_MAP,
                  "ioas_id",
                  2,
                  "flags",
                  7,
                  "user_va",
                  b.memory.get((int) map[0]),
                  "iova",
                  map[1],
                  "length",
                  map[2])
              .failed();
    }
    b.call(b.iommu, Uapi.IOMMU_IOAS_UNMAP, "ioas_id", 2, "iova", 0, "length", -1);
    b.process.close(b.device);
    b.process.close(b.iommu);
    return failed;
  }

  @ParameterizedTest
  @EnumSource(Walker.class)
  void aFailedAllocationIsReportedAndLeaksNothing(Walker walker) {
    var b = new Bench(walker);
    scenario(b);
    long frames = b.frames.kernelFrames();
    int n = 1;
    for (; n < 100; n++) {
      b.frames.failNth(n);
      boolean failed = scenario(b);
      assertThat(b.frames.kernelFrames()).as("after failure %d", n).isEqualTo(frames);
      assertThat(b.process.memory().unpinned()).isTrue();
      if (!failed) {
        break;
      }
    }
    assertThat(n).isBetween(5, 99);
  }
}
