package org.iommulab.ui.workbench;

import com.google.inject.Inject;
import javafx.beans.binding.Bindings;
import javafx.beans.value.ObservableValue;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.ContentDisplay;
import javafx.scene.control.Label;
import javafx.scene.control.MenuButton;
import javafx.scene.layout.FlowPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import org.iommulab.ui.LabModel;
import org.iommulab.ui.Texts;
import org.iommulab.ui.action.Action;
import org.iommulab.ui.action.ActionControls;
import org.iommulab.ui.action.Actions;
import org.iommulab.ui.player.PresetPlayer;
import org.iommulab.ui.view.part.Words;

/** The menu line and the toolbar. */
final class TopBar {

  /** Share of the toolbar that the search box takes. */
  private static final double SEARCH_SHARE = 0.15;

  /** Room at both sides of the words in the search box, in pixels. */
  private static final double SEARCH_SIDES = 20;

  /** Room around and between the parts of the toolbar, in pixels. */
  private static final double TOOL_GAP = 12;

  private final Menus menus;
  private final Actions actions;
  private final ActionControls controls;
  private final Texts texts;
  private final PresetPlayer player;
  private final LabModel model;

  @Inject
  TopBar(
      Menus menus,
      Actions actions,
      ActionControls controls,
      Texts texts,
      PresetPlayer player,
      LabModel model) {
    this.menus = menus;
    this.actions = actions;
    this.controls = controls;
    this.texts = texts;
    this.player = player;
    this.model = model;
  }

  /** Name of the program, menus, and what is open. */
  Node menuLine() {
    var name = new Label();
    name.getStyleClass().addAll("app-name", "strong");
    name.textProperty().bind(texts.observe("app.name"));
    name.setMinWidth(Region.USE_PREF_SIZE);
    var title = new Label();
    title.setId("session-title");
    title.getStyleClass().add("muted");
    title.textProperty().bind(sessionTitle());
    Words.mayShorten(title);
    var line = new HBox(name, menus.bar(), space(), title);
    line.getStyleClass().add("menu-line");
    return line;
  }

  /** The toolbar; what finds no room in the first row goes into a second. */
  Node toolBar() {
    var buttons = new FlowPane();
    buttons.getStyleClass().add("tool-buttons");
    buttons.setMinWidth(0);
    HBox.setHgrow(buttons, Priority.ALWAYS);
    for (String item : MenuPlan.TOOLBAR) {
      Node part =
          switch (item) {
            case "-" -> separator();
            case "presets" -> picker();
            case "step", "fork" -> controls.button(actions.get(item), "primary");
            default -> controls.button(actions.get(item));
          };
      showWhereItWorks(item, part);
      buttons.getChildren().add(part);
    }
    Button search = searchBox();
    var line = new HBox(buttons, search);
    line.widthProperty().subscribe(width -> share(width.doubleValue(), buttons, search));
    search.widthProperty().subscribe(own -> share(line.getWidth(), buttons, search));
    line.setId("tool-bar");
    line.getStyleClass().add("tool-line");
    return line;
  }

  /** A dump is looked at: what cannot be done to it has no place in the toolbar. */
  private void showWhereItWorks(String item, Node part) {
    boolean live = MenuPlan.LIVE_ONLY.contains(item);
    if (live || MenuPlan.DUMP_ONLY.contains(item)) {
      part.visibleProperty().bind(model.factsProperty().map(facts -> facts.live() == live));
      part.managedProperty().bind(part.visibleProperty());
    }
  }

  /** Tells both parts of the toolbar how wide they will be; a row that wraps must know early. */
  private static void share(double width, FlowPane buttons, Button search) {
    double box = Math.clamp(width * SEARCH_SHARE, 150, 290);
    if (search.getGraphic() instanceof Region content) {
      content.setMinWidth(box - SEARCH_SIDES);
    }
    double taken = Math.max(box, search.prefWidth(-1));
    buttons.setPrefWrapLength(Math.max(200, width - taken - 4 * TOOL_GAP));
  }

  /** What is open: the preset and its step, or the opened file, or a free session. */
  ObservableValue<String> sessionTitle() {
    return Bindings.createStringBinding(
        this::title, player.progressProperty(), model.factsProperty(), texts.localeProperty());
  }

  private String title() {
    var progress = player.progress();
    return progress
        .preset()
        .map(
            preset ->
                texts.get(
                    "session.preset", texts.in(preset.title()), progress.done(), progress.steps()))
        .or(
            () ->
                model
                    .facts()
                    .source()
                    .map(
                        source ->
                            model.facts().live() ? texts.get("session.fork", source) : source))
        .orElseGet(() -> texts.get("session.free"));
  }

  private MenuButton picker() {
    MenuButton picker = menus.presetPicker();
    picker
        .textProperty()
        .bind(
            Bindings.createStringBinding(
                () ->
                    player
                        .progress()
                        .preset()
                        .map(preset -> texts.in(preset.title()))
                        .orElseGet(() -> texts.get("preset.choose")),
                player.progressProperty(),
                texts.localeProperty()));
    picker.getStyleClass().add("preset-picker");
    Words.mayShorten(picker);
    picker.setMinWidth(90);
    return picker;
  }

  /** Looks like a search field and opens the palette, which has the real one. */
  private Button searchBox() {
    Action palette = actions.get("palette");
    var words = new Label();
    words.textProperty().bind(texts.observe("palette.button"));
    words.getStyleClass().add("muted");
    words.setMinWidth(Region.USE_PREF_SIZE);
    var keys = new Label();
    keys.textProperty()
        .bind(palette.shortcutProperty().map(each -> palette.shortcutText()).orElse(""));
    keys.getStyleClass().addAll("mono", "muted", "small");
    keys.setMinWidth(Region.USE_PREF_SIZE);
    var content = new HBox(8, words, space(), keys);
    content.getStyleClass().add("search-content");
    var box = new Button();
    box.setId("palette-button");
    box.setContentDisplay(ContentDisplay.GRAPHIC_ONLY);
    box.setGraphic(content);
    box.getStyleClass().add("search-box");
    box.setOnAction(event -> palette.run());
    box.setMinWidth(Region.USE_PREF_SIZE);
    return box;
  }

  private static Node separator() {
    var line = new Region();
    line.getStyleClass().add("tool-separator");
    return line;
  }

  private static Node space() {
    var space = new Region();
    HBox.setHgrow(space, Priority.ALWAYS);
    return space;
  }
}
