package org.iommulab.linux.swiotlb;

import java.util.List;
import java.util.Locale;
import java.util.function.IntSupplier;
import org.iommulab.linux.boot.BootLog;
import org.iommulab.linux.boot.Era;
import org.iommulab.linux.time.Timers;
import org.iommulab.memory.PhysicalMemory;
import org.iommulab.trace.CallTrace;
import org.jspecify.annotations.Nullable;

/**
 * The software IO TLB. It copies and never translates: a mapping is a run of slots in low memory, a
 * copy of the buffer; what one side writes the other side sees only after a sync or unmap.
 *
 * <p>It may have no pool, because the machine needs none or the command line forbids it; then every
 * mapping is refused.
 */
public final class Swiotlb {

  /** Refused, and no address: {@code DMA_MAPPING_ERROR}. */
  public static final long NO_ADDRESS = -1;

  /** Largest single mapping: one segment of 128 slots. */
  public static final long LARGEST = (long) SlotPool.SEGMENT * SlotPool.BYTES;

  /** Bytes in a slot. */
  public static final int SLOT_BYTES = SlotPool.BYTES;

  private final SwiotlbRules rules;
  private final CallTrace trace;
  private final BootLog log;
  private final SlotSearch search;
  private final BounceCopies copies;
  private final Pools pools;
  private boolean force;

  /**
   * Without a pool, until {@link #init}.
   *
   * @param memory where buffers and pool are
   * @param era the kernel's age
   * @param currentCpu the CPU that runs now
   * @param trace records calls
   * @param log takes lines of the kernel log
   */
  public Swiotlb(
      PhysicalMemory memory, Era era, IntSupplier currentCpu, CallTrace trace, BootLog log) {
    this.rules = SwiotlbRules.of(era);
    this.trace = trace;
    this.log = log;
    this.search = new SlotSearch(rules, trace, currentCpu);
    this.copies = new BounceCopies(memory, trace, log::print);
    this.pools = new Pools(trace, log::print);
  }

  /**
   * Sets up the pool at boot.
   *
   * @param start physical address of its memory
   * @param options sizes; fewer areas are made if they would have less than a segment
   * @param cpus possible CPUs
   */
  public void init(long start, SwiotlbOptions options, int cpus) {
    PoolSize asked = PoolSize.of(options, rules, cpus);
    if (rules.areas()) {
      log.print("software IO TLB: area num " + asked.areas() + ".");
    }
    PoolSize size = asked.fitted();
    force = options.force();
    var made = new SlotPool(start, size.slabs(), size.areas(), false);
    pools.start(made);
    String address = rules.padsAddresses() ? "0x%016x" : "0x%08x";
    log.print(
        String.format(
            Locale.ROOT,
            ("software IO TLB: mapped [mem " + address + "-" + address + "] (%dMB)"),
            made.start(),
            made.end(),
            (made.end() - made.start()) >> 20));
  }

  /** Bytes of memory that a pool of these options needs. */
  public long bytesFor(SwiotlbOptions options, int cpus) {
    return PoolSize.of(options, rules, cpus).bytes();
  }

  /**
   * Lets a full pool grow: a mapping gets a pool of its own at once, and a timer adds a larger one
   * for those to come.
   *
   * @param highest last address a pool may have
   */
  public void allowGrowth(PoolMemory memory, Timers timers, long highest) {
    pools.allowGrowth(new Pools.Growth(memory, timers, highest));
  }

  /** Gives the pool back, as kernels up to 5.7 did once VT-d worked. */
  public void exit() {
    pools.clear();
  }

  /** There is a pool. */
  public boolean isActive() {
    return !pools.isEmpty();
  }

  /** {@code swiotlb=force}: every streaming mapping that is not translated bounces. */
  public boolean isForced() {
    return force && isActive();
  }

  /** Tells whether a physical address lies in a pool. */
  public boolean contains(long address) {
    return pools.of(address) != null;
  }

