package org.iommulab.ui.practice;

import com.google.inject.Inject;
import com.google.inject.Singleton;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javafx.beans.property.ReadOnlyBooleanProperty;
import javafx.beans.value.ObservableValue;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.ScrollPane;
import javafx.scene.control.TextField;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyEvent;
import javafx.scene.layout.BorderPane;
import javafx.scene.layout.FlowPane;
import javafx.scene.layout.GridPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import org.iommulab.course.exercise.Exercise;
import org.iommulab.ui.Face;
import org.iommulab.ui.Texts;
import org.iommulab.ui.learn.LearnModel;
import org.iommulab.ui.prose.Prose;
import org.iommulab.ui.stage.StageModel;
import org.iommulab.words.Bilingual;

/** An exercise: what is asked, what the machine shows, lines to fill in. */
@Singleton
public final class ExerciseView implements Face {

  private final ExerciseModel model;
  private final Texts texts;
  private final PageTop top;
  private final TextField seed = new TextField();
  private final VBox page = new VBox();
  private final BorderPane root = new BorderPane();
  private final List<TextField> fields = new ArrayList<>();
  private Optional<Exercise> filled = Optional.empty();

  @Inject
  public ExerciseView(ExerciseModel model, LearnModel learn, StageModel stage, Texts texts) {
    this.model = model;
    this.texts = texts;
    top = new PageTop(texts, "exercise", learn::open, model::leave, seedLabel(), seed, next());
    page.getStyleClass().add("practice-page");
    page.setMinWidth(0);
    var scroll = new ScrollPane(page);
    scroll.setId("exercise-scroll");
    scroll.getStyleClass().add("lecture-scroll");
    scroll.setFitToWidth(true);
    scroll.setHbarPolicy(ScrollPane.ScrollBarPolicy.NEVER);
    root.setId("exercise");
    root.getStyleClass().add("lecture");
    root.setMinSize(0, 0);
    root.setTop(top);
    root.setCenter(scroll);
    root.addEventHandler(KeyEvent.KEY_PRESSED, this::key);
    learn.showingProperty().subscribe(this::giveWay);
    stage.showingProperty().subscribe(this::giveWay);
    model.exerciseProperty().subscribe(sheet -> fill());
    texts.localeProperty().subscribe(locale -> refill());
  }

  private void giveWay(boolean other) {
    if (other) {
      model.leave();
    }
  }

  @Override
  public Node node() {
    return root;
  }

  @Override
  public ObservableValue<String> title() {
    return top.title();
  }

  @Override
  public ReadOnlyBooleanProperty showingProperty() {
    return model.showingProperty();
  }

  @Override
  public void leave() {
    model.leave();
  }

  @Override
  public void shown(boolean shown) {
    if (shown && !fields.isEmpty()) {
      fields.getFirst().requestFocus();
    }
  }

  private void key(KeyEvent event) {
    if (event.getCode() == KeyCode.ESCAPE) {
      model.leave();
      event.consume();
    }
  }

  private Label seedLabel() {
    var label = new Label();
    label.textProperty().bind(texts.observe("practice.seed"));
    label.getStyleClass().add("muted");
    label.setMinWidth(Region.USE_PREF_SIZE);
    label.setLabelFor(seed);
    return label;
  }

  private Button next() {
    seed.setId("exercise-seed");
    seed.setPrefColumnCount(7);
    seed.setMinWidth(Region.USE_PREF_SIZE);
    seed.setOnAction(
        event -> {
          if (seed.getText().strip().matches("\\d{1,18}")) {
            model.seed(Long.parseLong(seed.getText().strip()));
          }
        });
    Button next = PageTop.button(texts, "exercise-next", "practice.next", model::next);
    next.getStyleClass().add("primary");
    return next;
  }

  private void refill() {
    filled = Optional.empty();
    fill();
  }

  private void fill() {
    ExerciseModel.Sheet sheet = model.exercise().orElse(null);
    if (sheet == null) {
      return;
    }
    Exercise drawn = sheet.exercise();
    top.title(texts.in(sheet.kind().title()));
    seed.setText(Long.toString(drawn.seed()));
    List<String> typed = fields.stream().map(TextField::getText).toList();
    boolean same = filled.filter(drawn::equals).isPresent();
    filled = Optional.of(drawn);
    fields.clear();
    var text = new Prose("lecture-note");
    text.show(texts.in(drawn.text()));
    text.setId("exercise-text");
    var tables = new FlowPane();
    tables.getStyleClass().add("practice-tables");
    drawn.tables().forEach(table -> tables.getChildren().add(table(table)));
    page.getChildren().setAll(text, lines(sheet, same ? typed : List.of()), tables);
    if (!same && model.showingProperty().get()) {
      fields.getFirst().requestFocus();
    }
  }

