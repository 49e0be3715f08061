package org.iommulab.ui.view.kernel;

import java.util.List;
import javafx.scene.AccessibleRole;
import javafx.scene.control.Label;
import javafx.scene.layout.Region;
import javafx.scene.shape.ClosePath;
import javafx.scene.shape.LineTo;
import javafx.scene.shape.MoveTo;
import javafx.scene.shape.Path;
import org.iommulab.ui.Hex;
import org.iommulab.ui.Texts;

/** The pool as small boxes, one per segment of slots: the fuller, the stronger its colour. */
final class SlotMap extends Region {

  private static final double BOX = 9;
  private static final double GAP = 2;

  private final Texts texts;
  private final List<Path> levels = List.of(path("free"), path("some"), path("many"), path("full"));
  private final Label words = new Label();
  private Detail.Slots slots = new Detail.Slots(0, 0, 0, 0, List.of(), 1, List.of());

  SlotMap(Texts texts) {
    this.texts = texts;
    setId("kernel-slot-map");
    getStyleClass().add("slot-map");
    setAccessibleRole(AccessibleRole.IMAGE_VIEW);
    words.getStyleClass().addAll("muted", "small");
    words.setWrapText(true);
    getChildren().addAll(levels);
    getChildren().add(words);
  }

  private static Path path(String level) {
    var path = new Path();
    path.getStyleClass().addAll("slots", "slots-" + level);
    path.setManaged(false);
    return path;
  }

  void show(Detail.Slots shown) {
    slots = shown;
    words.setText(
        texts.get(
            "view.kernel.slotMap",
            SlotQuery.SEGMENT,
            Hex.range(shown.start(), Math.max(shown.start(), shown.end() - 1)),
            Math.ceilDiv(shown.segments().size(), shown.areaSegments())));
    setAccessibleText(texts.get("view.kernel.slots", shown.used(), shown.total()));
    requestLayout();
  }

  private int columns(double width) {
    double room = width - snappedLeftInset() - snappedRightInset();
    return Math.max(1, (int) (room / (BOX + GAP)));
  }

  @Override
  protected double computePrefHeight(double width) {
    double wide = width < 0 ? getWidth() : width;
    int rows = Math.ceilDiv(slots.segments().size(), columns(wide <= 0 ? 600 : wide));
    return snappedTopInset() + rows * (BOX + GAP) + wordsHeight(wide) + snappedBottomInset();
  }

  private double wordsHeight(double width) {
    return words.prefHeight(Math.max(1, width - snappedLeftInset() - snappedRightInset()));
  }

  @Override
  public javafx.geometry.Orientation getContentBias() {
    return javafx.geometry.Orientation.HORIZONTAL;
  }

  @Override
  protected void layoutChildren() {
    levels.forEach(path -> path.getElements().clear());
    int columns = columns(getWidth());
    double left = snappedLeftInset();
    double top = snappedTopInset();
    for (int i = 0; i < slots.segments().size(); i++) {
      double x = left + i % columns * (BOX + GAP);
      double y = top + i / columns * (BOX + GAP);
      levels
          .get(level(slots.segments().get(i)))
          .getElements()
          .addAll(
              new MoveTo(x, y),
              new LineTo(x + BOX, y),
              new LineTo(x + BOX, y + BOX),
              new LineTo(x, y + BOX),
              new ClosePath());
    }
    int rows = Math.ceilDiv(slots.segments().size(), columns);
    double room = getWidth() - left - snappedRightInset();
    words.resizeRelocate(left, top + rows * (BOX + GAP), room, wordsHeight(getWidth()));
  }

  /** 0 free, 1 up to half, 2 more, 3 full. */
  static int level(int used) {
    if (used == 0) {
      return 0;
    }
    return used == SlotQuery.SEGMENT ? 3 : used > SlotQuery.SEGMENT / 2 ? 2 : 1;
  }
}