  /** Slots of all pools that stay, 0 without one. */
  public int total() {
    return pools.slabs();
  }

  /** Slots in mappings. */
  public int used() {
    return pools.used();
  }

  // ---- map -----------------------------------------------------------------------------------

  /**
   * Takes slots for a buffer and copies it in: {@code swiotlb_tbl_map_single()}.
   *
   * @return physical address of the copy, or {@link #NO_ADDRESS}; the log says why
   */
  public long tblMapSingle(Bounce request) {
    boolean on = trace.isOn();
    if (on) {
      enterMap(request);
    }
    long address = mapSlots(request);
    if (on) {
      if (address == NO_ADDRESS) {
        trace.fail(
            "ENOMEM", isActive() ? "no segment has that many free slots" : "there is no pool");
      } else {
        trace.leave("0x" + Long.toHexString(address));
      }
    }
    return address;
  }

  private void enterMap(Bounce request) {
    trace.enter("swiotlb_tbl_map_single");
    if (rules.slotArray()) {
      trace.hex("orig_addr", request.original()).number("mapping_size", request.size());
      trace.hex("alloc_align_mask", request.alignMask());
    } else {
      trace.hex("tbl_dma_addr", isActive() ? pools.first().start() : 0);
      trace.hex("orig_addr", request.original()).number("mapping_size", request.size());
      trace.number("alloc_size", request.size());
    }
    trace.text("dir", request.direction().name());
  }

  private void limited(String text) {
    log.print(text, log.allows("swiotlb_tbl_map_single"));
  }

  private long mapSlots(Bounce request) {
    if (!isActive()) {
      limited(
          request.device()
              + ": Can not allocate SWIOTLB buffer earlier and can't now provide you with the DMA"
              + " bounce buffer");
      return NO_ADDRESS;
    }
    long offset =
        request.original() & request.minAlignMask() & (request.alignMask() | (SlotPool.BYTES - 1));
    long size = (request.size() + offset + request.alignMask()) & ~request.alignMask();
    Found found = findSlots(request, size);
    if (found == null) {
      limited(
          String.format(
              Locale.ROOT,
              "%s: swiotlb buffer is full (sz: %d bytes), total %d (slots), used %d (slots)",
              request.device(),
              size,
              total(),
              used()));
      return NO_ADDRESS;
    }
    SlotPool slots = found.pool();
    int first = found.first();
    int pad = (int) (offset >>> SlotPool.SHIFT);
    int count = SlotPool.slotsFor(size);
    slots.remember(first, pad, count, request.original());
    long address = slots.addressOf(first + pad) + (offset & (SlotPool.BYTES - 1));
    if (trace.isOn()) {
      trace.effect(
          String.format(
              Locale.ROOT, "slots %d to %d taken, %d in use", first, first + count - 1, used()));
    }
    boolean copiesIn = rules.copiesInAlways() || request.direction().toDevice();
    if (copiesIn && !request.skipSync()) {
      copies.bounce(slots, address, request.size(), true);
    }
    return address;
  }

  /** Slots that were taken. */
  private record Found(SlotPool pool, int first) {}

  private @Nullable Found findSlots(Bounce request, long size) {
    boolean on = trace.isOn() && rules.slotArray();
    if (on) {
      trace.enter("swiotlb_find_slots").hex("orig_addr", request.original());
      trace.number("alloc_size", size);
    }
    Found found = size > LARGEST ? null : find(request, size);
    if (on) {
      trace.leave(found == null ? "-1 (not found)" : "slot " + found.first());
    }
    return found;
  }

  private @Nullable Found find(Bounce request, long size) {
    for (SlotPool pool : pools.all()) {
      int first = pool.isTransient() ? -1 : search.take(pool, request, size);
      if (first >= 0) {
        return new Found(pool, first);
      }
    }
    SlotPool added = pools.grow(size, request.highest());
    if (added == null) {
      return null;
    }
    int first = search.take(added, request, size);
    if (first < 0) {
      pools.released(added);
      return null;
    }
    return new Found(added, first);
  }

