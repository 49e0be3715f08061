package org.iommulab.evidence;

import java.util.List;
import java.util.Locale;
import org.iommulab.acpi.DeviceScope;
import org.iommulab.acpi.Dmar;
import org.iommulab.acpi.DmarReading;
import org.iommulab.acpi.DmarStructure;

/** A DMAR table for a person at a terminal. */
final class FirmwareText {

  private final StringBuilder out = new StringBuilder();

  private FirmwareText() {}

  static String of(DmarReading reading) {
    var text = new FirmwareText();
    reading.table().ifPresent(text::table);
    for (String finding : reading.findings()) {
      text.line("note: %s", finding);
    }
    return text.out.toString();
  }

  private void line(String format, Object... arguments) {
    out.append(String.format(Locale.ROOT, format, arguments)).append(System.lineSeparator());
  }

  private void table(Dmar dmar) {
    line(
        "DMAR table of %s %s, revision %d, %d-bit physical addresses, interrupt remapping %s",
        dmar.header().oemId().strip(),
        dmar.header().oemTableId().strip(),
        dmar.revision(),
        dmar.hostAddressWidth(),
        dmar.interruptRemapping() ? "yes" : "no");
    if ((dmar.flags() & Dmar.X2APIC_OPT_OUT) != 0) {
      line("firmware asks the operating system not to use x2APIC mode");
    }
    if ((dmar.flags() & Dmar.PLATFORM_OPT_IN) != 0) {
      line("firmware asks for protection from external devices");
    }
    dmar.structures().forEach(this::structure);
  }

  private void structure(DmarStructure structure) {
    String facts =
        switch (structure) {
          case DmarStructure.Drhd unit ->
              String.format(
                  Locale.ROOT,
                  "unit at 0x%x, %d KiB of registers, segment %d%s",
                  unit.base(),
                  unit.windowBytes() >> 10,
                  unit.segment(),
                  unit.includesAll() ? ", all other devices" : "");
          case DmarStructure.Rmrr region ->
              String.format(
                  Locale.ROOT,
                  "memory 0x%x-0x%x reserved, segment %d",
                  region.base(),
                  region.limit(),
                  region.segment());
          case DmarStructure.Atsr ports ->
              String.format(
                  Locale.ROOT,
                  "root ports with ATS, segment %d%s",
                  ports.segment(),
                  (ports.flags() & 1) != 0 ? ", all ports" : "");
          case DmarStructure.Rhsa node ->
              String.format(
                  Locale.ROOT,
                  "unit at 0x%x is in proximity domain %d",
                  node.base(),
                  node.proximityDomain());
          case DmarStructure.Andd device ->
              String.format(
                  Locale.ROOT,
                  "namespace device %d is %s",
                  device.deviceNumber(),
                  device.objectName());
          case DmarStructure.Satc devices ->
              String.format(
                  Locale.ROOT,
                  "devices with an address translation cache, segment %d%s",
                  devices.segment(),
                  (devices.flags() & 1) != 0 ? ", required" : "");
          case DmarStructure.Sidp devices ->
              String.format(
                  Locale.ROOT, "properties of SoC devices, segment %d", devices.segment());
          case DmarStructure.Unknown unknown -> unknown.body().length + " bytes";
        };
    line("%s  %s", structure.name(), facts);
    scopes(structure.scopes());
  }

  private void scopes(List<DeviceScope> scopes) {
    for (DeviceScope scope : scopes) {
      line(
          "      %-16s %s%s%s",
          scope.typeName(),
          scope.pathText(),
          scope.isPci() ? "" : " id " + scope.enumerationId(),
          scope.flags() == 0 ? "" : String.format(Locale.ROOT, " flags %02x", scope.flags()));
    }
  }
}
