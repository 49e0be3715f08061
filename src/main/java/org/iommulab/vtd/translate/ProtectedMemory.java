package org.iommulab.vtd.translate;

import java.util.List;
import org.iommulab.vtd.config.UnitConfiguration;
import org.iommulab.vtd.layout.CapabilityLayout;
import org.iommulab.vtd.layout.Register;
import org.iommulab.vtd.layout.RegisterLayouts;
import org.iommulab.vtd.register.RegisterFile;
import org.iommulab.vtd.request.Request;

/**
 * The protected memory regions: while PMEN.EPM is set, DMA to them is refused. Limits include their
 * whole last unit of 1 MiB. Source: vtd.md 1.3.
 */
final class ProtectedMemory {

  private static final int PMEN = RegisterLayouts.PMEN.position();
  private static final long EPM = RegisterLayouts.PMEN.field("EPM").mask();
  private static final long PRS = RegisterLayouts.PMEN.field("PRS").mask();

  /** Address bits that do not count: regions are multiples of 1 MiB. */
  private static final long UNIT = (1L << 20) - 1;

  private static final List<Register> REGISTERS =
      List.of(
          RegisterLayouts.PMEN,
          RegisterLayouts.PLMBASE,
          RegisterLayouts.PLMLIMIT,
          RegisterLayouts.PHMBASE,
          RegisterLayouts.PHMLIMIT);

  private final RegisterFile registers;
  private final Translator translator;
  private final boolean low;
  private final boolean high;
  private boolean on;

  ProtectedMemory(UnitConfiguration configuration, RegisterFile registers, Translator translator) {
    this.registers = registers;
    this.translator = translator;
    low = configuration.capabilities().has(CapabilityLayout.PLMR);
    high = configuration.capabilities().has(CapabilityLayout.PHMR);
    for (Register each : REGISTERS) {
      registers.onWrite(each, this::written);
      if (each.bytes() == 8) {
        registers.onWriteOfUpperHalf(each, this::written);
      }
    }
  }

  /** Software wrote one of the registers. */
  void written() {
    on = (low || high) && (registers.get32(PMEN) & EPM) != 0;
    registers.change32(PMEN, PRS, on ? PRS : 0);
    trim(RegisterLayouts.PLMBASE.position());
    trim(RegisterLayouts.PLMLIMIT.position());
    trim(RegisterLayouts.PHMBASE.position());
    trim(RegisterLayouts.PHMLIMIT.position());
    translator.setMemoryProtected(on);
  }

  // Software finds the alignment by writing ones and reading back.
  private void trim(int offset) {
    registers.change32(offset, UNIT, 0);
  }

  /** Refuses a translated request whose output is protected. */
  boolean allows(Request request) {
    if (!on || !isProtected(request.output)) {
      return true;
    }
    request.aborted = true;
    return false;
  }

  private boolean isProtected(long address) {
    return (low
            && within(
                address,
                registers.get32(RegisterLayouts.PLMBASE.position()) & 0xFFFF_FFFFL,
                registers.get32(RegisterLayouts.PLMLIMIT.position()) & 0xFFFF_FFFFL))
        || (high
            && within(
                address,
                registers.get64(RegisterLayouts.PHMBASE.position()),
                registers.get64(RegisterLayouts.PHMLIMIT.position())));
  }

  private static boolean within(long address, long base, long limit) {
    return base <= limit
        && Long.compareUnsigned(address, base) >= 0
        && Long.compareUnsigned(address, limit | UNIT) <= 0;
  }
}
