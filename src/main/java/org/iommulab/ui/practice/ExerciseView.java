package org.iommulab.ui.practice;

import com.google.inject.Inject;
import com.google.inject.Singleton;
import java.util.ArrayList;
import java.util.List;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.TextField;
import javafx.scene.layout.FlowPane;
import javafx.scene.layout.GridPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import org.iommulab.course.exercise.Exercise;
import org.iommulab.ui.Texts;
import org.iommulab.ui.learn.LearnModel;
import org.iommulab.ui.prose.Prose;
import org.iommulab.ui.stage.StageModel;
import org.iommulab.words.Bilingual;

/** An exercise: what is asked, what the machine shows, lines to fill in. */
@Singleton
public final class ExerciseView extends PracticePage<ExerciseModel.Sheet> {

  private final ExerciseModel model;
  private final TextField seed;
  private final VBox page = new VBox();
  private final List<TextField> fields = new ArrayList<>();

  @Inject
  public ExerciseView(ExerciseModel model, LearnModel learn, StageModel stage, Texts texts) {
    this(model, learn, stage, texts, new TextField());
  }

  private ExerciseView(
      ExerciseModel model, LearnModel learn, StageModel stage, Texts texts, TextField seed) {
    super("exercise", model, learn, stage, texts, label(texts, seed), seed, next(texts, model));
    this.model = model;
    this.seed = seed;
    seed.setId("exercise-seed");
    seed.setPrefColumnCount(7);
    seed.setMinWidth(Region.USE_PREF_SIZE);
    seed.setOnAction(event -> drawSeed());
    build(scrolling(page, "scroll"));
  }

  private static Label label(Texts texts, TextField seed) {
    var label = new Label();
    label.textProperty().bind(texts.observe("practice.seed"));
    label.getStyleClass().add("muted");
    label.setMinWidth(Region.USE_PREF_SIZE);
    label.setLabelFor(seed);
    return label;
  }

  private static Button next(Texts texts, ExerciseModel model) {
    Button next = PageTop.button(texts, "exercise-next", "practice.next", model::next);
    next.getStyleClass().add("primary");
    return next;
  }

  private void drawSeed() {
    if (seed.getText().strip().matches("\\d{1,18}")) {
      model.seed(Long.parseLong(seed.getText().strip()));
    }
  }

  @Override
  public void shown(boolean shown) {
    if (shown && !fields.isEmpty()) {
      fields.getFirst().requestFocus();
    }
  }

  @Override
  Bilingual title(ExerciseModel.Sheet sheet) {
    return sheet.kind().title();
  }

  @Override
  void fill(ExerciseModel.Sheet sheet) {
    Exercise drawn = sheet.exercise();
    seed.setText(Long.toString(drawn.seed()));
    fields.clear();
    var text = new Prose("lecture-note");
    text.show(texts.in(drawn.text()));
    text.setId("exercise-text");
    var tables = new FlowPane();
    tables.getStyleClass().add("practice-tables");
    drawn.tables().forEach(table -> tables.getChildren().add(table(table)));
    page.getChildren().setAll(text, lines(sheet), tables);
    shown(model.showingProperty().get() && !sheet.isSolved() && !sheet.shown());
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

  private Node lines(ExerciseModel.Sheet sheet) {
    var grid = new GridPane();
    grid.getStyleClass().add("practice-lines");
    for (int i = 0; i < sheet.exercise().answers().size(); i++) {
      line(grid, sheet, i);
    }
    var box = new VBox(grid, buttons(sheet));
    if (sheet.isMarked()) {
      box.getChildren().add(verdict(sheet));
    }
    box.getStyleClass().add("practice-answer");
    return box;
  }

  private void line(GridPane grid, ExerciseModel.Sheet sheet, int number) {
    Exercise.Answer answer = sheet.exercise().answers().get(number);
    var label = new Label(texts.in(answer.label()));
    label.setMinWidth(Region.USE_PREF_SIZE);
    var field = new TextField();
    field.textProperty().bindBidirectional(model.lines().get(number));
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
      model.mark();
    }
  }

  private Node buttons(ExerciseModel.Sheet sheet) {
    Button mark = PageTop.button(texts, "exercise-do-mark", "practice.mark", model::mark);
    mark.getStyleClass().add("primary");
    mark.setDisable(sheet.shown());
    Button show = PageTop.button(texts, "exercise-show", "practice.show", model::showAnswers);
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
