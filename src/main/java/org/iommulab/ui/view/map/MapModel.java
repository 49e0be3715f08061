package org.iommulab.ui.view.map;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import org.iommulab.ui.Hex;
import org.iommulab.ui.Selected;
import org.iommulab.ui.Subject;
import org.iommulab.ui.view.lookup.DomainTree;
import org.iommulab.ui.view.lookup.EntryLayout;
import org.iommulab.ui.view.part.Phrase;
import org.iommulab.ui.view.part.TextTable;
import org.iommulab.vtd.tables.TableNode;
import org.jspecify.annotations.Nullable;

/** What the map shows and where the reader is in it. Knows no control. */
final class MapModel {

  private final ReadOnlyObjectWrapper<MapPicture> picture =
      new ReadOnlyObjectWrapper<>(MapPicture.NONE);
  private Subject asked = Subject.NONE;
  private MapRequest.@Nullable Focus focus;
  private int cursor = -1;

  /** The latest answer. */
  ReadOnlyObjectProperty<MapPicture> pictureProperty() {
    return picture.getReadOnlyProperty();
  }

  /** What to ask the laboratory now. */
  MapRequest request(Subject subject, Selected selected) {
    boolean same =
        subject.domain() == asked.domain() && Objects.equals(subject.table(), asked.table());
    if (!same) {
      focus = null;
      cursor = -1;
    }
    asked = subject;
    return new MapRequest(subject, focus, selected);
  }

  /** Takes an answer. */
  void show(MapPicture shown) {
    picture.set(shown);
    if (shown.selected() >= 0) {
      cursor = shown.selected();
    }
  }

  /** Index of the cell that keys act on, or -1. */
  int cursor() {
    return cursor;
  }

  /** The cell that keys act on. */
  Optional<MapCell> cell() {
    return cell(cursor);
  }

  /** The cell of an index; none if the picture has no such cell. */
  Optional<MapCell> cell(int index) {
    List<MapCell> cells = picture.get().cells();
    return index >= 0 && index < cells.size() ? Optional.of(cells.get(index)) : Optional.empty();
  }

  /** Puts the cursor on a cell. */
  void point(int index) {
    cursor = Math.clamp(index, 0, Math.max(0, picture.get().cells().size() - 1));
  }

  /** Looks into a cell; false if there is nothing to look into. */
  boolean zoomIn(MapCell cell) {
    if (!cell.opens() || picture.get().trail().isEmpty()) {
      return false;
    }
    focus = new MapRequest.Focus(cell.iova(), picture.get().trail().getLast().level() - 1);
    cursor = -1;
    return true;
  }

  /** Shows the table of the trail at that depth, 0 for the whole address space. */
  void zoomTo(int depth) {
    List<TableNode> trail = picture.get().trail();
    if (depth >= 0 && depth < trail.size()) {
      focus = new MapRequest.Focus(trail.getLast().iova(), trail.get(depth).level());
      cursor = -1;
    }
  }

  /** Shows the table above; false if this is the whole address space. */
  boolean zoomOut() {
    int depth = picture.get().trail().size() - 2;
    zoomTo(depth);
    return depth >= 0;
  }

  /** Shows the smallest part that holds all that is mapped. */
  void fit() {
    focus = null;
    cursor = -1;
  }

  /** Shows the single pages around an address, or as near as tables lead. */
  void goTo(long iova) {
    focus = new MapRequest.Focus(iova, 1);
    cursor = -1;
  }

  /** What choosing a cell selects in the window. */
  Optional<Selected> selects(MapCell cell) {
    DomainTree shown = picture.get().chosen();
    if (shown == null || picture.get().trail().isEmpty()) {
      return Optional.empty();
    }
    TableNode table = picture.get().trail().getLast();
    String title = table.name() + " [" + Hex.plain(cell.index()) + "]";
    return Optional.of(
        new Selected.Entry(
            cell.entry(), EntryLayout.of(shown.key().stage(), table.level(), 1), title));
  }

  /** {@code 1_0040_0000 … 1_005F_FFFF · 2 MiB page → 1_8000_0000 · rw}. */
  static Phrase words(MapCell cell) {
    var parts = new ArrayList<Phrase>();
    parts.add(Phrase.literal(Hex.range(cell.iova(), cell.last())));
    switch (cell.kind()) {
      case FREE -> parts.add(Phrase.of("view.map.free", Hex.size(cell.span())));
      case BROKEN -> parts.add(Phrase.of("view.map.broken"));
      case PAGE -> {
        parts.add(Phrase.of("view.map.page", Hex.size(cell.span()), Hex.group(cell.target())));
        parts.add(Phrase.literal(cell.rights().toString()));
      }
      case TABLE -> {
        parts.add(Phrase.of("view.map.table", Hex.size(cell.mapped()), Hex.size(cell.span())));
        parts.add(Phrase.literal(cell.rights().toString()));
      }
    }
    if (cell.reserved() != MapCell.Reserved.NO) {
      parts.add(Phrase.of("view.map.reserved." + cell.reserved().name()));
    }
    if (cell.changed()) {
      parts.add(Phrase.of("view.changed"));
    }
    return Phrase.join(parts, " · ");
  }

  /** {@code 2 MiB of 256 TiB mapped · one box is 512 GiB}. */
  Phrase figures() {
    MapPicture shown = picture.get();
    return shown.cells().isEmpty()
        ? Phrase.NONE
        : Phrase.of(
            "view.map.figures",
            Hex.size(shown.mapped()),
            Hex.size(shown.cells().getFirst().span()));
  }

  /** Everything in the part on show that is not free, as text. */
  TextTable text() {
    return new TextTable(
        List.of("index", "first", "last", "kind", "rights", "mapped", "target", "reserved"),
        picture.get().cells().stream()
            .filter(
                cell -> cell.kind() != MapCell.Kind.FREE || cell.reserved() != MapCell.Reserved.NO)
            .map(MapModel::row)
            .toList());
  }

  private static List<String> row(MapCell cell) {
    return List.of(
        Hex.plain(cell.index()),
        Hex.script(cell.iova()),
        Hex.script(cell.last()),
        cell.kind().name().toLowerCase(Locale.ROOT),
        cell.rights().toString(),
        Long.toString(cell.mapped()),
        Hex.script(cell.target()),
        cell.reserved().name().toLowerCase(Locale.ROOT));
  }
}
