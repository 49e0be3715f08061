package org.iommulab.linux.intel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.iommulab.linux.intel.ScalableLab.GPU;
import static org.iommulab.linux.intel.ScalableLab.NIC;
import static org.iommulab.linux.intel.ScalableLab.P;

import java.util.Objects;
import org.iommulab.bus.DmaAccess;
import org.iommulab.bus.Pasid;
import org.iommulab.linux.boot.Walker;
import org.iommulab.linux.iommu.DomainType;
import org.iommulab.linux.iommu.IommuOps;
import org.iommulab.linux.iommu.PagingDomain;
import org.iommulab.vtd.layout.CapabilityLayout;
import org.iommulab.vtd.layout.ExtendedCapabilityLayout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * On units that do not snoop, and whose writes stick in a buffer, nothing the driver writes is ever
 * missed: memory here holds every line back until it is flushed.
 */
final class NonCoherentWalkTest {

  private static ScalableLab boot(Walker walker, boolean scalable, boolean buffer) {
    return ScalableLab.machine()
        .walker(walker)
        .holdingWrites()
        .with(ExtendedCapabilityLayout.C, 0)
        .with(ExtendedCapabilityLayout.SMPWCS, 0)
        .with(ExtendedCapabilityLayout.SSADS, 0)
        .with(CapabilityLayout.RWBF, buffer ? 1 : 0)
        .cmdline(scalable ? "intel_iommu=on,sm_on" : "intel_iommu=on")
        .boot();
  }

  @ParameterizedTest
  @CsvSource({
    "CLASSIC,false,false",
    "CLASSIC,false,true",
    "CLASSIC,true,false",
    "CLASSIC,true,true",
    "GENERIC_PT,false,false",
    "GENERIC_PT,false,true",
    "GENERIC_PT,true,false",
    "GENERIC_PT,true,true"
  })
  void everythingWrittenIsSeenByTheUnit(Walker walker, boolean scalable, boolean buffer) {
    ScalableLab lab = boot(walker, scalable, buffer);
    PagingDomain domain = Objects.requireNonNull(lab.device(NIC).group().defaultDomain());
    var api = lab.kernel.iommuApi();
    assertThat(api.map(domain, 0x10_0000, 0x4000_0000, 16 * P, 3).failed()).isFalse();
    assertThat(lab.write(NIC, 0x10_3008)).isEqualTo(0x4000_3008);
    assertThat(api.map(domain, 0x11_0000, 0x5000_0000, P, 3).failed()).isFalse();
    assertThat(lab.write(NIC, 0x11_0008)).isEqualTo(0x5000_0008);
    assertThat(api.unmap(domain, 0x10_0000, 16 * P)).isEqualTo(16 * P);
    assertThat(lab.write(NIC, 0x10_3008)).isEqualTo(-1);
    assertThat(api.map(domain, 0x4000_0000, 0x8000_0000L, 1L << 30, 3).failed()).isFalse();
    assertThat(lab.write(NIC, 0x4123_4000)).isEqualTo(0x8123_4000L);
  }

  @ParameterizedTest
  @CsvSource({"CLASSIC,false", "CLASSIC,true", "GENERIC_PT,true"})
  void pasidEntriesAreSeenToo(Walker walker, boolean buffer) {
    ScalableLab lab = boot(walker, true, buffer);
    PagingDomain domain =
        Objects.requireNonNull(
            lab.kernel
                .iommu()
                .alloc(lab.device(GPU), DomainType.UNMANAGED, IommuOps.PASID, "test")
                .domain());
    lab.kernel.iommuApi().map(domain, 0x10_0000, 0x4000_0000, P, 3);
    lab.device(GPU).group().attachPasid(new Pasid(70), domain);
    assertThat(lab.reach(DmaAccess.write(GPU, 0x10_0000, 8).withPasid(new Pasid(70))))
        .isEqualTo(0x4000_0000);
    lab.device(GPU).group().detachPasid(new Pasid(70));
    assertThat(lab.reach(DmaAccess.write(GPU, 0x10_0000, 8).withPasid(new Pasid(70))))
        .isEqualTo(-1);
  }
}
