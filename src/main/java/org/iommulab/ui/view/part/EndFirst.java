package org.iommulab.ui.view.part;

import javafx.scene.Node;
import javafx.scene.layout.Region;
import javafx.scene.shape.Rectangle;

/**
 * Keeps its content at its own width and, where there is no room for all of it, shows those of its
 * last parts that have room as a whole.
 */
final class EndFirst extends Region {

  private final Region content;
  private final Rectangle seen = new Rectangle();

  /** Around some content. */
  EndFirst(Region content) {
    this.content = content;
    getChildren().add(content);
    setMinWidth(0);
    seen.widthProperty().bind(widthProperty());
    seen.heightProperty().bind(heightProperty());
    setClip(seen);
  }

  @Override
  protected double computePrefWidth(double height) {
    return content.prefWidth(height);
  }

  @Override
  protected double computePrefHeight(double width) {
    return content.prefHeight(-1);
  }

  @Override
  protected void layoutChildren() {
    double width = content.prefWidth(-1);
    double height = content.prefHeight(width);
    double x = Math.min(0, getWidth() - width);
    content.resizeRelocate(snapPositionX(x), (getHeight() - height) / 2, width, height);
    content.layout();
    seen.setX(
        content.getChildrenUnmodifiable().stream()
            .filter(Node::isManaged)
            .mapToDouble(part -> x + part.getLayoutX())
            .filter(start -> start >= 0)
            .min()
            .orElse(0));
  }
}
