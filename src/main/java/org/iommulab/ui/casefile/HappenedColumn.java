package org.iommulab.ui.casefile;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Label;
import javafx.scene.control.ScrollPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import org.iommulab.acpi.DmarStructure;
import org.iommulab.evidence.Snapshot;
import org.iommulab.evidence.casefile.Audit;
import org.iommulab.evidence.casefile.Case;
import org.iommulab.evidence.diagnosis.Diagnosis;
import org.iommulab.evidence.diagnosis.Finding;
import org.iommulab.evidence.log.FaultTally;
import org.iommulab.evidence.log.KernelLog;
import org.iommulab.evidence.log.LogFault;
import org.iommulab.evidence.trace.Trace;
import org.iommulab.ui.Chip;
import org.iommulab.ui.Hex;
import org.iommulab.ui.Ids;
import org.iommulab.ui.Role;
import org.iommulab.ui.Texts;
import org.iommulab.ui.view.part.Words;
import org.iommulab.words.Bilingual;

/** The left column: what was collected, what happened, and how well the machine is otherwise. */
final class HappenedColumn {

  private static final int MOST_FILES = 200;
  private static final int FEW_FILES = 12;
  private static final int MOST_FAULTS = 200;
  private static final int MOST_PROOFS = 3;
  private static final double LONGEST_NAME = 170;

  private final CaseModel model;
  private final Texts texts;
  private final Consumer<Snapshot> look;
  private final Consumer<String> read;
  private final BiConsumer<KernelLog, FaultTally> choose;
  private final VBox rows = new VBox();
  private final ScrollPane scroll = new ScrollPane(rows);
  private final Map<FaultTally, CaseRow> faults = new LinkedHashMap<>();

  HappenedColumn(
      CaseModel model,
      Texts texts,
      Consumer<Snapshot> look,
      Consumer<String> read,
      BiConsumer<KernelLog, FaultTally> choose) {
    this.model = model;
    this.texts = texts;
    this.look = look;
    this.read = read;
    this.choose = choose;
    rows.setId("case-happened");
    scroll.setFitToWidth(true);
    scroll.setHbarPolicy(ScrollPane.ScrollBarPolicy.NEVER);
    scroll.setMinSize(0, 0);
    scroll.getStyleClass().addAll("plain-scroll", "case-column");
  }

  Region node() {
    return scroll;
  }

  private boolean isChinese() {
    return texts.isChinese();
  }

  void fill() {
    rows.getChildren().clear();
    faults.clear();
    CaseModel.Shown shown = model.openedProperty().get();
    if (shown == null) {
      return;
    }
    Case opened = shown.explained().opened();
    // A long list of files would push out of sight what they tell.
    boolean few = opened.files().size() <= FEW_FILES;
    if (few) {
      evidence(opened);
    }
    happened(opened, shown.logs());
    health(shown);
    if (!few) {
      evidence(opened);
    }
    mark();
  }

  /** Shows which faults are looked at. */
  void mark() {
    faults.forEach((tally, row) -> row.setChosen(tally == model.chosenProperty().get()));
  }

  private void header(String key, String figures) {
    rows.getChildren().add(CaseParts.header(texts.get(key), figures));
  }

  private void evidence(Case opened) {
    header("case.evidence", texts.get("case.evidence.figures", opened.files().size()));
    var others = new ArrayList<String>();
    for (Case.SourceFile file : opened.files().stream().limit(MOST_FILES).toList()) {
      if (tells(opened, file)) {
        rows.getChildren().add(file(opened, file));
      } else {
        others.add(shortName(file.name()));
      }
    }
    // Texts of debugfs that became one snapshot have a row of their own.
    for (Snapshot snapshot : opened.snapshots()) {
      boolean listed =
          opened.files().stream().anyMatch(file -> file.name().equals(snapshot.source()));
      if (!listed) {
        rows.getChildren()
            .add(row(snapshot.source(), tables(snapshot), () -> look.accept(snapshot)));
      }
    }
    if (!others.isEmpty()) {
      rows.getChildren()
          .add(
              CaseParts.words(
                  texts.get("case.evidence.others", others.size(), String.join(", ", others)),
                  "muted",
                  "small",
                  "case-note"));
    }
    for (Bilingual note : opened.notes()) {
      var label = new Label(texts.in(note));
      label.getStyleClass().addAll("small", "toned", "case-note", Role.WARN.styleClass());
      label.setWrapText(true);
      rows.getChildren().add(label);
    }
  }

  private Node file(Case opened, Case.SourceFile file) {
    for (Snapshot snapshot : opened.snapshots()) {
      if (snapshot.source().equals(file.name())) {
        return row(file.name(), tables(snapshot), () -> look.accept(snapshot));
      }
    }
    for (KernelLog log : opened.logs()) {
      if (log.name().equals(file.name())) {
        String version = log.kernelVersion().map(one -> one + " · ").orElse("");
        return row(
            file.name(),
            version + texts.get("case.file.faults", log.faultCount()),
            () -> read.accept(file.name()));
      }
    }
    for (Trace trace : opened.traces()) {
      if (trace.name().equals(file.name())) {
        return row(
            file.name(),
            texts.get("case.file.events", trace.total()),
            () -> read.accept(file.name()));
      }
    }
    String detail = detail(opened, file);
    return opened.texts().containsKey(file.name())
        ? row(file.name(), detail, () -> read.accept(file.name()))
        : plain(file.name(), detail);
  }

