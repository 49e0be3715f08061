package org.iommulab.linux.intel;

import org.iommulab.bus.Pasid;
import org.iommulab.bus.SourceId;
import org.iommulab.linux.boot.KernelParts;
import org.iommulab.linux.intel.queue.QiDescriptors;
import org.iommulab.linux.uapi.Errno;
import org.iommulab.linux.uapi.Status;
import org.iommulab.memory.PhysicalMemory;
import org.iommulab.trace.CallTrace;
import org.iommulab.vtd.layout.ContextEntry;

/**
 * Connects devices and PASIDs with domains: context entries in legacy mode, PASID entries in
 * scalable mode. Every change goes through "blocked", so that a failure leaves nothing half done.
 */
final class DomainAttachments {

  private final KernelParts parts;
  private final PhysicalMemory memory;
  private final CallTrace trace;
  private final PasidEntries entries;

  DomainAttachments(KernelParts parts, PasidEntries entries) {
    this.parts = parts;
    this.memory = parts.memory();
    this.trace = parts.trace();
    this.entries = entries;
  }

  // ---- requests without PASID -------------------------------------------------------------------

  /** {@code intel_iommu_attach_device()} and {@code intel_nested_attach_dev()}. */
  Status attach(DeviceInfo info, IntelDomain domain) {
    block(info);
    Status status = domain.compatible(info.unit());
    if (!status.failed()) {
      status = enableFaults(info, domain);
    }
    if (status.failed()) {
      return status;
    }
    status = domain.attachUnit(info.unit());
    if (!status.failed()) {
      info.setDomain(domain, true);
      domain.add(info, Pasid.OF_REQUESTER);
      domain.assignTags(info, Pasid.OF_REQUESTER);
      status = program(info, domain);
      if (status.failed()) {
        block(info);
      }
    } else {
      disableFaults(info, domain);
    }
    return status;
  }

  private Status program(DeviceInfo info, IntelDomain domain) {
    if (info.unit().scalable()) {
      return domain.program(info, Pasid.OF_REQUESTER, false);
    }
    int type = info.ats() ? ContextEntry.TRANSLATE_WITH_DEVICE_TLB : ContextEntry.TRANSLATE;
    for (SourceId alias : info.aliases()) {
      if (trace.isOn()) {
        trace
            .enter("domain_context_mapping_one")
            .number("domain", domain.id())
            .text("iommu", info.unit().name())
            .text("sid", alias.toString());
      }
      int did = domain.id(info.unit());
      Status status = parts.leave(writeContext(info.unit(), alias, type, domain.root(), did));
      if (status.failed()) {
        return status;
      }
    }
    return Status.OK;
  }

  private Status writeContext(IntelUnit unit, SourceId sid, int type, long root, int did) {
    long entry = unit.contexts().entry(sid, true);
    if (entry < 0) {
      return Status.fail(Errno.ENOMEM, "no page frame for a context table");
    }
    if (ContextEntry.P.isSet(memory.readQword(entry))) {
      return Status.OK;
    }
    long low = ContextEntry.TT.with(ContextEntry.P.mask() | root, type);
    long high = ContextEntry.DID.with(ContextEntry.AW.with(0, unit.agaw()), did);
    unit.contexts().set(sid, entry, low, high);
    // Caching mode remembers the absent entry under DID 0; other units at most need RWBF.
    if (unit.cachingMode()) {
      unit.flusher().context(QiDescriptors.DEVICE_OR_PAGE, 0, sid.value(), 0);
      unit.flusher().iotlb(QiDescriptors.DOMAIN, did, 0, 0, false);
    } else {
      unit.flushWriteBuffer();
    }
    return Status.OK;
  }

  /** {@code identity_domain_attach_dev()} for units that can pass requests through. */
  Status attachIdentity(DeviceInfo info) {
    block(info);
    Status status = Status.OK;
    if (info.unit().scalable()) {
      status = entries.passThrough(info, Pasid.OF_REQUESTER);
    } else {
      for (SourceId alias : info.aliases()) {
        status =
            status.failed()
                ? status
                : writeContext(
                    info.unit(),
                    alias,
                    ContextEntry.PASS_THROUGH,
                    0,
                    PasidEntries.SHARED_DOMAIN_ID);
      }
    }
    info.setDomain(null, true);
    if (status.failed()) {
      block(info);
    }
    return status;
  }

