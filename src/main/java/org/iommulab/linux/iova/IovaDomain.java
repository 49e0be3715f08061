package org.iommulab.linux.iova;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.function.IntSupplier;
import java.util.function.LongConsumer;
import org.iommulab.linux.mm.FailureInjection;
import org.iommulab.linux.time.Timers;
import org.iommulab.trace.CallTrace;

/**
 * The addresses of one DMA domain: {@code struct iova_domain}. Sizes and addresses are in pages of
 * the granule; page frame number 0 is never given and means "none".
 *
 * <p>A search goes downwards from the range allocated last (one memory for addresses below 4 GiB,
 * one for all) and begins again at the limit if it finds nothing below. Ranges are aligned to their
 * size rounded up to a power of two. Sizes up to 32 pages pass through caches that the tree does
 * not see.
 */
public final class IovaDomain {

  /** Sizes below this are cached: 2^0 to 2^5 pages. */
  static final int CACHE_ORDERS = 6;

  private static final long DEPOT_DELAY_NS = 100_000_000;

  private final IovaRules rules;
  private final int granuleShift;
  private final long startPfn;
  private final int cpus;
  private final IntSupplier currentCpu;
  private final Timers timers;
  private final CallTrace trace;
  private final FailureInjection failures;
  private final Ranges ranges;
  private final Rcache[] caches = new Rcache[CACHE_ORDERS];
  private final boolean[] trimming = new boolean[CACHE_ORDERS];
  private final LongConsumer freeToTree;

  /**
   * @param rules what this kernel's allocator does
   * @param granuleShift log2 of a page's bytes
   * @param basePfn lowest number to give; 0 counts as 1
   * @param cpus how many CPUs have caches
   * @param currentCpu the CPU that runs now, below {@code cpus}
   * @param timers trims depots
   * @param trace records calls
   * @param failures decides which allocations of the kernel fail
   */
  public IovaDomain(
      IovaRules rules,
      int granuleShift,
      long basePfn,
      int cpus,
      IntSupplier currentCpu,
      Timers timers,
      CallTrace trace,
      FailureInjection failures) {
    this.failures = failures;
    this.rules = rules;
    this.granuleShift = granuleShift;
    this.startPfn = Math.max(1, basePfn);
    this.ranges = new Ranges(startPfn, limit32(), rules.retries());
    this.freeToTree = ranges::remove;
    this.cpus = cpus;
    this.currentCpu = currentCpu;
    this.timers = timers;
    this.trace = trace;
    for (int order = 0; order < CACHE_ORDERS; order++) {
      caches[order] = new Rcache(order, rules, cpus, failures);
    }
  }

  /** Bytes in a page. */
  public long granule() {
    return 1L << granuleShift;
  }

  /** log2 of the bytes in a page. */
  public int granuleShift() {
    return granuleShift;
  }

  private long limit32() {
    return 1L << (32 - granuleShift);
  }

  /** The allocator's rules. */
  public IovaRules rules() {
    return rules;
  }

  /** Ranges in the tree: used, cached and reserved ones. */
  public int treeSize() {
    return ranges.size();
  }

  /** Ranges in all magazines. */
  public int cachedRanges() {
    int count = 0;
    for (Rcache cache : caches) {
      count += cache.size();
    }
    return count;
  }

  /** Ranges that {@link #reserve} put into the tree. */
  public int reservedRanges() {
    return ranges.reservedCount();
  }

  // ---- through the caches --------------------------------------------------------------------

  /**
   * Allocates a range, from a cache if one has it: {@code alloc_iova_fast()}.
   *
   * @param pages its size
   * @param limitPfn highest page it may have
   * @param flushCaches rather empty all caches than fail
   * @return its first page, or 0 if there is none
   */
  public long allocateFast(long pages, long limitPfn, boolean flushCaches) {
    boolean on = trace.isOn();
    if (on) {
      trace
          .enter("alloc_iova_fast")
          .number("size", pages)
          .hex("limit_pfn", limitPfn)
          .text("flush_rcache", Boolean.toString(flushCaches));
    }
    long size = rules.roundsUp() && pages < 1 << (CACHE_ORDERS - 1) ? roundUp(pages) : pages;
    long pfn = fromCache(size, limitPfn + 1);
    if (pfn == 0) {
      pfn = allocate(size, limitPfn);
      if (pfn == 0 && flushCaches) {
        drainCaches();
        pfn = allocate(size, limitPfn);
      }
    }
    if (on) {
      leave(pfn, "no free range of that size below the limit");
    }
    return pfn;
  }

  /** Frees a range, into a cache if its size has one: {@code free_iova_fast()}. */
  public void freeFast(long pfn, long pages) {
    boolean on = trace.isOn();
    if (on) {
      trace.enter("free_iova_fast").hex("pfn", pfn).number("size", pages);
    }
    if (!toCache(pfn, pages)) {
      free(pfn);
    }
    if (on) {
      trace.leave();
    }
  }

