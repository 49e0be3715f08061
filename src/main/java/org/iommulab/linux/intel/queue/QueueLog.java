package org.iommulab.linux.intel.queue;

import java.util.Locale;
import org.iommulab.linux.boot.Era;
import org.iommulab.linux.boot.KernelParts;
import org.iommulab.memory.PhysicalMemory;
import org.iommulab.vtd.layout.InvalidationDescriptor;
import org.iommulab.vtd.layout.RegisterLayouts;

/**
 * What the kernel prints when the invalidation queue stops: {@code qi_dump_fault()} from 5.14 on,
 * one line about the descriptor before.
 */
final class QueueLog {

  private final KernelParts parts;
  private final PhysicalMemory memory;
  private final UnitRegisters registers;
  private final QueuedInvalidation queue;

  QueueLog(KernelParts parts, UnitRegisters registers, QueuedInvalidation queue) {
    this.parts = parts;
    this.memory = parts.memory();
    this.registers = registers;
    this.queue = queue;
  }

  private boolean dumps() {
    return parts.era().atLeast(Era.V5_15);
  }

  /**
   * The error, the descriptor at the head and the one before it.
   *
   * @param status FSTS as it was read
   */
  void dump(long status) {
    boolean refused = RegisterLayouts.FSTS.field("IQE").isSet(status);
    int head = queue.slotAt(registers.read(RegisterLayouts.IQH));
    if (!dumps()) {
      if (refused) {
        long address = queue.slotAddress(head);
        print(
            "VT-d detected invalid descriptor: qw0 = %x, qw1 = %x",
            memory.readQword(address), memory.readQword(address + 8));
      }
      return;
    }
    long record = registers.read(RegisterLayouts.IQERCD);
    if (refused) {
      print(
          "VT-d detected Invalidation Queue Error: Reason %x",
          RegisterLayouts.IQERCD.field("IQEI").get(record));
    }
    if (RegisterLayouts.FSTS.field("ITE").isSet(status)) {
      print(
          "VT-d detected Invalidation Time-out Error: SID %x",
          RegisterLayouts.IQERCD.field("ITESID").get(record));
    }
    if (RegisterLayouts.FSTS.field("ICE").isSet(status)) {
      print(
          "VT-d detected Invalidation Completion Error: SID %x",
          RegisterLayouts.IQERCD.field("ICESID").get(record));
    }
    descriptor("HEAD", head);
    descriptor("PRIOR", (head + QueuedInvalidation.LENGTH - 1) % QueuedInvalidation.LENGTH);
  }

  /** An error bit was cleared; older kernels did it without a word. */
  void cleared(String error) {
    if (dumps()) {
      print("%s cleared", error);
    }
  }

  private void descriptor(String place, int slot) {
    long address = queue.slotAddress(slot);
    long low = memory.readQword(address);
    print("QI %s: %s qw0 = 0x%x, qw1 = 0x%x", place, kind(low), low, memory.readQword(address + 8));
  }

  /** {@code qi_type_string()}. */
  private static String kind(long low) {
    return switch (InvalidationDescriptor.of(low & 0xF)) {
      case CONTEXT_CACHE -> "Context-cache Invalidation";
      case IOTLB -> "IOTLB Invalidation";
      case DEVICE_TLB -> "Device-TLB Invalidation";
      case INTERRUPT_ENTRY -> "Interrupt Entry Cache Invalidation";
      case WAIT -> "Invalidation Wait";
      case PASID_IOTLB -> "PASID-based IOTLB Invalidation";
      case PASID_CACHE -> "PASID-cache Invalidation";
      case PASID_DEVICE_TLB -> "PASID-based Device-TLB Invalidation";
      case PAGE_GROUP_RESPONSE -> "Page Group Response";
      case null -> "UNKNOWN";
    };
  }

  private void print(String format, Object... values) {
    parts.log().print("DMAR: " + String.format(Locale.ROOT, format, values));
  }
}
