package org.iommulab.linux.iommufd;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.iommulab.bus.SourceId;
import org.iommulab.lab.ScriptedLab;
import org.iommulab.lab.language.Command;
import org.iommulab.lab.language.Result;
import org.iommulab.linux.Kernel;
import org.iommulab.linux.process.Process;
import org.iommulab.linux.process.SyscallResult;
import org.iommulab.linux.uapi.Uapi;
import org.iommulab.linux.uapi.UapiField;
import org.iommulab.linux.uapi.UapiStruct;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Ten thousand maps, copies, unmaps and attachments on a VT-d unit, with DMA in between: what the
 * device reaches is what is mapped, and no cache remembers what is not.
 */
final class VtdBooksTest {

  private static final int CALLS = 10_000;
  private static final long P = 4096;
  private static final long SLOTS = 96;
  private static final long BASE = 0x4000_0000L;
  private static final SourceId NIC = SourceId.of(0, 3, 0);

  private final ScriptedLab lab = new ScriptedLab();

  /** User pages by IOVA page, as the calls that succeeded should have left them. */
  private final TreeMap<Long, Long> model = new TreeMap<>();

  private int reached;
  private int cached;

  @ParameterizedTest
  @CsvSource({
    "false, false, classic, 1",
    "false, true, generic_pt, 2",
    "true, false, classic, 3",
    "true, true, generic_pt, 4"
  })
  void theDeviceReachesWhatIsMappedAndNothingElse(
      boolean scalable, boolean cachingMode, String walker, long seed) {
    lab.run(
        String.format(
            Locale.ROOT,
            "{'op':'machine','aw_bits':48,'scalable':%s,'caching_mode':%s}",
            scalable,
            cachingMode),
        String.format(
            Locale.ROOT,
            "{'op':'linux.boot','cmdline':'intel_iommu=on,%s','walker':'%s'}",
            scalable ? "sm_on" : "sm_off",
            walker),
        "{'op':'open','path':'/dev/iommu','as':'iommu'}",
        "{'op':'ioctl','fd':'iommu','cmd':'IOMMU_IOAS_ALLOC','as':'ioas'}",
        sysfs("/sys/bus/pci/devices/0000:00:03.0/driver_override", "vfio-pci"),
        sysfs("/sys/bus/pci/drivers_probe", "0000:00:03.0"),
        "{'op':'open','path':'/dev/vfio/devices/vfio0','as':'card'}",
        "{'op':'ioctl','fd':'card','cmd':'VFIO_DEVICE_BIND_IOMMUFD','arg':{'iommufd':'iommu'}}",
        "{'op':'user.alloc','as':'far','len':262144,'scattered':true}",
        "{'op':'user.alloc','as':'arg','len':4096}");
    var random = new Random(seed);
    boolean attached = false;
    for (int i = 0; i < CALLS; i++) {
      attached = step(random, attached);
      if (i % 10 == 0) {
        reach(random, attached, "call " + i);
      }
      if (i % 50 == 0) {
        nothingIsStale("call " + i);
      }
    }
    assertThat(reached).as("requests that reached memory").isGreaterThan(1000);
    assertThat(cached).as("cached translations looked at").isGreaterThan(100);
    lab.run("{'op':'close','fd':'card'}", "{'op':'close','fd':'iommu'}");
    assertThat(kernel().leaks()).isEmpty();
  }

  private static String sysfs(String path, String value) {
    return String.format(
        Locale.ROOT,
        "{'op':'call','fn':'sysfs_write','args':{'path':'%s','value':'%s'}}",
        path,
        value);
  }

  private Kernel kernel() {
    return lab.kernel();
  }

  private Process process() {
    return lab.process();
  }

  /** Physical address that a read of the device reaches, -1 if it is refused. */
  private long read(long iova) {
    var read = new Command.DmaRead(NIC.toString(), iova, 8);
    var chunks = (List<?>) lab.lab().execute(read).fields().get("chunks");
    var physical = (String) ((Map<?, ?>) chunks.getFirst()).get("pa");
    return physical == null ? -1 : Long.decode(physical);
  }

  private long memory(int index) {
    return process().memory().pieces().get(index).start();
  }

