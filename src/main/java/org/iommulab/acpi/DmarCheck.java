package org.iommulab.acpi;

import java.util.HashSet;
import java.util.List;
import org.iommulab.memory.Page;

/**
 * What is odd about a table that could be read, whatever the machine; rules of vtd.md, section 10.
 */
final class DmarCheck {

  private static final int KNOWN_FLAGS = 7;
  private static final int NARROWEST = 32;
  private static final int WIDEST = 52;

  private final Dmar dmar;
  private final Findings findings = new Findings();

  private DmarCheck(Dmar dmar) {
    this.dmar = dmar;
  }

  static List<String> findings(Dmar dmar) {
    var check = new DmarCheck(dmar);
    check.header();
    new UnitCheck(dmar, check.findings).run();
    check.reservedMemory();
    check.affinity();
    check.order();
    new ScopeCheck(dmar, check.findings).run();
    return check.findings.list();
  }

  private void header() {
    int width = dmar.hostAddressWidth();
    findings.when(
        width < NARROWEST || width > WIDEST,
        "The table tells of %d-bit physical addresses; processors have %d to %d bits.",
        width,
        NARROWEST,
        WIDEST);
    findings.when(
        (dmar.flags() & Dmar.X2APIC_OPT_OUT) != 0 && !dmar.interruptRemapping(),
        "The table asks not to use x2APIC, but offers no interrupt remapping to use it with.");
    findings.when(
        (dmar.flags() & ~KNOWN_FLAGS) != 0,
        "The table has reserved flags set: %02x.",
        dmar.flags() & ~KNOWN_FLAGS);
  }

  private void reservedMemory() {
    List<DmarStructure.Rmrr> regions = dmar.reservedMemory();
    for (int i = 0; i < regions.size(); i++) {
      DmarStructure.Rmrr region = regions.get(i);
      boolean backwards = Long.compareUnsigned(region.limit(), region.base()) < 0;
      boolean pages = Page.isWhole(region.base()) && (region.limit() + 1 & 0xFFF) == 0;
      findings.when(backwards, "The reserved region from %x ends before it starts.", region.base());
      findings.when(
          !backwards && !pages,
          "The reserved region %x-%x is not in whole pages.",
          region.base(),
          region.limit());
      findings.when(
          !backwards && beyond(region.limit()),
          "The reserved region %x-%x ends beyond the %d bits of a physical address.",
          region.base(),
          region.limit(),
          dmar.hostAddressWidth());
      findings.when(
          region.scopes().isEmpty(), "The reserved region from %x names no device.", region.base());
      for (DmarStructure.Rmrr other : regions.subList(0, i)) {
        findings.when(
            !backwards
                && Long.compareUnsigned(region.base(), other.limit()) <= 0
                && Long.compareUnsigned(other.base(), region.limit()) <= 0,
            "The reserved regions from %x and %x overlap.",
            other.base(),
            region.base());
      }
    }
  }

  private boolean beyond(long address) {
    return dmar.hostAddressWidth() < 64 && address >>> dmar.hostAddressWidth() != 0;
  }

  private void affinity() {
    var seen = new HashSet<Long>();
    for (DmarStructure structure : dmar.structures()) {
      if (structure instanceof DmarStructure.Rhsa rhsa) {
        findings.when(
            dmar.units().stream().noneMatch(unit -> unit.base() == rhsa.base()),
            "A NUMA entry (RHSA) is for a unit at %x that the table does not list.",
            rhsa.base());
        findings.when(
            !seen.add(rhsa.base()), "Two NUMA entries (RHSA) are for the unit at %x.", rhsa.base());
      }
    }
  }

  private void order() {
    int last = 0;
    boolean reported = false;
    for (DmarStructure structure : dmar.structures()) {
      boolean early = structure.type() < last;
      findings.when(
          early && !reported,
          "%s comes after a structure of a higher type.",
          structure.withArticle());
      reported |= early;
      last = structure.type();
    }
  }
}
