package org.iommulab.peer.exec;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.iommulab.peer.host.Call;
import org.iommulab.peer.host.Host;

/**
 * A program of its own, for {@link ProgramRunTest}: maps memory for DMA through {@code /dev/iommu}
 * and tells by its exit code how far it came.
 */
final class MapsMemory {

  private static final int CONTROL = Call.IOCTL.number();

  private MapsMemory() {}

  public static void main(String[] arguments) {
    System.exit(run());
  }

  private static int run() {
    var host = new Host();
    int iommu = host.open("/dev/iommu", 2);
    if (iommu < 0) {
      return 10;
    }
    MemorySegment argument = Arena.global().allocate(64, 8);
    argument.set(ValueLayout.JAVA_INT, 0, 12);
    if (host.call(Call.IOCTL, iommu, 0x3B81, argument.address()) != 0) {
      return 11;
    }
    int space = argument.get(ValueLayout.JAVA_INT, 8);
    MemorySegment memory = Arena.global().allocate(1 << 20, 4096);
    memory.fill((byte) 0x5A);
    argument.fill((byte) 0);
    argument.set(ValueLayout.JAVA_INT, 0, 40);
    // Fixed address, readable, writeable.
    argument.set(ValueLayout.JAVA_INT, 4, 7);
    argument.set(ValueLayout.JAVA_INT, 8, space);
    argument.set(ValueLayout.JAVA_LONG, 16, memory.address());
    argument.set(ValueLayout.JAVA_LONG, 24, 1 << 20);
    argument.set(ValueLayout.JAVA_LONG, 32, 0x10_0000);
    if (host.call(Call.IOCTL, iommu, 0x3B85, argument.address()) != 0) {
      return 12;
    }
    // The same once more is refused, and the error number comes through.
    if (host.call(Call.IOCTL, iommu, 0x3B85, argument.address()) != -17) {
      return 13;
    }
    // What is no device of ours is the real kernel's.
    return host.open("/dev/null", 0) < 0 || CONTROL < 0 ? 14 : 42;
  }
}
