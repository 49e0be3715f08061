package org.iommulab.linux.intel;

import java.util.Locale;
import org.iommulab.bus.Pasid;
import org.iommulab.linux.boot.KernelParts;
import org.iommulab.linux.intel.queue.QiDescriptors;
import org.iommulab.linux.intel.table.StageOne;
import org.iommulab.linux.uapi.Errno;
import org.iommulab.linux.uapi.Status;
import org.iommulab.memory.PhysicalMemory;
import org.iommulab.trace.CallTrace;
import org.iommulab.vtd.layout.CapabilityLayout;
import org.iommulab.vtd.layout.ExtendedCapabilityLayout;
import org.iommulab.vtd.layout.PasidEntry;

/**
 * Writes, replaces and clears PASID entries with the invalidations each of it owes (intel/pasid.c).
 */
final class PasidEntries {

  /** Domain id of everything that is not a paging domain: pass-through and SVA. */
  static final int SHARED_DOMAIN_ID = 1;

  /** A first-stage table of a PASID. */
  record FirstLevel(long root, int domainId, int levels, boolean pageSnoop) {}

  /** A second-stage table of a PASID. */
  record SecondLevel(long root, int domainId, int agaw, boolean dirtyTracking) {}

  private final KernelParts parts;
  private final PhysicalMemory memory;
  private final CallTrace trace;

  PasidEntries(KernelParts parts) {
    this.parts = parts;
    this.memory = parts.memory();
    this.trace = parts.trace();
  }

  // ---- the four kinds ---------------------------------------------------------------------------

  /** {@code intel_pasid_setup_first_level()}. */
  Status firstLevel(DeviceInfo info, Pasid pasid, FirstLevel wanted, boolean replacing) {
    enter("first_level", info, pasid, replacing);
    IntelUnit unit = info.unit();
    if (!unit.extended(ExtendedCapabilityLayout.FSTS)) {
      return refuse("No first level translation support on " + unit.name());
    }
    if (wanted.levels() == 5 && !unit.capable(CapabilityLayout.FS5LP)) {
      return refuse("No 5-level paging support for first-level on " + unit.name());
    }
    var bits =
        PasidEntryBits.of(PasidEntry.FIRST_STAGE, wanted.domainId())
            .set(PasidEntry.FSPTPTR, wanted.root())
            .set(PasidEntry.FSPM, wanted.levels() == 5)
            .set(PasidEntry.PGSNP, wanted.pageSnoop())
            .set(PasidEntry.AW, unit.agaw());
    return parts.leave(install(info, pasid, bits, replacing));
  }

  /** {@code intel_pasid_setup_second_level()}. */
  Status secondLevel(DeviceInfo info, Pasid pasid, SecondLevel wanted, boolean replacing) {
    enter("second_level", info, pasid, replacing);
    IntelUnit unit = info.unit();
    if (!unit.extended(ExtendedCapabilityLayout.SSTS)) {
      return refuse("No second level translation support on " + unit.name());
    }
    var bits = PasidEntryBits.of(PasidEntry.SECOND_STAGE, wanted.domainId());
    return parts.leave(install(info, pasid, secondStage(bits, wanted), replacing));
  }

  private static PasidEntryBits secondStage(PasidEntryBits bits, SecondLevel wanted) {
    return bits.set(PasidEntry.SSPTPTR, wanted.root())
        .set(PasidEntry.AW, wanted.agaw())
        .set(PasidEntry.SSADE, wanted.dirtyTracking());
  }

  /** {@code intel_pasid_setup_pass_through()}. */
  Status passThrough(DeviceInfo info, Pasid pasid) {
    enter("pass_through", info, pasid, false);
    var bits =
        PasidEntryBits.of(PasidEntry.PASS_THROUGH, SHARED_DOMAIN_ID)
            .set(PasidEntry.AW, info.unit().agaw());
    return parts.leave(install(info, pasid, bits, false));
  }

