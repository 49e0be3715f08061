package org.iommulab.ui.view.tree;

import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Predicate;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.collections.FXCollections;
import javafx.collections.ObservableList;
import org.iommulab.ui.Hex;
import org.iommulab.ui.Subject;
import org.iommulab.ui.view.part.OutlineRow.Branch;
import org.jspecify.annotations.Nullable;

/**
 * What the tree pane shows, what is open in it, and what it wants to know next. Knows no control.
 */
final class TreeModel {

  private final ReadOnlyObjectWrapper<TreePicture> picture =
      new ReadOnlyObjectWrapper<>(TreePicture.EMPTY);
  private final ReadOnlyObjectWrapper<@Nullable TreeRow> selected = new ReadOnlyObjectWrapper<>();
  private final ObservableList<TreeRow> rows = FXCollections.observableArrayList();
  private final Map<String, Boolean> decided = new HashMap<>();
  private TreeRequest.@Nullable Reveal reveal;
  private TreeRequest.@Nullable Reveal asked;
  private OptionalLong awaited = OptionalLong.empty();
  private Predicate<Subject> by = subject -> true;

  /** The latest answer. */
  ReadOnlyObjectProperty<TreePicture> pictureProperty() {
    return picture.getReadOnlyProperty();
  }

  /** The selected row, or null. */
  ReadOnlyObjectProperty<@Nullable TreeRow> selectedProperty() {
    return selected.getReadOnlyProperty();
  }

  /** The visible rows. */
  ObservableList<TreeRow> rows() {
    return rows;
  }

  /** What to ask the laboratory now. */
  TreeRequest request(Subject subject) {
    if (awaited.isPresent() && awaited.equals(subject.iova()) && by.test(subject)) {
      revealInput(awaited.getAsLong());
      awaited = OptionalLong.empty();
    }
    asked = reveal;
    return new TreeRequest(subject, decided, reveal);
  }

  /** Takes an answer. The selection stays at its entry. */
  void show(TreePicture shown) {
    TreeRow before = selected.get();
    boolean sameTree =
        shown.chosen() != null
            && picture.get().chosen() != null
            && shown.chosen().key().equals(picture.get().chosen().key());
    picture.set(shown);
    if (!sameTree) {
      decided.clear();
    }
    shown.opened().forEach(key -> decided.put(key, true));
    // What is wanted since the question was asked is still to come.
    if (reveal == asked) {
      reveal = null;
    }
    rows.setAll(shown.rows());
    if (shown.revealed() >= 0) {
      select(rowAt(shown.revealed()));
    } else if (before != null && sameTree) {
      select(rowWith(before.key()));
    } else {
      select(null);
    }
  }

  /** Opens what is closed and closes what is open. */
  void toggle(TreeRow row) {
    if (row.branch() != Branch.NONE) {
      decided.put(row.key(), row.branch() == Branch.CLOSED);
    }
  }

  /** Asks for the entry that translates an input address. */
  void revealInput(long iova) {
    reveal = new TreeRequest.InputAddress(iova);
  }

  /** Asks for the entry that translates an address as soon as all panes mean it, and whose. */
  void awaitInput(long iova, Predicate<Subject> whose) {
    awaited = OptionalLong.of(iova);
    by = whose;
  }

  /** Asks for the entry at a physical address, unless it is visible already. */
  boolean revealEntry(long address) {
    TreeRow visible = rowAt(address);
    if (visible != null) {
      select(visible);
      return false;
    }
    reveal = new TreeRequest.EntryAddress(address);
    return true;
  }

  /** Reads an input address as a person types it. */
  static OptionalLong readAddress(String text) {
    return Hex.address(text);
  }

  /** Selects a row, or none. */
  void select(@Nullable TreeRow row) {
    selected.set(row);
  }

  /** The row that covers an entry: the entry's own row rather than a merged one. */
  private @Nullable TreeRow rowAt(long address) {
    TreeRow found = null;
    for (TreeRow row : rows) {
      if (row.covers(address)) {
        found = row;
      }
    }
    return found;
  }

  private @Nullable TreeRow rowWith(String key) {
    for (TreeRow row : rows) {
      if (row.key().equals(key)) {
        return row;
      }
    }
    return null;
  }
}
