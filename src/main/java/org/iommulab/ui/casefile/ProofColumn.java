package org.iommulab.ui.casefile;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import javafx.collections.FXCollections;
import javafx.collections.ObservableList;
import javafx.collections.transformation.FilteredList;
import javafx.geometry.Orientation;
import javafx.scene.Node;
import javafx.scene.control.Label;
import javafx.scene.control.SplitPane;
import javafx.scene.control.TextField;
import javafx.scene.control.ToggleButton;
import javafx.scene.control.ToggleGroup;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import org.iommulab.bus.Pasid;
import org.iommulab.bus.SourceId;
import org.iommulab.evidence.casefile.Access;
import org.iommulab.evidence.casefile.Case;
import org.iommulab.evidence.casefile.Comparison;
import org.iommulab.evidence.casefile.Target;
import org.iommulab.evidence.casefile.Whereabouts;
import org.iommulab.evidence.log.LogFault;
import org.iommulab.evidence.trace.Trace;
import org.iommulab.ui.Hex;
import org.iommulab.ui.LabModel;
import org.iommulab.ui.Role;
import org.iommulab.ui.Texts;
import org.iommulab.ui.view.part.Figure;
import org.iommulab.ui.view.part.LabPane;
import org.iommulab.ui.view.part.RowTable;
import org.iommulab.ui.view.ranges.RangeFilterBar;
import org.iommulab.vtd.tables.MappedRange;
import org.iommulab.vtd.tables.TableBrowser;
import org.jspecify.annotations.Nullable;

/**
 * The right column: what is mapped around the address, the bits of an entry, traces, what differs
 * from another case; below, who reaches a piece of memory.
 */
final class ProofColumn {

  private static final long PAGE = 4096;
  private static final int COLUMNS = 20;
  private static final int MOST_RANGES = 100_000;
  private static final String INSPECTOR = "inspector";

  /** What the upper half shows. */
  private enum Part {
    RANGES,
    ENTRY,
    TRACE,
    CHANGES
  }

  /** What tables answer about an address. */
  private record Mapped(Whereabouts found, List<MappedRange> ranges) {}

  private final CaseModel model;
  private final LabModel lab;
  private final Texts texts;
  private final Set<LabPane> panes;
  private final VBox upper = new VBox();
  private final VBox lower = new VBox();
  private final SplitPane split = new SplitPane(upper, lower);
  private final HBox tabs = new HBox();
  private final ToggleGroup group = new ToggleGroup();
  private final VBox content = new VBox();
  private final ObservableList<MappedRange> ranges = FXCollections.observableArrayList();
  private final FilteredList<MappedRange> wanted = new FilteredList<>(ranges);
  private final RowTable<MappedRange> rangeTable;
  private final RangeFilterBar rangeFilter;
  private final TracePart traces;
  private final ObservableList<Comparison.Change> changes = FXCollections.observableArrayList();
  private final RowTable<Comparison.Change> changeTable;
  private final ObservableList<Access> accesses = FXCollections.observableArrayList();
  private final RowTable<Access> accessTable;
  private final TextField reachField = new TextField();
  private final Label reachProblem = new Label();
  private @Nullable Whereabouts place;
  private Part part = Part.RANGES;
  private boolean shown;

  ProofColumn(CaseModel model, LabModel lab, Set<LabPane> panes, Texts texts) {
    this.model = model;
    this.lab = lab;
    this.panes = panes;
    this.texts = texts;
    rangeTable = new RowTable<>("case-ranges", texts);
    rangeFilter = new RangeFilterBar("case-ranges", COLUMNS, texts, wanted::setPredicate);
    traces = new TracePart(texts);
    changeTable = new RowTable<>("changes", texts);
    accessTable = new RowTable<>("case-reach", texts);
    tables();
    split.setOrientation(Orientation.VERTICAL);
    split.setDividerPositions(0.6);
    split.setMinSize(0, 0);
    split.setId("case-proof");
    upper.getStyleClass().add("pane-frame");
    lower.getStyleClass().add("pane-frame");
    upper.setMinSize(0, 0);
    lower.setMinSize(0, 0);
    content.setMinSize(0, 0);
    VBox.setVgrow(content, Priority.ALWAYS);
    tabs.getStyleClass().add("case-tabs");
    model.differencesProperty().subscribe(found -> compared(found));
    lab.momentProperty().subscribe(moment -> refresh());
  }

