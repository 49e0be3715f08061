package org.iommulab.ui.workbench;

import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;
import javafx.beans.binding.Bindings;
import javafx.beans.property.SimpleDoubleProperty;
import javafx.beans.value.ObservableDoubleValue;
import javafx.scene.layout.BorderPane;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import org.iommulab.ui.Texts;
import org.iommulab.ui.Theme;
import org.iommulab.ui.settings.Settings;
import org.iommulab.ui.view.part.LabPane;
import org.iommulab.ui.view.part.LabPane.Place;

/** Everything between toolbar and status line: all panes in their places, with folding sides. */
final class Centre {

  private static final double BENCH_WIDTH = 270;
  private static final double INSPECTOR_WIDTH = 330;
  private static final double BOTTOM_HEIGHT = 280;

  /** Share of the middle that the calls get until somebody drags the line. */
  private static final double CALLS_SHARE = 0.38;

  private static final ObservableDoubleValue ONE = new SimpleDoubleProperty(1);

  /** The least height of the tables, and of what is below them, in ordinary pixels. */
  private static final double LEAST_TABLES = 240;

  private static final double LEAST_BOTTOM = 160;

  /** How the panes share the window. */
  private enum Form {
    /** Path on top, tables and calls below it, caches and more at the bottom. */
    SIDE_BY_SIDE,
    /** Path on top, all others behind each other. */
    TOGETHER,
    /** All behind each other. */
    ALONE
  }

  /** Heights of the centre below which there is little or hardly any room, in ordinary pixels. */
  private static final double LOW = 540;

  private static final double TINY = 400;

  /** Width below which panes have no room beside each other. */
  private static final double TIGHT = 760;

  /** Below this width of the window the sides fold. */
  private static final double NARROW = 1360;

  private final Settings settings;
  private final Theme theme;
  private final SideFold benchFold = new SideFold(NARROW);
  private final SideFold inspectorFold = new SideFold(NARROW);
  private final Area bench;
  private final Area path;

  /** What must be seen of the bench while that is folded. */
  private final Area band;

  private final Area tables;
  private final Area calls;
  private final Area bottom;
  private final Area inspector;

  /** All panes but the path behind each other, for windows with little room. */
  private final Area together;

  /** All panes behind each other, for windows with hardly any. */
  private final Area alone;

  private final Side benchSide;
  private final Side callsSide;
  private final Side bottomSide;
  private final Side inspectorSide;
  private final Rail benchRail;
  private final Rail inspectorRail;
  private final BorderPane root = new BorderPane();
  private final BorderPane middle = new BorderPane();
  private final VBox top = new VBox();
  private final BorderPane upper;
  private Form form = Form.SIDE_BY_SIDE;
  private boolean shown = true;

  Centre(List<LabPane> panes, Texts texts, Settings settings, Theme theme, PaneMenu menu) {
    this.settings = settings;
    this.theme = theme;
    bench = new StackArea(at(panes, Place.BENCH), texts, menu, true);
    path = new StackArea(at(panes, Place.PATH), texts, menu, false);
    band = new StackArea(bands(panes), texts, menu, false);
    band.node().getStyleClass().add("band-area");
    tables = group(at(panes, Place.TABLES), texts, menu);
    calls = group(at(panes, Place.CALLS), texts, menu);
    bottom = new TabArea(at(panes, Place.BOTTOM), texts, menu);
    together = behind(panes, pane -> pane.place() != Place.PATH, texts, menu);
    alone = behind(panes, pane -> true, texts, menu);
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
    band.node().setMinHeight(Region.USE_PREF_SIZE);
    top.getChildren().setAll(path.node());
    bottomSide
        .maxHeightProperty()
        .bind(
            Bindings.createDoubleBinding(
                this::mostOfBottom,
                middle.heightProperty(),
                top.heightProperty(),
                theme.scaleProperty()));
    middle.setMinSize(0, 0);
    middle.setTop(top);
    upper = upper();
    middle.setCenter(upper);
    middle.setBottom(bottomSide);
    root.setCenter(middle);
    root.widthProperty().subscribe(width -> fit());
    root.heightProperty().subscribe(height -> fit());
    theme.scaleProperty().subscribe(scale -> fit());
    bands(panes).forEach(pane -> pane.band().orElseThrow().subscribe(seen -> arrange()));
    benchFold.foldedProperty().subscribe(folded -> opened(benchFold, inspectorFold, bench));
    inspectorFold.foldedProperty().subscribe(folded -> opened(inspectorFold, benchFold, inspector));
  }

  private static Area behind(
      List<LabPane> panes, Predicate<LabPane> wanted, Texts texts, PaneMenu menu) {
    return new TabArea(
        panes.stream().filter(wanted).sorted(Comparator.comparing(Centre::rank)).toList(),
        texts,
        menu);
  }

  /** What a person looks at first comes first. */
  private static int rank(LabPane pane) {
    return switch (pane.place()) {
      case PATH -> 0;
      case TABLES -> 1;
      case CALLS -> 2;
      case BENCH -> 3;
      case INSPECTOR -> 4;
      case BOTTOM -> 5;
    };
  }

  private static List<LabPane> at(List<LabPane> panes, Place place) {
    return panes.stream().filter(pane -> pane.place() == place).toList();
  }

  private static Area group(List<LabPane> panes, Texts texts, PaneMenu menu) {
    return panes.size() == 1
        ? new StackArea(panes, texts, menu, true)
        : new TabArea(panes, texts, menu);
  }

