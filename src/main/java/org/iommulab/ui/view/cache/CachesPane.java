package org.iommulab.ui.view.cache;

import com.google.inject.Inject;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import javafx.collections.FXCollections;
import javafx.collections.ObservableList;
import javafx.scene.Node;
import javafx.scene.Parent;
import javafx.scene.control.Toggle;
import javafx.scene.control.ToggleButton;
import javafx.scene.layout.BorderPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.VBox;
import org.controlsfx.control.SegmentedButton;
import org.iommulab.lab.language.Result;
import org.iommulab.ui.Hex;
import org.iommulab.ui.LabModel;
import org.iommulab.ui.Notices;
import org.iommulab.ui.Role;
import org.iommulab.ui.Selected;
import org.iommulab.ui.Selection;
import org.iommulab.ui.Texts;
import org.iommulab.ui.busy.Work;
import org.iommulab.ui.view.part.Feed;
import org.iommulab.ui.view.part.Figure;
import org.iommulab.ui.view.part.Mark;
import org.iommulab.ui.view.part.Phrase;
import org.iommulab.ui.view.part.RowTable;
import org.iommulab.ui.view.part.TextTable;
import org.iommulab.ui.view.part.ViewPane;
import org.iommulab.vtd.cache.CacheLine;
import org.iommulab.vtd.config.CacheGeometry;
import org.iommulab.words.Bilingual;
import org.jspecify.annotations.Nullable;

/** All caches of the unit in figures at the left; what the chosen one holds at the right. */
public final class CachesPane extends ViewPane {

  private final CacheModel model = new CacheModel();
  private final Selection selection;
  private final Feed<CachesPicture> feed;
  private final ObservableList<CachesPicture.Row> rows = FXCollections.observableArrayList();
  private final Map<CacheKind, CacheView> views = new EnumMap<>(CacheKind.class);
  private final RowTable<CachesPicture.Row> overview;
  private final RowTable<DeviceTlbLine> deviceTlbs;
  private final GeometryBar geometry = new GeometryBar(texts(), this::runAgain);
  private @Nullable RatioView ratios;
  private final ToggleButton entries = toggle("caches-entries", "view.caches.entries");
  private final ToggleButton overTime = toggle("caches-over-time", "view.caches.overTime");
  private final BorderPane content = new BorderPane();
  private final LabModel lab;
  private final Notices notices;
  private CachesPicture answer = CachesPicture.NONE;
  private CacheKind chosen = CacheKind.CONTEXT;

