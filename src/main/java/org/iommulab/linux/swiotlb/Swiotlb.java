package org.iommulab.linux.swiotlb;

import java.util.List;
import java.util.function.Consumer;
import java.util.function.IntSupplier;
import org.iommulab.linux.boot.Era;
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

  private final PhysicalMemory memory;
  private final SwiotlbRules rules;
  private final CallTrace trace;
  private final Consumer<String> log;
  private final IntSupplier currentCpu;
  private boolean force;
  private @Nullable SlotPool pool;

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
      PhysicalMemory memory,
      Era era,
      IntSupplier currentCpu,
      CallTrace trace,
      Consumer<String> log) {
    this.memory = memory;
    this.rules = SwiotlbRules.of(era);
    this.currentCpu = currentCpu;
    this.trace = trace;
    this.log = log;
  }

  /**
   * Sets up the pool at boot.
   *
   * @param start physical address of its memory
   * @param options sizes; fewer areas are made if they would have less than a segment
   * @param cpus possible CPUs
   */
  public void init(long start, SwiotlbOptions options, int cpus) {
    int areas = areasFor(options, cpus);
    if (rules.areas()) {
      log.accept("software IO TLB: area num " + areas + ".");
    }
    int slabs = slabsFor(options, areas);
    areas = Math.max(1, Math.min(areas, slabs / SlotPool.SEGMENT));
    force = options.force();
    SlotPool made = new SlotPool(start, slabs, areas);
    pool = made;
    String address = rules.padsAddresses() ? "0x%016x" : "0x%08x";
    log.accept(
        ("software IO TLB: mapped [mem " + address + "-" + address + "] (%dMB)")
            .formatted(made.start(), made.end(), (made.end() - made.start()) >> 20));
  }

  /** Bytes of memory that a pool of these options needs. */
  public long bytesFor(SwiotlbOptions options, int cpus) {
    return (long) slabsFor(options, areasFor(options, cpus)) * SlotPool.BYTES;
  }

  private int areasFor(SwiotlbOptions options, int cpus) {
    return rules.areas() ? powerOfTwo(options.areas() > 0 ? options.areas() : cpus) : 1;
  }

  private static int slabsFor(SwiotlbOptions options, int areas) {
    return areas > 1 ? powerOfTwo(options.slabs()) : options.slabs();
  }

  private static int powerOfTwo(int number) {
    return number <= 1 ? 1 : Integer.highestOneBit(number - 1) << 1;
  }

  /** Gives the pool back, as kernels up to 5.7 did once VT-d worked. */
  public void exit() {
    pool = null;
  }

  /** There is a pool. */
  public boolean isActive() {
    return pool != null;
  }

  /** {@code swiotlb=force}: every streaming mapping that is not translated bounces. */
  public boolean isForced() {
    return force && pool != null;
  }

  /** Tells whether a physical address lies in the pool. */
  public boolean contains(long address) {
    return pool != null && address >= pool.start() && address < pool.end();
  }

  /** Slots of the pool, 0 without one. */
  public int total() {
    return pool == null ? 0 : pool.slabs();
  }

  /** Slots in mappings. */
  public int used() {
    return pool == null ? 0 : pool.used();
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
            "ENOMEM", pool == null ? "there is no pool" : "no segment has that many free slots");
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
      trace.hex("tbl_dma_addr", pool == null ? 0 : pool.start());
      trace.hex("orig_addr", request.original()).number("mapping_size", request.size());
      trace.number("alloc_size", request.size());
    }
    trace.text("dir", request.direction().name());
  }

  private long mapSlots(Bounce request) {
    SlotPool slots = pool;
    if (slots == null) {
      log.accept(
          request.device()
              + ": Can not allocate SWIOTLB buffer earlier and can't now provide you with the DMA"
              + " bounce buffer");
      return NO_ADDRESS;
    }
    long offset =
        request.original() & request.minAlignMask() & (request.alignMask() | (SlotPool.BYTES - 1));
    long size = (request.size() + offset + request.alignMask()) & ~request.alignMask();
    int first = findSlots(slots, request, size);
    if (first < 0) {
      log.accept(
          "%s: swiotlb buffer is full (sz: %d bytes), total %d (slots), used %d (slots)"
              .formatted(request.device(), size, slots.slabs(), slots.used()));
      return NO_ADDRESS;
    }
    int pad = (int) (offset >>> SlotPool.SHIFT);
    int count = SlotPool.slotsFor(size);
    slots.remember(first, pad, count, request.original());
    long address = slots.addressOf(first + pad) + (offset & (SlotPool.BYTES - 1));
    if (trace.isOn()) {
      trace.effect(
          "slots %d to %d taken, %d in use".formatted(first, first + count - 1, slots.used()));
    }
    boolean copies = rules.copiesInAlways() || request.direction().toDevice();
    if (copies && !request.skipSync()) {
      bounce(slots, address, request.size(), true);
    }
    return address;
  }

  private int findSlots(SlotPool slots, Bounce request, long size) {
    boolean on = trace.isOn() && rules.slotArray();
    if (on) {
      trace.enter("swiotlb_find_slots").hex("orig_addr", request.original());
      trace.number("alloc_size", size);
    }
    int start = currentCpu.getAsInt() & (slots.areas() - 1);
    int first = -1;
    for (int i = 0; i < slots.areas() && first < 0; i++) {
      first = searchArea(slots, (start + i) & (slots.areas() - 1), request, size);
    }
    if (on) {
      leaveSearch(first);
    }
    return first;
  }

  private int searchArea(SlotPool slots, int area, Bounce request, long size) {
    boolean on = trace.isOn() && rules.areas();
    if (on) {
      trace
          .enter(rules.poolStructures() ? "swiotlb_search_pool_area" : "swiotlb_do_find_slots")
          .number("area_index", area)
          .number("alloc_size", size);
    }
    int first = slots.take(area, request, size, request.alignMask());
    if (on) {
      leaveSearch(first);
    }
    return first;
  }

  private void leaveSearch(int first) {
    if (first < 0) {
      trace.leave("-1 (not found)");
    } else {
      trace.leave("slot " + first);
    }
  }

  // ---- copy ----------------------------------------------------------------------------------

  /** Copies between a mapping and its buffer; addresses that are in no mapping do nothing. */
  private void bounce(SlotPool slots, long address, long size, boolean toDevice) {
    int slot = slots.slotOf(address);
    long original = slots.original(slot);
    if (trace.isOn()) {
      trace.enter("swiotlb_bounce").hex("tlb_addr", address).number("size", size);
      trace.text("dir", toDevice ? "DMA_TO_DEVICE" : "DMA_FROM_DEVICE");
    }
    if (original != SlotPool.NO_ADDRESS) {
      long inSlot = (address & (SlotPool.BYTES - 1)) - slots.offset(slot);
      long buffer = original + inSlot;
      long count = Math.min(size, Math.max(0, slots.allocated(slot) - inSlot));
      if (count < size) {
        log.accept(
            "Buffer overflow detected. Allocation size: %d. Mapping size: %d+%d."
                .formatted(slots.allocated(slot), size, inSlot));
      }
      copy(toDevice ? buffer : address, toDevice ? address : buffer, count);
      if (trace.isOn()) {
        trace.effect("%d bytes copied %s the pool".formatted(count, toDevice ? "into" : "out of"));
      }
    }
    if (trace.isOn()) {
      trace.leave();
    }
  }

  private void copy(long from, long to, long count) {
    var bytes = new byte[(int) count];
    memory.read(from, bytes, 0, bytes.length);
    memory.write(to, bytes, 0, bytes.length);
  }

  /**
   * Lets the CPU see what the device has written: copies out if the direction asks for it.
   *
   * @param address anywhere inside a mapping
   * @param size bytes from there on
   */
  public void syncForCpu(long address, long size, DmaDirection direction) {
    sync("__swiotlb_sync_single_for_cpu", "SYNC_FOR_CPU", address, size, direction, false);
  }

  /** Lets the device see what the CPU has written: copies in if the direction asks for it. */
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
    SlotPool slots = pool;
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
    if (toDevice ? direction.toDevice() : direction.fromDevice()) {
      bounce(slots, address, size, toDevice);
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
    SlotPool slots = pool;
    if (slots == null) {
      return;
    }
    boolean on = trace.isOn();
    if (on) {
      trace.enter(rules.slotArray() ? "__swiotlb_tbl_unmap_single" : "swiotlb_tbl_unmap_single");
      trace.hex("tlb_addr", address).number("size", size).text("dir", direction.name());
    }
    if (!skipSync && direction.fromDevice()) {
      bounce(slots, address, size, false);
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
    if (trace.isOn()) {
      trace.effect("slots %d to %d freed".formatted(first, first + count - 1));
    }
    if (on) {
      trace.leave();
    }
  }

  // ---- what can be seen ----------------------------------------------------------------------

  /** Everything about the pool now. */
  public SwiotlbView view() {
    return pool == null
        ? new SwiotlbView(0, 0, 0, 0, false, List.of(), List.of())
        : pool.view(force);
  }
}
