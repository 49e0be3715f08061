package org.iommulab.linux.intel;

import java.util.Locale;
import org.iommulab.bits.Field;
import org.iommulab.bus.SourceId;
import org.iommulab.linux.boot.Era;
import org.iommulab.linux.boot.KernelParts;
import org.iommulab.linux.intel.queue.UnitRegisters;
import org.iommulab.vtd.layout.CapabilityLayout;
import org.iommulab.vtd.layout.FaultRecord;
import org.iommulab.vtd.layout.RegisterLayouts;

/** Reads and clears a unit's fault records when its interrupt comes ({@code dmar_fault()}). */
final class DmarFault {

  /** All units of a kernel have one limit. */
  private static final String FUNCTION = "dmar_fault";

  private static final Field F = FaultRecord.F;
  private static final int FIRST_INTERRUPT_REASON = 0x20;
  private static final int LAST_INTERRUPT_REASON = 0x2F;

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
    if (status == 0) {
      return true;
    }
    if (parts.trace().isOn()) {
      parts.trace().enter("dmar_fault").number("irq", vector).text("iommu", unit.name());
    }
    String line = String.format(Locale.ROOT, "DRHD: handling fault status reg %x", status);
    log(line, parts.log().allows(FUNCTION));
    if (RegisterLayouts.FSTS.field("PPF").isSet(status)) {
      readRecords((int) RegisterLayouts.FSTS.field("FRI").get(status));
    }
    long clear =
        RegisterLayouts.FSTS.field("PFO").mask() | RegisterLayouts.FSTS.field("PPF").mask();
    registers.write(RegisterLayouts.FSTS, clear);
    if (parts.trace().isOn()) {
      parts.trace().leave();
    }
    return true;
  }

  /** From the oldest record on, until one is empty; that one, too, uses up what may be printed. */
  private void readRecords(int index) {
    UnitRegisters registers = unit.registers();
    int records = (int) CapabilityLayout.NFR.get(registers.cap()) + 1;
    int base = RegisterLayouts.FRCD.offset(registers.cap(), registers.ecap());
    for (int i = 0; i <= records; i++) {
      boolean allowed = parts.log().allows(FUNCTION);
      int offset = base + (index + i) % records * 16;
      long high = registers.read(offset + 8, 8);
      if (!F.isSet(high)) {
        return;
      }
      long low = registers.read(offset, 8);
      // A dword write keeps clear of the record's other half, as the driver does it.
      registers.write(offset + 12, 4, F.mask() >>> 32);
      report(low, high, allowed);
    }
  }

  /** {@code dmar_fault_do_one()}: one line, in the words of the kernel's age. */
  private void report(long low, long high, boolean allowed) {
    int code = (int) FaultRecord.FR.get(high);
    SourceId source = new SourceId((int) FaultRecord.SID.get(high));
    String sid =
        parts.era().atLeast(Era.V7_2)
            ? String.format(Locale.ROOT, "%04x:%s", unit.drhd().segment(), source)
            : source.toString();
    boolean now = parts.era().atLeast(Era.V5_15);
    String text = DmarFaultReasons.of(code);
    if (code >= FIRST_INTERRUPT_REASON && code <= LAST_INTERRUPT_REASON) {
      log(
          String.format(
              Locale.ROOT,
              (now
                  ? "[INTR-REMAP] Request device [%s] fault index 0x%x [fault reason 0x%02x] %s"
                  : "[INTR-REMAP] Request device [%s] fault index %x [fault reason %02d] %s"),
              sid,
              FaultRecord.FI.get(low) >>> 48,
              code,
              text),
          allowed);
      return;
    }
    String type = FaultRecord.T1.isSet(high) ? "DMA Read" : "DMA Write";
    boolean hasPasid = FaultRecord.PP.isSet(high);
    int pasid = hasPasid ? (int) FaultRecord.PV.get(high) : -1;
    long address = FaultRecord.FI.get(low);
    log(
        now
            ? String.format(
                Locale.ROOT,
                "[%s %s] Request device [%s] fault addr 0x%x [fault reason 0x%02x] %s",
                type,
                hasPasid ? String.format(Locale.ROOT, "PASID 0x%x", pasid) : "NO_PASID",
                sid,
                address,
                code,
                text)
            : String.format(
                Locale.ROOT,
                "[%s] Request device [%s] PASID %x fault addr %x [fault reason %02d] %s",
                type,
                sid,
                pasid,
                address,
                code,
                text),
        allowed);
  }

  private void log(String text, boolean allowed) {
    parts.log().print("DMAR: " + text, allowed);
  }
}
