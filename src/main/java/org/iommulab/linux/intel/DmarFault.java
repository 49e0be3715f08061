package org.iommulab.linux.intel;

import org.iommulab.bits.Field;
import org.iommulab.bus.SourceId;
import org.iommulab.linux.boot.KernelParts;
import org.iommulab.vtd.layout.CapabilityLayout;
import org.iommulab.vtd.layout.FaultReason;
import org.iommulab.vtd.layout.FaultRecord;
import org.iommulab.vtd.layout.RegisterLayouts;

/** Reads and clears a unit's fault records when its interrupt comes ({@code dmar_fault()}). */
final class DmarFault {

  private static final Field F = FaultRecord.F;

  /** Where the units' own interrupts go: processor 0, never remapped. */
  static final long MESSAGE_ADDRESS = 0xFEE0_0000L;

  private final KernelParts parts;
  private final IntelUnit unit;
  private final int vector;

  DmarFault(KernelParts parts, IntelUnit unit, int vector) {
    this.parts = parts;
    this.unit = unit;
    this.vector = vector;
  }

  /** Handles a message; false if it is not this unit's. */
  boolean handle(long address, int data) {
    if (address != MESSAGE_ADDRESS || (data & 0xFF) != vector) {
      return false;
    }
    UnitRegisters registers = unit.registers();
    long status = registers.read(RegisterLayouts.FSTS);
    boolean pending = RegisterLayouts.FSTS.field("PPF").isSet(status);
    if (status != 0 && parts.trace().isOn()) {
      parts.trace().enter("dmar_fault").number("irq", vector).text("iommu", unit.name());
    }
    int records = (int) CapabilityLayout.NFR.get(registers.cap()) + 1;
    int base = RegisterLayouts.FRCD.offset(registers.cap(), registers.ecap());
    int index = (int) RegisterLayouts.FSTS.field("FRI").get(status);
    for (int i = 0; pending && i < records; i++) {
      int offset = base + (index + i) % records * 16;
      long high = registers.read(offset + 8, 8);
      if (!F.isSet(high)) {
        break;
      }
      long low = registers.read(offset, 8);
      // A dword write keeps clear of the record's other half, as the driver does it.
      registers.write(offset + 12, 4, F.mask() >>> 32);
      report(low, high);
    }
    long clear =
        RegisterLayouts.FSTS.field("PFO").mask() | RegisterLayouts.FSTS.field("PPF").mask();
    registers.write(RegisterLayouts.FSTS, clear);
    if (status != 0 && parts.trace().isOn()) {
      parts.trace().leave();
    }
    return true;
  }

  private void report(long low, long high) {
    int code = (int) FaultRecord.FR.get(high);
    boolean read = FaultRecord.T1.isSet(high);
    var sid = new SourceId((int) FaultRecord.SID.get(high));
    String pasid =
        FaultRecord.PP.isSet(high) ? "0x%x".formatted(FaultRecord.PV.get(high)) : "NO_PASID";
    String text = "unknown";
    for (FaultReason reason : FaultReason.values()) {
      if (reason.code() == code) {
        text = reason.text();
      }
    }
    long address = FaultRecord.FI.get(low);
    parts.log().print("DMAR: DRHD: handling fault status reg 2");
    parts
        .log()
        .print(
            "DMAR: [DMA %s %s] Request device [%s] fault addr 0x%x [fault reason 0x%02x] %s"
                .formatted(read ? "Read" : "Write", pasid, sid, address, code, text));
  }
}