  // ---- copy ----------------------------------------------------------------------------------

  /**
   * Lets the CPU see what the device has written: copies out if the direction asks for it.
   *
   * @param address anywhere inside a mapping
   * @param size bytes from there on
   */
  public void syncForCpu(long address, long size, DmaDirection direction) {
    sync("__swiotlb_sync_single_for_cpu", "SYNC_FOR_CPU", address, size, direction, false);
  }

  /** Lets the device see what the CPU has written: copies in if direction or kernel ask for it. */
  public void syncForDevice(long address, long size, DmaDirection direction) {
    sync("__swiotlb_sync_single_for_device", "SYNC_FOR_DEVICE", address, size, direction, true);
  }

  private void sync(
      String function,
      String target,
      long address,
      long size,
      DmaDirection direction,
      boolean toDevice) {
    SlotPool slots = pools.of(address);
    if (slots == null) {
      return;
    }
    boolean on = trace.isOn();
    if (on) {
      trace.enter(rules.slotArray() ? function : "swiotlb_tbl_sync_single");
      trace.hex("tlb_addr", address).number("size", size).text("dir", direction.name());
      if (!rules.slotArray()) {
        trace.text("target", target);
      }
    }
    boolean asked = toDevice ? direction.toDevice() : direction.fromDevice();
    if (asked || toDevice && rules.syncCopiesInAlways()) {
      copies.bounce(slots, address, size, toDevice);
    }
    if (on) {
      trace.leave();
    }
  }

  // ---- unmap ---------------------------------------------------------------------------------

  /**
   * Copies out if the device may have written, then frees the slots.
   *
   * @param address what {@link #tblMapSingle} gave
   * @param size bytes that were mapped
   */
  public void tblUnmapSingle(long address, long size, DmaDirection direction, boolean skipSync) {
    SlotPool slots = pools.of(address);
    if (slots == null) {
      return;
    }
    boolean on = trace.isOn();
    if (on) {
      trace.enter(rules.slotArray() ? "__swiotlb_tbl_unmap_single" : "swiotlb_tbl_unmap_single");
      trace.hex("tlb_addr", address).number("size", size).text("dir", direction.name());
    }
    if (!skipSync && direction.fromDevice()) {
      copies.bounce(slots, address, size, false);
    }
    release(slots, address);
    if (on) {
      trace.leave();
    }
  }

  private void release(SlotPool slots, long address) {
    int mapped = slots.slotOf(address);
    if (slots.original(mapped) == SlotPool.NO_ADDRESS) {
      return;
    }
    boolean on = trace.isOn() && rules.slotArray();
    if (on) {
      trace.enter("swiotlb_release_slots").hex("tlb_addr", address);
    }
    int first = mapped - slots.padding(mapped);
    int count = SlotPool.slotsFor(slots.allocated(first) + slots.offset(first));
    slots.release(mapped, count);
    pools.released(slots);
    if (trace.isOn()) {
      trace.effect(String.format(Locale.ROOT, "slots %d to %d freed", first, first + count - 1));
    }
    if (on) {
      trace.leave();
    }
  }

  // ---- what can be seen ----------------------------------------------------------------------

  /** Everything about the pools now. */
  public SwiotlbView view() {
    if (!isActive()) {
      return new SwiotlbView(0, 0, 0, 0, false, List.of(), List.of(), List.of());
    }
    SlotPool first = pools.first();
    List<SwiotlbView.More> more =
        pools.all().stream()
            .skip(1)
            .map(
                pool ->
                    new SwiotlbView.More(
                        pool.start(), pool.slabs(), pool.used(), pool.isTransient()))
            .toList();
    return new SwiotlbView(
        first.start(),
        first.end(),
        total(),
        used(),
        force,
        first.areaViews(),
        first.slotViews(),
        more);
  }
}
