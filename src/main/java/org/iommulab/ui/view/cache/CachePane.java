package org.iommulab.ui.view.cache;

import java.util.List;
import java.util.Locale;
import javafx.scene.Parent;
import javafx.scene.control.ListView;
import javafx.scene.layout.StackPane;
import org.iommulab.ui.LabModel;
import org.iommulab.ui.Selected;
import org.iommulab.ui.Selection;
import org.iommulab.ui.Texts;
import org.iommulab.ui.view.part.EmptyNote;
import org.iommulab.ui.view.part.Feed;
import org.iommulab.ui.view.part.Figure;
import org.iommulab.ui.view.part.RowTable;
import org.iommulab.ui.view.part.TextTable;
import org.iommulab.ui.view.part.ViewPane;
import org.iommulab.vtd.CacheLine;

/** One cache of the unit: a grid of sets and ways, or a list where there are no sets. */
public final class CachePane extends ViewPane {

  private final CacheModel model = new CacheModel();
  private final Selection selection;
  private final CacheLine.Cache cache;
  private final Feed<CachePicture> feed;
  private final ListView<CacheRow> grid;
  private final RowTable<CacheCell> list;
  private final EmptyNote nothing;
  private final EmptyNote noCaches;

  /**
   * A pane for one cache.
   *
   * @param id such as {@code iotlb}
   */
  public CachePane(
      String id, int order, CacheLine.Cache cache, LabModel lab, Selection selection, Texts texts) {
    super(id, Place.BOTTOM, order, texts);
    this.cache = cache;
    this.selection = selection;
    feed = new Feed<>(lab, () -> view -> CacheQuery.answer(view, cache), this::show);
    grid = new ListView<>(model.sets());
    list = new RowTable<>(id, "cache", texts);
    nothing = new EmptyNote(texts, "view.cache.nothing");
    noCaches = new EmptyNote(texts, "view.cache.evidence");
  }

  @Override
  public void shown(boolean shown) {
    feed.shown(shown);
  }

  private void show(CachePicture picture) {
    model.show(picture);
    setFigures(model.figures());
    setMarks(model.marks());
    boolean evidence = picture.geometry() == null;
    list.setPlaceholder(evidence ? noCaches : nothing);
    grid.setVisible(picture.isGrid() && !picture.rows().isEmpty());
    list.setVisible(!grid.isVisible());
    model.touchedSet().ifPresent(set -> grid.scrollTo(Math.max(0, set - 1)));
  }

  @Override
  protected Parent build() {
    grid.setId(id() + "-grid");
    grid.getStyleClass().add("cache-grid");
    grid.setCellFactory(_ -> new SetCell(id(), texts(), model, this::choose));
    grid.setVisible(false);
    texts().localeProperty().addListener((_, _, _) -> grid.refresh());
    list.column("place", 72, cell -> Figure.of(cell.key()))
        .column("line", 420, CachePane::line)
        .column("age", 72, CachePane::age)
        .rowIds(CacheCell::key);
    list.setItems(model.lines());
    list.getSelectionModel()
        .selectedItemProperty()
        .addListener(
            (_, _, cell) -> {
              if (cell != null) {
                choose(cell);
              }
            });
    return new StackPane(list, grid);
  }

  private static Figure line(CacheCell cell) {
    CacheLine line = cell.line();
    Figure text = line == null ? Figure.NONE : Figure.of(LineText.of(line));
    return cell.mark() == null ? text : text.with(cell.mark());
  }

  private static Figure age(CacheCell cell) {
    CacheLine line = cell.line();
    return line == null ? Figure.NONE : Figure.of(Long.toString(line.age()));
  }

  private void choose(CacheCell cell) {
    CacheLine line = cell.line();
    if (line == null) {
      return;
    }
    model.choose(cell.set(), cell.way());
    grid.refresh();
    selection.select(
        new Selected.Cached(cache.name().toLowerCase(Locale.ROOT), cell.set(), cell.way()));
  }

  @Override
  public TextTable text() {
    return new TextTable(
        List.of("set", "way", "entry", "state"),
        model.pictureProperty().get().lines().stream()
            .map(
                cell ->
                    List.of(
                        "" + cell.set(),
                        "" + cell.way(),
                        line(cell).text().in(texts()),
                        cell.mark() == null ? "" : cell.mark().in(texts())))
            .toList());
  }
}
