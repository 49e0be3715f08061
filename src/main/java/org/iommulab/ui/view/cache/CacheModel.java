package org.iommulab.ui.view.cache;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.collections.FXCollections;
import javafx.collections.ObservableList;
import org.iommulab.ui.Role;
import org.iommulab.ui.Texts;
import org.iommulab.ui.view.part.Mark;
import org.iommulab.ui.view.part.Phrase;
import org.iommulab.ui.view.part.TextTable;
import org.iommulab.vtd.cache.CacheLine;
import org.iommulab.vtd.config.CacheGeometry;

/** What a cache pane shows. Knows no control. */
final class CacheModel {

  private final ReadOnlyObjectWrapper<CachePicture> picture =
      new ReadOnlyObjectWrapper<>(CachePicture.NONE);
  private final ReadOnlyObjectWrapper<String> chosen = new ReadOnlyObjectWrapper<>("");
  private final ObservableList<CacheRow> sets = FXCollections.observableArrayList();
  private final ObservableList<CacheCell> lines = FXCollections.observableArrayList();

  /** The latest answer. */
  ReadOnlyObjectProperty<CachePicture> pictureProperty() {
    return picture.getReadOnlyProperty();
  }

  /** Key of the selected place, or empty. */
  ReadOnlyObjectProperty<String> chosenProperty() {
    return chosen.getReadOnlyProperty();
  }

  /** The sets, if the cache is drawn as a grid. */
  ObservableList<CacheRow> sets() {
    return sets;
  }

  /** All that is cached, if the cache is drawn as a list. */
  ObservableList<CacheCell> lines() {
    return lines;
  }

  /** Takes an answer. */
  void show(CachePicture shown) {
    picture.set(shown);
    sets.setAll(shown.isGrid() ? CacheRow.folded(shown.rows()) : List.of());
    lines.setAll(shown.isGrid() ? List.of() : shown.lines());
  }

  /** Selects a place. */
  void choose(int set, int way) {
    chosen.set(set + "-" + way);
  }

  /** Index of the set that should be seen: the chosen one, or the last request's. */
  Optional<Integer> wantedSet() {
    return setWith(cell -> cell.line() != null && cell.key().equals(chosen.get()))
        .or(
            () ->
                setWith(
                    cell ->
                        cell.state() == CacheCell.State.FILLED
                            || cell.state() == CacheCell.State.HIT));
  }

  private Optional<Integer> setWith(Predicate<CacheCell> wanted) {
    for (int i = 0; i < sets.size(); i++) {
      if (sets.get(i).cells().stream().anyMatch(wanted)) {
        return Optional.of(i);
      }
    }
    return Optional.empty();
  }

  /** {@code 16 sets × 4 ways · LRU · 5 of 64 · hits 83 %}. */
  Phrase figures() {
    CachePicture shown = picture.get();
    CacheGeometry shape = shown.geometry();
    if (shape == null) {
      return Phrase.NONE;
    }
    var parts = new ArrayList<Phrase>();
    if (shape.isNone()) {
      parts.add(Phrase.of("view.cache.none"));
    } else if (shape.isUnbounded()) {
      parts.add(Phrase.of("view.cache.unbounded"));
      parts.add(Phrase.of("view.cache.entries", shown.used()));
    } else {
      parts.add(Phrase.of("view.cache.shape", shape.sets(), shape.ways()));
      parts.add(Phrase.of("view.cache.policy." + shape.policy().name()));
      parts.add(Phrase.of("view.cache.used", shown.used(), shape.sets() * shape.ways()));
    }
    if (shown.hitPercent() >= 0) {
      parts.add(Phrase.of("view.cache.hits", shown.hitPercent()));
    }
    return Phrase.join(parts, " · ");
  }

  /** A red tag if something is stale, an amber one if something is cached as not present. */
  List<Mark> marks() {
    return marks(picture.get().stale(), picture.get().negative());
  }

  /** Tags for so many remarkable entries. */
  static List<Mark> marks(int stale, int negative) {
    var marks = new ArrayList<Mark>();
    if (stale > 0) {
      marks.add(Mark.bad(Phrase.of("view.cache.staleCount", stale)));
    }
    if (negative > 0) {
      marks.add(new Mark(Role.WARN, "∅", Phrase.of("view.cache.negativeCount", negative)));
    }
    return List.copyOf(marks);
  }

  /** All that is cached, as text. */
  TextTable text(Texts texts) {
    return new TextTable(
        List.of("set", "way", "entry", "age", "state"),
        picture.get().lines().stream().map(cell -> row(cell, texts)).toList());
  }

  private static List<String> row(CacheCell cell, Texts texts) {
    CacheLine line = cell.line();
    Mark mark = cell.mark();
    return List.of(
        Integer.toString(cell.set()),
        Integer.toString(cell.way()),
        line == null ? "" : LineText.of(line),
        line == null ? "" : Long.toString(line.age()),
        mark == null ? "" : mark.in(texts));
  }
}