  @Inject
  public CachesPane(LabModel lab, Selection selection, Texts texts, Notices notices) {
    super("caches", Place.BOTTOM, 20, texts);
    this.lab = lab;
    this.selection = selection;
    this.notices = notices;
    overview = new RowTable<>("caches", texts);
    deviceTlbs =
        new RowTable<DeviceTlbLine>("device-tlb", texts)
            .column("device", 128, line -> Figure.of((line.device() + " " + line.name()).strip()))
            .column("pasid", 64, CachesPane::pasid)
            .column("range", 250, CachesPane::range)
            .column("target", 130, line -> Figure.of(Hex.group(line.target())))
            .column("rights", 64, line -> Figure.of(line.rights()))
            .column("state", 260, CachesPane::state)
            .rowIds(DeviceTlbLine::key)
            .emptyText("view.device-tlb.empty");
    deviceTlbs.whenChosen(
        line -> selection.select(new Selected.Address(line.device(), line.first())));
    feed =
        feed(
            lab,
            () -> {
              CacheKind wanted = chosen;
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
    overview.quietly(
        () -> {
          rows.setAll(picture.rows());
          rows.stream()
              .filter(row -> row.cache() == chosen)
              .forEach(row -> overview.getSelectionModel().clearAndSelect(rows.indexOf(row)));
        });
    setFigures(model.figures());
    setMarks(
        CacheModel.marks(
            rows.stream().mapToInt(CachesPicture.Row::stale).sum(),
            rows.stream().mapToInt(CachesPicture.Row::negative).sum()));
    geometry.show(picture.chosen().geometry());
    answer = picture;
    deviceTlbs.quietly(() -> deviceTlbs.getItems().setAll(picture.deviceTlbs()));
    content.setCenter(chosenView());
    if (chosen.inUnit() != null) {
      view(chosen).refresh();
    }
  }

  private Node chosenView() {
    if (overTime.isSelected()) {
      // A chart is dear: made when first looked at.
      RatioView view = ratios == null ? new RatioView(texts(), geometry) : ratios;
      ratios = view;
      view.show(answer.samples(), chosen.inUnit());
      return view;
    }
    return chosen.inUnit() == null ? deviceTlbs : view(chosen);
  }

  private void runAgain(CacheGeometry shape) {
    CacheLine.Cache cache = chosen.inUnit();
    if (cache != null) {
      lab.change(
          Work.named("work.rerun"),
          laboratory -> Rerun.with(laboratory, cache, shape),
          result -> {
            if (result instanceof Result.Refused(Bilingual sentence)) {
              notices.tell(Role.BAD, () -> texts().get("refused", sentence));
            }
          });
    }
  }

  private ToggleButton toggle(String id, String key) {
    var button = new ToggleButton();
    button.setId(id);
    button.textProperty().bind(texts().observe(key));
    return button;
  }

  /** A view per cache, made when the cache is first chosen, each with ids of its own. */
  private CacheView view(CacheKind cache) {
    return views.computeIfAbsent(
        cache, kind -> new CacheView(kind.view(), model, texts(), this::choose));
  }

  @Override
  protected Parent build() {
    overview
        .column("cache", 136, row -> Figure.of(name(row.cache())))
        .column("used", 84, row -> Figure.of(row.use()))
        .column("hits", 60, CachesPane::hits)
        .column("marks", 120, CachesPane::marks)
        .rowIds(row -> row.cache().key())
        .faintWhen(row -> row.used() == 0)
        .emptyText("view.cache.evidence");
    overview.setItems(rows);
    overview.whenChosen(
        row -> {
          if (row.cache() != chosen) {
            chosen = row.cache();
            feed.ask();
          }
        });
    overview.beAsWideAsColumns();
    VBox.setVgrow(overview, Priority.ALWAYS);
    var kinds = new SegmentedButton(entries, overTime);
    kinds.getToggleGroup().selectedToggleProperty().addListener((_, was, now) -> choose(was, now));
    entries.setSelected(true);
    var bar = new HBox(kinds);
    bar.getStyleClass().add("choice-bar");
    var left = new VBox(bar, overview);
    left.getStyleClass().add("caches-overview");
    content.setLeft(left);
    content.setCenter(chosenView());
    return content;
  }

  /** One of the two is always chosen. */
  private void choose(@Nullable Toggle was, @Nullable Toggle now) {
    if (now == null && was != null) {
      was.setSelected(true);
      return;
    }
    content.setCenter(chosenView());
  }

  private static Phrase name(CacheKind cache) {
    return Phrase.of("view.caches.cache." + cache.name());
  }

  private static Figure pasid(DeviceTlbLine line) {
    return line.pasid() < 0 ? Figure.NONE : Figure.of(Hex.plain(line.pasid()));
  }

  private static Figure range(DeviceTlbLine line) {
    return Figure.of(Hex.range(line.first(), line.first() + line.size() - 1));
  }

  private static Figure state(DeviceTlbLine line) {
    Phrase stale = line.stale();
    return stale == null ? Figure.NONE : Figure.tag(Mark.bad(Phrase.of("view.cache.stale", stale)));
  }

  private static Figure hits(CachesPicture.Row row) {
    int percent = row.lookups().hitPercent();
    return percent < 0 ? Figure.NONE : Figure.of(percent + " %");
  }

  private static Figure marks(CachesPicture.Row row) {
    Figure figure =
        row.geometry() != null && row.geometry().isNone()
            ? Figure.muted(Phrase.of("view.cache.none"))
            : Figure.NONE;
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
    if (overTime.isSelected() && ratios != null) {
      return ratios.text();
    }
    return chosen.inUnit() == null ? deviceTlbs.text() : model.text(texts());
  }
}
