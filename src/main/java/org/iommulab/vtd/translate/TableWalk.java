package org.iommulab.vtd.translate;

import org.iommulab.memory.PhysicalMemory;
import org.iommulab.vtd.cache.Binding;
import org.iommulab.vtd.layout.FirstStageEntry;
import org.iommulab.vtd.layout.SecondStageEntry;
import org.iommulab.vtd.request.Rights;
import org.jspecify.annotations.Nullable;

/**
 * Walks the tables of one stage for one kind of access, as long as everything is as it should be:
 * one comparison an entry covers presence, rights, reserved bits and the marks of use. It only ever
 * accepts, and changes nothing; what it does not like is for {@link SecondStageWalker} and {@link
 * FirstStageWalker}, which say why.
 *
 * <p>Of an entry that points to a table it asks for all rights, as kernels give them, so that the
 * leaf alone says what a translation grants. Made for another device by filling it anew.
 *
 * <p>The walk is written out below the third level: compiled into its caller's loop it keeps what
 * does not change in registers, and each entry costs a dozen instructions. What is not needed by
 * every walk is kept out of it, for the compiler's sake.
 */
class TableWalk {

  /** Answer of a walk that met anything it does not like. */
  static final long REFUSED = -1;

  private static final long ADDRESS = SecondStageEntry.TABLE.mask();
  private static final long PAGE = SecondStageEntry.PS.mask();
  private static final long XD = FirstStageEntry.XD.mask();
  private static final int READ_WRITE = Rights.READ | Rights.WRITE;
  private static final int DEEPEST = 5;

  /** Address bits no RAM has. */
  private static final long NOWHERE = ADDRESS & -PhysicalMemory.LIMIT;

  private final PhysicalMemory memory;

  /** Whether {@link #cacheable} will be asked for. */
  final boolean keeps;

  Binding binding = new Binding();
  private boolean isFirst;
  private long root;
  private int levels;

  /** Addresses from this one on are not for this walk: too wide, or of the upper half. */
  private long end;

  // What entries must be, in the bits to look at.
  private long table;
  private long lookedTable;
  private long leaf;
  private long looked4K;
  private long leaf2M;
  private long looked2M;
  private long leaf1G;
  private long looked1G;

  /** The stages that table addresses and output go through: both or none. */
  private @Nullable TableWalk tables;

  private @Nullable TableWalk beyond;

  // The answer of the last walk.
  private int level;
  private long last;
  private int further;

  TableWalk(PhysicalMemory memory, boolean keeps) {
    this.memory = memory;
    this.keeps = keeps;
  }

  // ---- what to walk ----------------------------------------------------------------------------

  /** Makes this the walk of a binding's second stage; false if no memory can be at its root. */
  final boolean second(Binding from, int access, SecondStageWalker walker) {
    binding = from;
    isFirst = false;
    root = from.secondRoot;
    levels = from.secondLevels;
    end = -from.secondBeyond;
    tables = null;
    beyond = null;
    long upper = 0;
    for (int at = 2; at <= DEEPEST; at++) {
      upper |= walker.reserved(at, 0);
    }
    shape(READ_WRITE, upper | NOWHERE, access, walker.reserved(1, 0) | walker.reserved(1, PAGE));
    largerPages(walker.reserved(2, PAGE), walker.reserved(3, PAGE));
    return (root & NOWHERE) == 0;
  }

  /**
   * Makes this the walk of a binding's first stage, whose entries must have been used before; false
   * if no memory can be at its root.
   *
   * @param through the second stage for its tables; null if there is none
   * @param output the second stage for what it comes to; null if there is none
   */
  final boolean first(
      Binding from,
      int access,
      FirstStageWalker walker,
      @Nullable TableWalk through,
      @Nullable TableWalk output) {
    binding = from;
    isFirst = true;
    root = from.firstRoot;
    levels = from.firstLevels;
    end = 1L << 11 + 9 * levels;
    tables = through;
    beyond = output;
    boolean nested = through != null;
    boolean writes = (access & Rights.WRITE) != 0;
    long used = FirstStageEntry.P.mask() | FirstStageEntry.US.mask() | FirstStageEntry.A.mask();
    used |= from.extendedAccessed ? FirstStageEntry.EA.mask() : 0;
    long outside = nested ? ADDRESS & from.secondBeyond : NOWHERE;
    long upper = outside | XD;
    for (int at = 2; at <= DEEPEST; at++) {
      upper |= walker.reserved(at, 0, nested);
    }
    long wanted = used | (writes ? FirstStageEntry.RW.mask() | FirstStageEntry.D.mask() : 0);
    long wrong = (nested ? outside : 0) | (from.executeDisable ? 0 : XD);
    long small = walker.reserved(1, 0, nested) | walker.reserved(1, 1, nested);
    shape(used | FirstStageEntry.RW.mask(), upper, wanted, wrong | small);
    largerPages(wrong | walker.reserved(2, 1, nested), wrong | walker.reserved(3, 1, nested));
    return nested || (root & NOWHERE) == 0;
  }

