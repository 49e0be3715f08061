package org.iommulab.ui.workbench;

import javafx.beans.property.BooleanProperty;
import javafx.beans.property.SimpleBooleanProperty;

/**
 * Whether a side pane is folded to a rail: by what the person chose, or else by the width of the
 * window. A choice holds until the window crosses the limit again.
 */
final class SideFold {

  private final double limit;
  private final BooleanProperty folded = new SimpleBooleanProperty(this, "folded");
  private boolean narrow;

  /**
   * A side that folds by itself in narrow windows.
   *
   * @param limit width of the window in pixels below which it folds
   */
  SideFold(double limit) {
    this.limit = limit;
  }

  BooleanProperty foldedProperty() {
    return folded;
  }

  boolean isFolded() {
    return folded.get();
  }

  /** The window is too narrow for all. */
  boolean isNarrow() {
    return narrow;
  }

  void toggle() {
    folded.set(!folded.get());
  }

  void windowWidth(double width) {
    boolean isNarrow = width < limit;
    if (isNarrow != narrow) {
      narrow = isNarrow;
      folded.set(isNarrow);
    }
  }
}
