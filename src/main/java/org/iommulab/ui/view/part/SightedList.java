package org.iommulab.ui.view.part;

import javafx.collections.ObservableList;
import javafx.scene.control.ListView;

/**
 * A list that keeps a row in sight.
 *
 * @param <T> the rows
 */
public final class SightedList<T> extends ListView<T> {

  private final InSight sight = new InSight(this, this::scrollTo);

  /** A list of these rows. */
  public SightedList(ObservableList<T> rows) {
    super(rows);
  }

  /** Brings a row into sight, with some rows before it if there is room. */
  public void bring(int index, int rowsBefore) {
    sight.bring(index, rowsBefore);
  }

  @Override
  protected void layoutChildren() {
    super.layoutChildren();
    sight.laidOut();
  }
}
