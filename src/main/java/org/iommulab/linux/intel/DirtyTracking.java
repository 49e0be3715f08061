package org.iommulab.linux.intel;

import org.iommulab.bus.Pasid;
import org.iommulab.linux.intel.table.ClassicPageTable;
import org.iommulab.linux.iommu.IommuApi;
import org.iommulab.linux.iommu.IotlbGather;
import org.iommulab.linux.iommu.PagingDomain;
import org.iommulab.linux.uapi.Status;
import org.iommulab.trace.CallTrace;

/** Which pages of a second-stage domain devices have written to ({@code intel_dirty_ops}). */
final class DirtyTracking {

  private final DmarDomain domain;
  private final CallTrace trace;
  private final IommuApi api;
  private final PasidEntries entries;
  private final ClassicPageTable table;
  private boolean on;

  DirtyTracking(DmarDomain domain, IommuApi api, PasidEntries entries, ClassicPageTable table) {
    this.domain = domain;
    this.trace = domain.parts().trace();
    this.api = api;
    this.entries = entries;
    this.table = table;
  }

  /** Units set dirty bits for this domain. */
  boolean on() {
    return on;
  }

  /**
   * {@code intel_iommu_set_dirty_tracking()}: switches the bit in every PASID entry that uses the
   * table, also below nested domains; all or nothing.
   */
  Status set(boolean wanted) {
    if (trace.isOn()) {
      trace
          .enter("intel_iommu_set_dirty_tracking")
          .number("domain", domain.id())
          .number("enable", wanted ? 1 : 0);
    }
    Status status = Status.OK;
    if (on != wanted) {
      status = inEntries(wanted);
      if (status.failed()) {
        inEntries(on);
      } else {
        on = wanted;
      }
    }
    return domain.parts().leave(status);
  }

  private Status inEntries(boolean wanted) {
    Status status = inEntriesOf(domain, wanted);
    for (NestedDomain child : domain.nested()) {
      status = status.failed() ? status : inEntriesOf(child, wanted);
    }
    return status;
  }

  private Status inEntriesOf(IntelDomain user, boolean wanted) {
    for (DeviceInfo info : user.devices()) {
      Status status = entries.dirtyTracking(info, Pasid.OF_REQUESTER, wanted);
      if (status.failed()) {
        return status;
      }
    }
    for (IntelDomain.DevicePasid attached : user.pasids()) {
      Status status = entries.dirtyTracking(attached.info(), attached.pasid(), wanted);
      if (status.failed()) {
        return status;
      }
    }
    return Status.OK;
  }

  /**
   * {@code intel_iommu_read_and_clear_dirty()}, and the flush that makes units write the bits of
   * cleared pages again.
   *
   * @param stopsAtHole generic_pt ends at the first unmapped page, the old walker skipped it
   */
  void read(
      long iova, long length, boolean clear, boolean stopsAtHole, PagingDomain.DirtySink sink) {
    if (trace.isOn()) {
      trace
          .enter(stopsAtHole ? "read_and_clear_dirty" : "intel_iommu_read_and_clear_dirty")
          .hex("iova", iova)
          .hex("size", length)
          .number("clear", clear ? 1 : 0);
    }
    var cleared = new IotlbGather(false);
    table.scanDirty(
        iova,
        iova + length - 1,
        clear,
        stopsAtHole,
        (at, size) -> {
          sink.dirty(at, size);
          if (clear) {
            cleared.widen(at, size);
          }
        });
    if (!cleared.isEmpty()) {
      api.sync(domain, cleared);
    }
    if (trace.isOn()) {
      trace.leave();
    }
  }
}
