package org.iommulab.ui.view.part;

import javafx.geometry.Pos;
import javafx.scene.control.Label;
import javafx.scene.layout.StackPane;
import javafx.scene.text.TextAlignment;
import org.iommulab.ui.Texts;

/** What a pane says while it has nothing to show: what it would show, and what to do first. */
public final class EmptyNote extends StackPane {

  /** A note with the words of a key. */
  public EmptyNote(Texts texts, String key) {
    var words = new Label();
    words.textProperty().bind(texts.observe(key));
    words.setWrapText(true);
    words.setTextAlignment(TextAlignment.CENTER);
    words.getStyleClass().add("empty-note");
    Words.mayShorten(words);
    setAlignment(Pos.CENTER);
    getChildren().add(words);
  }
}
