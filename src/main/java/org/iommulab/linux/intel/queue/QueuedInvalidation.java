package org.iommulab.linux.intel.queue;

import org.iommulab.linux.boot.KernelParts;
import org.iommulab.linux.mm.FrameAllocator;
import org.iommulab.linux.mm.KernelPages;
import org.iommulab.linux.uapi.Errno;
import org.iommulab.linux.uapi.Status;
import org.iommulab.memory.Page;
import org.iommulab.memory.PhysicalMemory;
import org.iommulab.trace.CallTrace;
import org.iommulab.vtd.layout.ExtendedCapabilityLayout;
import org.iommulab.vtd.layout.InvalidationDescriptor;
import org.iommulab.vtd.layout.RegisterLayouts;

/**
 * The driver's side of the invalidation queue ({@code struct q_inval}): a ring of 256 descriptors
 * in memory, each submission closed by a wait descriptor whose status write says that it is done.
 */
public final class QueuedInvalidation {

  static final int LENGTH = 256;
  private static final int IN_USE = 1;
  private static final int PATIENCE = 1000;

  private final KernelParts parts;
  private final PhysicalMemory memory;
  private final CallTrace trace;
  private final UnitRegisters registers;
  private final int shift;
  private final boolean drains;
  private final long ring;
  private final long statuses;
  private final QueueLog queueLog;
  private int tail;

  private QueuedInvalidation(
      KernelParts parts, UnitRegisters registers, boolean wide, long ring, long statuses) {
    this.parts = parts;
    this.memory = parts.memory();
    this.trace = parts.trace();
    this.registers = registers;
    this.shift = wide ? 5 : 4;
    this.drains = ExtendedCapabilityLayout.PDS.isSet(registers.ecap());
    this.ring = ring;
    this.statuses = statuses;
    this.queueLog = new QueueLog(parts, registers, this);
  }

  /**
   * Takes the ring from memory and switches the queue on ({@code dmar_enable_qi()}).
   *
   * @param wide 256-bit descriptors in two pages, for units with scalable mode
   * @return null if memory ran out
   */
  public static @org.jspecify.annotations.Nullable QueuedInvalidation enable(
      KernelParts parts, UnitRegisters registers, boolean wide) {
    FrameAllocator frames = parts.frames();
    long ring = wide ? KernelPages.allocate(frames, parts.memory(), 1) : frames.allocate();
    long statuses = frames.allocate();
    if (ring <= 0 || statuses <= 0) {
      return null;
    }
    var queue =
        new QueuedInvalidation(parts, registers, wide, Page.address(ring), Page.address(statuses));
    registers.write(RegisterLayouts.IQT, 0);
    long address = RegisterLayouts.IQA.field("IQA").with(0, Page.address(ring));
    if (wide) {
      address = RegisterLayouts.IQA.field("DW").with(address, 1);
      address = RegisterLayouts.IQA.field("QS").with(address, 1);
    }
    registers.write(RegisterLayouts.IQA, address);
    registers.command("QIE", true);
    return queue;
  }

  /** The slot that an offset from the ring's start lies in. */
  int slotAt(long offset) {
    return (int) (offset >>> shift) % LENGTH;
  }

  /** Physical address of a slot. */
  long slotAddress(int slot) {
    return ring + ((long) slot << shift);
  }

  /**
   * {@code qi_submit_sync()}: queues descriptors and one wait, and waits for its status.
   *
   * @param drain the wait drains page requests first
   */
  public Status submitSync(long[] quadwords, int count, boolean drain) {
    if (trace.isOn()) {
      trace.enter("qi_submit_sync").number("count", count);
    }
    int first = tail;
    for (int i = 0; i < count; i++) {
      put(quadwords[2 * i], quadwords[2 * i + 1]);
    }
    int waiting = tail;
    long status = statuses + waiting * 4L;
    memory.writeDword(status, IN_USE);
    put(QiDescriptors.waitForStatus(drain && drains), QiDescriptors.statusAddress(status));
    registers.write(RegisterLayouts.IQT, (long) tail << shift);
    Status result = await(status, first);
    memory.writeDword(status, 0);
    return parts.leave(result);
  }

  private void put(long qw0, long qw1) {
    long address = slotAddress(tail);
    if (trace.isOn()) {
      String slot = "QI[" + tail + "]";
      trace.wrote(slot + ".qw0", address, memory.readQword(address), qw0);
      trace.wrote(slot + ".qw1", address + 8, memory.readQword(address + 8), qw1);
      InvalidationDescriptor kind = InvalidationDescriptor.of(qw0);
      trace.effect((kind == null ? "?" : kind.code()) + " " + QiDescriptors.text(qw0, qw1));
    }
    memory.writeQword(address, qw0);
    memory.writeQword(address + 8, qw1);
    tail = (tail + 1) % LENGTH;
  }

  private Status await(long status, int first) {
    for (int i = 0; i < PATIENCE; i++) {
      if (memory.readDword(status) == QiDescriptors.DONE) {
        return Status.OK;
      }
      long fsts = registers.read(RegisterLayouts.FSTS);
      if (RegisterLayouts.FSTS.field("IQE").isSet(fsts)) {
        return repair(first);
      }
      if (RegisterLayouts.FSTS.field("ITE").isSet(fsts)) {
        queueLog.dump(fsts);
        registers.write(RegisterLayouts.FSTS, RegisterLayouts.FSTS.field("ITE").mask());
        queueLog.cleared("Invalidation Time-out Error (ITE)");
        return Status.fail(Errno.ETIMEDOUT, "a device did not answer a device-TLB invalidation");
      }
    }
    return Status.fail(Errno.ETIMEDOUT, "the invalidation queue does not move");
  }

  /** Overwrites the descriptor the unit refused with a wait, as {@code qi_check_fault()} does. */
  private Status repair(int first) {
    int head = (int) (registers.read(RegisterLayouts.IQH) >>> shift) % LENGTH;
    queueLog.dump(registers.read(RegisterLayouts.FSTS));
    long address = slotAddress(head);
    int waiting = (tail + LENGTH - 1) % LENGTH;
    memory.writeQword(address, memory.readQword(slotAddress(waiting)));
    memory.writeQword(address + 8, memory.readQword(slotAddress(waiting) + 8));
    registers.write(RegisterLayouts.FSTS, RegisterLayouts.FSTS.field("IQE").mask());
    queueLog.cleared("Invalidation Queue Error (IQE)");
    registers.write(RegisterLayouts.IQT, (long) tail << shift);
    return Status.fail(
        Errno.EINVAL, "the unit refused a descriptor submitted from slot " + first + " on");
  }
}
