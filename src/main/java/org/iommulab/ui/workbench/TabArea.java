package org.iommulab.ui.workbench;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javafx.beans.binding.Bindings;
import javafx.beans.property.SimpleStringProperty;
import javafx.beans.property.StringProperty;
import javafx.collections.ListChangeListener;
import javafx.geometry.Pos;
import javafx.scene.control.Label;
import javafx.scene.control.MenuButton;
import javafx.scene.control.MenuItem;
import javafx.scene.control.ScrollPane;
import javafx.scene.control.ToggleButton;
import javafx.scene.control.ToggleGroup;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyEvent;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;
import org.iommulab.ui.Chip;
import org.iommulab.ui.Texts;
import org.iommulab.ui.view.part.LabPane;
import org.iommulab.ui.view.part.Words;
import org.jspecify.annotations.Nullable;

/** Panes behind each other, with one line of tabs and the figures of the pane in front. */
final class TabArea implements Area {

  /** Room at the right of the tabs for the pane's menu and the gaps, in pixels. */
  private static final double BESIDE = 76;

  /** Room for the menu of all panes, in pixels. */
  private static final double MORE = 44;

  /** Size of the figures' letters at the ordinary scale, in pixels. */
  private static final double FIGURES_PIXELS = 11;

  private final List<LabPane> panes;
  private final Map<LabPane, PaneFrame> frames = new LinkedHashMap<>();
  private final Map<LabPane, ToggleButton> tabs = new LinkedHashMap<>();
  private final ToggleGroup group = new ToggleGroup();
  private final StringProperty figuresText = new SimpleStringProperty(this, "figures", "");
  private final Label figures = Words.fitting(figuresText);
  private final HBox chips = new HBox(4);
  private final StackPane menuPlace = new StackPane();
  private final PaneMenu menu;
  private final StackPane front = new StackPane();
  private final VBox column = new VBox();
  private final HBox strip = new HBox();
  private final ListChangeListener<LabPane.Badge> badgesChanged = change -> showBadges();
  private @Nullable LabPane selected;
  private boolean shown;

  TabArea(List<LabPane> panes, Texts texts, PaneMenu menu) {
    this.panes = panes;
    this.menu = menu;
    strip.getStyleClass().add("tab-strip");
    for (LabPane pane : panes) {
      frames.put(pane, PaneFrame.bare(pane));
      tabs.put(pane, tab(pane, texts));
    }
    strip.getChildren().addAll(tabs.values());
    strip.addEventFilter(KeyEvent.KEY_PRESSED, this::moveByKey);
    var scroll = new ScrollPane(strip);
    scroll.getStyleClass().add("tab-scroll");
    scroll.setVbarPolicy(ScrollPane.ScrollBarPolicy.NEVER);
    scroll.setHbarPolicy(ScrollPane.ScrollBarPolicy.NEVER);
    scroll.setFitToHeight(true);
    scroll.setMinHeight(0);
    // Figures and tags give way before tabs do; tabs that still find no room are in a menu.
    scroll
        .minWidthProperty()
        .bind(
            Bindings.createDoubleBinding(
                () -> Math.clamp(strip.getWidth(), 0, Math.max(0, roomForTabs())),
                strip.widthProperty(),
                column.widthProperty(),
                figures.fontProperty()));
    scroll
        .maxWidthProperty()
        .bind(
            Bindings.createDoubleBinding(
                () -> isTight() ? scroll.getMinWidth() : Double.MAX_VALUE,
                scroll.minWidthProperty(),
                strip.widthProperty(),
                column.widthProperty()));
    MenuButton more = more(texts);
    more.visibleProperty()
        .bind(
            Bindings.createBooleanBinding(
                this::isTight,
                strip.widthProperty(),
                column.widthProperty(),
                figures.fontProperty()));
    more.managedProperty().bind(more.visibleProperty());
    HBox.setHgrow(scroll, Priority.ALWAYS);
    figures.getStyleClass().add("pane-figures");
    chips
        .visibleProperty()
        .bind(
            Bindings.createBooleanBinding(
                this::haveTagsRoom,
                strip.widthProperty(),
                column.widthProperty(),
                chips.getChildren(),
                figures.fontProperty()));
    chips.managedProperty().bind(chips.visibleProperty());
    var line = new HBox(scroll, more, figures, chips, menuPlace);
    line.getStyleClass().add("tab-line");
    chips.setAlignment(Pos.CENTER_LEFT);
    column.getStyleClass().add("area");
    column.setMinSize(0, 0);
    front.setMinSize(0, 0);
    VBox.setVgrow(front, Priority.ALWAYS);
    column.getChildren().addAll(line, front);
    if (!panes.isEmpty()) {
      select(panes.getFirst());
    }
  }

