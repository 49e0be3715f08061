package org.iommulab.ui.view.cache;

import java.util.function.Consumer;
import javafx.scene.layout.StackPane;
import org.iommulab.ui.Texts;
import org.iommulab.ui.view.part.EmptyNote;
import org.iommulab.ui.view.part.Figure;
import org.iommulab.ui.view.part.RowTable;
import org.iommulab.ui.view.part.SightedList;
import org.iommulab.vtd.cache.CacheLine;

/** What one cache holds: a grid of sets and ways, or a list where there are no sets. */
final class CacheView extends StackPane {

  private final CacheModel model;
  private final SightedList<CacheRow> grid;
  private final RowTable<CacheCell> list;
  private final EmptyNote nothing;
  private final EmptyNote noCaches;

  /**
   * A view of a model.
   *
   * @param name start of all ids
   * @param onChosen told of the place that was clicked; never of an empty one
   */
  CacheView(String name, CacheModel model, Texts texts, Consumer<CacheCell> onChosen) {
    this.model = model;
    grid = new SightedList<>(model.sets());
    list = new RowTable<>(name, "cache", texts);
    nothing = new EmptyNote(texts, "view.cache.nothing");
    noCaches = new EmptyNote(texts, "view.cache.evidence");
    Consumer<CacheCell> choose =
        cell -> {
          if (cell.line() != null) {
            model.choose(cell.set(), cell.way());
            onChosen.accept(cell);
          }
        };
    grid.setId(name + "-grid");
    grid.getStyleClass().add("cache-grid");
    grid.setCellFactory(_ -> new SetCell(name, texts, model, choose));
    grid.setVisible(false);
    model
        .chosenProperty()
        .addListener(
            (_, _, _) -> {
              grid.refresh();
              model.wantedSet().ifPresent(set -> grid.bring(set, 1));
            });
    texts.localeProperty().addListener((_, _, _) -> grid.refresh());
    list.column("place", 72, cell -> Figure.of(cell.key()))
        .column("line", 420, CacheView::line)
        .column("age", 72, CacheView::age)
        .rowIds(CacheCell::key);
    list.setItems(model.lines());
    list.getSelectionModel()
        .selectedItemProperty()
        .addListener(
            (_, _, cell) -> {
              if (cell != null) {
                choose.accept(cell);
              }
            });
    getChildren().addAll(list, grid);
  }

  /** Draws what the model took last. */
  void refresh() {
    CachePicture picture = model.pictureProperty().get();
    list.setPlaceholder(picture.geometry() == null ? noCaches : nothing);
    grid.setVisible(picture.isGrid() && picture.used() > 0);
    list.setVisible(!grid.isVisible());
    model.wantedSet().ifPresent(set -> grid.bring(set, 1));
  }

  /** The entry and what is remarkable about it. */
  static Figure line(CacheCell cell) {
    CacheLine line = cell.line();
    Figure text = line == null ? Figure.NONE : Figure.of(LineText.of(line));
    return cell.mark() == null ? text : text.with(cell.mark());
  }

  private static Figure age(CacheCell cell) {
    CacheLine line = cell.line();
    return line == null ? Figure.NONE : Figure.of(Long.toString(line.age()));
  }
}