  Region node() {
    return split;
  }

  private void tables() {
    rangeTable
        .column("iova", 96, range -> Figure.of(Hex.group(range.iova())))
        .column("size", 70, range -> Figure.of(Hex.size(range.size())))
        .column("memory", 96, range -> Figure.of(Hex.group(range.physical())))
        .column("rights", 40, range -> Figure.of(range.rights().toString()))
        .rowIds(range -> Long.toHexString(range.iova()))
        .meantWhen(this::isMeant)
        .emptyText("view.case-ranges.empty");
    rangeTable.setItems(wanted);
    changeTable
        .column("kind", 24, change -> Figure.of(change.kind().mark(), role(change)))
        .column("what", 64, change -> Figure.of(texts.in(change.what().words())))
        .column("where", 150, change -> Figure.of(change.where()))
        .column("before", 150, change -> Figure.of(texts.in(change.before())))
        .column("after", 150, change -> Figure.of(texts.in(change.after())))
        .rowIds(change -> change.what().words().english() + "-" + change.where())
        .emptyText("view.changes.empty");
    changeTable.setItems(changes);
    accessTable
        .column("who", 72, access -> Figure.of(access.who()))
        .column(
            "reaches",
            40,
            access ->
                Figure.of(
                    texts.get(access.reaches() ? "case.yes" : "case.no"),
                    access.reaches() ? Role.BAD : Role.MUTED))
        .column("proof", 220, access -> Figure.of(texts.in(access.proof())))
        .rowIds(Access::who)
        .emptyText("view.case-reach.empty");
    accessTable.setItems(accesses);
    reachField.setId("case-reach-field");
    reachField.getStyleClass().addAll("small-field", "mono");
    reachField.promptTextProperty().bind(texts.observe("case.reach.prompt"));
    reachField.setOnAction(event -> reachAsked());
    reachProblem.setId("case-reach-problem");
    reachProblem.getStyleClass().addAll("toned", "small", Role.BAD.styleClass());
    reachProblem.setWrapText(true);
    for (Region grows : List.of(rangeTable, changeTable, accessTable)) {
      VBox.setVgrow(grows, Priority.ALWAYS);
      grows.setMinSize(0, 0);
    }
  }

  private boolean isMeant(MappedRange range) {
    Whereabouts found = place;
    return found != null
        && (found.at().filter(range::equals).isPresent()
            || found.alias().filter(range::equals).isPresent());
  }

  private static Role role(Comparison.Change change) {
    return switch (change.kind()) {
      case ADDED -> Role.OK;
      case REMOVED -> Role.BAD;
      case CHANGED -> Role.CHANGED;
    };
  }

  private @Nullable Case opened() {
    CaseModel.Shown found = model.openedProperty().get();
    return found == null ? null : found.explained().opened();
  }

  private boolean hasTables() {
    Case opened = opened();
    return opened != null && !opened.snapshots().isEmpty();
  }

  void shown(boolean nowShown) {
    shown = nowShown;
    inspector(shown && part == Part.ENTRY);
    if (!shown) {
      content.getChildren().clear();
    }
  }

  /** The inspector is borrowed while its part is in front. */
  private void inspector(boolean wanted) {
    panes.stream().filter(pane -> pane.id().equals(INSPECTOR)).forEach(pane -> pane.shown(wanted));
  }

  private @Nullable Node inspectorNode() {
    return panes.stream()
        .filter(pane -> pane.id().equals(INSPECTOR))
        .map(LabPane::node)
        .findFirst()
        .orElse(null);
  }

  void fill() {
    Case opened = opened();
    if (opened == null) {
      return;
    }
    traces.offer(opened.traces());
    if (part == Part.RANGES && !hasTables() && traces.trace() != null) {
      part = Part.TRACE;
    } else if (part == Part.TRACE && traces.trace() == null) {
      part = Part.RANGES;
    }
    arrange();
    refresh();
  }

