package org.iommulab.ui.workbench;

import com.google.inject.Inject;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.function.Supplier;
import javafx.scene.control.Menu;
import javafx.scene.control.MenuBar;
import javafx.scene.control.MenuButton;
import javafx.scene.control.MenuItem;
import javafx.scene.control.SeparatorMenuItem;
import javafx.scene.layout.Region;
import org.iommulab.ui.Ids;
import org.iommulab.ui.Texts;
import org.iommulab.ui.action.Action;
import org.iommulab.ui.action.ActionControls;
import org.iommulab.ui.action.Actions;
import org.iommulab.ui.form.WordForms;
import org.iommulab.ui.workbench.Openables.Openable;

/** Builds the menu bar and the preset picker from the plan. */
final class Menus {

  private final Actions actions;
  private final ActionControls controls;
  private final Texts texts;
  private final Openables openables;
  private final WordForms words;

  @Inject
  Menus(
      Actions actions, ActionControls controls, Texts texts, Openables openables, WordForms words) {
    this.words = words;
    this.actions = actions;
    this.controls = controls;
    this.texts = texts;
    this.openables = openables;
  }

  MenuBar bar() {
    var bar = new MenuBar();
    bar.setId("menu-bar");
    bar.setMinWidth(Region.USE_PREF_SIZE);
    for (MenuPlan.Menu plan : MenuPlan.MENUS) {
      bar.getMenus().add(menu(plan));
    }
    return bar;
  }

  private Menu menu(MenuPlan.Menu plan) {
    var menu = named(plan.id());
    for (String item : plan.items()) {
      switch (item) {
        case "-" -> menu.getItems().add(new SeparatorMenuItem());
        case "course" ->
            // Late: reading the lessons would delay the first window.
            menu.getItems()
                .add(filledWhenOpened(item, () -> items("lesson-", openables.lessons())));
        case "presets" ->
            menu.getItems().add(inside("presets", items("lesson-", openables.presets())));
        case "samples" ->
            menu.getItems().add(inside("samples", items("sample-", openables.samples())));
        case "recent" ->
            menu.getItems()
                .add(
                    filledWhenOpened(
                        item, () -> itemsOr("recent.none", "recent-", openables.recent())));
        case "earlier" ->
            menu.getItems()
                .add(
                    filledWhenOpened(
                        item, () -> itemsOr("earlier.none", "earlier-", openables.earlier())));
        case "words" -> menu.getItems().add(filledWhenOpened("words", this::wordItems));
        case "panes" -> menu.getItems().add(inside(item, paneItems()));
        default -> menu.getItems().add(item.startsWith("menu:") ? inner(item) : item(item));
      }
    }
    return menu;
  }

  private MenuItem item(String id) {
    return controls.item(actions.get(id));
  }

  private Menu inner(String item) {
    String id = item.substring("menu:".length());
    return menu(
        MenuPlan.INNER.stream().filter(plan -> plan.id().equals(id)).findFirst().orElseThrow());
  }

  private Menu named(String id) {
    var menu = new Menu();
    menu.setId(id + "-menu");
    menu.textProperty().bind(texts.observe("menu." + id));
    menu.setMnemonicParsing(false);
    return menu;
  }

  private List<MenuItem> paneItems() {
    return actions.all().stream()
        .map(Action::id)
        .filter(id -> id.startsWith("show-") && MenuPlan.above(id).isEmpty())
        .map(this::item)
        .toList();
  }

  /** A button with all presets, showing the one that is played. */
  MenuButton presetPicker() {
    var button = new MenuButton();
    button.setId("preset-picker");
    button.getItems().setAll(items("preset-", openables.presets()));
    button.setMnemonicParsing(false);
    return button;
  }

  private List<MenuItem> items(String prefix, List<Openable> things) {
    return things.stream().map(thing -> item(prefix, thing)).toList();
  }

  private MenuItem item(String prefix, Openable thing) {
    var item = new MenuItem();
    item.setId(Ids.of(prefix + thing.id()));
    item.setMnemonicParsing(false);
    item.textProperty().bind(texts.localeProperty().map(language -> thing.name().get()));
    item.setOnAction(event -> thing.open().run());
    return item;
  }

  /** A menu of its own. */
  private Menu inside(String id, List<MenuItem> items) {
    var menu = named(id);
    menu.getItems().setAll(items);
    return menu;
  }

  /** Words with a dot stand in a menu of their family. */
  private List<MenuItem> wordItems() {
    var families = new LinkedHashMap<String, Menu>();
    var items = new ArrayList<MenuItem>();
    for (String op : words.ops()) {
      var item = new MenuItem(words.label(op) + "…");
      item.setId(Ids.of(op) + "-item");
      item.setMnemonicParsing(false);
      item.setOnAction(event -> words.open(op));
      int dot = op.indexOf('.');
      if (dot < 0) {
        items.add(item);
      } else {
        families.computeIfAbsent(op.substring(0, dot), name -> new Menu(name)).getItems().add(item);
      }
    }
    items.addAll(0, families.values());
    return items;
  }

  private List<MenuItem> itemsOr(String noneKey, String prefix, List<Openable> things) {
    if (!things.isEmpty()) {
      return items(prefix, things);
    }
    var none = new MenuItem(texts.get(noneKey));
    none.setDisable(true);
    return List.of(none);
  }

  // A menu must hold something to open at all; the content is made when it does.
  private Menu filledWhenOpened(String id, Supplier<List<MenuItem>> content) {
    var menu = named(id);
    menu.getItems().add(new MenuItem());
    menu.setOnShowing(event -> menu.getItems().setAll(content.get()));
    return menu;
  }
}
