package org.iommulab.ui.casefile;

import com.google.inject.Inject;
import com.google.inject.Provider;
import com.google.inject.Singleton;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import javafx.beans.binding.Bindings;
import javafx.beans.property.ReadOnlyBooleanProperty;
import javafx.beans.value.ObservableValue;
import javafx.geometry.Orientation;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.SplitPane;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyEvent;
import javafx.scene.layout.BorderPane;
import javafx.scene.layout.FlowPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import org.iommulab.bus.DmaAccess;
import org.iommulab.bus.Pasid;
import org.iommulab.bus.SourceId;
import org.iommulab.evidence.Snapshot;
import org.iommulab.evidence.diagnosis.Finding;
import org.iommulab.evidence.log.FaultTally;
import org.iommulab.evidence.log.KernelLog;
import org.iommulab.evidence.log.LogFault;
import org.iommulab.evidence.trace.Trace;
import org.iommulab.ui.Face;
import org.iommulab.ui.LabModel;
import org.iommulab.ui.Notices;
import org.iommulab.ui.Role;
import org.iommulab.ui.Selected;
import org.iommulab.ui.Selection;
import org.iommulab.ui.Texts;
import org.iommulab.ui.action.ActionControls;
import org.iommulab.ui.action.Actions;
import org.iommulab.ui.busy.Work;
import org.iommulab.ui.view.part.LabPane;
import org.iommulab.ui.view.part.Words;
import org.iommulab.ui.view.path.PathPane;

/**
 * The window while a case is looked at, in three columns: what was collected and what happened;
 * why, with the facts, the walk and the log; what tables and traces show.
 */
@Singleton
final class CaseFace implements Face {

  private static final double LEFT = 0.2;
  private static final double RIGHT = 0.75;
  private static final double MARGIN = 48;
  private static final int LENGTH = 4;

  private final CaseModel model;
  private final LabModel lab;
  private final Selection selection;
  private final Texts texts;
  private final Notices notices;
  private final Provider<Actions> actions;
  private final ActionControls controls;
  private final Set<LabPane> panes;
  private final BorderPane root = new BorderPane();
  private final VBox path = new VBox();
  private final HappenedColumn happened;
  private final ReasonCard reason;
  private final CaseText text;
  private final ProofColumn proof;
  private boolean shown;
  private boolean built;

  @Inject
  CaseFace(
      CaseModel model,
      LabModel lab,
      Selection selection,
      Set<LabPane> panes,
      Texts texts,
      Notices notices,
      Provider<Actions> actions,
      ActionControls controls) {
    this.model = model;
    this.lab = lab;
    this.selection = selection;
    this.panes = panes;
    this.texts = texts;
    this.notices = notices;
    this.actions = actions;
    this.controls = controls;
    text = new CaseText(texts);
    happened = new HappenedColumn(model, texts, this::look, this::read, this::choose);
    reason = new ReasonCard(model, texts, this::follow);
    proof = new ProofColumn(model, lab, panes, texts);
    root.setId("case-pane");
    root.getStyleClass().addAll("case", "view");
    root.setMinSize(0, 0);
    root.addEventHandler(KeyEvent.KEY_PRESSED, this::key);
  }

  @Override
  public String id() {
    return "case";
  }

  @Override
  public Node node() {
    return root;
  }

  @Override
  public ObservableValue<String> title() {
    return Bindings.createStringBinding(
        this::words, model.openedProperty(), lab.factsProperty(), texts.localeProperty());
  }

  @Override
  public ReadOnlyBooleanProperty showingProperty() {
    return model.showingProperty();
  }

  @Override
  public void show() {
    model.show();
  }

  @Override
  public void leave() {
    model.leave();
  }

