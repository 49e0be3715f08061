package org.iommulab.ui.view.cache;

import java.util.List;
import java.util.Locale;
import javafx.collections.FXCollections;
import javafx.geometry.Side;
import javafx.scene.chart.LineChart;
import javafx.scene.chart.NumberAxis;
import javafx.scene.chart.XYChart;
import javafx.scene.control.ComboBox;
import javafx.scene.layout.BorderPane;
import javafx.scene.layout.FlowPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.VBox;
import javafx.util.StringConverter;
import org.iommulab.ui.Texts;
import org.iommulab.ui.view.part.TextTable;
import org.iommulab.ui.view.part.Words;
import org.iommulab.vtd.cache.CacheLine;
import org.jspecify.annotations.Nullable;

/** Hit ratio, latency and what else the unit counts, command by command. */
final class RatioView extends BorderPane {

  /** Points that still have room for a symbol each. */
  private static final int MOST_SYMBOLS = 80;

  private static final List<Integer> WINDOWS = List.of(1, 4, 16, 64, 256);

  private final Texts texts;
  private final Choice<Quantity> over;
  private final Choice<Quantity> under;
  private final ComboBox<Integer> window =
      new ComboBox<>(FXCollections.observableArrayList(WINDOWS));
  private final NumberAxis commands = new NumberAxis();
  private final NumberAxis values = new NumberAxis();
  private final LineChart<Number, Number> chart = new LineChart<>(commands, values);
  private final XYChart.Series<Number, Number> recent = new XYChart.Series<>();
  private final XYChart.Series<Number, Number> total = new XYChart.Series<>();
  private List<Ratio.Counted> samples = List.of();
  private CacheLine.@Nullable Cache cache;

  RatioView(Texts texts, GeometryBar geometry) {
    this.texts = texts;
    List<Quantity> all = List.of(Quantity.values());
    over = new Choice<>("caches-over", texts, "view.caches.quantity.", all);
    under = new Choice<>("caches-under", texts, "view.caches.quantity.", all);
    over.setValue(Quantity.HITS);
    under.setValue(Quantity.LOOKUPS);
    window.setId("caches-window");
    window.setValue(16);
    window.setConverter(new Window());
    over.valueProperty().addListener((_, _, _) -> draw());
    under.valueProperty().addListener((_, _, _) -> draw());
    window.valueProperty().addListener((_, _, _) -> draw());
    texts.localeProperty().addListener((_, _, _) -> say());
    chart.setId("caches-chart");
    chart.setAnimated(false);
    chart.setLegendSide(Side.TOP);
    commands.setForceZeroInRange(false);
    commands.setMinorTickVisible(false);
    commands.labelProperty().bind(texts.observe("view.caches.axis.command"));
    values.setMinorTickVisible(false);
    chart.getData().add(recent);
    chart.getData().add(total);
    var choices =
        new FlowPane(
            over,
            new HBox(6, Words.label(texts, "view.caches.per", "muted"), under),
            new HBox(6, Words.label(texts, "view.caches.window", "muted"), window));
    choices.getStyleClass().add("choice-bar");
    setTop(new VBox(choices, geometry));
    setCenter(chart);
    setMinHeight(0);
    say();
  }

  /** Takes what the unit counted. */
  void show(List<Ratio.Counted> counted, CacheLine.@Nullable Cache of) {
    samples = counted;
    cache = of;
    draw();
  }

  private void say() {
    // Choices and axis say their words anew by themselves once they are set again.
    Integer chosen = window.getValue();
    window.setValue(null);
    window.setValue(chosen);
    draw();
  }

  private void draw() {
    Quantity upper = over.getValue();
    Quantity lower = under.getValue();
    Integer back = window.getValue();
    if (upper == null || lower == null || back == null) {
      return;
    }
    List<Ratio.Point> points = new Ratio(upper, lower, back).points(samples, cache);
    String ratio =
        texts.get(
            "view.caches.ratio",
            texts.get("view.caches.quantity." + upper.name()),
            texts.get("view.caches.quantity." + lower.name()));
    recent.setName(texts.get("view.caches.recent", ratio, back));
    total.setName(texts.get("view.caches.total", ratio));
    chart.setCreateSymbols(points.size() <= MOST_SYMBOLS);
    recent.getData().setAll(points.stream().map(RatioView::data).toList());
    total
        .getData()
        .setAll(
            new Ratio(upper, lower, 0)
                .points(samples, cache).stream().map(RatioView::data).toList());
    chart.setAccessibleText(
        points.isEmpty()
            ? recent.getName()
            : recent.getName() + ": " + figure(points.getLast().value()));
  }

  private static XYChart.Data<Number, Number> data(Ratio.Point point) {
    return new XYChart.Data<>(point.command() + 1, point.value());
  }

  private static String figure(double value) {
    return String.format(Locale.ROOT, "%.3f", value);
  }

  /** Both lines as text. */
  TextTable text() {
    var rows =
        recent.getData().stream()
            .map(at -> List.of(at.getXValue().toString(), figure(at.getYValue().doubleValue())))
            .toList();
    return new TextTable(List.of("command", "ratio"), rows);
  }

  private final class Window extends StringConverter<Integer> {
    @Override
    public String toString(@Nullable Integer commandCount) {
      return commandCount == null ? "" : texts.get("view.caches.commands", commandCount);
    }

    @Override
    public Integer fromString(String text) {
      return window.getValue();
    }
  }
}
