package org.iommulab.ui.view.part;

import java.util.function.IntConsumer;
import javafx.scene.Node;
import javafx.scene.control.Control;
import javafx.scene.control.IndexedCell;
import javafx.scene.control.skin.VirtualFlow;
import javafx.scene.input.MouseEvent;
import javafx.scene.input.ScrollEvent;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a row of a list or table in sight, also when the control becomes lower afterwards, until a
 * person scrolls. What is seen already stays where it is.
 */
final class InSight {

  private static final int NONE = -1;

  /**
   * Rows that are filled anew begin at the top again, at times between our wish and its layout; but
   * a place that is too low for a row stays so.
   */
  private static final int MOST_TRIES = 4;

  private final Control control;
  private final IntConsumer scrollTo;
  private int row = NONE;
  private int before;

  /** The row that was put at the top last, and how often in vain. */
  private int top = NONE;

  private int tries;

  /**
   * For one control, which tells of its layouts.
   *
   * @param scrollTo puts the row with this number at the top
   */
  InSight(Control control, IntConsumer scrollTo) {
    this.control = control;
    this.scrollTo = scrollTo;
    control.addEventFilter(ScrollEvent.SCROLL, _ -> release());
    control.addEventFilter(MouseEvent.MOUSE_PRESSED, _ -> release());
  }

  /**
   * Brings a row into sight.
   *
   * @param index the row, counted from 0
   * @param rowsBefore how many rows before it are wanted in sight as well, if there is room
   */
  void bring(int index, int rowsBefore) {
    row = index;
    before = rowsBefore;
    top = NONE;
    laidOut();
  }

  private void release() {
    row = NONE;
    top = NONE;
  }

  /** The control has its size, and its rows are about to get their places. */
  void laidOut() {
    if (row == NONE) {
      return;
    }
    VirtualFlow<?> flow = flow();
    int rows = before;
    if (flow != null) {
      double height = height(flow);
      IndexedCell<?> cell = flow.getVisibleCell(row);
      if (cell != null
          && cell.getLayoutY() >= 0
          && cell.getLayoutY() + cell.getHeight() <= height + 1) {
        tries = 0;
        return;
      }
      rows = Math.clamp((int) (height / highest(flow)) - 1L, 0, before);
    }
    int first = Math.max(0, row - rows);
    tries = first == top ? tries + 1 : 0;
    if (tries < MOST_TRIES) {
      top = first;
      scrollTo.accept(first);
    }
  }

  /** What holds the rows; null while nothing is laid out. */
  private @Nullable VirtualFlow<?> flow() {
    return control.lookup(".virtual-flow") instanceof VirtualFlow<?> flow
            && flow.getHeight() > 0
            && flow.getFirstVisibleCell() != null
        ? flow
        : null;
  }

  /** Without the bar below the rows, which may come later than they. */
  private static double height(VirtualFlow<?> flow) {
    double height = flow.getHeight();
    for (Node bar : flow.lookupAll(".scroll-bar:horizontal")) {
      height -= bar.prefHeight(-1);
    }
    return height;
  }

  private static double highest(VirtualFlow<?> flow) {
    return Math.max(
        1, Math.max(flow.getFirstVisibleCell().getHeight(), flow.getLastVisibleCell().getHeight()));
  }
}
