package org.iommulab.linux.intel;

import org.iommulab.bus.Pasid;
import org.iommulab.linux.boot.KernelParts;
import org.iommulab.linux.iommu.DomainType;
import org.iommulab.linux.iommu.IommuOps;
import org.iommulab.linux.mm.AddressSpace;
import org.iommulab.linux.uapi.Errno;
import org.iommulab.linux.uapi.Status;
import org.iommulab.vtd.layout.ExtendedCapabilityLayout;

/**
 * A process' address space as a domain: its PASIDs walk the processor's page table (intel/svm.c).
 */
public final class SvaDomain extends IntelDomain implements AddressSpace.Listener {

  private static final int LEVELS = 4;

  private final PasidEntries entries;
  private final AddressSpace space;
  private final long root;

  SvaDomain(KernelParts parts, PasidEntries entries, IommuOps driver, int id, AddressSpace space) {
    super(parts, driver, id, DomainType.SVA, "a process", true);
    this.entries = entries;
    this.space = space;
    this.root = space.pgd();
    space.addListener(this);
  }

  @Override
  Status compatible(IntelUnit unit) {
    return unit.extended(ExtendedCapabilityLayout.FSTS)
        ? Status.OK
        : Status.fail(Errno.EINVAL, unit.name() + " has no first stage");
  }

  @Override
  Status program(DeviceInfo info, Pasid pasid, boolean replacing) {
    return entries.firstLevel(
        info,
        pasid,
        new PasidEntries.FirstLevel(root(), PasidEntries.SHARED_DOMAIN_ID, LEVELS, false),
        replacing);
  }

  /** All shared address spaces have one domain id; their PASIDs tell them apart. */
  @Override
  int id(IntelUnit unit) {
    return PasidEntries.SHARED_DOMAIN_ID;
  }

  @Override
  Status attachUnit(IntelUnit unit) {
    return Status.OK;
  }

  @Override
  void detachUnit(IntelUnit unit) {}

  @Override
  public long root() {
    return root;
  }

  @Override
  public int levels() {
    return LEVELS;
  }

  @Override
  public int addressBits() {
    return 12 + 9 * LEVELS;
  }

  // ---- what the process does --------------------------------------------------------------------

  /** {@code intel_arch_invalidate_secondary_tlbs()}. */
  @Override
  public void invalidateSecondaryTlbs(long start, long last) {
    var trace = parts().trace();
    if (trace.isOn()) {
      trace.enter("intel_arch_invalidate_secondary_tlbs").hex("start", start).hex("end", last + 1);
    }
    tags().flushRange(start, last, false);
    if (trace.isOn()) {
      trace.leave();
    }
  }

  /**
   * {@code intel_mm_release()}: the tables go away; requests that still come are blocked and not
   * recorded.
   */
  @Override
  public void exiting() {
    var trace = parts().trace();
    if (trace.isOn()) {
      trace.enter("intel_mm_release");
    }
    for (DevicePasid attached : pasids()) {
      entries.tearDown(attached.info(), attached.pasid(), true);
    }
    if (trace.isOn()) {
      trace.leave();
    }
  }

  @Override
  public long pageSizes() {
    return 1L << 12;
  }

  @Override
  protected void release() {
    space.removeListener(this);
  }
}