  /** {@code intel_pasid_setup_nested()}: what the user's table needs is checked here. */
  Status nested(
      DeviceInfo info,
      Pasid pasid,
      StageOne user,
      SecondLevel parent,
      boolean pageSnoop,
      boolean replacing) {
    enter("nested", info, pasid, replacing);
    IntelUnit unit = info.unit();
    if (user.addressWidth() != StageOne.FOUR_LEVELS
        && user.addressWidth() != StageOne.FIVE_LEVELS) {
      return refuse("Invalid guest address width " + user.addressWidth());
    }
    boolean deep = user.addressWidth() == StageOne.FIVE_LEVELS;
    if (deep && !unit.capable(CapabilityLayout.FS5LP)) {
      return refuse("5-level paging not supported");
    }
    if (user.supervisor() && !unit.extended(ExtendedCapabilityLayout.SRS)) {
      return refuse("No supervisor request support on " + unit.name());
    }
    if (user.extendedAccess() && !unit.extended(ExtendedCapabilityLayout.EAFS)) {
      return refuse("No extended access flag support on " + unit.name());
    }
    var bits =
        secondStage(PasidEntryBits.of(PasidEntry.NESTED, parent.domainId()), parent)
            .set(PasidEntry.FSPTPTR, user.table())
            .set(PasidEntry.FSPM, deep)
            .set(PasidEntry.SRE, user.supervisor())
            .set(PasidEntry.WPE, user.supervisor() && user.writeProtect())
            .set(PasidEntry.EAFE, user.extendedAccess())
            .set(PasidEntry.PGSNP, pageSnoop);
    return parts.leave(install(info, pasid, bits, replacing));
  }

  private void enter(String kind, DeviceInfo info, Pasid pasid, boolean replacing) {
    if (trace.isOn()) {
      trace
          .enter((replacing ? "intel_pasid_replace_" : "intel_pasid_setup_") + kind)
          .text("iommu", info.unit().name())
          .text("dev", info.device().toString())
          .number("pasid", pasid.value());
    }
  }

  /** What the unit cannot do is an error message and EINVAL. */
  private Status refuse(String text) {
    parts.log().print("DMAR: " + text);
    return parts.leave(Status.fail(Errno.EINVAL, text));
  }

  // ---- writing ----------------------------------------------------------------------------------

  private Status install(DeviceInfo info, Pasid pasid, PasidEntryBits bits, boolean replacing) {
    long entry = info.table().get(pasid);
    if (entry == 0) {
      return Status.fail(Errno.ENODEV, "there is no table for PASID " + pasid);
    }
    boolean present = PasidEntry.P.isSet(memory.readQword(entry));
    if (present && !replacing) {
      return Status.fail(Errno.EBUSY, "the entry of PASID " + pasid + " is in use");
    }
    if (!present && replacing) {
      return Status.fail(Errno.EINVAL, "the entry of PASID " + pasid + " is empty");
    }
    IntelUnit unit = info.unit();
    int oldId = domainId(entry);
    bits.set(PasidEntry.PWSNP, unit.extended(ExtendedCapabilityLayout.SMPWCS));
    bits.set(PasidEntry.P, true);
    write(info, pasid, entry, bits);
    if (replacing) {
      flushReplaced(info, pasid, oldId);
      return Status.OK;
    }
    int newId = domainId(entry);
    if (unit.cachingMode()) {
      unit.flusher().pasidCache(newId, pasid);
      unit.flusher().pasidIotlb(newId, pasid);
    } else {
      unit.flushWriteBuffer();
    }
    return Status.OK;
  }

  /** The quadword with the present bit comes last. */
  private void write(DeviceInfo info, Pasid pasid, long entry, PasidEntryBits bits) {
    ContextTables writer = info.unit().contexts();
    for (int i = PasidEntryBits.QUADWORDS - 1; i >= 0; i--) {
      writer.write(
          String.format(Locale.ROOT, "pasid[%s][%d].%d", info.sid(), pasid.value(), i),
          entry + i * 8L,
          bits.quadword(i));
    }
    writer.flushCache(entry, PasidEntry.BYTES);
  }

  private int domainId(long entry) {
    return (int) PasidEntry.DID.get(memory.readQword(entry + 8));
  }

  /** {@code intel_pasid_flush_present()}: the entry changed while it was in use. */
  private void flushReplaced(DeviceInfo info, Pasid pasid, int domainId) {
    if (trace.isOn()) {
      trace.enter("intel_pasid_flush_present").hex("did", domainId).number("pasid", pasid.value());
    }
    Flusher flusher = info.unit().flusher();
    flusher.pasidCache(domainId, pasid);
    flusher.pasidIotlb(domainId, pasid);
    flushDeviceTlb(info, pasid);
    if (trace.isOn()) {
      trace.leave();
    }
  }

  /** {@code devtlb_invalidation_with_pasid()}: the device forgets everything of that PASID. */
  private void flushDeviceTlb(DeviceInfo info, Pasid pasid) {
    if (info.ats() && info.unit().translating()) {
      info.unit().flusher().deviceTlb(info.sid().value(), pasid);
    }
  }

