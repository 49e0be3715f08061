package org.iommulab.acpi;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;

/** What is odd about a table that could be read; rules of vtd.md, section 10. */
final class DmarCheck {

  private final Dmar dmar;
  private final List<String> findings = new ArrayList<>();

  private DmarCheck(Dmar dmar) {
    this.dmar = dmar;
  }

  static List<String> findings(Dmar dmar) {
    var check = new DmarCheck(dmar);
    check.units();
    check.reservedMemory();
    check.affinity();
    check.order();
    check.scopes();
    return check.findings;
  }

  private void say(String text, Object... arguments) {
    findings.add(text.formatted(arguments));
  }

  private void units() {
    if (dmar.units().isEmpty()) {
      say("The table lists no remapping unit (DRHD).");
    }
    var bases = new HashSet<Long>();
    var closedSegments = new HashSet<Integer>();
    for (DmarStructure.Drhd unit : dmar.units()) {
      if (unit.base() == 0 || unit.base() == -1) {
        say("A remapping unit has its registers at %x: firmware left it unset.", unit.base());
      } else if ((unit.base() & 0xFFF) != 0) {
        say("The registers of the unit at %x do not start at a page.", unit.base());
      }
      if (!bases.add(unit.base())) {
        say("Two units have their registers at %x.", unit.base());
      }
      if (closedSegments.contains(unit.segment())) {
        say(
            "The unit at %x comes after the one that includes all other devices of segment %d.",
            unit.base(), unit.segment());
      }
      if (unit.includesAll()) {
        closedSegments.add(unit.segment());
      } else if (unit.scopes().isEmpty()) {
        say("The unit at %x lists no device and does not include all others.", unit.base());
      }
    }
  }

  private void reservedMemory() {
    List<DmarStructure.Rmrr> regions = dmar.reservedMemory();
    for (int i = 0; i < regions.size(); i++) {
      DmarStructure.Rmrr region = regions.get(i);
      boolean backwards = Long.compareUnsigned(region.limit(), region.base()) < 0;
      if (backwards) {
        say("The reserved region from %x ends before it starts.", region.base());
      } else if ((region.base() & 0xFFF) != 0 || (region.limit() + 1 & 0xFFF) != 0) {
        say("The reserved region %x-%x is not in whole pages.", region.base(), region.limit());
      }
      if (region.scopes().isEmpty()) {
        say("The reserved region from %x names no device.", region.base());
      }
      for (DmarStructure.Rmrr other : regions.subList(0, i)) {
        if (!backwards
            && Long.compareUnsigned(region.base(), other.limit()) <= 0
            && Long.compareUnsigned(other.base(), region.limit()) <= 0) {
          say("The reserved regions from %x and %x overlap.", other.base(), region.base());
        }
      }
    }
  }

  private void affinity() {
    for (DmarStructure structure : dmar.structures()) {
      if (structure instanceof DmarStructure.Rhsa rhsa
          && dmar.units().stream().noneMatch(unit -> unit.base() == rhsa.base())) {
        say("A NUMA entry (RHSA) is for a unit at %x that the table does not list.", rhsa.base());
      }
    }
  }

  private void order() {
    int last = 0;
    for (DmarStructure structure : dmar.structures()) {
      if (structure.type() < last) {
        say("A %s comes after a structure of a higher type.", structure.name());
        return;
      }
      last = structure.type();
    }
  }

  private void scopes() {
    var seen = new HashSet<String>();
    for (DmarStructure structure : dmar.structures()) {
      for (DeviceScope scope : structure.scopes()) {
        if (scope.type() < 1 || scope.type() > 5) {
          say("A %s has a device scope of unknown type %d.", structure.name(), scope.type());
        }
        for (DeviceScope.Step step : scope.path()) {
          if (step.device() > 31 || step.function() > 7) {
            say("A %s names device %s, which cannot exist.", structure.name(), step);
          }
        }
        if (structure instanceof DmarStructure.Drhd unit
            && !seen.add(
                unit.segment()
                    + " "
                    + scope.type()
                    + " "
                    + scope.enumerationId()
                    + scope.pathText())) {
          say("Two units list %s %s.", scope.typeName(), scope.pathText());
        }
      }
    }
  }
}
