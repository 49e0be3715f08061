package org.iommulab.linux.intel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.iommulab.linux.intel.ScalableLab.GPU;
import static org.iommulab.linux.intel.ScalableLab.NIC;
import static org.iommulab.linux.intel.ScalableLab.P;

import org.iommulab.bus.DmaAccess;
import org.iommulab.bus.Pasid;
import org.iommulab.bus.ats.DeviceTlb;
import org.iommulab.bus.ats.PageGroupResponse;
import org.iommulab.bus.ats.PageRequestMessage;
import org.iommulab.linux.iommu.IommuSva;
import org.iommulab.linux.process.MemoryOptions;
import org.iommulab.linux.uapi.Errno;
import org.iommulab.vtd.layout.CapabilityLayout;
import org.iommulab.vtd.layout.PasidEntry;
import org.junit.jupiter.api.Test;

/** Devices use a process' page tables, and ask for the pages that are missing. */
final class SharedVirtualMemoryTest {

  private final ScalableLab lab = ScalableLab.machine().boot();
  private final IommuSva sva = lab.kernel.iommu().sva();
  private final long lazy = lab.process.alloc(16 * P, MemoryOptions.PLAIN.asLazy()).ret();

  private Pasid bind() {
    IommuSva.Bound bound = sva.bind(lab.device(GPU), lab.process.memory());
    assertThat(bound.status().failed()).as(bound.status().toString()).isFalse();
    return bound.pasid();
  }

  private DeviceTlb.Way way(Pasid pasid, long address, DmaAccess.Kind kind) {
    return lab.gpuTlb.way(DmaAccess.of(GPU, address, 8, kind).withPasid(pasid));
  }

  private void ask(Pasid pasid, long address, boolean write, int group, boolean last) {
    lab.gpuTlb.request(
        new PageRequestMessage(GPU, pasid, address, true, write, false, false, last, group));
    lab.deliver();
  }

  @Test
  void aDeviceReadsTheProcessMemoryAtItsOwnAddresses() {
    Pasid pasid = bind();
    assertThat(pasid).isEqualTo(new Pasid(1));
    long page = lab.process.pfn(lab.scratch) << 12;
    assertThat(lab.reach(DmaAccess.write(GPU, lab.scratch + 8, 8).withPasid(pasid)))
        .isEqualTo(page + 8);
    long[] entry = lab.pasidEntry(GPU, pasid.value());
    assertThat(PasidEntry.PGTT.get(entry[0])).isEqualTo(PasidEntry.FIRST_STAGE);
    assertThat(PasidEntry.DID.get(entry[1])).isEqualTo(1);
  }

  @Test
  void aMissingPageIsAskedForAndBroughtIn() {
    Pasid pasid = bind();
    assertThat(way(pasid, lazy, DmaAccess.Kind.WRITE)).isInstanceOf(DeviceTlb.Denied.class);
    ask(pasid, lazy, true, 5, true);
    assertThat(lab.gpuTlb.drainResponses())
        .containsExactly(new PageGroupResponse(pasid, 5, PageGroupResponse.SUCCESS));
    assertThat(way(pasid, lazy, DmaAccess.Kind.WRITE)).isInstanceOf(DeviceTlb.Send.class);
    assertThat(lab.process.pfn(lazy)).isPositive();
  }

  @Test
  void aGroupIsAnsweredOnceWhenItsLastRequestHasCome() {
    Pasid pasid = bind();
    ask(pasid, lazy, true, 7, false);
    assertThat(lab.gpuTlb.drainResponses()).isEmpty();
    ask(pasid, lazy + P, false, 7, true);
    assertThat(lab.gpuTlb.drainResponses()).hasSize(1);
    assertThat(lab.reach(DmaAccess.write(GPU, lazy, 8).withPasid(pasid))).isPositive();
    assertThat(lab.reach(DmaAccess.write(GPU, lazy + P, 8).withPasid(pasid))).isPositive();
  }

  @Test
  void whatTheProcessMayNotTouchIsRefused() {
    Pasid pasid = bind();
    long readOnly = lab.process.alloc(P, MemoryOptions.PLAIN.asLazy().asReadOnly()).ret();
    ask(pasid, 0x1000, false, 1, true);
    ask(pasid, readOnly, true, 2, true);
    ask(pasid, readOnly, false, 3, true);
    assertThat(lab.gpuTlb.drainResponses())
        .extracting(PageGroupResponse::code)
        .containsExactly(1, 1, 0);
  }

