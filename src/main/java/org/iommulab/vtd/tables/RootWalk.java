package org.iommulab.vtd.tables;

import java.util.ArrayList;
import java.util.List;
import org.iommulab.bits.Field;
import org.iommulab.bus.SourceId;
import org.iommulab.memory.PhysicalMemory;
import org.iommulab.vtd.layout.ContextEntry;
import org.iommulab.vtd.layout.PasidDirectoryEntry;
import org.iommulab.vtd.layout.PasidEntry;
import org.iommulab.vtd.layout.RegisterLayouts;
import org.iommulab.vtd.layout.RootEntry;
import org.iommulab.vtd.layout.ScalableContextEntry;
import org.jspecify.annotations.Nullable;

/** From the root table to context and PASID entries. */
final class RootWalk {

  private static final Field ROOT_TABLE = RegisterLayouts.RTADDR.field("RTA");
  private static final Field ROOT_SET = RegisterLayouts.GSTS.field("RTPS");
  private static final int TABLE_QUADWORDS = PhysicalMemory.FRAME_QUADWORDS;
  private static final int TABLE_PASIDS = 64;
  private static final int MAX_PASIDS = 1 << 20;
  private static final int MAX_DIRECTORY_ENTRIES = 1 << 22;

  private final PhysicalMemory memory;
  private final RegisterValues registers;
  private final Mode mode;

  RootWalk(PhysicalMemory memory, RegisterValues registers) {
    this.memory = memory;
    this.registers = registers;
    this.mode = Mode.of(registers.rtaddr());
  }

  /** A page of memory, or null; addresses beyond any memory are never there. */
  static long @Nullable [] page(PhysicalMemory memory, long address) {
    return Long.compareUnsigned(address, PhysicalMemory.LIMIT) < 0
        ? memory.frame(address >>> 12)
        : null;
  }

  boolean isRootSet() {
    return ROOT_SET.isSet(registers.gsts()) && (mode == Mode.LEGACY || mode == Mode.SCALABLE);
  }

  long rootTable() {
    return ROOT_TABLE.get(registers.rtaddr());
  }

  List<RootNode> roots() {
    var roots = new ArrayList<RootNode>();
    long[] entries = isRootSet() ? page(memory, rootTable()) : null;
    for (int bus = 0; entries != null && bus < 256; bus++) {
      long lo = entries[2 * bus];
      long hi = entries[2 * bus + 1];
      if ((lo | hi) != 0) {
        roots.add(new RootNode(bus, rootTable() + (long) bus * RootEntry.BYTES, lo, hi));
      }
    }
    return roots;
  }

  List<ContextNode> contexts() {
    var contexts = new ArrayList<ContextNode>();
    for (RootNode root : roots()) {
      if (mode == Mode.LEGACY) {
        if (RootEntry.P.isSet(root.lo())) {
          legacy(root.bus(), RootEntry.CTP.get(root.lo()), contexts);
        }
      } else {
        if (RootEntry.LP.isSet(root.lo())) {
          scalable(root.bus(), 0, RootEntry.LCTP.get(root.lo()), contexts);
        }
        if (RootEntry.UP.isSet(root.hi())) {
          scalable(root.bus(), 128, RootEntry.UCTP.get(root.hi()), contexts);
        }
      }
    }
    return contexts;
  }

  private void legacy(int bus, long table, List<ContextNode> contexts) {
    long[] entries = page(memory, table);
    int step = ContextEntry.BYTES / 8;
    for (int at = 0; entries != null && at < TABLE_QUADWORDS; at += step) {
      long[] entry = nonZero(entries, at, step);
      if (entry != null) {
        var source = new SourceId(bus << 8 | at / step);
        contexts.add(new ContextNode.Legacy(source, table + 8L * at, entry));
      }
    }
  }

  private void scalable(int bus, int firstDevfn, long table, List<ContextNode> contexts) {
    long[] entries = page(memory, table);
    int step = ScalableContextEntry.BYTES / 8;
    for (int at = 0; entries != null && at < TABLE_QUADWORDS; at += step) {
      long[] entry = nonZero(entries, at, step);
      if (entry != null) {
        var source = new SourceId(bus << 8 | firstDevfn + at / step);
        contexts.add(new ContextNode.Scalable(source, table + 8L * at, entry));
      }
    }
  }

  private static long @Nullable [] nonZero(long[] entries, int at, int count) {
    long any = 0;
    for (int i = 0; i < count; i++) {
      any |= entries[at + i];
    }
    return any == 0 ? null : java.util.Arrays.copyOfRange(entries, at, at + count);
  }

  List<PasidNode> pasids(ContextNode.Scalable context) {
    var pasids = new ArrayList<PasidNode>();
    forEachPasidTable(
        context, (index, table) -> pasidTable(context.source(), index, table, pasids));
    return pasids;
  }

  /**
   * PASID entries of all contexts. A made-up root can lead to the same directory thousands of
   * times: {@value #MAX_PASIDS} entries are enough for any real machine.
   */
  List<PasidNode> pasids() {
    var all = new ArrayList<PasidNode>();
    int directoryEntries = 0;
    for (ContextNode context : contexts()) {
      if (context instanceof ContextNode.Scalable scalable && scalable.present()) {
        directoryEntries += scalable.directoryEntries();
        if (all.size() < MAX_PASIDS && directoryEntries < MAX_DIRECTORY_ENTRIES) {
          all.addAll(pasids(scalable));
        }
      }
    }
    return all;
  }

  List<Long> pasidTables(ContextNode.Scalable context) {
    var all = new ArrayList<Long>();
    forEachPasidTable(context, (index, table) -> all.add(table));
    return all;
  }

  /** Takes the PASID tables of a directory. */
  private interface PasidTableVisitor {
    void table(int firstPasid, long address);
  }

  private void forEachPasidTable(ContextNode.Scalable context, PasidTableVisitor visitor) {
    for (int i = 0; context.present() && i < context.directoryEntries(); i++) {
      long address = context.directory() + (long) i * PasidDirectoryEntry.BYTES;
      long[] directory = page(memory, address & -PhysicalMemory.FRAME_BYTES);
      long entry = directory == null ? 0 : directory[i & TABLE_QUADWORDS - 1];
      if (PasidDirectoryEntry.P.isSet(entry)) {
        visitor.table(i * TABLE_PASIDS, PasidDirectoryEntry.SMPTBLPTR.get(entry));
      }
    }
  }

  private void pasidTable(SourceId source, int firstPasid, long table, List<PasidNode> pasids) {
    long[] entries = page(memory, table);
    int step = PasidEntry.BYTES / 8;
    for (int i = 0; entries != null && i < TABLE_PASIDS; i++) {
      long[] entry = nonZero(entries, i * step, step);
      if (entry != null) {
        long address = table + (long) i * PasidEntry.BYTES;
        pasids.add(new PasidNode(source, firstPasid + i, address, entry));
      }
    }
  }
}
