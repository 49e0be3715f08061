package org.iommulab.ui.view.map;

import com.google.inject.Inject;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import javafx.css.PseudoClass;
import javafx.scene.Parent;
import javafx.scene.control.Label;
import javafx.scene.control.TextField;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyEvent;
import javafx.scene.layout.BorderPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.StackPane;
import org.iommulab.ui.Hex;
import org.iommulab.ui.LabModel;
import org.iommulab.ui.Selected;
import org.iommulab.ui.Selection;
import org.iommulab.ui.Texts;
import org.iommulab.ui.Theme;
import org.iommulab.ui.view.part.Crumbs;
import org.iommulab.ui.view.part.DomainChoice;
import org.iommulab.ui.view.part.EmptyNote;
import org.iommulab.ui.view.part.Feed;
import org.iommulab.ui.view.part.TextTable;
import org.iommulab.ui.view.part.ViewPane;
import org.iommulab.ui.view.part.Words;
import org.iommulab.vtd.tables.PageTable;
import org.iommulab.vtd.tables.TableNode;

/** The address space of a domain, zoomed from all of it down to single pages. */
public final class MapPane extends ViewPane {

  private static final PseudoClass WRONG = PseudoClass.getPseudoClass("wrong");

  private final MapModel model = new MapModel();
  private final MapQuery.Counted counted = new MapQuery.Counted();
  private final LabModel lab;
  private final Selection selection;
  private final Feed<MapPicture> feed;
  private final DomainChoice domains;
  private final Crumbs crumbs = new Crumbs("map-crumbs");
  private final TextField address = new TextField();
  private final Label words = Words.figures("map-words");
  private final MapGrid grid;
  private final BorderPane pane = new BorderPane();
  private final EmptyNote nothing;

  @Inject
  public MapPane(LabModel lab, Selection selection, Texts texts, Theme theme) {
    super("map", Place.TABLES, 30, texts);
    this.lab = lab;
    this.selection = selection;
    nothing = new EmptyNote(texts, "view.map.empty");
    domains = new DomainChoice("map-domain", texts, use -> lab.show(lab.subject().showing(use)));
    grid = new MapGrid(model, texts, theme, this::point, this::open, this::say);
    feed =
        feed(
            lab,
            () -> {
              MapRequest request = model.request(lab.subject(), selection.get());
              return view -> MapQuery.answer(view, request, counted);
            },
            this::show);
    selection.selectedProperty().addListener((_, _, _) -> feed.ask());
  }

  @Override
  public void shown(boolean shown) {
    feed.shown(shown);
  }

  private void ask(Runnable change) {
    change.run();
    feed.ask();
  }

  private void show(MapPicture picture) {
    model.show(picture);
    domains.show(picture.choices(), picture.chosen());
    address.setDisable(picture.chosen() == null);
    nothing.setVisible(picture.cells().isEmpty());
    grid.setVisible(!nothing.isVisible());
    grid.refresh();
    showCrumbs(picture.trail());
    say(-1);
    setFigures(model.figures());
  }

  private void showCrumbs(List<TableNode> trail) {
    var way = new ArrayList<Crumbs.Crumb>();
    for (int depth = 0; depth < trail.size(); depth++) {
      int to = depth;
      way.add(
          new Crumbs.Crumb(
              "map-crumb-" + depth,
              crumb(trail.get(depth), depth),
              () -> ask(() -> model.zoomTo(to))));
    }
    crumbs.show(way);
  }

  private String crumb(TableNode table, int depth) {
    String size = Hex.size(table.entrySpan() * PageTable.ENTRIES);
    boolean here = depth == model.pictureProperty().get().trail().size() - 1;
    return here && depth > 0 ? size + " @ " + Hex.group(table.iova()) : size;
  }

  @Override
  protected Parent build() {
    address.setId("map-goto");
    address.getStyleClass().addAll("small-field", "mono");
    address.promptTextProperty().bind(texts().observe("view.tree.goto"));
    address.accessibleTextProperty().bind(texts().observe("view.tree.goto"));
    address.setPrefColumnCount(14);
    address.setMinWidth(Region.USE_PREF_SIZE);
    address.textProperty().addListener((_, _, _) -> address.pseudoClassStateChanged(WRONG, false));
    address.setOnAction(_ -> goTo());
    Region way = crumbs.endFirst();
    HBox.setHgrow(way, Priority.ALWAYS);
    var bar =
        new HBox(
            domains,
            Words.button(texts(), "map-out", "view.map.out", () -> ask(model::zoomOut)),
            Words.button(texts(), "map-fit", "view.map.fit", () -> ask(model::fit)),
            way,
            address);
    bar.getStyleClass().add("view-bar");
    grid.addEventHandler(KeyEvent.KEY_PRESSED, this::keyPressed);
    grid.setOnScroll(
        event -> {
          if (event.getDeltaY() < 0) {
            ask(model::zoomOut);
          } else if (event.getDeltaY() > 0) {
            // What the wheel turns over; between two boxes, what keys act on.
            int over = grid.indexOf(event.getTarget());
            model
                .cell(over < 0 ? model.cursor() : over)
                .ifPresent(cell -> ask(() -> model.zoomIn(cell)));
          }
          event.consume();
        });
    words.setId("map-words");
    Words.mayShorten(words);
    words.setMaxWidth(Double.MAX_VALUE);
    pane.setTop(bar);
    grid.setVisible(false);
    pane.setCenter(new StackPane(grid, nothing));
    pane.setBottom(words);
    return pane;
  }

  private void goTo() {
    OptionalLong iova = Hex.address(address.getText());
    address.pseudoClassStateChanged(WRONG, iova.isEmpty());
    iova.ifPresent(at -> ask(() -> model.goTo(at)));
    if (iova.isPresent() && model.pictureProperty().get().chosen() != null) {
      int domain = model.pictureProperty().get().chosen().domain();
      selection.select(new Selected.DomainAddress(domain, iova.getAsLong()));
    }
  }

  private void keyPressed(KeyEvent event) {
    if (grid.move(event)) {
      point(model.cursor());
      event.consume();
    } else if (event.getCode() == KeyCode.ENTER || event.getCode() == KeyCode.PLUS) {
      open(model.cursor());
      event.consume();
    } else if (event.getCode() == KeyCode.BACK_SPACE || event.getCode() == KeyCode.MINUS) {
      ask(model::zoomOut);
      event.consume();
    }
  }

  private void point(int index) {
    model.point(index);
    grid.refresh();
    say(-1);
    model.cell().flatMap(model::selects).ifPresent(selection::select);
  }

  private void open(int index) {
    model.point(index);
    model.cell().ifPresent(cell -> ask(() -> model.zoomIn(cell)));
  }

  /** Says what is under the pointer, or else under the cursor. */
  private void say(int hovered) {
    List<MapCell> cells = model.pictureProperty().get().cells();
    var cell = model.cell(hovered).or(model::cell);
    words.setText(
        cell.map(MapModel::words)
            .map(phrase -> phrase.in(texts()))
            .orElseGet(() -> cells.isEmpty() ? "" : texts().get("view.map.hint")));
  }

  @Override
  public TextTable text() {
    return model.text();
  }
}
