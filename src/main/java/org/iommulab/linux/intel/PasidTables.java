package org.iommulab.linux.intel;

import org.iommulab.bus.SourceId;
import org.iommulab.linux.boot.KernelParts;
import org.iommulab.memory.PhysicalMemory;
import org.iommulab.vtd.layout.ExtendedCapabilityLayout;
import org.iommulab.vtd.layout.PasidDirectoryEntry;
import org.iommulab.vtd.layout.PasidEntry;
import org.iommulab.vtd.layout.ScalableContextEntry;

/**
 * The scalable-mode tables of a unit's devices: context entry, PASID directory, PASID table
 * (intel/pasid.c). Requests without PASID use PASID 0.
 */
final class PasidTables {

  private final KernelParts parts;
  private final PhysicalMemory memory;
  private final IntelUnit unit;

  PasidTables(KernelParts parts, IntelUnit unit) {
    this.parts = parts;
    this.memory = parts.memory();
    this.unit = unit;
  }

  /** Address of a device's entry for PASID 0; 0 if there is none, -1 if memory ran out. */
  long entry(SourceId sid, boolean make) {
    long context = unit.contexts().entry(sid, make);
    if (context <= 0) {
      return context;
    }
    long low = memory.readQword(context);
    if (!ScalableContextEntry.P.isSet(low)) {
      if (!make) {
        return 0;
      }
      long directory = parts.frames().allocate();
      if (directory < 0) {
        return -1;
      }
      low = ScalableContextEntry.P.mask() | directory << 12;
      unit.contexts().write("ctx[" + sid + "].lo", context, low);
      if (unit.cachingMode()) {
        unit.flusher().context(Descriptors.DEVICE_OR_PAGE, 0, sid.value(), 0);
      } else {
        unit.flushWriteBuffer();
      }
    }
    long slot = ScalableContextEntry.PASIDDIRPTR.get(low);
    long leaf = memory.readQword(slot);
    if (!PasidDirectoryEntry.P.isSet(leaf)) {
      if (!make) {
        return 0;
      }
      long table = parts.frames().allocate();
      if (table < 0) {
        return -1;
      }
      leaf = PasidDirectoryEntry.P.mask() | table << 12;
      unit.contexts().write("pasid_dir[" + sid + "][0]", slot, leaf);
    }
    return PasidDirectoryEntry.SMPTBLPTR.get(leaf);
  }

  /** Writes an entry, the quadword with the present bit last, and tells the caches. */
  void set(SourceId sid, long entry, int type, long root, int did) {
    long high = PasidEntry.DID.with(0, did);
    if (unit.extended(ExtendedCapabilityLayout.SMPWCS)) {
      high = PasidEntry.PWSNP.with(high, 1);
    }
    long low = PasidEntry.P.mask() | PasidEntry.SSPTPTR.get(root);
    low = PasidEntry.AW.with(low, unit.agaw());
    low = PasidEntry.PGTT.with(low, type);
    unit.contexts().write("pasid[" + sid + "][0].1", entry + 8, high);
    unit.contexts().write("pasid[" + sid + "][0].0", entry, low);
    unit.contexts().flushLine(entry);
    if (unit.cachingMode()) {
      unit.flusher().pasidCache(1, did, 0);
      unit.flusher().iotlb(Descriptors.DOMAIN, did, 0, 0, false);
    } else {
      unit.flushWriteBuffer();
    }
  }

  /** {@code intel_pasid_tear_down_entry()}. */
  void clear(SourceId sid, long entry) {
    int did = (int) PasidEntry.DID.get(memory.readQword(entry + 8));
    unit.contexts().write("pasid[" + sid + "][0].0", entry, 0);
    unit.contexts().write("pasid[" + sid + "][0].1", entry + 8, 0);
    unit.contexts().flushLine(entry);
    unit.flusher().pasidCache(1, did, 0);
    unit.flusher().iotlb(Descriptors.DOMAIN, did, 0, 0, false);
  }
}
