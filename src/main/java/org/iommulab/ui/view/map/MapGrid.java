package org.iommulab.ui.view.map;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntConsumer;
import javafx.css.PseudoClass;
import javafx.event.EventTarget;
import javafx.scene.AccessibleAttribute;
import javafx.scene.AccessibleRole;
import javafx.scene.control.Label;
import javafx.scene.input.KeyEvent;
import javafx.scene.layout.Region;
import org.iommulab.ui.Hex;
import org.iommulab.ui.Texts;
import org.iommulab.ui.Theme;
import org.iommulab.ui.view.part.Drawing;
import org.iommulab.vtd.tables.PageTable;

/**
 * The entries of one table as boxes, row by row from the lowest address. A box is filled from below
 * as far as what it translates is mapped. All boxes are one drawing; over each lies a region that
 * has its id, hears the mouse and speaks, and that no style sheet colours.
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
  private final Theme theme;
  private final IntConsumer onPoint;
  private final IntConsumer onOpen;
  private final IntConsumer onHover;
  private final Drawing drawing = new Drawing();
  private final List<Box> boxes = new ArrayList<>();
  private final List<Label> starts = new ArrayList<>();

  /** An empty grid; told of clicks, double clicks and the pointer's place by index. */
  MapGrid(
      MapModel model,
      Texts texts,
      Theme theme,
      IntConsumer onPoint,
      IntConsumer onOpen,
      IntConsumer onHover) {
    this.model = model;
    this.texts = texts;
    this.theme = theme;
    this.onPoint = onPoint;
    this.onOpen = onOpen;
    this.onHover = onHover;
    setId("map-grid");
    getStyleClass().add("map-grid");
    setFocusTraversable(true);
    drawing.setManaged(false);
    getChildren().add(drawing);
    theme.paletteProperty().subscribe(this::requestLayout);
  }

  /** More nodes than the rest of the window has: not made before there is something to show. */
  private void build() {
    for (int row = 0; row < ROWS; row++) {
      var start = new Label();
      start.getStyleClass().addAll("mono", "muted", "map-start");
      starts.add(start);
    }
    for (int i = 0; i < PageTable.ENTRIES; i++) {
      boxes.add(new Box(i));
    }
    getChildren().addAll(starts);
    getChildren().addAll(boxes);
  }

  /** Where a box is; what it shows is the drawing's. */
  private final class Box extends Region {

    private final int index;
    private MapCell.Tone tone = MapCell.Tone.FREE;

    Box(int index) {
      this.index = index;
      setId("map-cell-" + Integer.toHexString(index));
      getStyleClass().setAll("map-cell", tone.styleClass());
      setAccessibleRole(AccessibleRole.BUTTON);
      setManaged(false);
      setOnMousePressed(
          event -> {
            MapGrid.this.requestFocus();
            onPoint.accept(index);
            if (event.getClickCount() == 2) {
              onOpen.accept(index);
            }
          });
      setOnMouseEntered(_ -> onHover.accept(index));
      setOnMouseExited(_ -> onHover.accept(-1));
    }

    void show(MapCell cell) {
      if (tone != cell.tone()) {
        tone = cell.tone();
        getStyleClass().setAll("map-cell", tone.styleClass());
      }
      pseudoClassStateChanged(CHOSEN, index == model.cursor());
      pseudoClassStateChanged(CHANGED, cell.changed());
    }

    /** Words are made when somebody listens: there are five hundred boxes. */
    @Override
    public Object queryAccessibleAttribute(AccessibleAttribute attribute, Object... parameters) {
      return attribute == AccessibleAttribute.TEXT
          ? model.cell(index).map(cell -> MapModel.words(cell).in(texts)).orElse("")
          : super.queryAccessibleAttribute(attribute, parameters);
    }
  }

  /** Index of the cell that something happened over, or -1. */
  int indexOf(EventTarget over) {
    return over instanceof Box box ? box.index : -1;
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
    cells.forEach(cell -> boxes.get(cell.index()).show(cell));
    for (int row = 0; row < ROWS; row++) {
      int first = row * COLUMNS;
      starts.get(row).setText(first < cells.size() ? Hex.group(cells.get(first).iova()) : "");
    }
    requestLayout();
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
    for (Box box : boxes) {
      box.resizeRelocate(
          first + box.index % COLUMNS * width,
          top + box.index / COLUMNS * height,
          Math.max(2, width - GAP),
          height - GAP);
    }
    draw();
    // In a low window only every so many rows tell where they start.
    int every = (int) Math.ceil(starts.getFirst().prefHeight(-1) * 0.75 / height);
    for (int row = 0; row < ROWS; row++) {
      Label start = starts.get(row);
      start.setVisible(row % every == 0);
      double tall = start.prefHeight(-1);
      start.resizeRelocate(left, top + row * height + (height - GAP - tall) / 2, label, tall);
    }
  }

  private void draw() {
    drawing.setWidth(getWidth());
    drawing.setHeight(getHeight());
    var paints = new MapPaints(theme.palette());
    var shapes = new ArrayList<Drawing.Box>();
    for (MapCell cell : model.pictureProperty().get().cells()) {
      paints.draw(cell, boxes.get(cell.index()).getBoundsInParent(), shapes);
    }
    model
        .cell()
        .ifPresent(cell -> paints.frame(boxes.get(cell.index()).getBoundsInParent(), shapes));
    drawing.show(shapes);
  }
}
