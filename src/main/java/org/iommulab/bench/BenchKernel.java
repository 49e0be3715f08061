package org.iommulab.bench;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.iommulab.bus.SourceId;
import org.iommulab.linux.BootOptions;
import org.iommulab.linux.Kernel;
import org.iommulab.linux.Platform;
import org.iommulab.linux.boot.DmarFacts;
import org.iommulab.linux.dma.DmaDevice;
import org.iommulab.linux.iommu.PagingDomain;
import org.iommulab.linux.pci.PciDevice;
import org.iommulab.memory.PhysicalMemory;
import org.iommulab.trace.CallTrace;
import org.iommulab.vtd.RemappingUnit;
import org.iommulab.vtd.config.Capabilities;
import org.iommulab.vtd.config.Profiles;
import org.iommulab.vtd.layout.CapabilityLayout;

/**
 * Kernels to measure, booted on a server's unit in front of one device, with the call trace off.
 */
final class BenchKernel {

  private static final long UNIT = 0xFED9_0000L;
  private static final SourceId NIC = SourceId.of(0, 3, 0);

  private BenchKernel() {}

  /** On a unit without larger pages. */
  static Kernel withSmallPages(String cmdline, long ram) {
    Capabilities server = UnitUnderTest.SERVER;
    var small =
        new Capabilities(
            CapabilityLayout.SSLPS.with(server.cap(), 0),
            server.ecap(),
            server.version(),
            server.hostAddressWidth());
    return boot(small, cmdline, ram);
  }

  /** On a unit with pages of 4 KiB, 2 MiB and 1 GiB. */
  static Kernel withAllPages(String cmdline, long ram) {
    return boot(UnitUnderTest.SERVER, cmdline, ram);
  }

  private static Kernel boot(Capabilities capabilities, String cmdline, long ram) {
    var memory = PhysicalMemory.ofSize(ram);
    var unit =
        new RemappingUnit(
            Profiles.named(Profiles.SPEC).orElseThrow().withCapabilities(capabilities),
            memory,
            (address, data) -> {});
    var platform =
        new Platform(
            memory,
            Map.of(UNIT, unit),
            DmarFacts.single(capabilities.hostAddressWidth(), UNIT),
            List.of(PciDevice.endpoint(NIC, "nic")),
            new CallTrace(),
            () -> 0);
    return Kernel.boot(platform, BootOptions.of(cmdline)).kernel();
  }

  /** The device's default domain. */
  static PagingDomain domain(Kernel kernel) {
    return (PagingDomain) Objects.requireNonNull(kernel.domain(kernel.domains().getFirst().id()));
  }

  /** The device, for the DMA API. */
  static DmaDevice device(Kernel kernel) {
    return Objects.requireNonNull(kernel.dma().device(NIC));
  }
}