  private void arrange() {
    tabs.getChildren().clear();
    if (hasTables()) {
      tab(Part.RANGES, "case.ranges");
      tab(Part.ENTRY, "case.entry");
    }
    if (traces.trace() != null) {
      tab(Part.TRACE, "case.trace");
    }
    if (model.differencesProperty().get() != null) {
      tab(Part.CHANGES, "case.changes");
    }
    upper.getChildren().setAll(tabs, content);
    if (tabs.getChildren().isEmpty()) {
      upper.getChildren().setAll(missing());
    }
    boolean tables = hasTables();
    if (tables && split.getItems().size() == 1) {
      split.getItems().add(lower);
      split.setDividerPositions(0.6);
    } else if (!tables) {
      split.getItems().remove(lower);
    }
    lower
        .getChildren()
        .setAll(
            CaseParts.header(texts.get("case.reach"), texts.get("case.reach.figures")),
            CaseParts.bar(reachField),
            reachProblem,
            accessTable);
    reachProblem.setManaged(!reachProblem.getText().isEmpty());
    show();
  }

  /** What else would help, where there is a log alone. */
  private Node missing() {
    var box = new VBox(8);
    box.getStyleClass().add("case-missing");
    box.getChildren().add(CaseParts.words(texts.get("case.missing"), "strong"));
    for (String key : List.of("dump", "debugfs", "iomem", "lspci", "trace", "collect")) {
      box.getChildren().add(CaseParts.words(texts.get("case.missing." + key), "muted"));
    }
    return box;
  }

  private void tab(Part wanted, String key) {
    var tab = new ToggleButton(texts.get(key));
    tab.setId("case-tab-" + wanted.name().toLowerCase(Locale.ROOT));
    tab.getStyleClass().setAll("tab-button");
    tab.setToggleGroup(group);
    tab.setSelected(part == wanted);
    tab.setMinWidth(Region.USE_PREF_SIZE);
    tab.setOnAction(event -> select(wanted));
    tabs.getChildren().add(tab);
  }

  private void select(Part wanted) {
    part = wanted;
    arrange();
  }

  /** Brings the ranges to the front. */
  void ranges() {
    select(Part.RANGES);
  }

  /** Brings a trace to the front, at a line. */
  void trace(Trace wanted, long line) {
    traces.show(wanted, line);
    select(Part.TRACE);
  }

  private void show() {
    if (!shown) {
      return;
    }
    inspector(part == Part.ENTRY && hasTables());
    switch (part) {
      case RANGES -> content.getChildren().setAll(rangeFilter, rangeTable, nearest());
      case ENTRY -> {
        Node node = inspectorNode();
        if (node != null) {
          VBox.setVgrow(node, Priority.ALWAYS);
          content.getChildren().setAll(node);
        }
      }
      case TRACE -> content.getChildren().setAll(traces.node());
      case CHANGES -> content.getChildren().setAll(compared(), changeTable);
    }
  }

  private Node compared() {
    CaseModel.Differences found = model.differencesProperty().get();
    return CaseParts.words(
        found == null
            ? ""
            : texts.get("case.changes.figures", found.changes().size(), found.with()),
        "muted",
        "small",
        "case-note");
  }

  private void compared(CaseModel.@Nullable Differences found) {
    changes.setAll(found == null ? List.of() : found.changes());
    if (found != null) {
      select(Part.CHANGES);
    } else if (part == Part.CHANGES) {
      part = Part.RANGES;
    }
  }

  /** Asks the tables that are open now: those of the dump, or of the fork. */
  private void refresh() {
    if (!shown || !hasTables()) {
      return;
    }
    LogFault fault = model.request().orElse(null);
    SourceId source =
        Optional.ofNullable(fault).map(LogFault::bdf).flatMap(SourceId::parse).orElse(null);
    if (fault != null && source != null) {
      Pasid pasid = Pasid.of(fault.pasid());
      long address = fault.address() == null ? 0 : fault.address();
      lab.ask(
          view -> mapped(view.tables(), source, pasid, address),
          answer -> {
            place = answer.found();
            ranges.setAll(answer.ranges());
            bringNearest();
            show();
          });
    } else {
      place = null;
      ranges.clear();
      show();
    }
    reachAsked();
  }

