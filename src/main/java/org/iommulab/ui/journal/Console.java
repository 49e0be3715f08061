package org.iommulab.ui.journal;

import java.util.List;
import java.util.Optional;
import javafx.beans.binding.Bindings;
import javafx.geometry.Side;
import javafx.scene.control.Button;
import javafx.scene.control.ContextMenu;
import javafx.scene.control.Label;
import javafx.scene.control.MenuItem;
import javafx.scene.control.TextField;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyEvent;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import org.iommulab.ui.Texts;

/** One line of a script to type: Enter gives it, up and down recall, Tab completes. */
final class Console extends VBox {

  private static final int MOST_CHOICES = 12;

  private final ConsoleModel model;
  private final TextField line = new TextField();
  private final ContextMenu choices = new ContextMenu();

  Console(ConsoleModel model, Texts texts) {
    this.model = model;
    line.setId("console-line");
    line.getStyleClass().addAll("mono", "console-line");
    line.promptTextProperty().bind(texts.observe("console.prompt"));
    line.addEventFilter(KeyEvent.KEY_PRESSED, this::key);
    choices.setId("console-choices");
    HBox.setHgrow(line, Priority.ALWAYS);
    var run = new Button();
    run.setId("console-run");
    run.textProperty().bind(texts.observe("console.run"));
    run.setMinWidth(Region.USE_PREF_SIZE);
    run.setOnAction(event -> run());
    var problem = new Label();
    problem.setId("console-problem");
    problem.getStyleClass().addAll("console-problem");
    problem.setWrapText(true);
    problem.setMinHeight(Region.USE_PREF_SIZE);
    problem
        .textProperty()
        .bind(
            Bindings.createStringBinding(
                () -> texts.in(model.problemProperty().get()),
                model.problemProperty(),
                texts.localeProperty()));
    problem.visibleProperty().bind(problem.textProperty().isNotEmpty());
    problem.managedProperty().bind(problem.visibleProperty());
    getStyleClass().add("console");
    getChildren().addAll(problem, new HBox(8, line, run));
  }

  private void key(KeyEvent event) {
    KeyCode code = event.getCode();
    if (code == KeyCode.ENTER && !choices.isShowing()) {
      run();
    } else if (code == KeyCode.UP && !choices.isShowing()) {
      recall(model.earlier());
    } else if (code == KeyCode.DOWN && !choices.isShowing()) {
      recall(model.later());
    } else if (code == KeyCode.TAB && !event.isShiftDown() && !line.getText().isBlank()) {
      complete();
    } else {
      return;
    }
    event.consume();
  }

  private void run() {
    if (model.run(line.getText())) {
      line.clear();
    }
  }

  private void recall(Optional<String> text) {
    text.ifPresent(this::put);
  }

  private void put(String text) {
    line.setText(text);
    line.positionCaret(text.length());
  }

  private void complete() {
    List<String> found = model.complete(line.getText());
    if (found.size() == 1) {
      put(found.getFirst());
      return;
    }
    choices
        .getItems()
        .setAll(
            found.stream()
                .limit(MOST_CHOICES)
                .map(
                    text -> {
                      var item = new MenuItem(text);
                      item.setMnemonicParsing(false);
                      item.setOnAction(event -> put(text));
                      return item;
                    })
                .toList());
    if (!found.isEmpty()) {
      choices.show(line, Side.TOP, 0, 0);
    }
  }
}
