package org.iommulab.acpi;

import java.util.HashSet;
import java.util.Set;

/** What is odd about the device scopes and namespace devices of a table. */
final class ScopeCheck {

  private final Dmar dmar;
  private final Findings findings;
  private final Set<String> listed = new HashSet<>();
  private final Set<Integer> named = new HashSet<>();
  private final Set<Integer> used = new HashSet<>();

  ScopeCheck(Dmar dmar, Findings findings) {
    this.dmar = dmar;
    this.findings = findings;
  }

  void run() {
    for (DmarStructure structure : dmar.structures()) {
      if (structure instanceof DmarStructure.Andd andd) {
        findings.when(
            !named.add(andd.deviceNumber()),
            "Two ANDD structures have the number %d.",
            andd.deviceNumber());
      }
    }
    for (DmarStructure structure : dmar.structures()) {
      empty(structure);
      for (DeviceScope scope : structure.scopes()) {
        shape(structure, scope);
        kind(structure, scope);
        if (structure instanceof DmarStructure.Drhd unit) {
          twice(unit, scope);
        }
      }
    }
    for (int number : named) {
      findings.when(
          !used.contains(number), "No device scope refers to the ANDD of number %d.", number);
    }
  }

  private void empty(DmarStructure structure) {
    boolean needed =
        switch (structure) {
          case DmarStructure.Atsr ports -> (ports.flags() & 1) == 0;
          case DmarStructure.Satc devices -> true;
          case DmarStructure.Sidp devices -> true;
          default -> false;
        };
    findings.when(
        needed && structure.scopes().isEmpty(), "%s names no device.", structure.withArticle());
    findings.when(
        structure instanceof DmarStructure.Atsr ports
            && (ports.flags() & 1) != 0
            && !ports.scopes().isEmpty(),
        "An ATSR is for all ports and lists some besides.");
  }

  private void shape(DmarStructure structure, DeviceScope scope) {
    findings.when(
        scope.type() < DeviceScope.ENDPOINT || scope.type() > DeviceScope.NAMESPACE,
        "%s has a device scope of unknown type %d.",
        structure.withArticle(),
        scope.type());
    for (DeviceScope.Step step : scope.path()) {
      findings.when(
          step.device() > 31 || step.function() > 7,
          "%s names device %s, which cannot exist.",
          structure.withArticle(),
          step);
    }
  }

  private void kind(DmarStructure structure, DeviceScope scope) {
    boolean interruptSource =
        scope.type() == DeviceScope.IO_APIC || scope.type() == DeviceScope.HPET;
    findings.when(
        interruptSource && !(structure instanceof DmarStructure.Drhd),
        "%s names an interrupt source, %s; only units do.",
        structure.withArticle(),
        scope.pathText());
    if (scope.type() == DeviceScope.NAMESPACE) {
      used.add(scope.enumerationId());
      findings.when(
          !named.contains(scope.enumerationId()),
          "%s names ACPI device %d, but no ANDD has that number.",
          structure.withArticle(),
          scope.enumerationId());
    }
  }

  private void twice(DmarStructure.Drhd unit, DeviceScope scope) {
    String key = unit.segment() + " " + scope.type() + " " + scope.enumerationId();
    findings.when(
        !listed.add(key + scope.pathText()),
        "Two units list %s %s.",
        scope.typeName(),
        scope.pathText());
  }
}
