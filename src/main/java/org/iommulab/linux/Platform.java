package org.iommulab.linux;

import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import org.iommulab.bus.Mmio;
import org.iommulab.linux.boot.DmarFacts;
import org.iommulab.linux.pci.PciDevice;
import org.iommulab.memory.PhysicalMemory;
import org.iommulab.trace.CallTrace;
import org.jspecify.annotations.Nullable;

/**
 * Everything a kernel may touch of the machine it runs on.
 *
 * @param memory physical memory
 * @param mmio register blocks by physical base address
 * @param dmar the DMAR table's facts, null without one
 * @param devices PCI functions in bus order
 * @param trace records calls of kernel functions
 * @param clock virtual time in nanoseconds
 */
public record Platform(
    PhysicalMemory memory,
    Map<Long, Mmio> mmio,
    @Nullable DmarFacts dmar,
    List<PciDevice> devices,
    CallTrace trace,
    LongSupplier clock) {

  public Platform {
    mmio = Map.copyOf(mmio);
    devices = List.copyOf(devices);
  }
}
