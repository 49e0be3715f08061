package org.iommulab.linux.swiotlb;

import java.util.Locale;
import java.util.function.Consumer;
import org.iommulab.memory.PhysicalMemory;
import org.iommulab.trace.CallTrace;

/** The copies between buffers and their slots: {@code swiotlb_bounce()}. */
final class BounceCopies {

  private final PhysicalMemory memory;
  private final CallTrace trace;
  private final Consumer<String> log;

  BounceCopies(PhysicalMemory memory, CallTrace trace, Consumer<String> log) {
    this.memory = memory;
    this.trace = trace;
    this.log = log;
  }

  /**
   * Copies; addresses that are in no mapping do nothing, bytes behind the mapping's end are left
   * out.
   *
   * @param toDevice from the buffer into the pool
   */
  void bounce(SlotPool slots, long address, long size, boolean toDevice) {
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
            String.format(
                Locale.ROOT,
                "Buffer overflow detected. Allocation size: %d. Mapping size: %d+%d.",
                slots.allocated(slot),
                size,
                inSlot));
      }
      copy(toDevice ? buffer : address, toDevice ? address : buffer, count);
      if (trace.isOn()) {
        trace.effect(
            String.format(
                Locale.ROOT, "%d bytes copied %s the pool", count, toDevice ? "into" : "out of"));
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
}