  private boolean call(int fd, UapiStruct command, Object... fields) {
    ByteBuffer bytes = ByteBuffer.allocate(64).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putInt(0, command.size());
    for (int i = 0; i < fields.length; i += 2) {
      UapiField field = command.field((String) fields[i]);
      long value = ((Number) fields[i + 1]).longValue();
      if (field.size() == 8) {
        bytes.putLong(field.offset(), value);
      } else {
        bytes.putInt(field.offset(), (int) value);
      }
    }
    long at = memory(process().memory().pieces().size() - 1);
    process().write(at, bytes.array());
    SyscallResult result = process().ioctl(fd, command.number(), at);
    return !result.failed();
  }

  private boolean step(Random random, boolean attached) {
    long slot = random.nextLong(SLOTS);
    long pages = 1 + random.nextLong(8);
    switch (random.nextInt(12)) {
      case 0 -> {
        if (attached && random.nextInt(8) != 0) {
          return true;
        }
        if (attached) {
          return !call(4, Uapi.VFIO_DEVICE_DETACH_IOMMUFD_PT);
        }
        return call(4, Uapi.VFIO_DEVICE_ATTACH_IOMMUFD_PT, "pt_id", 1);
      }
      case 1, 2, 3, 4 -> map(slot, pages, random.nextLong(56));
      case 5, 6 -> copy(slot, pages, random.nextLong(SLOTS));
      case 7 -> {
        if (random.nextInt(10) == 0) {
          unmap(0, SLOTS + 16);
        }
      }
      default -> unmap(slot, pages);
    }
    return attached;
  }

  private void map(long slot, long pages, long page) {
    long user = scattered() + page * P;
    boolean done =
        call(
            3,
            Uapi.IOMMU_IOAS_MAP,
            "ioas_id",
            1,
            "flags",
            7,
            "user_va",
            user,
            "iova",
            BASE + slot * P,
            "length",
            pages * P);
    for (long i = 0; done && i < pages; i++) {
      model.put(slot + i, user + i * P);
    }
  }

  private long scattered() {
    return process().memory().pieces().stream()
        .filter(piece -> piece.kind().contains("scattered"))
        .findFirst()
        .orElseThrow()
        .start();
  }

  private void copy(long from, long pages, long to) {
    boolean done =
        call(
            3,
            Uapi.IOMMU_IOAS_COPY,
            "src_ioas_id",
            1,
            "dst_ioas_id",
            1,
            "flags",
            7,
            "src_iova",
            BASE + from * P,
            "dst_iova",
            BASE + to * P,
            "length",
            pages * P);
    for (long i = 0; done && i < pages; i++) {
      model.put(to + i, model.get(from + i));
    }
  }

  private void unmap(long slot, long pages) {
    // Areas before one that is cut are gone even if the call fails: the books are read, not
    // guessed.
    call(3, Uapi.IOMMU_IOAS_UNMAP, "ioas_id", 1, "iova", BASE + slot * P, "length", pages * P);
    var left = new TreeMap<Long, Long>();
    kernel().iommufdObjects().stream()
        .filter(object -> object.type().equals("IOAS"))
        .flatMap(object -> object.areas().stream())
        .forEach(
            area -> {
              for (long at = 0; at < area.length(); at += P) {
                left.put((area.iova() + at - BASE) / P, area.userAddress() + at);
              }
            });
    assertThat(model).containsAllEntriesOf(left);
    model.keySet().retainAll(left.keySet());
  }

  private void reach(Random random, boolean attached, String when) {
    for (int i = 0; i < 8; i++) {
      long slot = random.nextLong(SLOTS + 8);
      long physical = read(BASE + slot * P);
      Long user = attached ? model.get(slot) : null;
      assertThat(physical)
          .as("%s, slot %d", when, slot)
          .isEqualTo(user == null ? -1 : process().pfn(user) << 12);
      reached += user == null ? 0 : 1;
    }
  }

  private void nothingIsStale(String when) {
    Result checked = lab.lab().execute(new Command.Expect("iotlb", 0L));
    List<?> lines = (List<?>) ((Result.Checked) checked).actual();
    cached += lines.size();
    assertThat(lines)
        .as(when)
        .allSatisfy(line -> assertThat(((Map<?, ?>) line).get("stale")).isEqualTo(false));
  }
}