  private static Mapped mapped(TableBrowser tables, SourceId source, Pasid pasid, long address) {
    List<MappedRange> all = Whereabouts.ranges(tables, source, pasid);
    return new Mapped(
        Whereabouts.of(tables, source, pasid, address),
        all.subList(0, Math.min(MOST_RANGES, all.size())));
  }

  private void bringNearest() {
    Whereabouts found = place;
    if (found != null) {
      found
          .at()
          .or(found::alias)
          .or(found::below)
          .map(wanted::indexOf)
          .filter(index -> index >= 0)
          .ifPresent(index -> rangeTable.bring(index, 3));
    }
  }

  /** Where the address lies among the ranges, in words. */
  private Node nearest() {
    var box = new VBox(4);
    box.setId("case-nearest");
    box.getStyleClass().add("case-nearest");
    Whereabouts found = place;
    var sentences = new ArrayList<String>();
    if (found != null && found.domain() < 0) {
      sentences.add(texts.get("case.nearest.none", found.source(), texts.in(found.end().words())));
    } else if (found != null) {
      String address = Hex.group(found.address());
      sentences.add(texts.get("case.nearest.domain", Hex.plain(found.domain(), 2), found.ranges()));
      if (found.at().isPresent()) {
        sentences.add(
            texts.get(
                "case.nearest.at",
                address,
                Hex.group(found.at().get().iova()),
                found.at().get().rights()));
      } else {
        found
            .below()
            .ifPresent(
                range ->
                    sentences.add(
                        texts.get(
                            "case.nearest.below",
                            address,
                            about(found.behind()),
                            Hex.group(range.iova()))));
        found
            .above()
            .ifPresent(
                range ->
                    sentences.add(
                        texts.get(
                            "case.nearest.above",
                            about(range.iova() - found.address()),
                            Hex.group(range.iova()))));
      }
      found
          .alias()
          .filter(range -> range.iova() != range.physical())
          .ifPresent(
              range ->
                  sentences.add(texts.get("case.nearest.alias", address, Hex.group(range.iova()))));
      if (found.alias().isEmpty()) {
        found
            .before()
            .filter(range -> range.iova() != range.physical())
            .ifPresent(
                range ->
                    sentences.add(
                        texts.get("case.nearest.before", address, Hex.group(range.iova()))));
      }
    }
    sentences.forEach(sentence -> box.getChildren().add(CaseParts.words(sentence)));
    box.setManaged(!sentences.isEmpty());
    box.setVisible(!sentences.isEmpty());
    return box;
  }

  /** A distance that nobody wants to the byte. */
  private static String about(long bytes) {
    double value = bytes;
    String[] units = {"B", "KiB", "MiB", "GiB", "TiB", "PiB"};
    int unit = 0;
    while (value >= 1024 && unit < units.length - 1) {
      value /= 1024;
      unit++;
    }
    return value == Math.rint(value)
        ? Hex.size(bytes)
        : String.format(Locale.ROOT, "%.1f %s", value, units[unit]);
  }

  /** Asks who reaches the page of an address. */
  void reach(long address) {
    String text = Hex.script(address & -PAGE);
    if (!reachField.getText().equals(text)) {
      reachField.setText(text);
      reachAsked();
    }
  }

  private void reachAsked() {
    Case opened = opened();
    String text = reachField.getText();
    if (opened == null || !hasTables() || text.isBlank()) {
      accesses.clear();
      return;
    }
    switch (Target.parse(text, opened)) {
      case Target.Unclear(var sentence) -> problem(texts.in(sentence));
      case Target.Meant(List<Target> targets) -> {
        problem("");
        lab.ask(view -> reached(opened, view.tables(), targets), accesses::setAll);
      }
    }
  }

  private void problem(String sentence) {
    reachProblem.setText(sentence);
    reachProblem.setManaged(!sentence.isEmpty());
  }

  private static List<Access> reached(Case opened, TableBrowser tables, List<Target> targets) {
    var all = new ArrayList<Access>();
    for (Target target : targets) {
      all.addAll(Access.of(opened, tables, target));
    }
    return all;
  }
}
