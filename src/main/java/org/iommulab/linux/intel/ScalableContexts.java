package org.iommulab.linux.intel;

import org.iommulab.bus.Pasid;
import org.iommulab.linux.boot.KernelParts;
import org.iommulab.linux.intel.queue.QiDescriptors;
import org.iommulab.linux.uapi.Errno;
import org.iommulab.linux.uapi.Status;
import org.iommulab.memory.PhysicalMemory;
import org.iommulab.trace.CallTrace;
import org.iommulab.vtd.layout.ScalableContextEntry;

/**
 * The scalable-mode context entries that lead to devices' PASID directories (intel/pasid.c). They
 * are written when a device is probed and stay; what is attached is a matter of the PASID entries.
 */
final class ScalableContexts {

  private final KernelParts parts;
  private final PhysicalMemory memory;
  private final CallTrace trace;

  ScalableContexts(KernelParts parts) {
    this.parts = parts;
    this.memory = parts.memory();
    this.trace = parts.trace();
  }

  /** {@code intel_pasid_alloc_table()} and {@code intel_pasid_setup_sm_context()}. */
  Status setUp(DeviceInfo info) {
    if (trace.isOn()) {
      trace.enter("intel_pasid_setup_sm_context").text("dev", info.device().toString());
    }
    return parts.leave(write(info));
  }

  private Status write(DeviceInfo info) {
    PasidTable table = PasidTable.allocate(parts, info);
    if (table == null) {
      return Status.fail(Errno.ENOMEM, "no page frame for a PASID directory");
    }
    IntelUnit unit = info.unit();
    long entry = unit.contexts().entry(info.sid(), true);
    if (entry < 0) {
      table.free();
      return Status.fail(Errno.ENOMEM, "no page frame for a context table");
    }
    info.setTable(table);
    unit.flushCache(table.directory(), table.directoryBytes());
    long low = ScalableContextEntry.P.mask() | table.directory();
    low = ScalableContextEntry.PDTS.with(low, table.directorySizeCode());
    low = ScalableContextEntry.DTE.with(low, info.ats() ? 1 : 0);
    low = ScalableContextEntry.PASIDE.with(low, info.pasid() ? 1 : 0);
    low = ScalableContextEntry.PRE.with(low, info.pri() ? 1 : 0);
    unit.contexts().write("ctx[" + info.sid() + "].0", entry, low);
    unit.flushCache(entry, ScalableContextEntry.BYTES);
    if (unit.cachingMode()) {
      unit.flusher().context(QiDescriptors.DEVICE_OR_PAGE, 0, info.sid().value(), 0);
      unit.flusher().iotlb(QiDescriptors.DOMAIN, 0, 0, 0, false);
    }
    return Status.OK;
  }

  /** {@code intel_pasid_teardown_sm_context()} and {@code intel_pasid_free_table()}. */
  void tearDown(DeviceInfo info) {
    if (!info.hasTable()) {
      return;
    }
    IntelUnit unit = info.unit();
    long entry = unit.contexts().entry(info.sid(), false);
    if (entry > 0 && ScalableContextEntry.P.isSet(memory.readQword(entry))) {
      if (trace.isOn()) {
        trace.enter("intel_pasid_teardown_sm_context").text("dev", info.device().toString());
      }
      unit.contexts().write("ctx[" + info.sid() + "].0", entry, 0);
      unit.flushCache(entry, ScalableContextEntry.BYTES);
      Flusher flusher = unit.flusher();
      flusher.context(QiDescriptors.DEVICE_OR_PAGE, 0, info.sid().value(), 0);
      flusher.wholePasidCache();
      flusher.iotlb(QiDescriptors.GLOBAL, 0, 0, 0, false);
      if (info.ats() && unit.translating()) {
        flusher.deviceTlb(info.sid().value(), Pasid.OF_REQUESTER);
      }
      if (trace.isOn()) {
        trace.leave();
      }
    }
    info.table().free();
    info.setTable(null);
  }
}
