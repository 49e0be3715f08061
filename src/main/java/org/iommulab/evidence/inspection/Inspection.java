package org.iommulab.evidence.inspection;

import java.io.StringWriter;
import java.io.Writer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
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

  private Inspection(Snapshot snapshot, JsonGenerator out) {
    this.snapshot = snapshot;
    this.tables = snapshot.tables();
    this.json = new JsonWriter(out);
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
      var inspection = new Inspection(snapshot, out);
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
    json.object("registers", () -> new RegisterSection(tables.registers(), json).write());
    var firmware = new FirmwareSection(json);
    snapshot
        .acpi()
        .ifPresent(acpi -> json.object("acpi", () -> firmware.acpi(acpi, snapshot.memory())));
    snapshot
        .dmar()
        .ifPresent(dmar -> json.object("dmar", () -> firmware.dmar(dmar, snapshot.acpi())));
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
    json.texts("notes", notes(complete));
    json.object("pages_by_role", () -> PageRoles.count(snapshot).forEach(json::number));
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

  private List<String> notes(boolean complete) {
    var notes = new ArrayList<>(snapshot.warnings());
    for (Finding finding : tables.findings()) {
      notes.add(finding.text());
    }
    if (!complete) {
      notes.add("Tables refer to each other so often that not every mapped range is listed.");
    }
    return notes;
  }

  /** An overview in plain text, a few lines for each context and table. */
  public static String text(Snapshot snapshot) {
    return new Overview(snapshot).text();
  }
}
