package org.iommulab.ui.workbench;

import com.google.inject.Inject;
import java.nio.file.Path;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import javafx.scene.control.Menu;
import javafx.scene.control.MenuBar;
import javafx.scene.control.MenuButton;
import javafx.scene.control.MenuItem;
import javafx.scene.control.SeparatorMenuItem;
import javafx.scene.layout.Region;
import org.iommulab.course.Lessons;
import org.iommulab.evidence.Sample;
import org.iommulab.lab.script.Preset;
import org.iommulab.lab.script.Presets;
import org.iommulab.lab.session.EarlierSession;
import org.iommulab.ui.Ids;
import org.iommulab.ui.Texts;
import org.iommulab.ui.action.Action;
import org.iommulab.ui.action.ActionControls;
import org.iommulab.ui.action.Actions;
import org.iommulab.ui.file.FileOpener;
import org.iommulab.ui.file.RecentFiles;
import org.iommulab.ui.file.Recovery;
import org.iommulab.ui.form.WordForms;
import org.iommulab.ui.player.PresetPlayer;

/** Builds the menu bar and the preset picker from the plan. */
final class Menus {

  private static final DateTimeFormatter ENDED =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm", Locale.ROOT);

  private final Actions actions;
  private final ActionControls controls;
  private final Texts texts;
  private final PresetPlayer player;
  private final RecentFiles recent;
  private final Recovery recovery;
  private final FileOpener opener;
  private final WordForms words;

  @Inject
  Menus(
      Actions actions,
      ActionControls controls,
      Texts texts,
      PresetPlayer player,
      RecentFiles recent,
      Recovery recovery,
      FileOpener opener,
      WordForms words) {
    this.words = words;
    this.actions = actions;
    this.controls = controls;
    this.texts = texts;
    this.player = player;
    this.recent = recent;
    this.recovery = recovery;
    this.opener = opener;
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
        case "presets" -> menu.getItems().addAll(presetItems("lesson-"));
        case "samples" -> menu.getItems().add(samples());
        case "recent" -> menu.getItems().add(filledWhenOpened("recent", this::recentItems));
        case "earlier" -> menu.getItems().add(filledWhenOpened("earlier", this::earlierItems));
        case "words" -> menu.getItems().add(filledWhenOpened("words", this::wordItems));
        case "panes" -> menu.getItems().addAll(paneItems());
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
        .filter(action -> action.id().startsWith("show-"))
        .map(Action::id)
        .map(this::item)
        .toList();
  }

  /** A button with all presets, showing the one that is played. */
  MenuButton presetPicker() {
    var button = new MenuButton();
    button.setId("preset-picker");
    button.getItems().setAll(presetItems("preset-"));
    button.setMnemonicParsing(false);
    return button;
  }

  private List<MenuItem> presetItems(String prefix) {
    return Presets.all().stream().map(preset -> presetItem(preset, prefix)).toList();
  }

  private MenuItem presetItem(Preset preset, String prefix) {
    var item = new MenuItem();
    item.setId(prefix + preset.name());
    item.setMnemonicParsing(false);
    item.textProperty()
        .bind(texts.localeProperty().map(locale -> preset.title().in(locale.getLanguage())));
    item.setOnAction(event -> player.load(preset, 1));
    return item;
  }

  /** The dumps that ship with the program. */
  private Menu samples() {
    var menu = named("samples");
    for (Sample sample : Sample.values()) {
      var item = new MenuItem();
      item.setId("sample-" + sample.id());
      item.setMnemonicParsing(false);
      item.textProperty().bind(texts.observe("sample." + sample.id()));
      item.setOnAction(event -> opener.open(sample));
      menu.getItems().add(item);
    }
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

  private List<MenuItem> recentItems() {
    if (recent.files().isEmpty()) {
      var none = new MenuItem(texts.get("recent.none"));
      none.setDisable(true);
      return List.of(none);
    }
    return recent.files().stream().map(this::recentItem).toList();
  }

  private List<MenuItem> earlierItems() {
    List<EarlierSession> earlier = recovery.earlier();
    if (earlier.isEmpty()) {
      var none = new MenuItem(texts.get("earlier.none"));
      none.setDisable(true);
      return List.of(none);
    }
    return earlier.stream().map(this::earlierItem).toList();
  }

  private MenuItem earlierItem(EarlierSession session) {
    String time = ENDED.format(session.end());
    String of = title(session.name());
    String words = texts.get("earlier.session", time, session.commands());
    var item = new MenuItem(of.isEmpty() ? words : words + " · " + of);
    item.setMnemonicParsing(false);
    item.setOnAction(event -> recovery.reopen(session));
    return item;
  }

  private String title(String name) {
    return Presets.named(name)
        .map(preset -> preset.title().in(texts.locale().getLanguage()))
        .or(
            () ->
                Lessons.named(name).map(lesson -> lesson.title().in(texts.locale().getLanguage())))
        .orElse(name);
  }

  private MenuItem recentItem(Path file) {
    var item = new MenuItem(file.toString());
    item.setMnemonicParsing(false);
    item.setOnAction(event -> opener.open(file));
    return item;
  }

  // A menu must hold something to open at all; the content is made when it does.
  private Menu filledWhenOpened(String id, Supplier<List<MenuItem>> content) {
    var menu = named(id);
    menu.getItems().add(new MenuItem());
    menu.setOnShowing(event -> menu.getItems().setAll(content.get()));
    return menu;
  }
}