  @Test
  void aRequestOfAPasidThatNobodySharesIsRefused() {
    bind();
    ask(new Pasid(77), lazy, false, 9, true);
    assertThat(lab.gpuTlb.drainResponses())
        .extracting(PageGroupResponse::code)
        .containsExactly(PageGroupResponse.INVALID_REQUEST);
  }

  @Test
  void unmappingTakesThePageFromTheDevice() {
    Pasid pasid = bind();
    lab.process.write(lazy, new byte[] {1});
    assertThat(way(pasid, lazy, DmaAccess.Kind.READ)).isInstanceOf(DeviceTlb.Send.class);
    var queued =
        lab.queued(() -> assertThat(lab.process.memory().dontNeed(lazy, P).failed()).isFalse());
    assertThat(queued).containsExactly("p_iotlb_inv", "p_dev_tlb_inv");
    assertThat(lab.gpuTlb.lines()).isEmpty();
    assertThat(way(pasid, lazy, DmaAccess.Kind.READ)).isInstanceOf(DeviceTlb.Denied.class);
    byte[] seen = {9};
    assertThat(lab.process.read(lazy, seen)).isTrue();
    assertThat(seen[0]).isZero();
  }

  @Test
  void memoryThatComesLaterIsSeenToo() {
    Pasid pasid = bind();
    long later = lab.userMemory(4 * P);
    assertThat(lab.reach(DmaAccess.write(GPU, later + P, 8).withPasid(pasid)))
        .isEqualTo(lab.process.pfn(later + P) << 12);
  }

  @Test
  void unbindingDrainsAndClears() {
    Pasid pasid = bind();
    assertThat(bind()).as("a second bind only counts").isEqualTo(pasid);
    assertThat(sva.unbind(lab.device(GPU), lab.process.memory()).failed()).isFalse();
    assertThat(PasidEntry.P.isSet(lab.pasidEntry(GPU, pasid.value())[0])).isTrue();
    var queued =
        lab.queued(
            () -> assertThat(sva.unbind(lab.device(GPU), lab.process.memory()).failed()).isFalse());
    assertThat(queued)
        .startsWith("pc_inv", "p_iotlb_inv", "p_dev_tlb_inv")
        .endsWith("p_iotlb_inv", "p_dev_tlb_inv");
    assertThat(lab.pasidEntry(GPU, pasid.value())).containsOnly(0);
    assertThat(lab.kernel.domains()).hasSize(2);
    assertThat(sva.unbind(lab.device(GPU), lab.process.memory()).is(Errno.EINVAL)).isTrue();
  }

  @Test
  void anEndingProcessTakesItsTablesAway() {
    Pasid pasid = bind();
    lab.process.exit();
    long[] entry = lab.pasidEntry(GPU, pasid.value());
    assertThat(PasidEntry.P.isSet(entry[0])).isFalse();
    assertThat(PasidEntry.FPD.isSet(entry[0])).isTrue();
    assertThat(lab.reach(DmaAccess.write(GPU, lab.scratch, 8).withPasid(pasid))).isEqualTo(-1);
    assertThat(lab.unit.read(0x34, 4) & 2).as("no fault is recorded").isZero();
    assertThat(sva.unbind(lab.device(GPU), lab.process.memory()).failed()).isFalse();
    assertThat(lab.pasidEntry(GPU, pasid.value())).containsOnly(0);
  }

  @Test
  void whoCannotShareIsTold() {
    assertThat(sva.bind(lab.device(NIC), lab.process.memory()).status().is(Errno.ENOSPC)).isTrue();
    ScalableLab small = ScalableLab.machine().with(CapabilityLayout.FS1GP, 0).boot();
    assertThat(
            small
                .kernel
                .iommu()
                .sva()
                .bind(small.device(GPU), small.process.memory())
                .status()
                .is(Errno.ENODEV))
        .isTrue();
    assertThat(small.log()).contains("dmar0 SVM disabled, incompatible 1GB page capability");
  }

  @Test
  void overflowIsClearedOnceTheRingIsEmpty() {
    Pasid pasid = bind();
    for (int i = 0; i < 2100; i++) {
      lab.gpuTlb.request(
          new PageRequestMessage(GPU, pasid, lazy, true, false, false, false, true, i & 511));
    }
    assertThat(lab.unit.read(0xDC, 4) & 2).isEqualTo(2);
    lab.deliver();
    assertThat(lab.unit.read(0xDC, 4)).isZero();
    assertThat(lab.log()).contains("PRQ overflow detected").contains("PRQ overflow cleared");
    assertThat(lab.unit.read(0xC0, 8)).isEqualTo(lab.unit.read(0xC8, 8));
  }
}
