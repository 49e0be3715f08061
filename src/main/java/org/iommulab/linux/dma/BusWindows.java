package org.iommulab.linux.dma;

import java.util.ArrayList;
import java.util.List;
import org.iommulab.linux.pci.PciDevice;
import org.iommulab.memory.AddressRange;
import org.iommulab.memory.PhysicalMemory;

/**
 * Bus addresses at which devices answer each other: a DMA there would never reach the IOMMU, so no
 * mapping may have them.
 */
final class BusWindows {

  private static final AddressRange VGA = new AddressRange(0xA0000, 0xC0000);
  private static final long FOUR_GIB = 1L << 32;

  /** I/O APICs and what else has a fixed place lie from here on. */
  private static final long FIXED = 0xFEC0_0000L;

  private BusWindows() {}

  /**
   * What is reserved in every domain: the windows of the host bridge; up to Linux 5.10, by Intel's
   * own code, the registers of every device instead ({@code dmar_init_reserved_ranges()}).
   */
  static List<AddressRange> reserved(
      DmaRules rules, PhysicalMemory memory, List<PciDevice> devices) {
    if (rules.intelOps()) {
      var bars = new ArrayList<AddressRange>();
      devices.forEach(device -> bars.addAll(device.bars()));
      return bars;
    }
    return hostBridge(memory);
  }

  /** The windows as firmware lays them out: VGA, and the hole between low RAM and fixed places. */
  private static List<AddressRange> hostBridge(PhysicalMemory memory) {
    long top = 0;
    for (AddressRange range : memory.ram()) {
      if (range.end() <= FOUR_GIB) {
        top = Math.max(top, range.end());
      }
    }
    boolean hole = top > 0 && top < FIXED && memory.ram().size() > 1;
    return hole ? List.of(VGA, new AddressRange(top, FIXED)) : List.of();
  }
}
