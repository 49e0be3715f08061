package org.iommulab.peer.exec;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.iommulab.peer.host.Call;
import org.iommulab.peer.host.Host;

/** A card as a program of ours drives it: in a type 1 container, its first BAR mapped. */
final class MappedCard {

  private static final int READ_WRITE = 3;
  private static final int SHARED = 1;
  private static final long BAR_BYTES = 65_536;

  private final Host host;
  private final MemorySegment argument = Arena.global().allocate(64, 8);
  private final int container;
  private MemorySegment bar = MemorySegment.NULL;
  private int problem;

  /** Opens and maps; {@link #problem} tells how far it came. */
  MappedCard(Host host, String group, String address) {
    this.host = host;
    container = host.open("/dev/vfio/vfio", 2);
    int opened = host.open("/dev/vfio/" + group, 2);
    argument.set(ValueLayout.JAVA_INT, 0, container);
    if (host.call(Call.IOCTL, opened, 0x3B68, argument.address()) != 0
        || host.call(Call.IOCTL, container, 0x3B66, 3) != 0) {
      problem = 10;
      return;
    }
    long device = host.call(Call.IOCTL, opened, 0x3B6A, host.text(address).address());
    long at = host.call(Call.MMAP, 0, BAR_BYTES, READ_WRITE, SHARED, device, 0);
    if (device < 0 || at < 0) {
      problem = 11;
      return;
    }
    bar = MemorySegment.ofAddress(at).reinterpret(BAR_BYTES);
  }

  /** 0, or an exit code: 10 without a container, 11 without the mapping. */
  int problem() {
    return problem;
  }

  MemorySegment bar() {
    return bar;
  }

  /** VFIO_IOMMU_MAP_DMA of a page, to read and write; false if it is refused. */
  boolean map(MemorySegment page, long iova) {
    argument.set(ValueLayout.JAVA_INT, 0, 32);
    argument.set(ValueLayout.JAVA_INT, 4, 3);
    argument.set(ValueLayout.JAVA_LONG, 8, page.address());
    argument.set(ValueLayout.JAVA_LONG, 16, iova);
    argument.set(ValueLayout.JAVA_LONG, 24, 4096);
    return host.call(Call.IOCTL, container, 0x3B71, argument.address()) == 0;
  }
}
