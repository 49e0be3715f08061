package org.iommulab.ui.view.cache;

import com.google.inject.Inject;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import javafx.collections.FXCollections;
import javafx.collections.ObservableList;
import javafx.scene.Parent;
import javafx.scene.control.Label;
import javafx.scene.layout.BorderPane;
import javafx.scene.layout.Priority;
import javafx.scene.layout.VBox;
import org.iommulab.ui.LabModel;
import org.iommulab.ui.Selected;
import org.iommulab.ui.Selection;
import org.iommulab.ui.Texts;
import org.iommulab.ui.view.part.ColumnChart;
import org.iommulab.ui.view.part.Feed;
import org.iommulab.ui.view.part.Figure;
import org.iommulab.ui.view.part.Mark;
import org.iommulab.ui.view.part.Phrase;
import org.iommulab.ui.view.part.RowTable;
import org.iommulab.ui.view.part.TextTable;
import org.iommulab.ui.view.part.ViewPane;
import org.iommulab.ui.view.part.Words;
import org.iommulab.vtd.CacheLine;

/** All caches of the unit in figures at the left; what the chosen one holds at the right. */
public final class CachesPane extends ViewPane {

  private final CacheModel model = new CacheModel();
  private final Selection selection;
  private final Feed<CachesPicture> feed;
  private final ObservableList<CachesPicture.Row> rows = FXCollections.observableArrayList();
  private final Map<CacheLine.Cache, CacheView> views = new EnumMap<>(CacheLine.Cache.class);
  private final RowTable<CachesPicture.Row> overview;
  private final ColumnChart chart = new ColumnChart("caches-chart");
  private final Label chartTitle = Words.label(texts(), "view.caches.chart", "muted", "small");
  private final BorderPane content = new BorderPane();
  private CacheLine.Cache chosen = CacheLine.Cache.CONTEXT;
  private boolean showing;

  @Inject
  public CachesPane(LabModel lab, Selection selection, Texts texts) {
    super("caches", Place.BOTTOM, 20, texts);
    this.selection = selection;
    overview = new RowTable<>("caches", texts);
    feed =
        new Feed<>(
            lab,
            () -> {
              CacheLine.Cache wanted = chosen;
              return view -> CachesQuery.answer(view, wanted);
            },
            this::show);
  }

  @Override
  public void shown(boolean shown) {
    feed.shown(shown);
  }

  private void show(CachesPicture picture) {
    model.show(picture.chosen());
    showing = true;
    rows.setAll(picture.rows());
    rows.stream()
        .filter(row -> row.cache() == chosen)
        .forEach(row -> overview.getSelectionModel().clearAndSelect(rows.indexOf(row)));
    showing = false;
    setFigures(model.figures());
    setMarks(
        CacheModel.marks(
            rows.stream().mapToInt(CachesPicture.Row::stale).sum(),
            rows.stream().mapToInt(CachesPicture.Row::negative).sum()));
    chart.show(
        picture.history().stream()
            .map(made -> new ColumnChart.Column(made.hits(), made.misses()))
            .toList());
    chart.setVisible(!picture.history().isEmpty());
    chartTitle.setVisible(chart.isVisible());
    CacheView view = view(chosen);
    content.setCenter(view);
    view.refresh();
  }

  /** A view per cache, made when the cache is first chosen, each with ids of its own. */
  private CacheView view(CacheLine.Cache cache) {
    return views.computeIfAbsent(
        cache, kind -> new CacheView(idOf(kind), model, texts(), this::choose));
  }

  /** Start of the ids of a cache's places. */
  static String idOf(CacheLine.Cache cache) {
    return switch (cache) {
      case IOTLB -> "caches-iotlb";
      case CONTEXT -> "context-cache";
      case PASID -> "pasid-cache";
      case PAGING_STRUCTURE -> "paging-cache";
      case INTERRUPT_ENTRY -> "interrupt-cache";
    };
  }

  @Override
  protected Parent build() {
    overview
        .column("cache", 136, row -> Figure.of(name(row.cache())))
        .column("used", 84, row -> Figure.of(row.use()))
        .column("hits", 60, CachesPane::hits)
        .column("marks", 120, CachesPane::marks)
        .rowIds(row -> row.cache().name().toLowerCase(Locale.ROOT).replace('_', '-'))
        .faintWhen(row -> row.used() == 0)
        .emptyText("view.cache.evidence");
    overview.setItems(rows);
    overview
        .getSelectionModel()
        .selectedItemProperty()
        .addListener(
            (_, _, row) -> {
              if (row != null && !showing && row.cache() != chosen) {
                chosen = row.cache();
                feed.ask();
              }
            });
    chart.setMinHeight(24);
    VBox.setVgrow(overview, Priority.ALWAYS);
    var left = new VBox(overview, chartTitle, chart);
    left.getStyleClass().add("caches-overview");
    content.setLeft(left);
    content.setCenter(view(chosen));
    return content;
  }

  private static Phrase name(CacheLine.Cache cache) {
    return Phrase.of("view.caches.cache." + cache.name());
  }

  private static Figure hits(CachesPicture.Row row) {
    int percent = row.lookups().hitPercent();
    return percent < 0 ? Figure.NONE : Figure.of(percent + " %");
  }

  private static Figure marks(CachesPicture.Row row) {
    Figure figure =
        row.geometry().isNone() ? Figure.muted(Phrase.of("view.cache.none")) : Figure.NONE;
    for (Mark mark : CacheModel.marks(row.stale(), row.negative())) {
      figure = figure.with(mark);
    }
    return figure;
  }

  private void choose(CacheCell cell) {
    selection.select(
        new Selected.Cached(chosen.name().toLowerCase(Locale.ROOT), cell.set(), cell.way()));
  }

  @Override
  public TextTable text() {
    return model.text(texts());
  }
}
