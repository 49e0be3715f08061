package org.iommulab.ui.view.map;

import java.util.List;
import javafx.geometry.Bounds;
import javafx.scene.paint.Color;
import javafx.scene.paint.CycleMethod;
import javafx.scene.paint.LinearGradient;
import javafx.scene.paint.Paint;
import javafx.scene.paint.Stop;
import org.iommulab.ui.Palette;
import org.iommulab.ui.view.part.Drawing;

/**
 * How the boxes of the map look in one theme. Rights are told by stripes, not by colour alone:
 * lying for reading only, standing for writing only, slanting where nothing may be.
 */
final class MapPaints {

  /** Width of the line around the box that keys act on, and its distance, in pixels. */
  private static final double FRAME = 2;

  private final Color empty;
  private final Color edge;
  private final Color used;
  private final Color full;
  private final Color bad;
  private final Color badEdge;
  private final Color changed;
  private final Color changedEdge;
  private final Color chosen;
  private final Paint reserved;
  private final Paint readOnly;
  private final Paint writeOnly;

  MapPaints(Palette palette) {
    empty = palette.get("bg3");
    edge = palette.get("accent");
    used = palette.get("accent-bg");
    full = palette.get("accent-fill");
    bad = palette.get("bad-bg");
    badEdge = palette.get("bad");
    changed = palette.get("changed-bg");
    changedEdge = palette.get("changed");
    chosen = palette.get("fg");
    reserved = stripes(4, 4, palette.get("muted"), 0.3, empty);
    readOnly = stripes(0, 3, full, 0.34, used);
    writeOnly = stripes(3, 0, full, 0.34, used);
  }

  private static Paint stripes(double x, double y, Color line, double share, Color between) {
    return new LinearGradient(
        0,
        0,
        x,
        y,
        false,
        CycleMethod.REPEAT,
        new Stop(0, line),
        new Stop(share, line),
        new Stop(share, between),
        new Stop(1, between));
  }

  /** Adds what shows a cell in its place. */
  void draw(MapCell cell, Bounds at, List<Drawing.Box> to) {
    if (cell.changed()) {
      add(at, 0, changedEdge, to);
      add(at, 1, changed, to);
    } else {
      switch (cell.tone()) {
        case FREE -> add(at, 0, empty, to);
        case RESERVED -> add(at, 0, reserved, to);
        case BROKEN -> {
          add(at, 0, badEdge, to);
          add(at, 1, bad, to);
        }
        case PAGE_RW -> add(at, 0, full, to);
        case TABLE_RW, TABLE_R, TABLE_W, PAGE_R, PAGE_W -> {
          add(at, 0, edge, to);
          add(at, 1, used, to);
        }
      }
    }
    if (cell.share() > 0) {
      // A single page in a terabyte is still seen: two pixels at least.
      double filled = Math.max(2, Math.rint((at.getHeight() - 2) * cell.share()));
      to.add(
          new Drawing.Box(
              at.getMinX() + 1,
              at.getMaxY() - 1 - filled,
              Math.max(1, at.getWidth() - 2),
              filled,
              cell.changed() ? changedEdge : filling(cell.tone())));
    }
  }

  private Paint filling(MapCell.Tone tone) {
    return switch (tone) {
      case TABLE_R, PAGE_R -> readOnly;
      case TABLE_W, PAGE_W -> writeOnly;
      case FREE, RESERVED, BROKEN, TABLE_RW, PAGE_RW -> full;
    };
  }

  /** Adds a line around the cell that keys act on. */
  void frame(Bounds at, List<Drawing.Box> to) {
    double left = at.getMinX() - FRAME;
    double top = at.getMinY() - FRAME;
    double width = at.getWidth() + 2 * FRAME;
    double height = at.getHeight() + 2 * FRAME;
    to.add(new Drawing.Box(left, top, width, FRAME, chosen));
    to.add(new Drawing.Box(left, at.getMaxY(), width, FRAME, chosen));
    to.add(new Drawing.Box(left, top, FRAME, height, chosen));
    to.add(new Drawing.Box(at.getMaxX(), top, FRAME, height, chosen));
  }

  private static void add(Bounds at, double inset, Paint paint, List<Drawing.Box> to) {
    to.add(
        new Drawing.Box(
            at.getMinX() + inset,
            at.getMinY() + inset,
            Math.max(1, at.getWidth() - 2 * inset),
            Math.max(1, at.getHeight() - 2 * inset),
            paint));
  }
}
