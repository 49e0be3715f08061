package org.iommulab.ui.program;

import com.google.inject.Inject;
import com.google.inject.Singleton;
import java.util.List;
import javafx.scene.Node;
import javafx.scene.Parent;
import javafx.scene.control.Label;
import javafx.scene.control.ListView;
import javafx.scene.control.SplitPane;
import javafx.scene.control.TextArea;
import javafx.scene.control.TextField;
import javafx.scene.input.KeyCode;
import javafx.scene.layout.BorderPane;
import javafx.scene.layout.FlowPane;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import org.iommulab.ui.Selected;
import org.iommulab.ui.Selection;
import org.iommulab.ui.Texts;
import org.iommulab.ui.Tips;
import org.iommulab.ui.action.ActionControls;
import org.iommulab.ui.view.part.EmptyNote;
import org.iommulab.ui.view.part.Phrase;
import org.iommulab.ui.view.part.TextTable;
import org.iommulab.ui.view.part.ViewPane;

/** What a program does: its calls as they come, its output, and where it is to stop. */
@Singleton
final class ProgramPane extends ViewPane {

  private static final double OUTPUT_SHARE = 0.72;

  private final ProgramModel model;
  private final ProgramActions actions;
  private final ActionControls controls;
  private final Selection selection;

  @Inject
  ProgramPane(
      ProgramModel model,
      ProgramActions actions,
      ActionControls controls,
      Selection selection,
      Texts texts) {
    super("program", Place.BOTTOM, 94, texts);
    this.model = model;
    this.actions = actions;
    this.controls = controls;
    this.selection = selection;
    model
        .callsProperty()
        .subscribe(
            count ->
                setFigures(
                    count.longValue() == 0
                        ? Phrase.NONE
                        : Phrase.of("view.program.figures", count.longValue())));
  }

  @Override
  public void shown(boolean shown) {
    model.setShown(shown);
  }

  @Override
  protected Parent build() {
    var list = list();
    var output = new TextArea();
    output.setId("program-output");
    output.setEditable(false);
    output.getStyleClass().addAll("mono", "program-output");
    output.promptTextProperty().bind(texts().observe("view.program.output"));
    model
        .outputProperty()
        .subscribe(
            text -> {
              output.setText(text);
              output.positionCaret(text.length());
            });
    var split = new SplitPane(list, output);
    split.setDividerPositions(OUTPUT_SHARE);
    SplitPane.setResizableWithParent(output, false);
    var pane = new BorderPane(split);
    pane.setTop(new VBox(bar(), sentence()));
    return pane;
  }

  private Node bar() {
    var bar = new FlowPane(8, 4);
    actions.actions().forEach(action -> bar.getChildren().add(button(action)));
    TextField filter = field("program-filter", "view.program.filter");
    filter.textProperty().bindBidirectional(model.filterProperty());
    TextField stops = field("program-stops", "view.program.stops");
    stops.textProperty().bindBidirectional(model.stopsProperty());
    bar.getChildren().addAll(stops, filter);
    bar.getStyleClass().add("view-bar");
    return bar;
  }

  private Node button(org.iommulab.ui.action.Action action) {
    Node frame = controls.button(action, "small");
    // The ids of the toolbar's buttons are taken.
    frame.lookupAll(".button").forEach(button -> button.setId(action.id() + "-here"));
    return frame;
  }

  private TextField field(String id, String key) {
    var field = new TextField();
    field.setId(id);
    field.getStyleClass().add("small-field");
    field.setPrefColumnCount(16);
    field.promptTextProperty().bind(texts().observe(key));
    field.accessibleTextProperty().bind(texts().observe(key));
    Tips.on(field, () -> texts().get(key + "-help"));
    return field;
  }

  private Label sentence() {
    var sentence = new Label();
    sentence.setId("program-sentence");
    sentence.getStyleClass().add("program-sentence");
    sentence.setWrapText(true);
    sentence.setMinHeight(Region.USE_PREF_SIZE);
    Runnable say = () -> sentence.setText(model.sentenceProperty().get().in(texts()));
    model.sentenceProperty().subscribe(say);
    texts().localeProperty().subscribe(say);
    sentence.visibleProperty().bind(sentence.textProperty().isNotEmpty());
    sentence.managedProperty().bind(sentence.visibleProperty());
    return sentence;
  }

  private ListView<CallRow> list() {
    var list = new ListView<>(model.rows());
    list.setId("program-calls");
    list.getStyleClass().addAll("mono", "row-list");
    list.setPlaceholder(new EmptyNote(texts(), "view.program.empty"));
    list.setCellFactory(view -> new ProgramCell(model));
    list.getSelectionModel()
        .selectedItemProperty()
        .subscribe(
            row -> {
              if (row != null) {
                selection.select(new Selected.JournalLine(row.last()));
              }
            });
    list.setOnMouseClicked(
        event -> {
          CallRow row = list.getSelectionModel().getSelectedItem();
          if (row != null && event.getClickCount() == 2) {
            model.goTo(row);
          }
        });
    list.setOnKeyPressed(
        event -> {
          CallRow row = list.getSelectionModel().getSelectedItem();
          boolean toggles = event.getCode() == KeyCode.SPACE || event.getCode() == KeyCode.ENTER;
          if (row != null && toggles) {
            model.toggle(row);
            event.consume();
          }
        });
    model
        .rows()
        .addListener((javafx.collections.ListChangeListener<CallRow>) change -> showLast(list));
    list.heightProperty().subscribe(height -> showLast(list));
    // A bar below the calls takes the last one's place.
    list.skinProperty()
        .subscribe(
            skin ->
                list.lookupAll(".scroll-bar")
                    .forEach(bar -> bar.visibleProperty().subscribe(shown -> showLast(list))));
    return list;
  }

  /** The last call stays in sight unless one was chosen. */
  private void showLast(ListView<CallRow> list) {
    if (list.getSelectionModel().isEmpty()) {
      list.scrollTo(model.rows().size() - 1);
    }
  }

  @Override
  public TextTable text() {
    return new TextTable(
        List.of("line", "count", "process", "call", "arguments", "result"),
        model.rows().stream()
            .map(
                row ->
                    List.of(
                        Integer.toString(row.first()),
                        Integer.toString(row.count()),
                        row.process(),
                        row.name(),
                        row.arguments(),
                        row.ending()))
            .toList());
  }
}
