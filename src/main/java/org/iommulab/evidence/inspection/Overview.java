package org.iommulab.evidence.inspection;

import java.util.Locale;
import org.iommulab.acpi.Dmar;
import org.iommulab.acpi.DmarStructure;
import org.iommulab.evidence.Snapshot;
import org.iommulab.vtd.layout.FaultReason;
import org.iommulab.vtd.tables.ContextNode;
import org.iommulab.vtd.tables.FaultNode;
import org.iommulab.vtd.tables.Finding;
import org.iommulab.vtd.tables.PasidNode;
import org.iommulab.vtd.tables.TableBrowser;
import org.iommulab.vtd.tables.TableKey;
import org.iommulab.vtd.tables.TableStatistics;

/** A snapshot for a person at a terminal. */
final class Overview {

  private final Snapshot snapshot;
  private final TableBrowser tables;
  private final StringBuilder text;

  Overview(Snapshot snapshot) {
    this(snapshot, new StringBuilder());
  }

  private Overview(Snapshot snapshot, StringBuilder text) {
    this.snapshot = snapshot;
    this.tables = snapshot.tables();
    this.text = text;
  }

  String text() {
    line("%s", snapshot.source());
    snapshot.dmar().ifPresent(this::dmar);
    int units = snapshot.units().size();
    for (int index = 0; index < units; index++) {
      Snapshot each = snapshot.ofUnit(units == 1 ? snapshot.front() : index);
      new Overview(each, text).unit(units > 1);
    }
    snapshot.warnings().forEach(warning -> line("note: %s", warning));
    snapshot.firmwareFindings().forEach(finding -> line("note: %s", finding));
    return text.toString();
  }

  private void unit(boolean named) {
    line(
        "%sunit%s%s",
        named ? System.lineSeparator() + snapshot.unit().name() + "  " : "",
        snapshot
            .registerBase()
            .map(value -> String.format(Locale.ROOT, " at 0x%x", value))
            .orElse(""),
        snapshot.unit().madeUp() ? "  registers not known" : capabilities());
    if (named && snapshot.unit().segment() != 0) {
      line("segment %04x", snapshot.unit().segment());
    }
    line(
        "%s mode, translation %s, root table %s",
        tables.mode().name().toLowerCase(Locale.ROOT),
        tables.translationEnabled() ? "on" : "off",
        tables
            .rootTable()
            .map(value -> String.format(Locale.ROOT, "0x%x", value))
            .orElse("not set"));
    section("contexts", tables.contexts().size());
    tables.contexts().forEach(this::context);
    section("PASID entries", tables.pasids().size());
    tables.pasids().forEach(this::pasid);
    section("page tables", tables.tableKeys().size());
    tables.tableKeys().forEach(this::table);
    rest();
  }

  private String capabilities() {
    return String.format(
        Locale.ROOT,
        "  version %x  CAP %016x  ECAP %016x",
        tables.registers().version(),
        tables.registers().cap(),
        tables.registers().ecap());
  }

  private void line(String format, Object... arguments) {
    text.append(String.format(Locale.ROOT, format, arguments).stripTrailing())
        .append(System.lineSeparator());
  }

  private void section(String name, int count) {
    if (count > 0) {
      line("%n%d %s", count, name);
    }
  }

  private void dmar(Dmar dmar) {
    for (DmarStructure.Drhd unit : dmar.units()) {
      line(
          "DMAR: unit at 0x%x, segment %d, %s",
          unit.base(),
          unit.segment(),
          unit.includesAll() ? "all other devices" : unit.scopes().size() + " scopes");
    }
    for (DmarStructure.Rmrr region : dmar.reservedMemory()) {
      line("DMAR: reserved 0x%x-0x%x", region.base(), region.limit());
    }
  }

  private void context(ContextNode context) {
    switch (context) {
      case ContextNode.Legacy legacy ->
          line(
              "  %s  domain %-5d %s  %s%s",
              legacy.source(),
              legacy.domainId(),
              ContextSection.typeName(legacy.translationType()),
              legacy.table().map(TableKey::toString).orElse(""),
              legacy.present() ? "" : "  not present");
      case ContextNode.Scalable scalable ->
          line(
              "  %s  PASID directory 0x%x, %d entries%s",
              scalable.source(),
              scalable.directory(),
              scalable.directoryEntries(),
              scalable.present() ? "" : "  not present");
    }
  }

  private void pasid(PasidNode pasid) {
    line(
        "  %s  PASID %-6d domain %-5d %s  %s",
        pasid.source(),
        pasid.pasid(),
        pasid.domainId(),
        ContextSection.stageName(pasid.translationType()),
        pasid.secondStage().or(pasid::firstStage).map(TableKey::toString).orElse(""));
  }

  private void table(TableKey key) {
    TableStatistics figures = tables.table(key).statistics();
    line(
        "  %-24s %d table pages, %d leaves, %d KiB mapped",
        key, figures.allTablePages(), figures.allLeaves(), figures.mappedBytes() >>> 10);
  }

  private void rest() {
    line("");
    tables
        .interruptTable()
        .ifPresent(
            table ->
                line(
                    "interrupt table 0x%x: %d of %d entries in use",
                    table.address(), tables.irtes().size(), table.entries()));
    tables
        .queue()
        .ifPresent(
            queue ->
                line(
                    "invalidation queue 0x%x: head 0x%x, tail 0x%x, %d descriptors",
                    queue.address(), queue.head(), queue.tail(), queue.descriptors().size()));
    tables.faults().stream().filter(FaultNode::pending).forEach(this::fault);
    for (Finding finding : tables.findings()) {
      line("note: %s", finding.text());
    }
  }

  private void fault(FaultNode fault) {
    FaultReason reason = FaultReason.of(fault.reason());
    line(
        "fault %d: %s %s 0x%x, reason %02x %s",
        fault.index(),
        fault.source(),
        fault.read() ? "reads" : "writes",
        fault.address(),
        fault.reason(),
        reason == null ? "" : reason.text());
  }
}