  /** Makes this a walk that accepts no address. */
  final void none() {
    end = 0;
  }

  private void shape(long tableBits, long wrongInTable, long leafBits, long wrongInLeaf) {
    table = tableBits;
    lookedTable = tableBits | wrongInTable | PAGE;
    leaf = leafBits;
    looked4K = leafBits | wrongInLeaf;
  }

  private void largerPages(long wrong2M, long wrong1G) {
    leaf2M = larger(wrong2M);
    looked2M = looked(wrong2M);
    leaf1G = larger(wrong1G);
    looked1G = looked(wrong1G);
  }

  // Where there are no pages of a size, the entry is compared with a table's once more, in vain.

  private long larger(long wrong) {
    return (wrong & PAGE) != 0 ? table : leaf | PAGE;
  }

  private long looked(long wrong) {
    return (wrong & PAGE) != 0 ? lookedTable : leaf | PAGE | wrong;
  }

  // ---- what the last accepted walk found -------------------------------------------------------

  /** Level of the page it came to; of two stages, of the smaller one. */
  final int level() {
    return tables == null || beyond == null ? level : Math.min(level, beyond.level);
  }

  /** Entries it read. */
  final int reads() {
    return tables == null ? own() : own() + further;
  }

  private int own() {
    return levels + 1 - level;
  }

  /** What a cached translation may grant. */
  final int cacheable() {
    if (!isFirst) {
      return SecondStageWalker.spread((int) last & READ_WRITE, last);
    }
    int own = FirstStageWalker.cacheable(binding, last);
    return beyond == null ? own : own & beyond.cacheable();
  }

  // ---- the walk --------------------------------------------------------------------------------

  /**
   * Translates an address by this stage and what it goes through.
   *
   * @return the output, or {@link #REFUSED}
   */
  final long walk(long address) {
    if (Long.compareUnsigned(address, end) >= 0) {
      return REFUSED;
    }
    // Once for all entries: the compiler must take it that a walk within this one changes them.
    TableWalk through = tables;
    long[][] near = memory.nearFrames();
    if (through != null) {
      further = 0;
    }
    // Bits 47:16: half a register holds the numbers of all entries but the topmost and the last.
    int numbers = (int) (address >>> 16);
    long entry = root;
    if (levels > 3) {
      if (levels > 4) {
        entry = read(near, through, entry, (int) (address >>> 48));
        if ((entry & lookedTable) != table) {
          return REFUSED;
        }
      }
      entry = read(near, through, entry, numbers >>> 23);
      if ((entry & lookedTable) != table) {
        return REFUSED;
      }
    }
    entry = read(near, through, entry, numbers >>> 14);
    if ((entry & lookedTable) != table) {
      return end(address, entry, looked1G, leaf1G, 3);
    }
    entry = read(near, through, entry, numbers >>> 5);
    if ((entry & lookedTable) != table) {
      return end(address, entry, looked2M, leaf2M, 2);
    }
    return end(address, read(near, through, entry, (int) address >>> 12), looked4K, leaf, 1);
  }

  /** An entry of a table; zero, which lacks every right, if it cannot be read. */
  private long read(long[][] near, @Nullable TableWalk through, long pointer, int number) {
    long at = pointer;
    if (through != null) {
      at = through.walk(pointer & ADDRESS | (number & PhysicalMemory.FRAME_QUADWORDS - 1) << 3);
      if (Long.compareUnsigned(at, PhysicalMemory.LIMIT) >= 0) {
        return 0;
      }
      further += through.own();
    }
    int pfn = (int) (at >>> 12);
    long[] frame = pfn >= 0 && pfn < near.length ? near[pfn] : null;
    return frame == null ? far(at, number) : frame[number & PhysicalMemory.FRAME_QUADWORDS - 1];
  }

  private long far(long at, int number) {
    long[] frame = memory.frame((at & ADDRESS) >>> 12);
    return frame == null ? 0 : frame[number & PhysicalMemory.FRAME_QUADWORDS - 1];
  }

  private long end(long address, long entry, long looked, long wanted, int at) {
    if ((entry & looked) != wanted) {
      return REFUSED;
    }
    level = at;
    if (keeps) {
      last = entry;
    }
    long offset = (1L << 9 * at + 3) - 1;
    long output = (entry & ADDRESS & ~offset) + (address & offset);
    return tables == null ? output : onward(output);
  }

  private long onward(long address) {
    TableWalk next = beyond;
    if (next == null) {
      return REFUSED;
    }
    long output = next.walk(address);
    further += next.own();
    return output;
  }
}