  /** Whether anything of the case comes from a file. */
  private static boolean tells(Case opened, Case.SourceFile file) {
    return switch (file.kind()) {
      case TEXT, BINARY, EMPTY, JSON, GZIP, XZ, TAR, ZIP, SCRIPT, JOURNAL -> false;
      case REGISTERS, DEBUGFS -> opened.snapshots().size() == 0;
      default -> true;
    };
  }

  private String detail(Case opened, Case.SourceFile file) {
    return switch (file.kind()) {
      case LSPCI ->
          texts.get("case.file.devices", opened.devices().map(d -> d.devices().size()).orElse(0));
      case IOMEM ->
          texts.get("case.file.ranges", opened.memory().map(m -> m.ranges().size()).orElse(0));
      case GROUPS ->
          texts.get("case.file.groups", opened.groups().map(g -> g.members().size()).orElse(0));
      case INTERRUPTS ->
          texts.get(
              "case.file.interrupts", opened.interrupts().map(i -> i.rows().size()).orElse(0));
      case DMAR_TABLE, TABLE_TEXT ->
          texts.get(
              "case.file.units",
              opened
                  .dmar()
                  .map(
                      table ->
                          table.structures().stream()
                              .filter(DmarStructure.Drhd.class::isInstance)
                              .count())
                  .orElse(0L));
      case COMMAND_LINE -> texts.get("case.file.command-line");
      case KERNEL_CONFIG -> texts.get("case.file.config");
      default -> texts.in(file.kind().words());
    };
  }

  private String tables(Snapshot snapshot) {
    return texts.get("case.file.tables", snapshot.tables().tableKeys().size());
  }

  private static HBox words(String name, String detail) {
    var first = new Label(shortName(name));
    first.getStyleClass().add("mono");
    Words.mayShorten(first);
    // A name tells more than figures do, so it is cut last.
    first.setMinWidth(Math.min(LONGEST_NAME, 8.0 * shortName(name).length()));
    var second = new Label(detail);
    second.getStyleClass().addAll("mono", "muted");
    Words.mayShorten(second);
    HBox.setHgrow(second, Priority.ALWAYS);
    return new HBox(8, first, second);
  }

  private static String shortName(String name) {
    int slash = name.lastIndexOf('/');
    return slash < 0 || slash + 1 == name.length() ? name : name.substring(slash + 1);
  }

  private static Node plain(String name, String detail) {
    HBox line = words(name, detail);
    line.getStyleClass().add("case-line");
    return line;
  }

  private static CaseRow row(String name, String detail, Runnable action) {
    var row = new CaseRow(words(name, detail), action);
    row.setId(Ids.of("case-file-" + name));
    row.setAccessibleText(name + ", " + detail);
    return row;
  }

  /** The faults of all logs, under the name of each where there are several. */
  private void happened(Case opened, List<KernelLog> logs) {
    if (logs.isEmpty()) {
      return;
    }
    long count = logs.stream().mapToLong(KernelLog::faultCount).sum();
    int kinds = logs.stream().mapToInt(log -> log.tallies().size()).sum();
    header("case.happened", texts.get("case.happened.figures", count, kinds));
    if (kinds == 0) {
      var none = new Label(texts.get("case.happened.none"));
      none.getStyleClass().addAll("muted", "case-note");
      none.setWrapText(true);
      rows.getChildren().add(none);
    }
    for (KernelLog log : logs) {
      var groups = new LinkedHashMap<String, List<FaultTally>>();
      int room = Math.max(0, MOST_FAULTS - faults.size());
      for (FaultTally tally : log.tallies().stream().limit(room).toList()) {
        groups.computeIfAbsent(tally.first().requester(), name -> new ArrayList<>()).add(tally);
      }
      if (logs.size() > 1 && !groups.isEmpty()) {
        rows.getChildren()
            .add(CaseParts.words(shortName(log.name()), "mono", "muted", "small", "case-note"));
      }
      groups.forEach((requester, group) -> group(opened, log, requester, group));
    }
  }

  private void group(Case opened, KernelLog log, String requester, List<FaultTally> group) {
    String bdf = group.getFirst().first().bdf();
    String known = bdf == null ? "" : opened.devices().flatMap(d -> d.name(bdf)).orElse("");
    boolean unlisted = bdf != null && opened.devices().isPresent() && known.isEmpty();
    var name = new Label(requester + " " + (unlisted ? texts.get("case.unlisted") : known));
    name.getStyleClass().add("strong");
    Words.mayShorten(name);
    HBox.setHgrow(name, Priority.ALWAYS);
    name.setMaxWidth(Double.MAX_VALUE);
    long count = group.stream().mapToLong(FaultTally::count).sum();
    boolean dma = group.stream().anyMatch(t -> t.first().kind() != LogFault.Kind.INTERRUPT);
    var line = new HBox(8, name, new Chip(Long.toString(count), dma ? Role.BAD : Role.WARN));
    line.getStyleClass().add("case-group");
    rows.getChildren().add(line);
    for (FaultTally tally : group) {
      rows.getChildren().add(fault(log, tally));
    }
  }

