package org.iommulab.evidence.inspection;

import java.util.Optional;
import org.iommulab.acpi.AcpiTables;
import org.iommulab.acpi.DeviceScope;
import org.iommulab.acpi.Dmar;
import org.iommulab.acpi.DmarStructure;
import org.iommulab.memory.MemoryView;

/** The firmware tables of an inspection. */
final class FirmwareSection {

  private final JsonWriter json;

  FirmwareSection(JsonWriter json) {
    this.json = json;
  }

  void acpi(AcpiTables acpi, MemoryView memory) {
    json.hex("rsdp", acpi.rsdp());
    json.hex(acpi.extended() ? "xsdt" : "rsdt", acpi.root());
    acpi.bytes(memory, "DMAR").ifPresent(table -> json.text("dmar", bytes(table)));
    json.array(
        "tables",
        acpi.tables(),
        table -> {
          json.text("sig", table.signature());
          json.hex("address", table.address());
          json.number("length", table.length());
        });
  }

  private static String bytes(byte[] table) {
    return java.util.HexFormat.of().formatHex(table);
  }

  void dmar(Dmar dmar, Optional<AcpiTables> acpi) {
    int length =
        acpi.stream()
            .flatMap(tables -> tables.tables().stream())
            .filter(table -> table.signature().equals("DMAR"))
            .mapToInt(AcpiTables.Table::length)
            .findFirst()
            .orElse(0);
    json.number("host_address_width", dmar.hostAddressWidth());
    json.hex("flags", dmar.flags());
    json.number("revision", dmar.revision());
    json.number("length", length);
    json.startArray("structures");
    int offset = Dmar.HEADER_BYTES;
    for (DmarStructure structure : dmar.structures()) {
      int at = offset;
      json.object(() -> structure(structure, at));
      offset += structure.length();
    }
    json.endArray();
  }

  private void structure(DmarStructure structure, int offset) {
    json.number("type", structure.type());
    json.text("name", structure.name());
    json.number("offset", offset);
    json.number("length", structure.length());
    switch (structure) {
      case DmarStructure.Drhd drhd -> {
        json.hex("flags", drhd.flags());
        json.number("size_field", drhd.size());
        json.number("segment", drhd.segment());
        json.hex("base", drhd.base());
      }
      case DmarStructure.Rmrr rmrr -> {
        json.number("segment", rmrr.segment());
        json.hex("base", rmrr.base());
        json.hex("limit", rmrr.limit());
      }
      case DmarStructure.Atsr atsr -> {
        json.hex("flags", atsr.flags());
        json.number("segment", atsr.segment());
      }
      case DmarStructure.Rhsa rhsa -> {
        json.hex("base", rhsa.base());
        json.number("proximity_domain", rhsa.proximityDomain());
      }
      case DmarStructure.Andd andd -> {
        json.number("device_number", andd.deviceNumber());
        json.text("object_name", andd.objectName());
      }
      case DmarStructure.Satc satc -> {
        json.hex("flags", satc.flags());
        json.number("segment", satc.segment());
      }
      case DmarStructure.Sidp sidp -> json.number("segment", sidp.segment());
      case DmarStructure.Unknown unknown -> json.text("body", bytes(unknown.body()));
    }
    boolean always =
        structure instanceof DmarStructure.Drhd || structure instanceof DmarStructure.Rmrr;
    if (always || !structure.scopes().isEmpty()) {
      json.array("scopes", structure.scopes(), this::scope);
    }
  }

  private void scope(DeviceScope scope) {
    json.number("type", scope.type());
    json.text("type_name", scope.typeName());
    json.number("enumeration_id", scope.enumerationId());
    json.number("bus", scope.startBus());
    json.texts("path", scope.path().stream().map(DeviceScope.Step::toString).toList());
  }
}
