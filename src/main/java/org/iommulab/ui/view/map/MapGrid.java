package org.iommulab.ui.view.map;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntConsumer;
import javafx.css.PseudoClass;
import javafx.event.EventTarget;
import javafx.scene.AccessibleRole;
import javafx.scene.control.Label;
import javafx.scene.input.KeyEvent;
import javafx.scene.layout.Region;
import javafx.scene.shape.ClosePath;
import javafx.scene.shape.HLineTo;
import javafx.scene.shape.MoveTo;
import javafx.scene.shape.Path;
import javafx.scene.shape.PathElement;
import javafx.scene.shape.VLineTo;
import org.iommulab.ui.Hex;
import org.iommulab.ui.Texts;
import org.iommulab.vtd.tables.PageTable;

/**
 * The entries of one table as boxes, row by row from the lowest address. A box is filled from below
 * as far as what it translates is mapped.
 */
final class MapGrid extends Region {

  static final int COLUMNS = 32;
  static final int ROWS = PageTable.ENTRIES / COLUMNS;

  private static final PseudoClass CHOSEN = PseudoClass.getPseudoClass("chosen");
  private static final PseudoClass CHANGED = PseudoClass.getPseudoClass("changed");
  private static final double GAP = 2;

  /** Height below which a box and its gap cannot be told apart, in pixels. */
  private static final double LOWEST = 3;

  private final MapModel model;
  private final Texts texts;
  private final IntConsumer onPoint;
  private final IntConsumer onOpen;
  private final IntConsumer onHover;
  private final List<Region> boxes = new ArrayList<>();

  /** What is filled, all boxes of one colour in one shape: boxes are many, colours few. */
  private final Map<String, Path> fills = new HashMap<>();

  private final List<Label> starts = new ArrayList<>();
  private final List<String> tones = new ArrayList<>();

  /** An empty grid; told of clicks, double clicks and the pointer's place by index. */
  MapGrid(
      MapModel model, Texts texts, IntConsumer onPoint, IntConsumer onOpen, IntConsumer onHover) {
    this.model = model;
    this.texts = texts;
    this.onPoint = onPoint;
    this.onOpen = onOpen;
    this.onHover = onHover;
    setId("map-grid");
    getStyleClass().add("map-grid");
    setFocusTraversable(true);
  }

  /** More nodes than the rest of the window has: not made before there is something to show. */
  private void build() {
    for (int row = 0; row < ROWS; row++) {
      var start = new Label();
      start.getStyleClass().addAll("mono", "muted", "map-start");
      starts.add(start);
      getChildren().add(start);
    }
    for (int i = 0; i < PageTable.ENTRIES; i++) {
      addBox(i);
    }
  }

  private void addBox(int index) {
    var box = new Region();
    box.setId("map-cell-" + Integer.toHexString(index));
    box.getStyleClass().addAll("map-cell", "free");
    box.setAccessibleRole(AccessibleRole.BUTTON);
    box.setOnMousePressed(
        event -> {
          requestFocus();
          onPoint.accept(index);
          if (event.getClickCount() == 2) {
            onOpen.accept(index);
          }
        });
    box.setOnMouseEntered(_ -> onHover.accept(index));
    box.setOnMouseExited(_ -> onHover.accept(-1));
    boxes.add(box);
    tones.add("free");
    getChildren().add(box);
  }

  /** Index of the cell that something happened over, or -1. */
  int indexOf(EventTarget over) {
    return boxes.indexOf(over);
  }

  /** Draws what the model took last. */
  void refresh() {
    if (boxes.isEmpty()) {
      build();
    }
    List<MapCell> cells = model.pictureProperty().get().cells();
    for (int i = 0; i < boxes.size(); i++) {
      boxes.get(i).setVisible(i < cells.size());
    }
    for (MapCell cell : cells) {
      draw(cell);
    }
    for (int row = 0; row < ROWS; row++) {
      int first = row * COLUMNS;
      starts.get(row).setText(first < cells.size() ? Hex.group(cells.get(first).iova()) : "");
    }
    requestLayout();
  }

