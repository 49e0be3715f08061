package org.iommulab.vtd.tables;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.iommulab.bits.Field;
import org.iommulab.bus.Pasid;
import org.iommulab.bus.SourceId;
import org.iommulab.memory.Page;
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
        ? memory.frame(Page.number(address))
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

  /** Entries of every context table; a table that several root entries point to is read once. */
  List<ContextNode> contexts() {
    var contexts = new ArrayList<ContextNode>();
    var read = new HashSet<Long>();
    for (RootNode root : roots()) {
      forEachContextTable(
          root,
          (first, table) -> {
            if (read.add(table)) {
              contextTable(root.bus(), first, table, contexts);
            }
          });
    }
    return contexts;
  }

  /** The context entry of one requester, whoever else its table serves. */
  Optional<ContextNode> context(SourceId source) {
    var contexts = new ArrayList<ContextNode>();
    for (RootNode root : roots()) {
      if (root.bus() == source.bus()) {
        forEachContextTable(
            root, (first, table) -> contextTable(root.bus(), first, table, contexts));
      }
    }
    return contexts.stream().filter(context -> context.source().equals(source)).findFirst();
  }

  /** Takes the context tables of a root entry. */
  private interface ContextTableVisitor {
    void table(int firstDevfn, long address);
  }

  private void forEachContextTable(RootNode root, ContextTableVisitor visitor) {
    if (mode == Mode.LEGACY) {
      if (RootEntry.P.isSet(root.lo())) {
        visitor.table(0, RootEntry.CTP.get(root.lo()));
      }
      return;
    }
    if (RootEntry.LP.isSet(root.lo())) {
      visitor.table(0, RootEntry.LCTP.get(root.lo()));
    }
    if (RootEntry.UP.isSet(root.hi())) {
      visitor.table(128, RootEntry.UCTP.get(root.hi()));
    }
  }

  private void contextTable(int bus, int firstDevfn, long table, List<ContextNode> contexts) {
    if (mode == Mode.LEGACY) {
      legacy(bus, table, contexts);
    } else {
      scalable(bus, firstDevfn, table, contexts);
    }
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

  /** PASID entries of one context; a table that several directory entries point to is read once. */
  List<PasidNode> pasids(ContextNode.Scalable context) {
    var pasids = new ArrayList<PasidNode>();
    addPasids(context, new HashSet<>(), pasids);
    return pasids;
  }

  private void addPasids(ContextNode.Scalable context, Set<Long> read, List<PasidNode> pasids) {
    forEachPasidTable(
        context,
        (index, table) -> {
          if (read.add(table)) {
            pasidTable(context.source(), index, table, pasids);
          }
        });
  }

  /** One PASID entry of a context, whoever else its table serves. */
  Optional<PasidNode> pasid(ContextNode.Scalable context, Pasid pasid) {
    var pasids = new ArrayList<PasidNode>();
    forEachPasidTable(
        context,
        (first, table) -> {
          if (first == (pasid.value() & -TABLE_PASIDS)) {
            pasidTable(context.source(), first, table, pasids);
          }
        });
    return pasids.stream().filter(entry -> entry.pasid().equals(pasid)).findFirst();
  }

  /**
   * PASID entries of all contexts, every PASID table read once. A made-up root can lead to the same
   * directory thousands of times: {@value #MAX_DIRECTORY_ENTRIES} of its entries are enough for any
   * real machine.
   */
  List<PasidNode> pasids() {
    var all = new ArrayList<PasidNode>();
    var read = new HashSet<Long>();
    int directoryEntries = 0;
    for (ContextNode context : contexts()) {
      if (context instanceof ContextNode.Scalable scalable && scalable.present()) {
        directoryEntries += scalable.directoryEntries();
        if (all.size() < MAX_PASIDS && directoryEntries < MAX_DIRECTORY_ENTRIES) {
          addPasids(scalable, read, all);
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
        pasids.add(new PasidNode(source, new Pasid(firstPasid + i), address, entry));
      }
    }
  }
}
