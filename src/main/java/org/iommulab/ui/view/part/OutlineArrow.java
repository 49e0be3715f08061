package org.iommulab.ui.view.part;

import javafx.geometry.Insets;
import javafx.geometry.Pos;
import javafx.scene.input.MouseButton;
import javafx.scene.layout.Region;
import javafx.scene.layout.StackPane;
import javafx.scene.shape.SVGPath;
import org.iommulab.ui.Ids;

/** The arrow before an outline row, moved right by the row's depth; a click opens or closes. */
public final class OutlineArrow extends StackPane {

  private static final double WIDTH = 14;
  private static final String OPEN = "M0 0 L7 0 L3.5 4.5 Z";
  private static final String CLOSED = "M0 0 L4.5 3.5 L0 7 Z";

  private final StackPane hit = new StackPane();

  /**
   * The arrow of a row.
   *
   * @param indent one step of indentation, in pixels at the ordinary font size
   * @param onToggle runs when it is clicked
   */
  public OutlineArrow(OutlineRow row, double indent, Runnable onToggle) {
    getStyleClass().add("outline-arrow");
    double left = row.depth() * indent;
    setPadding(new Insets(0, 0, 0, left));
    setMinWidth(left + WIDTH);
    setPrefWidth(left + WIDTH);
    setMaxHeight(Region.USE_PREF_SIZE);
    hit.setMinWidth(WIDTH);
    hit.setPrefWidth(WIDTH);
    hit.setMaxWidth(WIDTH);
    hit.getStyleClass().add("outline-hit");
    switch (row.branch()) {
      case NONE -> hit.setMouseTransparent(true);
      case OPEN -> hit.getChildren().add(arrow(OPEN));
      case CLOSED -> hit.getChildren().add(arrow(CLOSED));
    }
    hit.setOnMousePressed(
        event -> {
          if (event.getButton() == MouseButton.PRIMARY) {
            event.consume();
            onToggle.run();
          }
        });
    getChildren().add(hit);
    StackPane.setAlignment(hit, Pos.CENTER_LEFT);
  }

  /** Names the part that is clicked. */
  public void setArrowId(String id) {
    hit.setId(Ids.of(id));
  }

  private static SVGPath arrow(String shape) {
    var arrow = new SVGPath();
    arrow.setContent(shape);
    arrow.getStyleClass().add("arrow-shape");
    return arrow;
  }
}