  private Node table(Exercise.Table table) {
    var grid = new GridPane();
    grid.getStyleClass().add("practice-table");
    row(grid, table.columns(), "practice-head");
    table.rows().forEach(row -> row(grid, row, "mono"));
    var caption = new Label(texts.in(table.caption()));
    caption.getStyleClass().add("muted");
    return new VBox(caption, grid);
  }

  private void row(GridPane grid, List<Bilingual> cells, String styleClass) {
    int row = grid.getRowCount();
    for (int column = 0; column < cells.size(); column++) {
      var cell = new Label(texts.in(cells.get(column)));
      cell.getStyleClass().addAll("practice-cell", styleClass);
      cell.setMaxWidth(Double.MAX_VALUE);
      grid.add(cell, column, row);
    }
  }

  // ---- lines to fill in ------------------------------------------------------------------------

  private Node lines(ExerciseModel.Sheet sheet, List<String> typed) {
    var grid = new GridPane();
    grid.getStyleClass().add("practice-lines");
    for (int i = 0; i < sheet.exercise().answers().size(); i++) {
      line(grid, sheet, i, i < typed.size() ? typed.get(i) : "");
    }
    var box = new VBox(grid, buttons(sheet));
    if (sheet.isMarked()) {
      box.getChildren().add(verdict(sheet));
    }
    box.getStyleClass().add("practice-answer");
    return box;
  }

  private void line(GridPane grid, ExerciseModel.Sheet sheet, int number, String typed) {
    Exercise.Answer answer = sheet.exercise().answers().get(number);
    var label = new Label(texts.in(answer.label()));
    label.setMinWidth(Region.USE_PREF_SIZE);
    var field = new TextField(typed);
    field.setId("exercise-line-" + (number + 1));
    field.getStyleClass().addAll("lecture-field", "practice-field");
    field.setOnAction(event -> entered(number));
    label.setLabelFor(field);
    fields.add(field);
    var said = new HBox();
    said.setAlignment(Pos.CENTER_LEFT);
    said.getStyleClass().add("practice-said");
    if (sheet.isMarked()) {
      boolean right = sheet.right().get(number);
      var mark = new Label(texts.get(right ? "practice.right" : "practice.wrong"));
      mark.setId("exercise-mark-" + (number + 1));
      mark.getStyleClass().add(right ? "practice-right" : "practice-wrong");
      said.getChildren().add(mark);
    }
    if (sheet.shown()) {
      var key = new Label(answer.key());
      key.setId("exercise-key-" + (number + 1));
      key.getStyleClass().add("mono");
      said.getChildren().add(key);
    }
    grid.addRow(number, label, field, said);
    GridPane.setHgrow(said, Priority.ALWAYS);
  }

  /** Enter goes to the next line; in the last one it marks. */
  private void entered(int number) {
    if (number + 1 < fields.size()) {
      fields.get(number + 1).requestFocus();
    } else {
      mark();
    }
  }

  private void mark() {
    model.mark(fields.stream().map(TextField::getText).toList());
    if (model.exercise().filter(ExerciseModel.Sheet::isSolved).isEmpty()) {
      fields.getFirst().requestFocus();
    }
  }

  private Node buttons(ExerciseModel.Sheet sheet) {
    Button mark = PageTop.button(texts, "exercise-do-mark", "practice.mark", this::mark);
    mark.getStyleClass().add("primary");
    mark.setDisable(sheet.shown());
    Button show = PageTop.button(texts, "exercise-show", "practice.show", model::show);
    show.setDisable(sheet.shown());
    var line = new FlowPane(mark, show);
    if (sheet.isSolved() || sheet.shown()) {
      line.getChildren()
          .add(PageTop.button(texts, "exercise-build", "practice.build", model::build));
    }
    line.getStyleClass().add("practice-buttons");
    return line;
  }

  private Node verdict(ExerciseModel.Sheet sheet) {
    long right = sheet.right().stream().filter(Boolean::booleanValue).count();
    var label = new Label(texts.get("practice.verdict", right, sheet.exercise().answers().size()));
    label.setId("exercise-verdict");
    label.getStyleClass().add("muted");
    return label;
  }
}
