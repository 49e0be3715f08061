package org.iommulab.ui.journal;

import com.google.inject.Inject;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import javafx.beans.property.ReadOnlyIntegerProperty;
import javafx.beans.property.ReadOnlyIntegerWrapper;
import javafx.collections.FXCollections;
import javafx.collections.ObservableList;
import org.iommulab.lab.JournalEntry;
import org.iommulab.lab.LabView;
import org.iommulab.ui.LabModel;

/** The journal as a list, kept up to date while it is shown. */
final class JournalModel {

  /** The journal at one moment. */
  private record Journal(List<JournalEntry> entries, int position) {

    static Journal of(LabView view) {
      return new Journal(List.copyOf(view.journal()), view.position());
    }
  }

  private final LabModel model;
  private final ObservableList<JournalEntry> entries = FXCollections.observableArrayList();
  private final ReadOnlyIntegerWrapper position = new ReadOnlyIntegerWrapper(this, "position");
  private final ObservableList<JournalRow> rows = FXCollections.observableArrayList();

  /** First checks of those that a person has opened or folded. */
  private final Set<Integer> turned = new HashSet<>();

  private boolean shown;

  @Inject
  JournalModel(LabModel model) {
    this.model = model;
    model.snapshotProperty().subscribe(snapshot -> refresh());
  }

  /** All commands, those undone included. */
  ObservableList<JournalEntry> entries() {
    return entries;
  }

  /** The same as lines, checks folded. */
  ObservableList<JournalRow> rows() {
    return rows;
  }

  /** Opens or folds the checks that a line stands for. */
  void toggle(JournalRow row) {
    int first = row.entry().index();
    if (row.isFold() && !turned.remove(first)) {
      turned.add(first);
    }
    showRows();
  }

  /** How many of them are in effect. */
  ReadOnlyIntegerProperty positionProperty() {
    return position.getReadOnlyProperty();
  }

  /** Starts or stops following the laboratory. */
  void setShown(boolean visible) {
    shown = visible;
    refresh();
  }

  /** Goes to the state after the first {@code count} commands. */
  void rewind(int count) {
    if (count != position.get()) {
      model.rewind(count);
    }
  }

  private void refresh() {
    if (shown) {
      model.ask(Journal::of, this::show);
    }
  }

  private void show(Journal journal) {
    int same = 0;
    int most = Math.min(entries.size(), journal.entries().size());
    while (same < most && entries.get(same) == journal.entries().get(same)) {
      same++;
    }
    if (same < entries.size()) {
      entries.remove(same, entries.size());
    }
    entries.addAll(journal.entries().subList(same, journal.entries().size()));
    turned.removeIf(first -> first >= entries.size());
    showRows();
    position.set(journal.position());
  }

  private void showRows() {
    List<JournalRow> now = JournalRow.of(entries, turned::contains);
    int same = 0;
    int most = Math.min(rows.size(), now.size());
    while (same < most && rows.get(same).isSame(now.get(same))) {
      same++;
    }
    rows.remove(same, rows.size());
    rows.addAll(now.subList(same, now.size()));
  }
}
