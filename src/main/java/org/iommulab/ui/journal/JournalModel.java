package org.iommulab.ui.journal;

import com.google.inject.Inject;
import java.util.List;
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
    position.set(journal.position());
  }
}