  private void build() {
    built = true;
    root.setTop(new VBox(titleLine(), toolLine(), messageLine()));
    var split = new SplitPane(happened.node(), middle(), proof.node());
    split.setId("case-split");
    split.setDividerPositions(LEFT, RIGHT);
    split.setMinSize(0, 0);
    root.setCenter(split);
    root.setBottom(statusLine());
    model.openedProperty().subscribe(opened -> fill());
    model.chosenProperty().subscribe(tally -> chosen());
    model.findingProperty().subscribe(finding -> explained());
    texts.localeProperty().subscribe(locale -> fill());
    // Opening a dump changes the laboratory: what was asked about before is asked again.
    lab.momentProperty().subscribe(moment -> ask());
  }

  private Node titleLine() {
    var name = new Label();
    name.getStyleClass().addAll("app-name", "strong");
    name.textProperty().bind(texts.observe("app.name"));
    name.setMinWidth(Region.USE_PREF_SIZE);
    var back = Words.button(texts, "case-leave", "view.case-leave", model::leave);
    var title = new Label();
    title.setId("case-title");
    title.getStyleClass().add("muted");
    title.textProperty().bind(title());
    Words.mayShorten(title);
    var space = new Region();
    HBox.setHgrow(space, Priority.ALWAYS);
    var line = new HBox(name, back, space, title);
    line.getStyleClass().addAll("menu-line", "case-title-line");
    return line;
  }

  private String words() {
    CaseModel.Shown opened = model.openedProperty().get();
    if (opened == null) {
      return "";
    }
    Path file = Path.of(opened.explained().opened().name()).getFileName();
    return texts.get(
        lab.facts().live() && lab.facts().source().isPresent()
            ? "case.title.fork"
            : "case.title.read-only",
        file == null ? "" : file);
  }

  private Node toolLine() {
    var add =
        Words.button(texts, "case-add", "view.case-add", () -> actions.get().get("open").run());
    var paste =
        Words.button(
            texts, "case-paste", "view.case-paste", () -> actions.get().get("paste-case").run());
    var buttons = new FlowPane(add, paste);
    actions.get().all().stream()
        .filter(action -> action.id().startsWith("attach"))
        .limit(1)
        .forEach(action -> buttons.getChildren().add(controls.button(action)));
    var line = new Region();
    line.getStyleClass().add("tool-separator");
    buttons.getChildren().add(line);
    for (String id : List.of("case-compare", "case-replay", "case-report")) {
      buttons.getChildren().add(controls.button(actions.get().get(id)));
    }
    for (Node button : buttons.getChildren()) {
      button.getStyleClass().remove("small-button");
    }
    buttons.getStyleClass().add("tool-buttons");
    // A row that wraps must know its width early, or it takes the height of two.
    buttons
        .prefWrapLengthProperty()
        .bind(root.widthProperty().subtract(MARGIN).map(w -> Math.max(200, w.doubleValue())));
    buttons.setMinWidth(0);
    HBox.setHgrow(buttons, Priority.ALWAYS);
    var bar = new HBox(buttons);
    bar.getStyleClass().add("tool-line");
    return bar;
  }

  /** What the program has to say: the workbench's own line is hidden. */
  private Node messageLine() {
    var words = new Label();
    words.setId("case-message");
    words.setWrapText(true);
    words.setMinWidth(0);
    HBox.setHgrow(words, Priority.ALWAYS);
    var close = new Button("×");
    close.setId("case-message-close");
    close.getStyleClass().addAll("quiet", "small-button");
    close.setOnAction(event -> notices.dismiss());
    var line = new HBox(8, words, close);
    line.getStyleClass().add("case-message");
    notices
        .currentProperty()
        .subscribe(
            notice -> {
              boolean grave =
                  notice != null && (notice.role() == Role.BAD || notice.role() == Role.WARN);
              boolean saved = notice != null && notice.role() == Role.OK && notice.offer() == null;
              words.setText(notice == null ? "" : notice.text());
              line.setVisible(grave || saved);
              line.setManaged(grave || saved);
              line.pseudoClassStateChanged(javafx.css.PseudoClass.getPseudoClass("grave"), grave);
            });
    return line;
  }

