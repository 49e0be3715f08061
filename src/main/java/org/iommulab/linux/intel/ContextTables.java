package org.iommulab.linux.intel;

import java.util.Locale;
import org.iommulab.bus.SourceId;
import org.iommulab.linux.boot.KernelParts;
import org.iommulab.memory.Page;
import org.iommulab.memory.PhysicalMemory;
import org.iommulab.trace.CallTrace;
import org.iommulab.vtd.layout.ContextEntry;
import org.iommulab.vtd.layout.RootEntry;

/** A unit's root table and the context tables below it. */
final class ContextTables {

  private final PhysicalMemory memory;
  private final KernelParts parts;
  private final CallTrace trace;
  private final IntelUnit unit;
  private final long root;

  ContextTables(KernelParts parts, IntelUnit unit, long root) {
    this.parts = parts;
    this.memory = parts.memory();
    this.trace = parts.trace();
    this.unit = unit;
    this.root = root;
  }

  long root() {
    return root;
  }

  /** Address of a device's entry, 0 if its table does not exist, -1 if memory ran out. */
  long entry(SourceId sid, boolean make) {
    long rootEntry = root + (long) sid.bus() * RootEntry.BYTES;
    boolean upper = unit.scalable() && sid.devfn() >= 0x80;
    long half = rootEntry + (upper ? 8 : 0);
    long value = memory.readQword(half);
    if (!RootEntry.P.isSet(value)) {
      if (!make) {
        return 0;
      }
      long pfn = parts.frames().allocate();
      if (pfn < 0) {
        return -1;
      }
      flushCache(Page.address(pfn), 4096);
      value = RootEntry.P.mask() | pfn << 12;
      write(
          String.format(Locale.ROOT, "root[%02x]%s", sid.bus(), upper ? ".hi" : ".lo"),
          half,
          value);
      flushCache(half, 8);
    }
    long table = RootEntry.CTP.get(value);
    return unit.scalable()
        ? table + (sid.devfn() & 0x7F) * 32L
        : table + (long) sid.devfn() * ContextEntry.BYTES;
  }

  /** Writes a legacy entry, the half with the present bit last. */
  void set(SourceId sid, long entry, long low, long high) {
    write("ctx[" + sid + "].hi", entry + 8, high);
    write("ctx[" + sid + "].lo", entry, low);
    flushCache(entry, ContextEntry.BYTES);
  }

  /** Clears a legacy entry, the half with the present bit first. */
  void clear(SourceId sid, long entry) {
    write("ctx[" + sid + "].lo", entry, 0);
    write("ctx[" + sid + "].hi", entry + 8, 0);
    flushCache(entry, ContextEntry.BYTES);
  }

  /** Stores one quadword and tells the trace. */
  void write(String where, long address, long value) {
    if (trace.isOn()) {
      trace.wrote(where, address, memory.readQword(address), value);
    }
    memory.writeQword(address, value);
  }

  /** {@code __iommu_flush_cache()}: needed where walks do not snoop. */
  void flushCache(long address, int bytes) {
    unit.flushCache(address, bytes);
  }
}
