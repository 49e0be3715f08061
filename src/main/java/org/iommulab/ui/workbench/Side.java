package org.iommulab.ui.workbench;

import java.util.Locale;
import javafx.beans.property.DoubleProperty;
import javafx.beans.property.SimpleDoubleProperty;
import javafx.beans.value.ObservableDoubleValue;
import javafx.geometry.Pos;
import javafx.scene.Cursor;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyEvent;
import javafx.scene.input.MouseEvent;
import javafx.scene.layout.Region;
import javafx.scene.layout.StackPane;

/**
 * A part at the edge of another, with a line to drag between them. Its size is kept in pixels
 * whatever becomes of the window; the line also moves by arrow keys.
 */
final class Side extends StackPane {

  /** Where a side lies. */
  enum Edge {
    LEFT,
    RIGHT,
    BOTTOM
  }

  private static final double KEY_STEP = 16;
  private static final double SMALLEST = 120;

  private final Edge edge;
  private final ObservableDoubleValue factor;
  private final DoubleProperty size;
  private final Region line = new Region();
  private double pressedAt;
  private double pressedSize;

  /**
   * A side.
   *
   * @param pixels its width, or its height at the bottom
   * @param factor by which it grows with the text
   */
  Side(String id, Edge edge, Region content, double pixels, ObservableDoubleValue factor) {
    this.edge = edge;
    this.factor = factor;
    this.size = new SimpleDoubleProperty(this, "size", pixels);
    setMinSize(0, 0);
    getStyleClass().addAll("side", edge.name().toLowerCase(Locale.ROOT));
    line.setId(id + "-line");
    line.getStyleClass().add("side-line");
    line.setCursor(edge == Edge.BOTTOM ? Cursor.V_RESIZE : Cursor.H_RESIZE);
    line.setFocusTraversable(true);
    line.addEventHandler(MouseEvent.MOUSE_PRESSED, this::press);
    line.addEventHandler(MouseEvent.MOUSE_DRAGGED, this::drag);
    line.addEventHandler(KeyEvent.KEY_PRESSED, this::key);
    // It lies over the content's edge: one pixel to see, four to catch.
    StackPane.setAlignment(
        line,
        switch (edge) {
          case LEFT -> Pos.CENTER_RIGHT;
          case RIGHT -> Pos.CENTER_LEFT;
          case BOTTOM -> Pos.TOP_CENTER;
        });
    getChildren().addAll(content, line);
    if (edge == Edge.BOTTOM) {
      prefHeightProperty().bind(size.multiply(factor));
    } else {
      prefWidthProperty().bind(size.multiply(factor));
    }
  }

  /** Its width or height in pixels. */
  double size() {
    return size.get();
  }

  void setSize(double pixels) {
    size.set(Math.max(SMALLEST, pixels));
  }

  private void press(MouseEvent event) {
    pressedAt = position(event);
    pressedSize = size.get();
    line.requestFocus();
    event.consume();
  }

  private void drag(MouseEvent event) {
    double moved = (position(event) - pressedAt) / factor.get();
    setSize(pressedSize + (edge == Edge.LEFT ? moved : -moved));
    event.consume();
  }

  private double position(MouseEvent event) {
    return edge == Edge.BOTTOM ? event.getSceneY() : event.getSceneX();
  }

  private void key(KeyEvent event) {
    KeyCode larger =
        switch (edge) {
          case LEFT -> KeyCode.RIGHT;
          case RIGHT -> KeyCode.LEFT;
          case BOTTOM -> KeyCode.UP;
        };
    KeyCode smaller =
        switch (edge) {
          case LEFT -> KeyCode.LEFT;
          case RIGHT -> KeyCode.RIGHT;
          case BOTTOM -> KeyCode.DOWN;
        };
    if (event.getCode() == larger) {
      setSize(size.get() + KEY_STEP);
    } else if (event.getCode() == smaller) {
      setSize(size.get() - KEY_STEP);
    } else {
      return;
    }
    event.consume();
  }
}
