package org.iommulab.ui.editor;

import com.google.inject.Inject;
import com.google.inject.Singleton;
import java.util.List;
import java.util.Optional;
import javafx.beans.binding.Bindings;
import javafx.beans.value.ObservableValue;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.CheckBox;
import javafx.scene.control.ComboBox;
import javafx.scene.control.Label;
import javafx.scene.control.ListCell;
import javafx.scene.control.ListView;
import javafx.scene.control.ScrollPane;
import javafx.scene.control.TextArea;
import javafx.scene.control.TextField;
import javafx.scene.control.TextInputControl;
import javafx.scene.layout.FlowPane;
import javafx.scene.layout.GridPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import javafx.stage.FileChooser;
import org.iommulab.course.Draft;
import org.iommulab.course.Show;
import org.iommulab.lab.language.Json;
import org.iommulab.ui.Texts;
import org.iommulab.ui.view.part.LabPane;

/** The lesson editor, a pane of the workbench: do something, say something about it, add a step. */
@Singleton
public final class EditorPane implements LabPane {

  private static final List<String> KINDS =
      List.of("", "choice", "number", "address", "errno", "entry", "reason", "click");

  private final EditorModel model;
  private final Texts texts;
  private final HBox root = new HBox();
  private final ListView<Draft.Step> steps = new ListView<>();
  private final TextField heading = new TextField();
  private final TextArea note = new TextArea();
  private final ComboBox<String> pane = new ComboBox<>();
  private final Label shows = new Label();
  private final ComboBox<String> kind = new ComboBox<>();
  private final TextField ask = new TextField();
  private final TextArea options = new TextArea();
  private final TextArea answer = new TextArea();
  private final CheckBox after = new CheckBox();
  private final TextArea hints = new TextArea();
  private final TextArea unless = new TextArea();
  private final TextField why = new TextField();
  private boolean built;

  @Inject
  public EditorPane(EditorModel model, Texts texts) {
    this.model = model;
    this.texts = texts;
  }

  @Override
  public String id() {
    return "editor";
  }

  @Override
  public String titleKey() {
    return "pane.editor";
  }

  @Override
  public Place place() {
    return Place.BOTTOM;
  }

  @Override
  public int order() {
    return 95;
  }

  @Override
  public Node node() {
    if (!built) {
      built = true;
      build();
    }
    return root;
  }

  @Override
  public void shown(boolean shown) {
    // It asks nothing by itself.
  }

  @Override
  public ObservableValue<String> figures() {
    return Bindings.createStringBinding(
        () -> texts.get("editor.figures", model.steps().size()),
        model.steps(),
        texts.localeProperty());
  }

  private void build() {
    root.setId("editor");
    root.getStyleClass().add("editor");
    steps.setId("editor-steps");
    steps.setItems(model.steps());
    steps.setCellFactory(list -> new StepCell());
    var left =
        new VBox(
            field("editor-title", "editor.title", model.titleProperty()),
            field("editor-goal", "editor.goal", model.goalProperty()),
            steps,
            commands());
    left.getStyleClass().add("editor-left");
    VBox.setVgrow(steps, Priority.ALWAYS);
    var scroll = new ScrollPane(form());
    scroll.setFitToWidth(true);
    scroll.getStyleClass().add("lecture-scroll");
    HBox.setHgrow(scroll, Priority.ALWAYS);
    // Large letters in a low window: what is left scrolls too.
    var low = new ScrollPane(left);
    low.setFitToWidth(true);
    low.setFitToHeight(true);
    low.getStyleClass().addAll("lecture-scroll", "editor-low");
    root.getChildren().setAll(low, scroll);
  }

  /** A line of the list: number, title, how many commands. */
  private static final class StepCell extends ListCell<Draft.Step> {
    @Override
    protected void updateItem(Draft.Step step, boolean empty) {
      super.updateItem(step, empty);
      setText(
          empty || step == null
              ? null
              : (getIndex() + 1) + ". " + step.title() + " · " + step.commands().size());
    }
  }

  private Node field(String id, String key, javafx.beans.property.StringProperty value) {
    var field = new TextField();
    field.setId(id);
    field.textProperty().bindBidirectional(value);
    field.promptTextProperty().bind(texts.observe(key));
    return field;
  }

