package org.iommulab.evidence.inspection;

import java.io.StringWriter;
import java.io.Writer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.iommulab.evidence.FoundRoot;
import org.iommulab.evidence.Snapshot;
import org.iommulab.vtd.tables.Finding;
import org.iommulab.vtd.tables.TableBrowser;
import org.iommulab.vtd.tables.TableKey;
import org.iommulab.vtd.tables.TableUse;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/** Prints a snapshot as JSON: the schema of captures, without the keys a dump cannot know. */
public final class Inspection {

  private final Snapshot snapshot;
  private final TableBrowser tables;
  private final JsonWriter json;

  private Inspection(Snapshot snapshot, JsonWriter json) {
    this.snapshot = snapshot;
    this.tables = snapshot.tables();
    this.json = json;
  }

  /** Units, contexts, tables and every mapped range as one JSON object. */
  public static String json(Snapshot snapshot) {
    var text = new StringWriter(1 << 16);
    writeJson(snapshot, text);
    return text.toString();
  }

  /** The same, written as it is made; the writer stays open. */
  public static void writeJson(Snapshot snapshot, Writer target) {
    var factory =
        JsonFactory.builder()
            .disable(tools.jackson.core.StreamWriteFeature.AUTO_CLOSE_TARGET)
            .build();
    try (JsonGenerator out = factory.createGenerator(ObjectWriteContext.empty(), target)) {
      var inspection = new Inspection(snapshot, new JsonWriter(out));
      inspection.json.object(inspection::content);
    }
  }

  private void content() {
    snapshot
        .names()
        .ifPresent(
            names -> {
              json.text("variant", names.variant());
              json.text("snapshot", names.snapshot());
            });
    snapshot.ramBytes().ifPresent(bytes -> json.number("ram_bytes", bytes));
    var firmware = new FirmwareSection(json);
    snapshot
        .acpi()
        .ifPresent(acpi -> json.object("acpi", () -> firmware.acpi(acpi, snapshot.memory())));
    snapshot
        .dmar()
        .ifPresent(dmar -> json.object("dmar", () -> firmware.dmar(dmar, snapshot.acpi())));
    boolean complete = unit();
    json.texts("notes", notes(complete, snapshot.warnings()));
    if (!snapshot.firmwareFindings().isEmpty()) {
      json.texts("firmware_findings", snapshot.firmwareFindings());
    }
    json.object("pages_by_role", () -> PageRoles.count(snapshot).forEach(json::number));
    if (snapshot.units().size() > 1) {
      json.array(
          "units",
          IntStream.range(0, snapshot.units().size()).mapToObj(snapshot::ofUnit).toList(),
          each -> new Inspection(each, json).named());
    }
  }

  /** One of several units, with its name. */
  private void named() {
    json.text("unit", snapshot.unit().name());
    snapshot.registerBase().ifPresent(base -> json.hex("base", base));
    json.number("segment", snapshot.unit().segment());
    boolean complete = unit();
    json.texts("notes", notes(complete, List.of()));
  }

  /** What the unit in front does; registers that are made up are left out. */
  private boolean unit() {
    if (!snapshot.unit().madeUp()) {
      json.object("registers", () -> new RegisterSection(tables.registers(), json).write());
    }
    snapshot.unit().found().ifPresent(root -> json.object("root_search", () -> found(root)));
    json.text("mode", tables.mode().name().toLowerCase(Locale.ROOT));
    json.truth("translation_enabled", tables.translationEnabled());
    var contexts = new ContextSection(json);
    json.array("roots", tables.roots(), contexts::root);
    json.array("contexts", tables.contexts(), contexts::context);
    json.array("pasids", tables.pasids(), contexts::pasid);
    boolean complete = tables();
    var queues = new QueueSection(json);
    json.array("irtes", tables.irtes(), queues::irte);
    tables
        .interruptTable()
        .ifPresent(table -> json.object("irt", () -> queues.interruptTable(table)));
    tables.queue().ifPresent(queue -> json.object("invalidation_queue", () -> queues.queue(queue)));
    tables
        .pageRequests()
        .ifPresent(queue -> json.object("page_request_queue", () -> queues.pageRequests(queue)));
    return complete;
  }

  private void found(FoundRoot root) {
    json.hex("root", root.address());
    json.text("mode", root.mode().name().toLowerCase(Locale.ROOT));
    json.number("percent", Math.round(100 * root.certainty()));
    json.text("certainty", root.word());
    json.number("device_entries", root.contexts());
    json.number("page_tables", root.trees());
    json.number("odd", root.odd());
    json.truth("by_driver", root.byDriver());
  }

  private boolean tables() {
    var section = new TableSection(json, snapshot.mostEntries());
    json.object(
        "tables",
        () -> {
          var done = new java.util.HashSet<TableKey>();
          for (TableUse use : tables.uses()) {
            TableKey key = use.table();
            if (!use.guestPointers() && done.add(key)) {
              json.object(key.toString(), () -> section.write(tables.table(key)));
            }
          }
        });
    return section.isComplete();
  }

  private List<String> notes(boolean complete, List<String> warnings) {
    var notes = new ArrayList<>(warnings);
    for (Finding finding : tables.findings()) {
      notes.add(finding.text());
    }
    if (!complete) {
      notes.add("Tables refer to each other so often that not every mapped range is listed.");
    }
    return notes;
  }

  /** An overview in plain text, a few lines for each context and table. */
  public static String text(Snapshot snapshot, boolean chinese) {
    return new Overview(snapshot, chinese).text();
  }
}
