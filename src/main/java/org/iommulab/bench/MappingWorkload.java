package org.iommulab.bench;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.iommulab.bus.SourceId;
import org.iommulab.linux.BootOptions;
import org.iommulab.linux.BootResult;
import org.iommulab.linux.Kernel;
import org.iommulab.linux.Platform;
import org.iommulab.linux.boot.DmarFacts;
import org.iommulab.linux.iommu.IommuDomain;
import org.iommulab.linux.iommu.Protection;
import org.iommulab.linux.pci.PciDevice;
import org.iommulab.memory.PhysicalMemory;
import org.iommulab.trace.CallTrace;
import org.iommulab.vtd.Capabilities;
import org.iommulab.vtd.Profiles;
import org.iommulab.vtd.RemappingUnit;
import org.iommulab.vtd.layout.CapabilityLayout;

/**
 * {@code iommu_map()} and {@code iommu_unmap()} of 1 GiB in 4 KiB pages, in a kernel that booted on
 * a unit without larger pages. Tables are allocated and freed, the IOTLB is invalidated through the
 * queue; only the call trace is off.
 */
final class MappingWorkload implements Workload {

  private static final long IOVA = 0x1_0000_0000L;
  private static final long PHYSICAL = 0x40_0000_0000L;
  private static final long BYTES = 1 << 30;
  private static final long UNIT = 0xFED9_0000L;
  private static final int WARM_UP = 400;

  private final boolean mapping;
  private final Kernel kernel;
  private final IommuDomain domain;

  private MappingWorkload(boolean mapping) {
    this.mapping = mapping;
    kernel = boot();
    int first = kernel.domains().getFirst().id();
    domain = Objects.requireNonNull(kernel.domain(first));
  }

  /** Measures mapping; each round unmaps again. */
  static Workload map() {
    return new MappingWorkload(true);
  }

  /** Measures unmapping of what each round maps first. */
  static Workload unmap() {
    return new MappingWorkload(false);
  }

  private static Kernel boot() {
    var memory = PhysicalMemory.ofSize(1 << 28);
    Capabilities server = TranslationWorkload.SERVER;
    var smallPages =
        new Capabilities(
            CapabilityLayout.SSLPS.with(server.cap(), 0),
            server.ecap(),
            server.version(),
            server.hostAddressWidth());
    var unit =
        new RemappingUnit(
            Profiles.named(Profiles.SPEC).orElseThrow().withCapabilities(smallPages),
            memory,
            (address, data) -> {});
    var dmar =
        new DmarFacts(
            server.hostAddressWidth(),
            false,
            false,
            false,
            List.of(new DmarFacts.Drhd(UNIT, 0, true, List.of())),
            List.of(),
            List.of());
    var platform =
        new Platform(
            memory,
            Map.of(UNIT, unit),
            dmar,
            List.of(PciDevice.endpoint(SourceId.of(0, 3, 0), "nic")),
            new CallTrace(),
            () -> 0);
    BootResult booted = Kernel.boot(platform, BootOptions.of("intel_iommu=on iommu.strict=1"));
    return booted.kernel();
  }

  @Override
  public long operations() {
    return BYTES >> 12;
  }

  @Override
  public int warmUp() {
    return WARM_UP;
  }

  @Override
  public int rounds() {
    return 15;
  }

  @Override
  public Round round() {
    long start = System.nanoTime();
    kernel.iommuApi().map(domain, IOVA, PHYSICAL, BYTES, Protection.READ | Protection.WRITE);
    long mapped = System.nanoTime();
    long pages = kernel.iommuApi().unmap(domain, IOVA, BYTES) >> 12;
    long unmapped = System.nanoTime();
    return new Round(mapping ? mapped - start : unmapped - mapped, pages);
  }
}
