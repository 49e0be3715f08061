package org.iommulab.ui.view.part;

import javafx.scene.layout.Region;
import javafx.scene.shape.Rectangle;

/** Keeps its content at its own width and, where there is no room for all of it, shows the end. */
final class EndFirst extends Region {

  private final Region content;

  /** Around some content. */
  EndFirst(Region content) {
    this.content = content;
    getChildren().add(content);
    setMinWidth(0);
    var clip = new Rectangle();
    clip.widthProperty().bind(widthProperty());
    clip.heightProperty().bind(heightProperty());
    setClip(clip);
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
  }
}
