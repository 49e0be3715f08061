package org.iommulab.linux.intel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.iommulab.linux.intel.ScalableLab.GPU;
import static org.iommulab.linux.intel.ScalableLab.NIC;
import static org.iommulab.linux.intel.ScalableLab.P;

import java.util.Objects;
import org.iommulab.bus.DmaAccess;
import org.iommulab.bus.Pasid;
import org.iommulab.linux.NothingLeaks;
import org.iommulab.linux.iommu.DomainType;
import org.iommulab.linux.iommu.IommuGroup;
import org.iommulab.linux.iommu.IommuOps;
import org.iommulab.linux.iommu.PagingDomain;
import org.iommulab.linux.uapi.Errno;
import org.iommulab.vtd.layout.CapabilityLayout;
import org.iommulab.vtd.layout.ExtendedCapabilityLayout;
import org.iommulab.vtd.layout.PasidEntry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** PASIDs of a device have domains of their own. */
@ExtendWith(NothingLeaks.class)
final class PasidAttachTest {

  private static final Pasid PASID = new Pasid(100);

  private final ScalableLab lab = ScalableLab.machine().boot();
  private final IommuGroup group = lab.device(GPU).group();

  private PagingDomain domain(ScalableLab of, int flags) {
    return Objects.requireNonNull(
        of.kernel.iommu().alloc(of.device(GPU), DomainType.UNMANAGED, flags, "test").domain());
  }

  private static long pasidWrite(ScalableLab lab, long iova) {
    return lab.reach(DmaAccess.write(GPU, iova, 8).withPasid(PASID));
  }

  @Test
  void aPasidIsTranslatedByItsOwnDomain() {
    PagingDomain domain = domain(lab, IommuOps.PASID);
    lab.kernel.iommuApi().map(domain, 0x10_0000, 0x4000_0000, P, 3);
    assertThat(pasidWrite(lab, 0x10_0000)).isEqualTo(-1);
    assertThat(group.attachPasid(PASID, domain).failed()).isFalse();
    assertThat(pasidWrite(lab, 0x10_0008)).isEqualTo(0x4000_0008);
    assertThat(lab.write(GPU, 0x10_0008)).isEqualTo(-1);
    group.detachPasid(PASID);
    assertThat(pasidWrite(lab, 0x10_0008)).isEqualTo(-1);
    assertThat(lab.pasidEntry(GPU, PASID.value())).containsOnly(0);
  }

  @Test
  void unmappingFlushesUnderThePasid() {
    PagingDomain domain = domain(lab, IommuOps.PASID);
    lab.kernel.iommuApi().map(domain, 0x10_0000, 0x4000_0000, P, 3);
    group.attachPasid(PASID, domain);
    assertThat(pasidWrite(lab, 0x10_0008)).isEqualTo(0x4000_0008);
    assertThat(lab.queued(() -> lab.kernel.iommuApi().unmap(domain, 0x10_0000, P)))
        .containsExactly("p_iotlb_inv", "p_dev_tlb_inv");
    assertThat(pasidWrite(lab, 0x10_0008)).isEqualTo(-1);
  }

  @Test
  void replacingKeepsTheEntryPresentAndFlushesTheOldId() {
    PagingDomain first = domain(lab, IommuOps.PASID);
    PagingDomain second = domain(lab, IommuOps.PASID);
    lab.kernel.iommuApi().map(first, 0x10_0000, 0x4000_0000, P, 3);
    lab.kernel.iommuApi().map(second, 0x10_0000, 0x5000_0000, P, 3);
    group.attachPasid(PASID, first);
    pasidWrite(lab, 0x10_0000);
    var queued = lab.queued(() -> assertThat(group.replacePasid(PASID, second).failed()).isFalse());
    assertThat(queued).containsExactly("pc_inv", "p_iotlb_inv", "p_dev_tlb_inv");
    assertThat(pasidWrite(lab, 0x10_0000)).isEqualTo(0x5000_0000);
    assertThat(lab.kernel.domains())
        .filteredOn(view -> view.owner().equals("test"))
        .extracting(view -> view.attachments().size())
        .containsExactly(0, 1);
  }

  @Test
  void tearingDownToldPasidCacheThenIotlbThenDevice() {
    PagingDomain domain = domain(lab, IommuOps.PASID);
    group.attachPasid(PASID, domain);
    assertThat(lab.queued(() -> group.detachPasid(PASID)))
        .containsExactly("pc_inv", "p_iotlb_inv", "p_dev_tlb_inv");
    PagingDomain second = domain(lab, IommuOps.PASID | IommuOps.NEST_PARENT);
    group.attachPasid(PASID, second);
    assertThat(lab.queued(() -> group.detachPasid(PASID)))
        .containsExactly("pc_inv", "iotlb_inv", "p_dev_tlb_inv");
  }

  @Test
  void cachingModeIsToldOfNewEntries() {
    ScalableLab virtual = ScalableLab.machine().with(CapabilityLayout.CM, 1).boot();
    PagingDomain domain = domain(virtual, IommuOps.PASID);
    IommuGroup devices = virtual.device(GPU).group();
    assertThat(virtual.queued(() -> devices.attachPasid(PASID, domain)))
        .containsExactly("pc_inv", "p_iotlb_inv");
  }

  @Test
  void whoCannotIsRefused() {
    PagingDomain domain = domain(lab, IommuOps.PASID);
    assertThat(lab.device(NIC).group().attachPasid(PASID, domain).is(Errno.EINVAL)).isTrue();
    assertThat(group.attachPasid(new Pasid(1 << 20), domain).is(Errno.EINVAL)).isTrue();
    assertThat(group.attachPasid(Pasid.OF_REQUESTER, domain).is(Errno.EINVAL)).isTrue();
    assertThat(group.attachPasid(PASID, domain(lab, IommuOps.DIRTY_TRACKING)).is(Errno.EINVAL))
        .isTrue();
    assertThat(group.attachPasid(PASID, domain).failed()).isFalse();
    assertThat(group.attachPasid(PASID, domain).is(Errno.EBUSY)).isTrue();
    assertThat(group.replacePasid(new Pasid(PASID.value() + 1), domain).is(Errno.EINVAL)).isTrue();
  }

  @Test
  void theDirectoryHoldsEveryPasidOfTheDevice() {
    PagingDomain domain = domain(lab, IommuOps.PASID);
    var last = new Pasid((1 << 20) - 1);
    assertThat(group.attachPasid(last, domain).failed()).isFalse();
    assertThat(PasidEntry.P.isSet(lab.pasidEntry(GPU, last.value())[0])).isTrue();
    lab.kernel.iommuApi().map(domain, 0x10_0000, 0x4000_0000, P, 3);
    assertThat(lab.reach(DmaAccess.write(GPU, 0x10_0000, 8).withPasid(last)))
        .isEqualTo(0x4000_0000);
  }

  @Test
  void aUnitWithoutPasidsTakesNone() {
    ScalableLab plain = ScalableLab.machine().with(ExtendedCapabilityLayout.PASID, 0).boot();
    PagingDomain domain = domain(plain, 0);
    assertThat(plain.device(GPU).group().attachPasid(PASID, domain).is(Errno.EINVAL)).isTrue();
  }
}
