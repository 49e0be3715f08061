package org.iommulab.ui.casefile;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import javafx.scene.AccessibleRole;
import javafx.scene.control.Label;
import javafx.scene.layout.Region;
import javafx.scene.shape.LineTo;
import javafx.scene.shape.MoveTo;
import javafx.scene.shape.Path;
import org.iommulab.evidence.trace.Event;
import org.iommulab.evidence.trace.TimeLanes;
import org.iommulab.ui.Texts;
import org.iommulab.ui.view.part.Words;
import org.jspecify.annotations.Nullable;

/**
 * A trace over time, a lane for each device: maps above, unmaps and flushes below them, a line
 * through all for a fault. A pixel stands for all events that fall on it. A click chooses an event.
 */
final class TraceLine extends Region {

  private static final int MOST_LANES = 5;
  private static final double ROW = 5;
  private static final int ROWS = 3;
  private static final double LANE = ROWS * ROW + 6;
  private static final double NAME = 62;
  private static final double NEAR = 4;

  private final Texts texts;
  private final Consumer<Event> chosen;
  private final Map<Event.Type, Path> marks = new EnumMap<>(Event.Type.class);
  private final List<Label> names = new ArrayList<>();
  private final Region axis = new Region();
  private final Region pin = new Region();
  private final Label from = label();
  private final Label to = label();
  private TimeLanes lanes = TimeLanes.of(List.of(), MOST_LANES);
  private @Nullable Event marked;

  TraceLine(Texts texts, Consumer<Event> chosen) {
    this.texts = texts;
    this.chosen = chosen;
    setId("trace-line");
    getStyleClass().add("trace-line");
    setAccessibleRole(AccessibleRole.IMAGE_VIEW);
    setMinWidth(0);
    setMinHeight(USE_PREF_SIZE);
    axis.getStyleClass().add("time-axis");
    pin.getStyleClass().add("time-now");
    pin.setMouseTransparent(true);
    getChildren().add(axis);
    for (Event.Type type : Event.Type.values()) {
      var path = new Path();
      path.getStyleClass().addAll("trace-mark", "trace-" + type.word());
      path.setMouseTransparent(true);
      path.setManaged(false);
      marks.put(type, path);
      getChildren().add(path);
    }
    getChildren().addAll(pin, from, to);
    setOnMousePressed(event -> choose(event.getX(), event.getY()));
  }

  private static Label label() {
    var label = new Label();
    label.getStyleClass().addAll("mono", "muted", "small");
    return label;
  }

  /** Draws other events. */
  void show(List<Event> events) {
    lanes = TimeLanes.of(events, MOST_LANES);
    getChildren().removeAll(names);
    names.clear();
    for (TimeLanes.Lane lane : lanes.lanes()) {
      var name = label();
      name.setText(lane.device().isEmpty() ? texts.get("case.trace.any") : lane.device());
      Words.mayShorten(name);
      names.add(name);
    }
    getChildren().addAll(names);
    from.setText(moment(lanes.from()));
    to.setText(moment(lanes.to()));
    boolean some = !lanes.lanes().isEmpty();
    setVisible(some);
    setManaged(some);
    setAccessibleText(
        texts.get("case.trace.spoken", lanes.lanes().size(), from.getText(), to.getText()));
    mark(null);
    requestLayout();
  }

  private String moment(double at) {
    return lanes.timed()
        ? String.format(Locale.ROOT, "%.6f s", at)
        : texts.get("case.trace.line", String.format(Locale.ROOT, "%.0f", at));
  }

  /** Puts the pin at an event. */
  void mark(@Nullable Event event) {
    marked = event;
    pin.setVisible(event != null && lane(event) >= 0);
    requestLayout();
  }

  private int lane(Event event) {
    String device = event.device() == null ? "" : event.device();
    for (int i = 0; i < lanes.lanes().size(); i++) {
      if (lanes.lanes().get(i).device().equals(device)) {
        return i;
      }
    }
    return -1;
  }

  private double left() {
    return snappedLeftInset() + NAME;
  }

  private double width() {
    return Math.max(1, getWidth() - left() - snappedRightInset() - 2);
  }

  private void choose(double x, double y) {
    int lane = (int) ((y - snappedTopInset()) / LANE);
    if (lane >= 0 && lane < lanes.lanes().size()) {
      double part = Math.clamp((x - left()) / width(), 0, 1);
      lanes.nearest(lanes.lanes().get(lane), part, NEAR / width()).ifPresent(chosen);
    }
  }

  @Override
  protected double computePrefHeight(double width) {
    double below = from.prefHeight(-1);
    return snappedTopInset() + lanes.lanes().size() * LANE + 2 + below + snappedBottomInset();
  }

  @Override
  protected void layoutChildren() {
    double top = snappedTopInset();
    double left = left();
    double width = width();
    marks.values().forEach(path -> path.getElements().clear());
    for (int i = 0; i < lanes.lanes().size(); i++) {
      double y = top + i * LANE;
      draw(lanes.lanes().get(i), y, left, width);
      Label name = names.get(i);
      double high = name.prefHeight(-1);
      name.resizeRelocate(snappedLeftInset(), y + (LANE - 4 - high) / 2, NAME - 4, high);
    }
    double bottom = top + lanes.lanes().size() * LANE;
    axis.resizeRelocate(left, bottom, width, 1);
    from.resizeRelocate(left, bottom + 2, from.prefWidth(-1), from.prefHeight(-1));
    double end = left + width - to.prefWidth(-1);
    to.setVisible(end > left + from.prefWidth(-1) + 12);
    to.resizeRelocate(end, bottom + 2, to.prefWidth(-1), to.prefHeight(-1));
    Event event = marked;
    if (event != null) {
      double x = snapPositionX(left + lanes.place(event) * width);
      pin.resizeRelocate(x, top + Math.max(0, lane(event)) * LANE, 2, LANE - 2);
    }
  }

  /** One stroke for each pixel and kind, however many events there are. */
  private void draw(TimeLanes.Lane lane, double y, double left, double width) {
    var last = new EnumMap<Event.Type, Double>(Event.Type.class);
    for (Event event : lane.events()) {
      double x = Math.floor(left + lanes.place(event) * width) + 0.5;
      Double before = last.put(event.type(), x);
      Path path = marks.get(event.type());
      if (path != null && (before == null || before != x)) {
        double start = y + row(event.type()) * ROW;
        double end = event.type() == Event.Type.FAULT ? y + ROWS * ROW : start + ROW - 1;
        path.getElements().addAll(new MoveTo(x, start), new LineTo(x, end));
      }
    }
  }

  private static int row(Event.Type type) {
    return switch (type) {
      case FAULT, MAP -> 0;
      case UNMAP -> 1;
      case FLUSH, USE, ATTACH, BOUNCE, OTHER -> 2;
    };
  }
}
