package org.iommulab.ui.view.part;

import javafx.geometry.Insets;
import javafx.scene.control.Label;
import javafx.scene.input.MouseButton;
import javafx.scene.layout.Region;
import javafx.scene.layout.StackPane;
import javafx.scene.shape.SVGPath;

/** The arrow before an outline row, moved right by the row's depth; a click opens or closes. */
public final class OutlineArrow extends StackPane {

  private static final double WIDTH = 14;
  private static final String OPEN = "M0 0 L7 0 L3.5 4.5 Z";
  private static final String CLOSED = "M0 0 L4.5 3.5 L0 7 Z";

  /** The arrow of a row; {@code onToggle} runs when it is clicked. */
  public OutlineArrow(OutlineRow row, Runnable onToggle) {
    getStyleClass().add("outline-arrow");
    double left = row.depth() * FigureCell.INDENT;
    setPadding(new Insets(0, 0, 0, left));
    setMinWidth(left + WIDTH);
    setPrefWidth(left + WIDTH);
    setMaxHeight(Region.USE_PREF_SIZE);
    switch (row.branch()) {
      case NONE -> getChildren().add(new Label());
      case OPEN -> getChildren().add(arrow(OPEN));
      case CLOSED -> getChildren().add(arrow(CLOSED));
    }
    setOnMousePressed(
        event -> {
          boolean toggles = row.branch() != OutlineRow.Branch.NONE && event.getX() >= left - 2;
          if (event.getButton() == MouseButton.PRIMARY && toggles) {
            event.consume();
            onToggle.run();
          }
        });
  }

  private static SVGPath arrow(String shape) {
    var arrow = new SVGPath();
    arrow.setContent(shape);
    arrow.getStyleClass().add("arrow-shape");
    return arrow;
  }
}
