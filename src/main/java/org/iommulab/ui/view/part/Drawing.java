package org.iommulab.ui.view.part;

import java.util.List;
import javafx.scene.canvas.Canvas;
import javafx.scene.canvas.GraphicsContext;
import javafx.scene.paint.Paint;

/**
 * Rectangles drawn on one node, for pictures with too many of them to be nodes; remembered, so that
 * they can be drawn elsewhere.
 */
public final class Drawing extends Canvas {

  /** One rectangle in the coordinates of the drawing. */
  public record Box(double x, double y, double width, double height, Paint paint) {}

  private List<Box> boxes = List.of();

  /** An empty drawing that lets the mouse through. */
  public Drawing() {
    setMouseTransparent(true);
  }

  /** Draws these, later ones over earlier ones, instead of what was drawn before. */
  public void show(List<Box> shown) {
    boxes = List.copyOf(shown);
    GraphicsContext brush = getGraphicsContext2D();
    brush.clearRect(0, 0, getWidth(), getHeight());
    for (Box box : boxes) {
      brush.setFill(box.paint());
      brush.fillRect(box.x(), box.y(), box.width(), box.height());
    }
  }

  /** What is drawn. */
  public List<Box> boxes() {
    return boxes;
  }
}