  // ---- clearing and changing --------------------------------------------------------------------

  /**
   * {@code intel_pasid_tear_down_entry()}; nothing happens if the entry is empty.
   *
   * @param ignoreFaults requests that are still on their way shall not be recorded (FPD)
   */
  void tearDown(DeviceInfo info, Pasid pasid, boolean ignoreFaults) {
    long entry = info.table().find(pasid);
    long low = entry == 0 ? 0 : memory.readQword(entry);
    if (!PasidEntry.P.isSet(low)) {
      if (entry != 0 && !ignoreFaults && low != 0) {
        write(info, pasid, entry, new PasidEntryBits());
      }
      return;
    }
    if (trace.isOn()) {
      trace
          .enter("intel_pasid_tear_down_entry")
          .text("iommu", info.unit().name())
          .text("dev", info.device().toString())
          .number("pasid", pasid.value());
    }
    int kind = (int) PasidEntry.PGTT.get(low);
    int domainId = domainId(entry);
    write(info, pasid, entry, new PasidEntryBits().set(PasidEntry.FPD, ignoreFaults));
    IntelUnit unit = info.unit();
    unit.flusher().pasidCache(domainId, pasid);
    if (kind == PasidEntry.PASS_THROUGH || kind == PasidEntry.FIRST_STAGE) {
      unit.flusher().pasidIotlb(domainId, pasid);
    } else {
      unit.flusher().iotlb(QiDescriptors.DOMAIN, domainId, 0, 0, false);
    }
    flushDeviceTlb(info, pasid);
    if (!ignoreFaults) {
      unit.drainPageRequests(info, pasid, domainId);
    }
    if (trace.isOn()) {
      trace.leave();
    }
  }

  /** {@code intel_pasid_setup_dirty_tracking()}. */
  Status dirtyTracking(DeviceInfo info, Pasid pasid, boolean on) {
    if (trace.isOn()) {
      trace
          .enter("intel_pasid_setup_dirty_tracking")
          .text("dev", info.device().toString())
          .number("pasid", pasid.value())
          .number("enabled", on ? 1 : 0);
    }
    return parts.leave(setDirtyTracking(info, pasid, on));
  }

  private Status setDirtyTracking(DeviceInfo info, Pasid pasid, boolean on) {
    long entry = info.table().find(pasid);
    long low = entry == 0 ? 0 : memory.readQword(entry);
    if (!PasidEntry.P.isSet(low)) {
      return Status.fail(Errno.ENODEV, "the entry of PASID " + pasid + " is empty");
    }
    long kind = PasidEntry.PGTT.get(low);
    if (kind != PasidEntry.SECOND_STAGE && kind != PasidEntry.NESTED) {
      return Status.fail(Errno.EOPNOTSUPP, "only the second stage keeps dirty bits");
    }
    if (PasidEntry.SSADE.isSet(low) == on) {
      return Status.OK;
    }
    change(info, pasid, entry, 0, PasidEntry.SSADE.with(low, on ? 1 : 0));
    int domainId = domainId(entry);
    info.unit().flusher().pasidCache(domainId, pasid);
    info.unit().flusher().iotlb(QiDescriptors.DOMAIN, domainId, 0, 0, false);
    flushDeviceTlb(info, pasid);
    return Status.OK;
  }

  /** {@code intel_pasid_setup_page_snoop_control()}: the accesses themselves snoop from now on. */
  void pageSnoop(DeviceInfo info, Pasid pasid) {
    long entry = info.table().find(pasid);
    if (entry == 0 || !PasidEntry.P.isSet(memory.readQword(entry))) {
      return;
    }
    if (trace.isOn()) {
      trace.enter("intel_pasid_setup_page_snoop_control").number("pasid", pasid.value());
    }
    change(info, pasid, entry, 1, PasidEntry.PGSNP.with(memory.readQword(entry + 8), 1));
    int domainId = domainId(entry);
    info.unit().flusher().pasidCache(domainId, pasid);
    info.unit().flusher().pasidIotlb(domainId, pasid);
    flushDeviceTlb(info, pasid);
    if (trace.isOn()) {
      trace.leave();
    }
  }

  private static void change(DeviceInfo info, Pasid pasid, long entry, int index, long value) {
    ContextTables writer = info.unit().contexts();
    writer.write(
        String.format(Locale.ROOT, "pasid[%s][%d].%d", info.sid(), pasid.value(), index),
        entry + index * 8L,
        value);
    writer.flushCache(entry, PasidEntry.BYTES);
  }
}
