package org.iommulab.ui.practice;

import javafx.beans.value.ObservableValue;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import org.iommulab.ui.Texts;
import org.iommulab.ui.view.part.Words;

/** The line on top of a page: what it is, what belongs to it, and the ways out. */
final class PageTop extends HBox {

  private final Label title = new Label();

  PageTop(Texts texts, String id, Runnable toLearn, Runnable toWorkbench, Node... more) {
    title.setId(id + "-title");
    title.getStyleClass().add("strong");
    Words.mayShorten(title);
    var space = new Region();
    HBox.setHgrow(space, Priority.ALWAYS);
    getChildren().addAll(title, space);
    getChildren().addAll(more);
    getChildren()
        .addAll(
            button(texts, id + "-learn", "practice.learn", toLearn),
            button(texts, id + "-workbench", "practice.workbench", toWorkbench));
    setAlignment(Pos.CENTER_LEFT);
    getStyleClass().add("lecture-top");
  }

  ObservableValue<String> title() {
    return title.textProperty();
  }

  void title(String words) {
    title.setText(words);
  }

  static Button button(Texts texts, String id, String key, Runnable action) {
    var button = new Button();
    button.setId(id);
    button.textProperty().bind(texts.observe(key));
    button.setMnemonicParsing(false);
    button.setMinWidth(Region.USE_PREF_SIZE);
    button.setOnAction(event -> action.run());
    return button;
  }
}