  private Node middle() {
    path.setId("case-path");
    path.getStyleClass().add("case-path");
    path.setMinHeight(Region.USE_PREF_SIZE);
    var column = new VBox(path, text.node());
    column.getStyleClass().add("pane-frame");
    column.setMinSize(0, 0);
    VBox.setVgrow(text.node(), Priority.ALWAYS);
    var split = new SplitPane(reason.node(), column);
    split.setOrientation(Orientation.VERTICAL);
    split.setDividerPositions(0.47);
    split.setId("case-middle");
    split.setMinSize(0, 0);
    return split;
  }

  private Node statusLine() {
    var figures = new Label();
    figures.setId("case-figures");
    figures.getStyleClass().addAll("mono", "muted");
    figures.setMinWidth(Region.USE_PREF_SIZE);
    var command = new Label();
    command.setId("case-command");
    command.getStyleClass().addAll("mono", "muted");
    Words.mayShorten(command);
    var space = new Region();
    HBox.setHgrow(space, Priority.ALWAYS);
    figures
        .textProperty()
        .bind(
            Bindings.createStringBinding(
                this::figures, model.openedProperty(), texts.localeProperty()));
    command
        .textProperty()
        .bind(
            Bindings.createStringBinding(
                this::command, model.openedProperty(), model.chosenProperty()));
    var line = new HBox(12, figures, space, command);
    line.getStyleClass().add("status-bar");
    return line;
  }

  private String figures() {
    CaseModel.Shown opened = model.openedProperty().get();
    if (opened == null) {
      return "";
    }
    long units = opened.logs().stream().flatMap(log -> log.units().stream()).distinct().count();
    long faults = opened.logs().stream().mapToLong(KernelLog::faultCount).sum();
    return texts.get("case.figures", units, faults, opened.explained().opened().snapshots().size());
  }

  /** The same on the command line. */
  private String command() {
    CaseModel.Shown opened = model.openedProperty().get();
    if (opened == null) {
      return "";
    }
    boolean tables = !opened.explained().opened().snapshots().isEmpty();
    return model
        .request()
        .filter(fault -> tables)
        .map(
            fault ->
                String.format(
                    java.util.Locale.ROOT,
                    "iommu-lab inspect CASE --rid %s --iova 0x%x",
                    fault.bdf(),
                    fault.address()))
        .orElse("iommu-lab explain CASE");
  }

  @Override
  public void shown(boolean nowShown) {
    if (nowShown && !built) {
      build();
    }
    if (nowShown == shown) {
      return;
    }
    shown = nowShown;
    if (shown) {
      borrow();
      fill();
      root.requestFocus();
    } else {
      proof.shown(false);
      path.getChildren().clear();
      pathPane().ifPresent(pane -> pane.shown(false));
    }
  }

  private java.util.Optional<PathPane> pathPane() {
    return panes.stream().filter(PathPane.class::isInstance).map(PathPane.class::cast).findFirst();
  }

  private boolean hasTables() {
    CaseModel.Shown opened = model.openedProperty().get();
    return opened != null && !opened.explained().opened().snapshots().isEmpty();
  }

  /** The path is shown where there are tables to walk. */
  private void borrow() {
    boolean wanted = shown && hasTables();
    pathPane()
        .ifPresent(
            pane -> {
              if (wanted) {
                path.getChildren().setAll(pane.node());
              } else {
                path.getChildren().clear();
              }
              pane.shown(wanted);
            });
    path.setVisible(wanted);
    path.setManaged(wanted);
    proof.shown(shown);
  }

  private void fill() {
    if (shown) {
      keepingKeyboard(
          () -> {
            borrow();
            happened.fill();
            reason.fill();
            proof.fill();
          });
      chosen();
    }
  }

  /**
   * A row that had the keyboard is made anew: its successor gets it. The toolkit would give it to
   * the next thing in the window, even to a message's button.
   */
  private void keepingKeyboard(Runnable change) {
    Node owner = Face.hasKeyboard(root) ? root.getScene().getFocusOwner() : null;
    change.run();
    if (owner != null && owner.getScene() == null) {
      Node successor = owner.getId() == null ? null : root.lookup("#" + owner.getId());
      (successor == null ? root : successor).requestFocus();
    }
  }