  /** The tables come before what is below them. */
  private double mostOfBottom() {
    double scale = theme.scaleProperty().get();
    double rest = middle.getHeight() - top.getHeight();
    return Math.max(LEAST_BOTTOM * scale, rest - LEAST_TABLES * scale);
  }

  private static List<LabPane> bands(List<LabPane> panes) {
    return at(panes, Place.BENCH).stream().filter(pane -> pane.band().isPresent()).toList();
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

  /** Brings a pane to the front of those behind which it stands; a folded side stays folded. */
  void bringForward(LabPane pane) {
    Stream.of(bench, path, tables, calls, bottom, together, alone, inspector)
        .filter(area -> area.panes().contains(pane))
        .forEach(area -> area.select(pane));
  }

  /** Brings a pane into view, whatever hides it. */
  void reveal(LabPane pane) {
    bringForward(pane);
    if (pane.place() == Place.BENCH) {
      benchFold.foldedProperty().set(false);
    } else if (pane.place() == Place.INSPECTOR) {
      inspectorFold.foldedProperty().set(false);
    }
  }

  /** Tells all panes whether the window is visible. */
  void setShown(boolean visible) {
    shown = visible;
    showMiddle();
    arrange();
  }

  /** Large letters make a window narrow. */
  private void fit() {
    double width = root.getWidth() / theme.scaleProperty().get();
    if (width > 0) {
      benchFold.windowWidth(width);
      inspectorFold.windowWidth(width);
      Form now = form(root.getHeight() / theme.scaleProperty().get(), width);
      if (now != form) {
        form = now;
        rebuild();
      }
    }
  }

  private static Form form(double height, double width) {
    if (height < TINY || width < TIGHT) {
      return Form.ALONE;
    }
    return height < LOW ? Form.TOGETHER : Form.SIDE_BY_SIDE;
  }

  /** Puts the areas of the form into the window. */
  private void rebuild() {
    middle.setTop(form == Form.ALONE ? null : top);
    middle.setCenter(
        switch (form) {
          case SIDE_BY_SIDE -> upper;
          case TOGETHER -> together.node();
          case ALONE -> alone.node();
        });
    middle.setBottom(form == Form.SIDE_BY_SIDE ? bottomSide : null);
    // A pane is in one place at a time, also those of the sides: what hides comes before what
    // shows.
    Stream.of(path, tables, calls, bottom, together, alone)
        .filter(area -> !inMiddle().contains(area))
        .forEach(area -> area.setShown(false));
    arrange();
    showMiddle();
  }

  /** The areas that the form has in the middle. */
  private List<Area> inMiddle() {
    return switch (form) {
      case SIDE_BY_SIDE -> List.of(path, tables, calls, bottom);
      case TOGETHER -> List.of(path, together);
      case ALONE -> List.of(alone);
    };
  }

  private void showMiddle() {
    inMiddle().forEach(area -> area.setShown(shown));
  }

  private void arrange() {
    boolean sides = form == Form.SIDE_BY_SIDE;
    boolean withBench = sides && !benchFold.isFolded();
    boolean withInspector = sides && !inspectorFold.isFolded();
    root.setLeft(withBench ? benchSide : sides ? benchRail : null);
    root.setRight(withInspector ? inspectorSide : sides ? inspectorRail : null);
    boolean withBand =
        sides
            && !withBench
            && bands(band.panes()).stream().anyMatch(pane -> pane.band().orElseThrow().getValue());
    if (withBand) {
      top.getChildren().setAll(band.node(), path.node());
    } else {
      top.getChildren().setAll(path.node());
    }
    // A pane is in one place at a time.
    (withBench ? band : bench).setShown(false);
    bench.setShown(shown && withBench);
    band.setShown(shown && withBand);
    inspector.setShown(shown && withInspector);
  }

  /** In a narrow window one side is open at a time; with little room both are tabs. */
  private void opened(SideFold side, SideFold other, Area area) {
    if (!side.isFolded()) {
      if (form != Form.SIDE_BY_SIDE) {
        Stream.of(together, alone).forEach(each -> each.select(area.panes().getFirst()));
      } else if (side.isNarrow()) {
        other.foldedProperty().set(true);
      }
    }
    arrange();
  }

  /** Opens or closes a side; with little room it comes to the front. */
  void toggle(SideFold side) {
    boolean tabs = form != Form.SIDE_BY_SIDE;
    if (tabs) {
      side.foldedProperty().set(true);
    }
    side.toggle();
  }

  /** Gives every part the size it has before anybody drags a line, and opens both sides. */
  void reset() {
    benchSide.setSize(BENCH_WIDTH);
    inspectorSide.setSize(INSPECTOR_WIDTH);
    bottomSide.setSize(BOTTOM_HEIGHT);
    callsSide.setSize((tables.node().getWidth() + callsSide.size()) * CALLS_SHARE);
    for (String side : List.of("bench", "inspector", "bottom", "calls")) {
      settings.remove("layout." + side);
    }
    for (SideFold side : List.of(benchFold, inspectorFold)) {
      side.foldedProperty().set(side.isNarrow());
    }
    for (Area area : List.of(tables, calls, bottom, together, alone)) {
      if (!area.panes().isEmpty()) {
        area.select(area.panes().getFirst());
      }
    }
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
