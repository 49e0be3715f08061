package org.iommulab.ui.view.path;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntConsumer;
import javafx.geometry.Bounds;
import javafx.scene.AccessibleRole;
import javafx.scene.Node;
import javafx.scene.control.Label;
import javafx.scene.control.ScrollPane;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyEvent;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.VBox;
import org.iommulab.ui.Texts;
import org.iommulab.ui.view.part.Words;
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
    var hosts = new ArrayList<StageCard>();
    for (Stage stage : picture.stages()) {
      StageCard card = card(stage, cards.size());
      cards.add(card);
      if (stage.host()) {
        hosts.add(card);
      } else {
        addColumn(card, hosts);
        hosts.clear();
      }
    }
    if (!hosts.isEmpty()) {
      addColumn(null, hosts);
    }
    mark();
  }

  private StageCard card(Stage stage, int index) {
    var card = new StageCard(stage, texts);
    card.setOnMousePressed(
        event -> {
          requestFocus();
          choose(index);
          event.consume();
        });
    return card;
  }

  /** A stage, and below it the second stage's steps that its address took. */
  private void addColumn(@Nullable StageCard card, List<StageCard> hosts) {
    if (!getChildren().isEmpty()) {
      var arrow = new Label("›");
      arrow.getStyleClass().add("stage-arrow");
      arrow.setMinWidth(USE_PREF_SIZE);
      getChildren().add(arrow);
    }
    var column = new VBox();
    column.getStyleClass().add("stage-column");
    if (card != null) {
      column.getChildren().add(card);
    }
    if (!hosts.isEmpty()) {
      column.getChildren().add(Words.label(texts, "view.path.host", "stage-host-title", "muted"));
      column.getChildren().addAll(hosts);
    }
    HBox.setHgrow(column, Priority.ALWAYS);
    column.setPrefWidth(100);
    column.setMaxWidth(Double.MAX_VALUE);
    getChildren().add(column);
  }

  /** Columns share the width, so that each is asked for its height at its share. */
  @Override
  protected double computePrefHeight(double width) {
    double arrows = 0;
    int columns = 0;
    for (Node child : getChildren()) {
      if (child instanceof VBox) {
        columns++;
      } else {
        arrows += snapSizeX(child.prefWidth(-1));
      }
    }
    double sides = snappedLeftInset() + snappedRightInset();
    // Pixels that cannot be shared go to some columns only.
    double share = width < 0 ? -1 : Math.floor((width - sides - arrows) / Math.max(1, columns));
    double height = 0;
    for (Node child : getChildren()) {
      double column = child instanceof VBox ? Math.max(share, child.minWidth(-1)) : -1;
      height = Math.max(height, child.prefHeight(column));
    }
    return snappedTopInset() + snapSizeY(height) + snappedBottomInset();
  }

  @Override
  protected double computeMinHeight(double width) {
    return computePrefHeight(width);
  }

  private void choose(int index) {
    model.highlight(index);
    onChosen.accept(index);
  }

  /** Scrolls as far as it takes to see a stage; all of them stay reachable in a narrow window. */
  void bringIntoView(ScrollPane around, int index) {
    double hidden = getWidth() - around.getViewportBounds().getWidth();
    if (hidden > 0 && index == 0) {
      around.setHvalue(0);
    } else if (hidden > 0 && index >= 0 && index == cards.size() - 1) {
      around.setHvalue(1);
    } else if (hidden > 0 && index >= 0 && index < cards.size()) {
      StageCard card = cards.get(index);
      Bounds bounds = sceneToLocal(card.localToScene(card.getLayoutBounds()));
      double middle = bounds.getCenterX() - around.getViewportBounds().getWidth() / 2;
      around.setHvalue(Math.clamp(middle / hidden, 0, 1));
    }
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
