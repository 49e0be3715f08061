package org.iommulab.vtd.interrupt;

import org.iommulab.bus.MessageSink;
import org.iommulab.memory.Page;
import org.iommulab.memory.PhysicalMemory;
import org.iommulab.vtd.cache.InterruptEntry;
import org.iommulab.vtd.layout.FaultReason;
import org.iommulab.vtd.layout.Irte;
import org.iommulab.vtd.layout.PostedDescriptor;
import org.jspecify.annotations.Nullable;

/** Notes interrupts in posted-interrupt descriptors. Source: vtd.md 8.4. */
final class PostedInterrupts {

  private static final int CONTROL = PostedDescriptor.ON.quadword();

  private final PhysicalMemory memory;
  private final MessageSink messages;
  private boolean notified;

  PostedInterrupts(PhysicalMemory memory, MessageSink messages) {
    this.memory = memory;
    this.messages = messages;
  }

  /** Physical address of an entry's descriptor. */
  static long descriptor(InterruptEntry entry) {
    return Irte.PDA_LOW.get(entry.low()) << 6 | Irte.PDA_HIGH.get(entry.high()) << 32;
  }

  /** Tells whether the last {@link #post} sent a notification. */
  boolean notified() {
    return notified;
  }

  /** Notes the entry's vector and notifies unless that is suppressed; null if it worked. */
  @Nullable FaultReason post(InterruptEntry entry) {
    notified = false;
    long address = descriptor(entry);
    long[] frame = memory.frame(Page.number(address));
    if (frame == null) {
      return FaultReason.POSTED_DESCRIPTOR_UNREADABLE;
    }
    int at = (int) address >>> 3 & 511;
    for (int i = CONTROL; i < 8; i++) {
      if ((frame[at + i] & PostedDescriptor.LAYOUT.reservedMask(i, java.util.Set.of())) != 0) {
        return FaultReason.POSTED_DESCRIPTOR_RESERVED;
      }
    }
    int vector = (int) Irte.V.get(entry.low());
    long control = frame[at + CONTROL];
    long word = address + (vector >>> 6) * 8L;
    memory.writeQword(word, memory.readQword(word) | 1L << (vector & 63));
    boolean wanted = Irte.URG.isSet(entry.low()) || !PostedDescriptor.SN.isSet(control);
    if (!PostedDescriptor.ON.isSet(control) && wanted) {
      memory.writeQword(address + CONTROL * 8L, PostedDescriptor.ON.with(control, 1));
      notified = true;
      long destination = PostedDescriptor.NDST.get(control);
      messages.deliver(
          MessageSink.FIRST | (destination >>> 8 & 0xFF) << 12,
          (int) PostedDescriptor.NV.get(control));
    }
    return null;
  }
}
