package org.iommulab.ui.view.kernel;

import javafx.scene.control.TableView;
import javafx.scene.layout.Region;
import org.iommulab.ui.Theme;

/** Two tables beside each other; below each other where there is no room for that. */
final class Beside extends Region {

  /** Height of a row in em, as the style sheet has it. */
  private static final double ROW = 1.846;

  private static final String BESIDE = "beside";
  private static final String BELOW = "below";

  /** Width that two tables need beside each other, in em. */
  private static final double LEAST = 44;

  private final TableView<?> first;
  private final TableView<?> second;
  private final double share;

  /**
   * Two tables.
   *
   * @param share of the width that the second has
   */
  Beside(TableView<?> first, TableView<?> second, double share) {
    this.first = first;
    this.second = second;
    this.share = share;
    setMinSize(0, 0);
    getChildren().addAll(first, second);
  }

  @Override
  protected double computePrefWidth(double height) {
    return LEAST * Theme.FONT_PIXELS;
  }

  @Override
  protected void layoutChildren() {
    double width = getWidth();
    double height = getHeight();
    double em = first.getFixedCellSize() > 0 ? first.getFixedCellSize() / ROW : Theme.FONT_PIXELS;
    boolean beside = width >= LEAST * em;
    String place = beside ? BESIDE : BELOW;
    if (!second.getStyleClass().contains(place)) {
      second.getStyleClass().removeAll(BESIDE, BELOW);
      second.getStyleClass().add(place);
    }
    if (beside) {
      double right = snapSizeX(width * share);
      first.resizeRelocate(0, 0, width - right, height);
      second.resizeRelocate(width - right, 0, right, height);
    } else {
      double lower = snapSizeY(height * 0.4);
      first.resizeRelocate(0, 0, width, height - lower);
      second.resizeRelocate(0, height - lower, width, lower);
    }
  }
}
