package org.iommulab.ui.view.calls;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import javafx.beans.property.ReadOnlyIntegerProperty;
import javafx.beans.property.ReadOnlyIntegerWrapper;
import javafx.collections.FXCollections;
import javafx.collections.ObservableList;
import org.iommulab.trace.CallFrame;

/** What the calls pane shows and what is open in it. Knows no control. */
final class CallsModel {

  private final ObservableList<CallRow> rows = FXCollections.observableArrayList();
  private final ReadOnlyIntegerWrapper errors = new ReadOnlyIntegerWrapper();
  private final Set<String> toggled = new HashSet<>();
  private List<CallFrame> frames = List.of();

  /** The visible rows. */
  ObservableList<CallRow> rows() {
    return rows;
  }

  /** How many frames raised an error. */
  ReadOnlyIntegerProperty errorsProperty() {
    return errors.getReadOnlyProperty();
  }

  /** Takes an answer: what the latest command that reached the kernel called. */
  void show(List<CallFrame> newFrames) {
    if (!newFrames.equals(frames)) {
      frames = List.copyOf(newFrames);
      toggled.clear();
      errors.set(CallOutline.errors(frames));
      refresh();
    }
  }

  /** Opens what is closed and closes what is open. */
  void toggle(CallRow row) {
    if (row.branch() != CallRow.Branch.NONE) {
      if (!toggled.remove(row.key())) {
        toggled.add(row.key());
      }
      refresh();
    }
  }

  private void refresh() {
    rows.setAll(CallOutline.rows(frames, toggled));
  }
}
