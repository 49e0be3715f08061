package org.iommulab.vtd.translate;

import org.iommulab.memory.PhysicalMemory;
import org.iommulab.vtd.layout.SecondStageEntry;
import org.iommulab.vtd.request.Rights;
import org.jspecify.annotations.Nullable;

/**
 * Walks tables in which everything is as it should be: one comparison an entry covers presence,
 * rights, reserved bits and the marks of use. It only ever accepts, and changes nothing; what it
 * does not like is for {@link SecondStageWalker} and {@link FirstStageWalker}, which say why.
 */
final class TableWalk {

  /** Answer of a walk that met anything it does not like. */
  public static final long REFUSED = -1;

  private static final long ADDRESS = SecondStageEntry.TABLE.mask();
  private static final long PAGE = SecondStageEntry.PS.mask();

  /** Bits of addresses that are not near. */
  private static final long FAR = ADDRESS & -PhysicalMemory.NEAR;

  private static final int READ_WRITE = Rights.READ | Rights.WRITE;

  private final PhysicalMemory memory;

  /** For the stage that table addresses and output go through. */
  private final @Nullable TableWalk inner;

  private final boolean keeps;
  private int level;
  private int reads;
  private long common;
  private long any;
  private long leaf;

  /**
   * A walk over memory.
   *
   * @param keeps whether {@link #cacheable} will be asked for
   */
  public TableWalk(PhysicalMemory memory, boolean keeps) {
    this(memory, keeps, new TableWalk(memory, keeps, null));
  }

  private TableWalk(PhysicalMemory memory, boolean keeps, @Nullable TableWalk inner) {
    this.memory = memory;
    this.keeps = keeps;
    this.inner = inner;
  }

  /** Level of the page the last accepted walk came to; of two stages, of the smaller one. */
  public int level() {
    return level;
  }

  /** Entries that the last accepted walk read. */
  public int reads() {
    return reads;
  }

  /** What a cached translation may grant after the last accepted walk. */
  public int cacheable(StagePlan plan) {
    StagePlan through = plan.through;
    if (!plan.isFirst) {
      return SecondStageWalker.spread((int) common & READ_WRITE, leaf);
    }
    int own = FirstStageWalker.cacheable(plan.binding(), common, any, leaf);
    return through == null || inner == null ? own : own & inner.cacheable(through);
  }

  /**
   * Translates an address by one stage and what it goes through.
   *
   * @param access {@link Rights#READ} or {@link Rights#WRITE} or both
   * @return the output, or {@link #REFUSED}
   */
  public long walk(StagePlan plan, long address, int access) {
    if (!plan.admits(address)) {
      return REFUSED;
    }
    StagePlan.Pattern pattern = plan.pattern(access);
    return plan.isNear ? near(plan, pattern, address) : anywhere(plan, pattern, address, access);
  }

  /**
   * Four levels with all tables in near memory, the common case, written out. An entry that cannot
   * be read is zero and so lacks every right.
   */
  private long near(StagePlan plan, StagePlan.Pattern pattern, long address) {
    long entry = entry(plan.root, address >>> 39);
    if ((entry & pattern.lookedTop) != pattern.table) {
      return farther(plan, pattern, address, entry);
    }
    long all = entry;
    entry = entry(entry & ADDRESS, address >>> 30);
    all &= entry;
    if ((entry & PAGE) != 0) {
      return (entry & pattern.looked1G) == pattern.leaf ? end(address, entry, all, 0, 3) : REFUSED;
    }
    if ((entry & pattern.lookedTable) != pattern.table) {
      return farther(plan, pattern, address, entry);
    }
    entry = entry(entry & ADDRESS, address >>> 21);
    all &= entry;
    if ((entry & PAGE) != 0) {
      return (entry & pattern.looked2M) == pattern.leaf ? end(address, entry, all, 0, 2) : REFUSED;
    }
    if ((entry & pattern.lookedTable) != pattern.table) {
      return farther(plan, pattern, address, entry);
    }
    entry = entry(entry & ADDRESS, address >>> 12);
    if ((entry & pattern.looked4K) != pattern.leaf) {
      return farther(plan, pattern, address, entry);
    }
    return end(address, entry, all & entry, 0, 1);
  }

  private long entry(long table, long index) {
    return memory.nearQword((int) (table >>> 12), (int) index);
  }

  private long end(long address, long entry, long all, long some, int at) {
    level = at;
    reads = 5 - at;
    if (keeps) {
      leaf = entry;
      common = all;
      any = some;
    }
    long offset = (1L << 9 * at + 3) - 1;
    return entry & ADDRESS & ~offset | address & offset;
  }

  /**
   * Near tables lead far, or have no memory of their own yet; all else is refused there as here.
   */
  private long farther(StagePlan plan, StagePlan.Pattern pattern, long address, long entry) {
    boolean mayLeadFar = entry == 0 || (entry & FAR) != 0;
    return mayLeadFar ? anywhere(plan, pattern, address, 0) : REFUSED;
  }

  /** Any depth, any memory, any number of stages. */
  private long anywhere(StagePlan plan, StagePlan.Pattern pattern, long address, int access) {
    StagePlan through = plan.through;
    TableWalk second = through == null ? null : inner;
    long table = plan.root;
    long all = -1;
    long some = 0;
    int count = 0;
    int shift = 9 * plan.levels + 3;
    for (int at = 2 * plan.levels; ; at -= 2) {
      int index = (int) (address >>> shift) & PhysicalMemory.FRAME_QUADWORDS - 1;
      if (through != null && second != null) {
        table = second.walk(through, table | (long) index << 3, Rights.READ);
        if (table == REFUSED) {
          return REFUSED;
        }
        count += second.reads;
      }
      long[] frame = memory.frame(table >>> 12);
      if (frame == null) {
        return REFUSED;
      }
      long entry = frame[index];
      int shape = at + (int) (entry >>> 7 & 1);
      if ((entry & pattern.looked[shape]) != pattern.wanted[shape]) {
        return REFUSED;
      }
      all &= entry;
      some |= entry;
      if (shape < 4 || (shape & 1) != 0) {
        long output = end(address, entry, all, some, at >> 1);
        reads = count + plan.levels - level + 1;
        return through == null || second == null ? output : inward(through, second, output, access);
      }
      table = entry & ADDRESS;
      shift -= 9;
    }
  }

  private long inward(StagePlan through, TableWalk walk, long address, int access) {
    long output = walk.walk(through, address, access);
    level = Math.min(level, walk.level);
    reads += walk.reads;
    return output;
  }
}