  private Node fault(KernelLog log, FaultTally tally) {
    LogFault first = tally.first();
    Long lowest = tally.lowest();
    Long highest = tally.highest();
    String where =
        lowest == null || highest == null
            ? "?"
            : lowest.equals(highest) ? Hex.group(lowest) : Hex.range(lowest, highest);
    var what = new Label(texts.get("case.kind." + first.kind().word()) + " " + where);
    what.getStyleClass().add("mono");
    Words.mayShorten(what);
    what.setMaxWidth(Double.MAX_VALUE);
    HBox.setHgrow(what, Priority.ALWAYS);
    Integer code = first.reason().code();
    var reason = new Label(code == null ? "?" : Hex.plain(code, 2));
    reason.getStyleClass().add("mono");
    reason.setMinWidth(Region.USE_PREF_SIZE);
    var why = new Label(words(tally));
    why.getStyleClass().addAll("muted", "small");
    Words.mayShorten(why);
    why.setMaxWidth(Double.MAX_VALUE);
    HBox.setHgrow(why, Priority.ALWAYS);
    var count = new Label("×" + tally.count());
    count.getStyleClass().addAll("muted", "small");
    count.setMinWidth(Region.USE_PREF_SIZE);
    var content = new VBox(1, new HBox(8, what, reason), new HBox(8, why, count));
    var row = new CaseRow(content, () -> choose.accept(log, tally));
    row.getStyleClass().add("case-fault");
    Long address = first.address();
    row.setId(
        Ids.of(
            "case-fault-"
                + first.requester()
                + "-"
                + (address == null ? "" : Long.toHexString(address))));
    row.setAccessibleText(what.getText() + ", " + why.getText() + ", " + count.getText());
    faults.put(tally, row);
    return row;
  }

  private String words(FaultTally tally) {
    String text = tally.first().reason().text();
    String full = tally.first().reason().full();
    String why = text != null ? text : full != null ? full : texts.get("case.reason.unknown");
    double from = tally.first().seconds();
    double to = tally.last().seconds();
    if (Double.isNaN(from) || Double.isNaN(to)) {
      return why;
    }
    return tally.count() == 1
        ? String.format(Locale.ROOT, "%s · %.1f s", why, from)
        : String.format(Locale.ROOT, "%s · %.1f s … %.1f s", why, from, to);
  }

  private void health(CaseModel.Shown shown) {
    List<Finding> findings =
        shown.diagnosis().map(Diagnosis::findings).orElse(List.of()).stream()
            .filter(finding -> finding != shown.diagnosis().map(Diagnosis::answer).orElse(null))
            .toList();
    header(
        "case.health",
        texts.get("case.health.figures", findings.size() + shown.exposures().size()));
    for (Finding finding : findings) {
      Role role = finding.role() == Finding.Role.NOTE ? Role.MUTED : Role.WARN;
      String word = texts.get("case.role." + finding.role().name().toLowerCase(Locale.ROOT));
      var row =
          new CaseRow(
              sentence(finding.sentence(isChinese()), new Chip(word, role)),
              () -> model.explain(finding));
      row.setId(Ids.of("case-finding-" + finding.rule()));
      row.setAccessibleText(finding.sentence(isChinese()));
      rows.getChildren().add(row);
    }
    for (Audit.Exposure exposure : shown.exposures()) {
      Role role =
          switch (exposure.weight()) {
            case ERROR -> Role.BAD;
            case WARNING -> Role.WARN;
            case INFORMATION -> Role.MUTED;
          };
      Chip chip = new Chip(texts.get("case.audit"), role);
      var content = new VBox(1, sentence(texts.get("case.audit." + exposure.rule()), chip));
      for (Bilingual proof : exposure.proof().stream().limit(MOST_PROOFS).toList()) {
        var line = new Label(texts.in(proof));
        line.getStyleClass().addAll("muted", "small");
        Words.mayShorten(line);
        content.getChildren().add(line);
      }
      content.getStyleClass().add("case-line");
      rows.getChildren().add(content);
    }
  }

  private static Region sentence(String text, Chip chip) {
    var words = new Label(text);
    words.setWrapText(true);
    words.setMinWidth(0);
    words.setMaxWidth(Double.MAX_VALUE);
    words.setMinHeight(Region.USE_PREF_SIZE);
    HBox.setHgrow(words, Priority.ALWAYS);
    var line = new HBox(8, words, chip);
    line.setAlignment(Pos.TOP_LEFT);
    return line;
  }
}