  /** More tabs than there is room for. */
  private boolean isTight() {
    return strip.getWidth() > column.getWidth() - scaled(BESIDE);
  }

  private double roomForTabs() {
    double room = column.getWidth() - scaled(BESIDE) - (isTight() ? scaled(MORE) : 0);
    if (!isTight()) {
      return room;
    }
    // A tab is seen as a whole or not at all.
    double whole = 0;
    for (LabPane pane : panes) {
      ToggleButton tab = tabs.get(pane);
      if (tab == null || whole + tab.getWidth() > room) {
        break;
      }
      whole += tab.getWidth();
    }
    return whole;
  }

  /** The tab bears a tag in short; its words stand beside the tabs only where they push none. */
  private boolean haveTagsRoom() {
    return !chips.getChildren().isEmpty()
        && strip.getWidth() + chips.prefWidth(-1) <= column.getWidth() - scaled(BESIDE);
  }

  /** Pixels at the ordinary size of letters, grown with them. */
  private double scaled(double pixels) {
    return pixels * figures.getFont().getSize() / FIGURES_PIXELS;
  }

  /** All panes by name, for tabs that the line has no room for. */
  private MenuButton more(Texts texts) {
    var more = new MenuButton("…");
    more.setId(panes.isEmpty() ? "tabs-more" : panes.getFirst().id() + "-tabs-more");
    more.getStyleClass().addAll("quiet", "tabs-more");
    more.accessibleTextProperty().bind(texts.observe("pane.more"));
    for (LabPane pane : panes) {
      var item = new MenuItem();
      item.textProperty().bind(texts.observe(pane.titleKey()));
      item.setOnAction(event -> select(pane));
      more.getItems().add(item);
    }
    return more;
  }

  private Tab tab(LabPane pane, Texts texts) {
    var tab = new Tab();
    tab.setId(pane.id() + "-tab");
    tab.textProperty().bind(texts.observe(pane.titleKey()));
    tab.getStyleClass().setAll("tab-button");
    tab.setToggleGroup(group);
    tab.setMinWidth(Region.USE_PREF_SIZE);
    tab.setOnAction(event -> select(pane));
    pane.badges().addListener((ListChangeListener<LabPane.Badge>) change -> mark(tab, pane));
    mark(tab, pane);
    return tab;
  }

  /** The first tag in short, over the tab's edge, so that no tab moves when it comes or goes. */
  private static void mark(Tab tab, LabPane pane) {
    tab.show(pane.badges().isEmpty() ? null : pane.badges().getFirst());
  }

  private void moveByKey(KeyEvent event) {
    int step = event.getCode() == KeyCode.RIGHT ? 1 : event.getCode() == KeyCode.LEFT ? -1 : 0;
    if (step != 0 && selected != null) {
      int next = Math.floorMod(panes.indexOf(selected) + step, panes.size());
      select(panes.get(next));
      ToggleButton tab = tabs.get(panes.get(next));
      if (tab != null) {
        tab.requestFocus();
      }
      event.consume();
    }
  }

  @Override
  public Region node() {
    return column;
  }

  @Override
  public List<LabPane> panes() {
    return panes;
  }

  /** The pane in front, or null if there is none. */
  @Nullable LabPane selected() {
    return selected;
  }

  @Override
  public void setShown(boolean visible) {
    shown = visible;
    frames.forEach((pane, frame) -> frame.setShown(visible && pane == selected));
  }

  @Override
  public void select(LabPane pane) {
    LabPane before = selected;
    if (before != null) {
      before.badges().removeListener(badgesChanged);
    }
    selected = pane;
    pane.badges().addListener(badgesChanged);
    tabs.forEach((other, tab) -> tab.setSelected(other == pane));
    figuresText.bind(pane.figures());
    showBadges();
    menuPlace.getChildren().setAll(menu.button(pane));
    PaneFrame frame = frames.get(pane);
    if (frame != null) {
      front.getChildren().setAll(frame);
    }
    setShown(shown);
  }

  private void showBadges() {
    List<LabPane.Badge> badges = selected == null ? List.of() : selected.badges();
    chips.getChildren().setAll(badges.stream().map(b -> new Chip(b.text(), b.role())).toList());
  }
}
