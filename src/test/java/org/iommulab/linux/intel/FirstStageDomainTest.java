package org.iommulab.linux.intel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.iommulab.linux.intel.ScalableLab.GPU;
import static org.iommulab.linux.intel.ScalableLab.NIC;
import static org.iommulab.linux.intel.ScalableLab.P;

import org.iommulab.linux.NothingLeaks;
import org.iommulab.linux.boot.Walker;
import org.iommulab.linux.iommu.PagingDomain;
import org.iommulab.linux.iommu.Protection;
import org.iommulab.vtd.layout.ExtendedCapabilityLayout;
import org.iommulab.vtd.layout.PasidEntry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Which stage a domain uses, and what its PASID entry and tables look like. */
@ExtendWith(NothingLeaks.class)
final class FirstStageDomainTest {

  private static PagingDomain defaultDomain(ScalableLab lab) {
    return java.util.Objects.requireNonNull(lab.device(NIC).group().defaultDomain());
  }

  @ParameterizedTest
  @EnumSource(Walker.class)
  void theKernelsOwnDomainsTakeTheFirstStage(Walker walker) {
    ScalableLab lab = ScalableLab.machine().walker(walker).boot();
    assertThat(lab.kernel.domains()).allMatch(view -> view.firstStage());
    long[] entry = lab.pasidEntry(NIC, 0);
    assertThat(PasidEntry.PGTT.get(entry[0])).isEqualTo(PasidEntry.FIRST_STAGE);
    assertThat(PasidEntry.FSPTPTR.get(entry[2])).isEqualTo(lab.kernel.domains().get(1).root());
    assertThat(PasidEntry.PWSNP.isSet(entry[1])).isTrue();
    assertThat(defaultDomain(lab).apertureEnd()).isEqualTo((1L << 47) - 1);
  }

  @ParameterizedTest
  @EnumSource(Walker.class)
  void mappedPagesAreReachedAndRightsHold(Walker walker) {
    ScalableLab lab = ScalableLab.machine().walker(walker).boot();
    PagingDomain domain = defaultDomain(lab);
    var api = lab.kernel.iommuApi();
    int both = Protection.READ | Protection.WRITE;
    assertThat(api.map(domain, 0x10_0000, 0x4000_0000, 16 * P, both).failed()).isFalse();
    assertThat(api.map(domain, 0x20_0000, 0x5000_0000, P, Protection.READ).failed()).isFalse();
    assertThat(api.map(domain, 0x4000_0000, 0x8000_0000L, 1L << 30, both).failed()).isFalse();
    assertThat(lab.write(NIC, 0x10_3008)).isEqualTo(0x4000_3008);
    assertThat(lab.read(NIC, 0x20_0008)).isEqualTo(0x5000_0008);
    assertThat(lab.write(NIC, 0x20_0008)).isEqualTo(-1);
    assertThat(lab.read(NIC, 0x4123_4568)).isEqualTo(0x8123_4568L);
    assertThat(api.unmap(domain, 0x10_0000, 16 * P)).isEqualTo(16 * P);
    assertThat(lab.write(NIC, 0x10_3008)).isEqualTo(-1);
  }

  @Test
  void flushesOfAFirstStageNameThePasid() {
    ScalableLab lab = ScalableLab.machine().boot();
    var api = lab.kernel.iommuApi();
    PagingDomain domain = defaultDomain(lab);
    api.map(domain, 0x10_0000, 0x4000_0000, P, 3);
    assertThat(lab.queued(() -> api.unmap(domain, 0x10_0000, P))).containsExactly("p_iotlb_inv");
  }

  @Test
  void withoutFirstStageTheSecondServesEverything() {
    ScalableLab lab = ScalableLab.machine().with(ExtendedCapabilityLayout.FSTS, 0).boot();
    assertThat(lab.kernel.domains()).noneMatch(view -> view.firstStage());
    assertThat(PasidEntry.PGTT.get(lab.pasidEntry(NIC, 0)[0])).isEqualTo(PasidEntry.SECOND_STAGE);
  }

  @Test
  void aUnitWithFirstStageOnlyWorksInScalableMode() {
    ScalableLab lab = ScalableLab.machine().with(ExtendedCapabilityLayout.SSTS, 0).boot();
    assertThat(PasidEntry.PGTT.get(lab.pasidEntry(NIC, 0)[0])).isEqualTo(PasidEntry.FIRST_STAGE);
  }

  @Test
  void userSpaceGetsTheFirstStageUnlessItWantsMore() {
    ScalableLab lab = ScalableLab.machine().boot();
    lab.openIommufd();
    int ioas = lab.ioas();
    int plain = lab.hwpt(1, ioas, 0);
    int parent = lab.hwpt(1, ioas, 1);
    int tracking = lab.hwpt(1, ioas, 2);
    assertThat(plain).isPositive();
    assertThat(lab.kernel.domains())
        .filteredOn(view -> view.owner().startsWith("iommufd"))
        .extracting(view -> view.firstStage())
        .containsExactly(true, false, false);
    assertThat(parent).isPositive();
    assertThat(tracking).isPositive();
  }

  @Test
  void passThroughHasAnEntryOfItsOwnKindUnderTheSharedId() {
    ScalableLab lab = ScalableLab.machine().cmdline("intel_iommu=on,sm_on iommu=pt").boot();
    long[] entry = lab.pasidEntry(NIC, 0);
    assertThat(PasidEntry.PGTT.get(entry[0])).isEqualTo(PasidEntry.PASS_THROUGH);
    assertThat(PasidEntry.DID.get(entry[1])).isEqualTo(1);
    assertThat(lab.write(NIC, 0x1234_5000)).isEqualTo(0x1234_5000);
  }

  @Test
  void aDeviceTlbIsToldOfEveryUnmap() {
    ScalableLab lab = ScalableLab.machine().boot();
    var domain = java.util.Objects.requireNonNull(lab.device(GPU).group().defaultDomain());
    var api = lab.kernel.iommuApi();
    api.map(domain, 0x10_0000, 0x4000_0000, P, 3);
    assertThat(lab.queued(() -> api.unmap(domain, 0x10_0000, P)))
        .containsExactly("p_iotlb_inv", "dev_tlb_inv");
  }

  @Test
  void forcedSnoopingOfAFirstStageSitsInThePasidEntry() {
    ScalableLab lab = ScalableLab.machine().boot();
    assertThat(PasidEntry.PGSNP.isSet(lab.pasidEntry(NIC, 0)[1])).isFalse();
    PagingDomain domain = defaultDomain(lab);
    var queued = lab.queued(() -> assertThat(domain.enforceCacheCoherency()).isTrue());
    assertThat(PasidEntry.PGSNP.isSet(lab.pasidEntry(NIC, 0)[1])).isTrue();
    assertThat(queued).containsExactly("pc_inv", "p_iotlb_inv");
  }
}
