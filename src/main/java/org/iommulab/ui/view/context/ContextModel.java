package org.iommulab.ui.view.context;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import javafx.collections.FXCollections;
import javafx.collections.ObservableList;
import org.iommulab.ui.view.part.OutlineRow.Branch;

/** What the context pane shows and what is closed in it. Knows no control. */
final class ContextModel {

  private final ObservableList<ContextRow> rows = FXCollections.observableArrayList();
  private final Set<String> closed = new HashSet<>();
  private List<ContextRow> all = List.of();

  /** The visible rows. */
  ObservableList<ContextRow> rows() {
    return rows;
  }

  /** Takes an answer. */
  void show(ContextPicture picture) {
    all = picture.rows();
    refresh();
  }

  /** Opens what is closed and closes what is open. */
  void toggle(ContextRow row) {
    if (row.branch() != Branch.NONE) {
      if (!closed.remove(row.key())) {
        closed.add(row.key());
      }
      refresh();
    }
  }

  private void refresh() {
    var visible = new ArrayList<ContextRow>();
    int hiddenBelow = Integer.MAX_VALUE;
    for (ContextRow row : all) {
      if (row.depth() > hiddenBelow) {
        continue;
      }
      boolean shut = closed.contains(row.key());
      hiddenBelow = shut ? row.depth() : Integer.MAX_VALUE;
      visible.add(shut ? row.with(Branch.CLOSED) : row);
    }
    rows.setAll(visible);
  }
}
