package org.iommulab.ui.view.kernel;

import java.util.ArrayList;
import java.util.List;
import javafx.scene.AccessibleRole;
import javafx.scene.control.Label;
import javafx.scene.layout.Region;
import org.iommulab.ui.Texts;
import org.iommulab.ui.VirtualTime;

/**
 * Bars over virtual time: each range from its unmap to now, red while devices may still reach it;
 * the present moment, and when the timer will flush.
 */
final class TimeLine extends Region {

  /** Most bars drawn; the table below lists them all. */
  private static final int MOST_BARS = 12;

  private static final double BAR = 7;

  private final Texts texts;
  private final Label from = label();
  private final Label now = label();
  private final Label deadline = label();
  private final Region axis = piece("time-axis");
  private final Region nowPin = piece("time-now");
  private final Region deadlinePin = piece("time-deadline");
  private final List<Region> bars = new ArrayList<>();
  private Detail.Flush flush = new Detail.Flush(0, -1, false, List.of());

  TimeLine(Texts texts) {
    this.texts = texts;
    setId("kernel-timeline");
    getStyleClass().add("time-line");
    setAccessibleRole(AccessibleRole.IMAGE_VIEW);
    getChildren().addAll(axis, nowPin, deadlinePin, from, now, deadline);
  }

  private static Label label() {
    var label = new Label();
    label.getStyleClass().addAll("mono", "muted", "small");
    return label;
  }

  private static Region piece(String styleClass) {
    var piece = new Region();
    piece.getStyleClass().add(styleClass);
    return piece;
  }

  void show(Detail.Flush shown) {
    flush = shown;
    getChildren().removeAll(bars);
    bars.clear();
    for (Detail.Waiting range : shown.waiting().stream().limit(MOST_BARS).toList()) {
      bars.add(piece(range.flushed() ? "time-flushed" : "time-exposed"));
    }
    getChildren().addAll(bars);
    from.setText(VirtualTime.words(start()));
    now.setText(texts.get("view.kernel.now", VirtualTime.words(shown.nowNs())));
    boolean timer = shown.deadlineNs() > shown.nowNs();
    deadline.setVisible(timer);
    deadlinePin.setVisible(timer);
    deadline.setText(texts.get("view.kernel.deadline", VirtualTime.words(shown.deadlineNs())));
    setAccessibleText(texts.get("view.kernel.exposed", shown.waiting().size()));
    requestLayout();
  }

  private long start() {
    return flush.waiting().isEmpty() ? 0 : flush.waiting().getFirst().sinceNs();
  }

  @Override
  protected double computePrefHeight(double width) {
    double lines = now.prefHeight(-1);
    return snappedTopInset() + Math.max(1, bars.size()) * BAR + 4 + lines + snappedBottomInset();
  }

  @Override
  protected void layoutChildren() {
    double left = snappedLeftInset();
    double width = Math.max(1, getWidth() - left - snappedRightInset());
    double top = snappedTopInset();
    double bottom = top + bars.size() * BAR + 2;
    long end = Math.max(flush.nowNs(), flush.deadlineNs());
    double span = Math.max(1, end - start());
    double nowX = left + width * (flush.nowNs() - start()) / span;
    for (int i = 0; i < bars.size(); i++) {
      double x = left + width * (flush.waiting().get(i).sinceNs() - start()) / span;
      bars.get(i).resizeRelocate(x, top + i * BAR, Math.max(3, nowX - x), BAR - 2);
    }
    axis.resizeRelocate(left, bottom, width, 1);
    nowPin.resizeRelocate(
        snapPositionX(Math.min(nowX, left + width - 1)), top - 2, 2, bottom - top);
    double deadX = left + width - 2;
    deadlinePin.resizeRelocate(deadX, top - 2, 2, bottom - top);
    place(from, left, bottom + 2, left, left + width);
    place(deadline, deadX, bottom + 2, left, left + width);
    double limit = deadline.isVisible() ? deadline.getLayoutX() - 12 : left + width;
    double least = left + from.getWidth() + 12;
    // The pin stays where its words find no room.
    now.setVisible(now.prefWidth(-1) <= limit - least);
    place(now, nowX, bottom + 2, least, limit);
  }

  /** A label centred at a place but inside two limits. */
  private static void place(Label label, double x, double y, double least, double most) {
    double width = label.prefWidth(-1);
    double at = Math.max(least, Math.min(x - width / 2, most - width));
    label.resizeRelocate(at, y, width, label.prefHeight(-1));
  }
}