  private void chosen() {
    CaseModel.Shown opened = model.openedProperty().get();
    if (!shown || opened == null) {
      return;
    }
    happened.mark();
    FaultTally tally = model.chosenProperty().get();
    opened
        .explained()
        .explanation()
        .ifPresentOrElse(
            found ->
                text.log(found.log(), opened.facts(), tally == null ? -1 : tally.first().line()),
            () -> text.clear());
    ask();
  }

  private void explained() {
    if (shown) {
      keepingKeyboard(reason::fill);
    }
  }

  /** Walks the request that is looked at; a fork shows what was really sent. */
  private void ask() {
    boolean sent = lab.facts().live() && lab.facts().canUndo();
    if (!shown || !hasTables() || sent) {
      return;
    }
    model
        .request()
        .flatMap(CaseFace::access)
        .ifPresent(
            access -> {
              pathPane().ifPresent(pane -> pane.ask(access));
              proof.reach(access.address());
            });
  }

  private static java.util.Optional<DmaAccess> access(LogFault fault) {
    String bdf = fault.bdf();
    Long address = fault.address();
    if (bdf == null || address == null) {
      return java.util.Optional.empty();
    }
    return SourceId.parse(bdf)
        .map(
            source -> {
              DmaAccess access =
                  fault.kind() == LogFault.Kind.DMA_WRITE
                      ? DmaAccess.write(source, address, LENGTH)
                      : DmaAccess.read(source, address, LENGTH);
              return access.withPasid(Pasid.of(fault.pasid()));
            });
  }

  /** Looks at another snapshot of the case. */
  private void look(Snapshot snapshot) {
    lab.change(
        Work.named("work.open", snapshot.source()),
        laboratory -> {
          laboratory.open(snapshot);
          return true;
        },
        done -> {});
  }

  /** Shows a file of the case. */
  private void read(String file) {
    follow(new Finding.Evidence(file, 0, ""));
  }

  /** Explains a log of the case, if it is another than before, and goes on with it. */
  private void about(KernelLog log, Consumer<CaseModel.Shown> then) {
    CaseModel.Shown opened = model.openedProperty().get();
    if (opened == null || opened.isAbout(log)) {
      java.util.Optional.ofNullable(opened).ifPresent(then);
      return;
    }
    lab.aside(
        Work.named("work.open", log.name()),
        () -> opened.about(log),
        about -> {
          if (model.openedProperty().get() == opened) {
            model.turn(about);
            if (!lab.facts().live()) {
              about.explained().front().ifPresent(this::look);
            }
            then.accept(about);
          }
        });
  }

  /** Looks at faults of any log of the case. */
  private void choose(KernelLog log, FaultTally tally) {
    about(log, shown -> model.choose(tally));
  }

  /** Goes to where a fact stands. */
  private void follow(Finding.Evidence evidence) {
    CaseModel.Shown opened = model.openedProperty().get();
    if (opened == null) {
      return;
    }
    KernelLog log = opened.log(evidence.source()).orElse(null);
    if (log != null) {
      about(log, shown -> text.log(log, shown.facts(), evidence.line()));
      return;
    }
    String kept = opened.explained().opened().texts().get(evidence.source());
    if (kept != null) {
      text.file(evidence.source(), kept, evidence.line());
      return;
    }
    for (Trace trace : opened.explained().opened().traces()) {
      if (trace.name().equals(evidence.source())) {
        proof.trace(trace, evidence.line());
        return;
      }
    }
    model.request().flatMap(CaseFace::access).ifPresent(this::select);
  }

  /** The place in the tables. */
  private void select(DmaAccess access) {
    proof.ranges();
    selection.select(new Selected.Address(access.source(), access.address()));
    pathPane().ifPresent(pane -> pane.ask(access));
  }

  private void key(KeyEvent event) {
    if (event.getCode() == KeyCode.ESCAPE) {
      model.leave();
      event.consume();
    }
  }
}