  private void draw(MapCell cell) {
    Region box = boxes.get(cell.index());
    String tone = cell.tone();
    if (!tone.equals(tones.get(cell.index()))) {
      box.getStyleClass().setAll("map-cell", tone);
      tones.set(cell.index(), tone);
    }
    box.pseudoClassStateChanged(CHOSEN, cell.index() == model.cursor());
    box.pseudoClassStateChanged(CHANGED, cell.changed());
    if (cell.share() > 0) {
      fills.computeIfAbsent(fillOf(cell), this::path);
    }
    box.setAccessibleText(MapModel.words(cell).in(texts));
  }

  private static String fillOf(MapCell cell) {
    return cell.changed() ? "changed" : cell.tone();
  }

  private void fill(Map<String, List<PathElement>> shapes) {
    fills.forEach((tone, path) -> path.getElements().setAll(shapes.getOrDefault(tone, List.of())));
  }

  private Path path(String tone) {
    var path = new Path();
    path.getStyleClass().addAll("map-fill", tone);
    path.setMouseTransparent(true);
    path.setManaged(false);
    path.setSmooth(false);
    getChildren().add(path);
    return path;
  }

  /** Moves the cursor by an arrow key; true if it did. */
  boolean move(KeyEvent event) {
    int step =
        switch (event.getCode()) {
          case LEFT -> -1;
          case RIGHT -> 1;
          case UP -> -COLUMNS;
          case DOWN -> COLUMNS;
          default -> 0;
        };
    int to = model.cursor() + step;
    if (step == 0 || to >= PageTable.ENTRIES) {
      return false;
    }
    model.point(Math.max(0, to));
    return true;
  }

  @Override
  protected double computeMinHeight(double width) {
    return snappedTopInset() + ROWS * LOWEST + snappedBottomInset();
  }

  @Override
  protected double computePrefHeight(double width) {
    return snappedTopInset() + ROWS * 14 + snappedBottomInset();
  }

  @Override
  protected double computePrefWidth(double height) {
    return 640;
  }

  @Override
  protected void layoutChildren() {
    if (boxes.isEmpty()) {
      return;
    }
    double left = snappedLeftInset();
    double top = snappedTopInset();
    double label = 0;
    for (Label start : starts) {
      label = Math.max(label, start.prefWidth(-1));
    }
    double first = left + label + 8;
    double width = Math.floor((getWidth() - first - snappedRightInset()) / COLUMNS);
    double height =
        Math.clamp(Math.floor((getHeight() - top - snappedBottomInset()) / ROWS), LOWEST, 30);
    List<MapCell> cells = model.pictureProperty().get().cells();
    var shapes = new HashMap<String, List<PathElement>>();
    for (int i = 0; i < boxes.size(); i++) {
      double x = first + i % COLUMNS * width;
      double y = top + i / COLUMNS * height;
      boxes.get(i).resizeRelocate(x, y, Math.max(2, width - GAP), height - GAP);
      if (i < cells.size() && cells.get(i).share() > 0) {
        MapCell cell = cells.get(i);
        double right = x + 1 + Math.max(1, width - GAP - 2);
        double bottom = y + height - GAP - 1;
        // A single page in a terabyte is still seen: two pixels at least.
        double filled = Math.max(2, Math.rint((height - GAP - 2) * cell.share()));
        Collections.addAll(
            shapes.computeIfAbsent(fillOf(cell), _ -> new ArrayList<>()),
            new MoveTo(x + 1, bottom),
            new VLineTo(bottom - filled),
            new HLineTo(right),
            new VLineTo(bottom),
            new ClosePath());
      }
    }
    fill(shapes);
    // In a low window only every so many rows tell where they start.
    int every = (int) Math.ceil(starts.getFirst().prefHeight(-1) * 0.75 / height);
    for (int row = 0; row < ROWS; row++) {
      Label start = starts.get(row);
      start.setVisible(row % every == 0);
      double tall = start.prefHeight(-1);
      start.resizeRelocate(left, top + row * height + (height - GAP - tall) / 2, label, tall);
    }
  }
}