  /** {@code device_block_translation()}: clears the entries and lets the caches forget them. */
  void block(DeviceInfo info) {
    if (!info.attached()) {
      return;
    }
    if (trace.isOn()) {
      trace.enter("device_block_translation").text("dev", info.device().toString());
    }
    if (info.unit().scalable()) {
      entries.tearDown(info, Pasid.OF_REQUESTER, false);
    } else {
      info.aliases().forEach(alias -> clearContext(info, alias));
    }
    IntelDomain domain = info.domain();
    info.setDomain(null, false);
    if (domain != null) {
      domain.unassignTags(info, Pasid.OF_REQUESTER);
      disableFaults(info, domain);
      domain.remove(info, Pasid.OF_REQUESTER);
      domain.detachUnit(info.unit());
    }
    if (trace.isOn()) {
      trace.leave();
    }
  }

  private void clearContext(DeviceInfo info, SourceId sid) {
    IntelUnit unit = info.unit();
    long entry = unit.contexts().entry(sid, false);
    if (entry <= 0 || !ContextEntry.P.isSet(memory.readQword(entry))) {
      return;
    }
    int did = (int) ContextEntry.DID.get(memory.readQword(entry + 8));
    if (trace.isOn()) {
      trace
          .enter("domain_context_clear_one")
          .text("iommu", unit.name())
          .text("sid", sid.toString());
    }
    unit.contexts().clear(sid, entry);
    unit.flusher().context(QiDescriptors.DEVICE_OR_PAGE, did, sid.value(), 0);
    unit.flusher().iotlb(QiDescriptors.DOMAIN, did, 0, 0, false);
    if (info.ats() && sid.equals(info.sid()) && unit.translating()) {
      unit.flusher().deviceTlb(sid.value(), Pasid.OF_REQUESTER);
    }
    if (trace.isOn()) {
      trace.leave();
    }
  }

  // ---- PASIDs -----------------------------------------------------------------------------------

  /** {@code intel_iommu_set_dev_pasid()}: attaches a PASID, in place of what it had. */
  Status attachPasid(DeviceInfo info, Pasid pasid, IntelDomain domain) {
    IntelUnit unit = info.unit();
    if (!unit.pasidSupported()) {
      return Status.fail(Errno.EOPNOTSUPP, unit.name() + " knows no PASIDs");
    }
    if (domain instanceof DmarDomain paging && paging.dirtyTracking()) {
      return Status.fail(Errno.EINVAL, "a domain that tracks dirty pages takes no PASID");
    }
    Status status = domain.compatible(unit);
    if (!status.failed()) {
      status = domain.attachUnit(unit);
    }
    if (status.failed()) {
      return status;
    }
    IntelDomain old = info.pasids().get(pasid);
    domain.add(info, pasid);
    domain.assignTags(info, pasid);
    status = enableFaults(info, domain);
    if (!status.failed()) {
      status = domain.program(info, pasid, old != null);
      if (status.failed()) {
        disableFaults(info, domain);
      }
    }
    if (status.failed()) {
      forget(info, pasid, domain);
      return status;
    }
    info.pasids().put(pasid, domain);
    if (old != null) {
      disableFaults(info, old);
      forget(info, pasid, old);
    }
    return Status.OK;
  }

  /** {@code domain_remove_dev_pasid()}. */
  private static void forget(DeviceInfo info, Pasid pasid, IntelDomain domain) {
    domain.unassignTags(info, pasid);
    domain.remove(info, pasid);
    domain.detachUnit(info.unit());
  }

  /** {@code blocking_domain_set_dev_pasid()}. */
  void removePasid(DeviceInfo info, Pasid pasid) {
    IntelDomain domain = info.pasids().get(pasid);
    if (domain == null) {
      return;
    }
    entries.tearDown(info, pasid, false);
    disableFaults(info, domain);
    info.pasids().remove(pasid);
    forget(info, pasid, domain);
  }

  // ---- page requests ----------------------------------------------------------------------------

  /** {@code iopf_for_domain_set()}: a domain that handles page requests needs a device with PRI. */
  private static Status enableFaults(DeviceInfo info, IntelDomain domain) {
    if (domain.iopfHandler() == null) {
      return Status.OK;
    }
    if (!info.pri()) {
      return Status.fail(Errno.ENODEV, info.device() + " cannot request pages");
    }
    info.changeIopfUsers(1);
    return Status.OK;
  }

  /** {@code iopf_for_domain_remove()}. */
  private static void disableFaults(DeviceInfo info, IntelDomain domain) {
    if (domain.iopfHandler() != null && info.iopfUsers() > 0) {
      info.changeIopfUsers(-1);
      if (info.iopfUsers() == 0) {
        info.device().discardPartialFaults();
      }
    }
  }
}
