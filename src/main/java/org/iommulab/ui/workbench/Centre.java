package org.iommulab.ui.workbench;

import java.util.List;
import java.util.stream.Stream;
import javafx.beans.property.SimpleDoubleProperty;
import javafx.beans.value.ObservableDoubleValue;
import javafx.scene.layout.BorderPane;
import javafx.scene.layout.Region;
import org.iommulab.ui.Texts;
import org.iommulab.ui.Theme;
import org.iommulab.ui.settings.Settings;
import org.iommulab.ui.view.LabPane;
import org.iommulab.ui.view.LabPane.Place;

/** Everything between toolbar and status line: all panes in their places, with folding sides. */
final class Centre {

  private static final double BENCH_WIDTH = 270;
  private static final double INSPECTOR_WIDTH = 330;
  private static final double BOTTOM_HEIGHT = 280;

  /** Share of the middle that the calls get until somebody drags the line. */
  private static final double CALLS_SHARE = 0.38;

  private static final ObservableDoubleValue ONE = new SimpleDoubleProperty(1);

  /** Below this width of the window the sides fold. */
  private static final double NARROW = 1360;

  private final Settings settings;
  private final Theme theme;
  private final SideFold benchFold = new SideFold(NARROW);
  private final SideFold inspectorFold = new SideFold(NARROW);
  private final Area bench;
  private final Area path;
  private final Area tables;
  private final Area calls;
  private final Area bottom;
  private final Area inspector;
  private final Side benchSide;
  private final Side callsSide;
  private final Side bottomSide;
  private final Side inspectorSide;
  private final Rail benchRail;
  private final Rail inspectorRail;
  private final BorderPane root = new BorderPane();
  private boolean shown = true;

  Centre(List<LabPane> panes, Texts texts, Settings settings, Theme theme, PaneMenu menu) {
    this.settings = settings;
    this.theme = theme;
    bench = new StackArea(at(panes, Place.BENCH), texts, menu, true);
    path = new StackArea(at(panes, Place.PATH), texts, menu, false);
    tables = group(at(panes, Place.TABLES), texts, menu);
    calls = group(at(panes, Place.CALLS), texts, menu);
    bottom = new TabArea(at(panes, Place.BOTTOM), texts, menu);
    inspector = new StackArea(at(panes, Place.INSPECTOR), texts, menu, true);
    benchRail = new Rail("bench", "pane.bench", texts, benchFold::toggle);
    inspectorRail = new Rail("inspector", "pane.inspector", texts, inspectorFold::toggle);

    benchSide = side("bench", Side.Edge.LEFT, bench, BENCH_WIDTH, theme.scaleProperty());
    inspectorSide =
        side("inspector", Side.Edge.RIGHT, inspector, INSPECTOR_WIDTH, theme.scaleProperty());
    bottomSide = side("bottom", Side.Edge.BOTTOM, bottom, BOTTOM_HEIGHT, ONE);
    callsSide = side("calls", Side.Edge.RIGHT, calls, 0, ONE);

    path.node().getStyleClass().add("path-area");
    path.node().setMinHeight(Region.USE_PREF_SIZE);
    var middle = new BorderPane();
    middle.setMinSize(0, 0);
    middle.setTop(path.node());
    middle.setCenter(upper());
    middle.setBottom(bottomSide);
    root.setCenter(middle);
    root.widthProperty().subscribe(width -> fit());
    theme.scaleProperty().subscribe(scale -> fit());
    benchFold.foldedProperty().subscribe(folded -> arrange());
    inspectorFold.foldedProperty().subscribe(folded -> arrange());
  }

  private static List<LabPane> at(List<LabPane> panes, Place place) {
    return panes.stream().filter(pane -> pane.place() == place).toList();
  }

  private static Area group(List<LabPane> panes, Texts texts, PaneMenu menu) {
    return panes.size() == 1
        ? new StackArea(panes, texts, menu, true)
        : new TabArea(panes, texts, menu);
  }

  private Side side(
      String id, Side.Edge edge, Area area, double pixels, ObservableDoubleValue factor) {
    return new Side(id, edge, area.node(), settings.number("layout." + id, pixels), factor);
  }

  /** Page tables and calls; the calls get a share of the width until somebody chooses one. */
  private BorderPane upper() {
    var upper = new BorderPane();
    upper.setMinSize(0, 0);
    upper.setCenter(tables.node());
    upper.setRight(callsSide);
    if (callsSide.size() == 0) {
      upper
          .widthProperty()
          .subscribe(
              (was, is) -> {
                boolean untouched =
                    Math.abs(callsSide.size() - was.doubleValue() * CALLS_SHARE) < 1;
                if (was.doubleValue() == 0 || untouched) {
                  callsSide.setSize(is.doubleValue() * CALLS_SHARE);
                }
              });
    }
    return upper;
  }

  Region node() {
    return root;
  }

  SideFold benchFold() {
    return benchFold;
  }

  SideFold inspectorFold() {
    return inspectorFold;
  }

  /** Brings a pane into view, whatever hides it. */
  void reveal(LabPane pane) {
    Stream.of(bench, path, tables, calls, bottom, inspector)
        .filter(area -> area.panes().contains(pane))
        .forEach(area -> area.select(pane));
    if (pane.place() == Place.BENCH) {
      benchFold.foldedProperty().set(false);
    } else if (pane.place() == Place.INSPECTOR) {
      inspectorFold.foldedProperty().set(false);
    }
  }

  /** Tells all panes whether the window is visible. */
  void setShown(boolean visible) {
    shown = visible;
    Stream.of(path, tables, calls, bottom).forEach(area -> area.setShown(visible));
    arrange();
  }

  /** Large letters make a window narrow. */
  private void fit() {
    double width = root.getWidth() / theme.scaleProperty().get();
    if (width > 0) {
      benchFold.windowWidth(width);
      inspectorFold.windowWidth(width);
    }
  }

  private void arrange() {
    boolean withBench = !benchFold.isFolded();
    boolean withInspector = !inspectorFold.isFolded();
    root.setLeft(withBench ? benchSide : benchRail);
    root.setRight(withInspector ? inspectorSide : inspectorRail);
    bench.setShown(shown && withBench);
    inspector.setShown(shown && withInspector);
  }

  /** Notes the present sizes in the settings. */
  void remember() {
    settings.put("layout.bench", benchSide.size());
    settings.put("layout.inspector", inspectorSide.size());
    settings.put("layout.bottom", bottomSide.size());
    double share = tables.node().getWidth() + callsSide.size();
    if (Math.abs(callsSide.size() - share * CALLS_SHARE) > 2) {
      settings.put("layout.calls", callsSide.size());
    }
  }
}