  private long fromCache(long pages, long limitPfn) {
    int order = order(pages);
    if (order >= CACHE_ORDERS) {
      return 0;
    }
    long pfn = caches[order].get(currentCpu.getAsInt(), limitPfn - pages);
    if (trace.isOn()) {
      trace.enter("iova_rcache_get").number("size", pages).hex("limit_pfn", limitPfn);
      trace.leave(pfn == 0 ? "0 (miss)" : hex(pfn) + " from bin " + order);
    }
    return pfn;
  }

  private boolean toCache(long pfn, long pages) {
    int order = order(pages);
    if (order >= CACHE_ORDERS) {
      return false;
    }
    boolean on = trace.isOn();
    if (on) {
      trace.enter("iova_rcache_insert").hex("pfn", pfn).number("size", pages);
    }
    Rcache.Put put = caches[order].put(currentCpu.getAsInt(), pfn, freeToTree);
    boolean grown = put == Rcache.Put.DEPOT_GREW;
    if (grown && rules.trimsDepot() && !trimming[order]) {
      trimLater(order);
    }
    if (on) {
      if (grown) {
        trace.effect("a full magazine went to the depot");
      }
      trace.leave(put == Rcache.Put.REFUSED ? "false" : "true, bin " + order);
    }
    return put != Rcache.Put.REFUSED;
  }

  private void trimLater(int order) {
    trimming[order] = true;
    timers.after(DEPOT_DELAY_NS, () -> trimDepot(order));
  }

  private void trimDepot(int order) {
    trimming[order] = false;
    if (caches[order].trim(cpus, freeToTree)) {
      trimLater(order);
    }
  }

  /** Gives everything in the caches back to the tree. */
  public void drainCaches() {
    if (trace.isOn()) {
      trace.enter("free_cpu_cached_iovas");
      trace.leave();
    }
    for (Rcache cache : caches) {
      for (int cpu = 0; cpu < cpus; cpu++) {
        cache.drainCpu(cpu, freeToTree);
      }
      cache.drainDepot(freeToTree);
    }
  }

  // ---- the tree ------------------------------------------------------------------------------

  /**
   * Allocates a range from the tree: {@code alloc_iova()}.
   *
   * @return its first page, or 0 if there is none
   */
  public long allocate(long pages, long limitPfn) {
    boolean on = trace.isOn();
    if (on) {
      trace.enter("alloc_iova").number("size", pages).hex("limit_pfn", limitPfn);
      trace.enter("alloc_iova_mem");
    }
    if (failures.fails("a struct iova")) {
      if (on) {
        trace.fail("ENOMEM", "no memory for a struct iova");
        trace.fail("ENOMEM", "no memory for a struct iova");
      }
      return 0;
    }
    if (on) {
      trace.leave("a struct iova");
      trace
          .enter("__alloc_and_insert_iova_range")
          .number("size", pages)
          .hex("limit_pfn", limitPfn + 1);
    }
    long pfn = ranges.allocate(pages, limitPfn + 1);
    if (on) {
      leave(pfn, "no gap of " + pages + " pages below the limit");
      leave(pfn, "no gap of " + pages + " pages below the limit");
    }
    return pfn;
  }

  private void leave(long pfn, String cause) {
    if (pfn == 0) {
      trace.fail("ENOMEM", cause);
    } else {
      trace.leave(hex(pfn));
    }
  }

  private static String hex(long pfn) {
    return "pfn 0x" + Long.toHexString(pfn);
  }

  /** Frees the range that holds this page at once: {@code free_iova()}. */
  public void free(long pfn) {
    boolean on = trace.isOn();
    if (on) {
      trace.enter("free_iova").hex("pfn", pfn);
    }
    ranges.remove(pfn);
    if (on) {
      trace.leave();
    }
  }

  /** Tells whether that page is in the tree: used, cached or reserved. */
  public boolean isTaken(long pfn) {
    return ranges.contains(pfn);
  }

  /** Keeps pages out of every allocation: {@code reserve_iova()}; both bounds inside. */
  public void reserve(long lowPfn, long highPfn) {
    boolean on = trace.isOn();
    if (on) {
      trace.enter("reserve_iova").hex("pfn_lo", lowPfn).hex("pfn_hi", highPfn);
    }
    ranges.reserve(lowPfn, highPfn);
    if (on) {
      trace.leave();
    }
  }

  // ---- sizes ---------------------------------------------------------------------------------

  /** The smallest power of two that is not below {@code pages}. */
  public static long roundUp(long pages) {
    return pages <= 1 ? 1 : Long.highestOneBit(pages - 1) << 1;
  }

  private static int order(long pages) {
    return Long.numberOfTrailingZeros(roundUp(pages));
  }

  // ---- what can be seen ----------------------------------------------------------------------

  /** Everything about the domain now. */
  public IovaView view() {
    var free = new HashSet<Long>();
    for (Rcache cache : caches) {
      cache.stream().forEach(free::add);
    }
    var views = new ArrayList<IovaView.Cache>();
    for (Rcache cache : caches) {
      views.add(cache.view());
    }
    return new IovaView(
        granule(),
        startPfn,
        limit32(),
        ranges.cached32(),
        ranges.cached(),
        ranges.max32AllocSize(),
        ranges.nodes(free),
        views);
  }
}
