package org.iommulab.ui.view.path;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntConsumer;
import javafx.scene.AccessibleRole;
import javafx.scene.control.Label;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyEvent;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import org.iommulab.ui.Texts;
import org.jspecify.annotations.Nullable;

/** The stages from left to right with arrows between them; one focus stop, arrow keys inside. */
final class StageStrip extends HBox {

  private final PathModel model;
  private final Texts texts;
  private final IntConsumer onChosen;
  private final List<StageCard> cards = new ArrayList<>();

  StageStrip(PathModel model, Texts texts, IntConsumer onChosen) {
    this.model = model;
    this.texts = texts;
    this.onChosen = onChosen;
    setId("path-stages");
    getStyleClass().add("stage-strip");
    setFocusTraversable(true);
    setAccessibleRole(AccessibleRole.TOOL_BAR);
    model.pictureProperty().addListener((_, _, picture) -> draw(picture));
    model.positionProperty().addListener((_, _, _) -> mark());
    model.highlightedProperty().addListener((_, _, _) -> mark());
    texts.localeProperty().addListener((_, _, _) -> draw(model.pictureProperty().get()));
    setOnKeyPressed(this::keyPressed);
    draw(model.pictureProperty().get());
  }

  private void draw(@Nullable PathPicture picture) {
    getChildren().clear();
    cards.clear();
    if (picture == null) {
      return;
    }
    for (Stage stage : picture.stages()) {
      if (!cards.isEmpty()) {
        var arrow = new Label("›");
        arrow.getStyleClass().add("stage-arrow");
        arrow.setMinWidth(USE_PREF_SIZE);
        getChildren().add(arrow);
      }
      int index = cards.size();
      var card = new StageCard(stage, texts);
      card.setOnMousePressed(
          _ -> {
            requestFocus();
            choose(index);
          });
      HBox.setHgrow(card, Priority.ALWAYS);
      card.setPrefWidth(100);
      card.setMaxWidth(Double.MAX_VALUE);
      cards.add(card);
      getChildren().add(card);
    }
    mark();
  }

  private void choose(int index) {
    model.highlight(index);
    onChosen.accept(index);
  }

  private void mark() {
    int position = model.positionProperty().get();
    int highlighted = model.highlightedProperty().get();
    for (int i = 0; i < cards.size(); i++) {
      cards.get(i).setSelected(i == highlighted);
      cards.get(i).setAhead(i > position);
    }
    if (highlighted >= 0 && highlighted < cards.size()) {
      setAccessibleText(cards.get(highlighted).getAccessibleText());
    }
  }

  private void keyPressed(KeyEvent event) {
    int at = model.highlightedProperty().get();
    int to =
        switch (event.getCode()) {
          case KeyCode.LEFT -> at - 1;
          case KeyCode.RIGHT -> at + 1;
          case KeyCode.HOME -> 0;
          case KeyCode.END -> cards.size() - 1;
          default -> -1;
        };
    if (to >= 0 && to < cards.size()) {
      choose(to);
      event.consume();
    }
  }
}