  private Node commands() {
    var message = new Label();
    message.setId("editor-message");
    message.setWrapText(true);
    message.textProperty().bind(model.messageProperty());
    message.setMinHeight(Region.USE_PREF_SIZE);
    var line =
        new FlowPane(
            button("editor-start", "editor.start", () -> model.start(false)),
            button("editor-start-all", "editor.start-all", () -> model.start(true)),
            button("editor-up", "editor.up", this::up),
            button("editor-remove", "editor.remove", () -> model.remove(chosen())),
            button("editor-check", "editor.check", () -> model.check(faults -> {})),
            button("editor-preview", "editor.preview", model::preview),
            button("editor-save", "editor.save", this::save));
    line.setHgap(4);
    line.setVgap(4);
    return new VBox(line, message);
  }

  private int chosen() {
    return steps.getSelectionModel().getSelectedIndex();
  }

  private void up() {
    steps.getSelectionModel().select(model.up(chosen()));
  }

  private Node form() {
    var grid = new GridPane();
    grid.getStyleClass().add("editor-form");
    grid.setHgap(8);
    grid.setVgap(6);
    pane.setId("editor-pane");
    pane.getItems().setAll(Show.PANES.stream().sorted().toList());
    pane.setValue("path");
    kind.setId("editor-kind");
    kind.getItems().setAll(KINDS);
    kind.setValue("");
    after.setId("editor-after");
    after.textProperty().bind(texts.observe("editor.after"));
    shows.setWrapText(true);
    shows.setId("editor-shows");
    model
        .shows()
        .addListener(
            (javafx.collections.ListChangeListener<Object>)
                change ->
                    shows.setText(
                        String.join("\n", model.shows().stream().map(Json::write).toList())));
    row(grid, "editor.heading", named(heading, "editor-heading"));
    row(grid, "editor.note", area(note, "editor-note", 3));
    row(
        grid,
        "editor.show",
        new HBox(6, pane, button("editor-outline", "editor.outline", this::outline), shows));
    row(grid, "editor.kind", new HBox(6, kind, after));
    row(grid, "editor.ask", named(ask, "editor-ask"));
    row(grid, "editor.options", area(options, "editor-options", 3));
    row(grid, "editor.answer", area(answer, "editor-answer", 2));
    row(grid, "editor.hints", area(hints, "editor-hints", 2));
    row(grid, "editor.unless", area(unless, "editor-unless", 2));
    row(grid, "editor.why", named(why, "editor-why"));
    row(grid, "editor.step", button("editor-add", "editor.add", this::add));
    return grid;
  }

  private void row(GridPane grid, String key, Node control) {
    var label = new Label();
    label.textProperty().bind(texts.observe(key));
    label.setMinWidth(Region.USE_PREF_SIZE);
    label.setLabelFor(control);
    grid.addRow(grid.getRowCount(), label, control);
    GridPane.setHgrow(control, Priority.ALWAYS);
  }

  private static Node named(TextInputControl field, String id) {
    field.setId(id);
    return field;
  }

  private static Node area(TextArea area, String id, int rows) {
    area.setId(id);
    area.setPrefRowCount(rows);
    area.setWrapText(true);
    return area;
  }

  private Button button(String id, String key, Runnable action) {
    var button = new Button();
    button.setId(id);
    button.textProperty().bind(texts.observe(key));
    button.setMnemonicParsing(false);
    button.setMinWidth(Region.USE_PREF_SIZE);
    button.setOnAction(event -> action.run());
    return button;
  }

  private void outline() {
    model.outline(pane.getValue());
  }

  private void add() {
    Optional<Draft.Ask> question =
        kind.getValue().isEmpty()
            ? Optional.empty()
            : Optional.of(
                new Draft.Ask(
                    kind.getValue(),
                    ask.getText(),
                    options.getText(),
                    answer.getText(),
                    after.isSelected(),
                    hints.getText(),
                    unless.getText()));
    model.add(heading.getText(), note.getText(), question, why.getText());
    for (TextInputControl field :
        List.of(heading, note, ask, options, answer, hints, unless, why)) {
      field.clear();
    }
    kind.setValue("");
    after.setSelected(false);
  }

  private void save() {
    var chooser = new FileChooser();
    chooser.getExtensionFilters().add(new FileChooser.ExtensionFilter("YAML", "*.yaml"));
    chooser.setInitialFileName("lesson.yaml");
    var file = chooser.showSaveDialog(root.getScene().getWindow());
    if (file != null) {
      model.save(file.toPath());
    }
  }
}
