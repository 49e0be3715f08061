package org.iommulab.ui.workbench;

import com.google.inject.Inject;
import com.google.inject.Singleton;
import java.util.Locale;
import java.util.Optional;
import javafx.collections.FXCollections;
import javafx.collections.ObservableList;
import javafx.collections.transformation.FilteredList;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.ListCell;
import javafx.scene.control.ListView;
import javafx.scene.control.TextField;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyCodeCombination;
import javafx.scene.input.KeyCombination;
import javafx.scene.input.KeyCombination.ModifierValue;
import javafx.scene.input.KeyEvent;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import org.controlsfx.control.textfield.TextFields;
import org.iommulab.ui.Ids;
import org.iommulab.ui.Overlay;
import org.iommulab.ui.Texts;
import org.iommulab.ui.action.Action;
import org.iommulab.ui.action.Actions;
import org.jspecify.annotations.Nullable;

/** All actions with their keys, to search in, and to give them other keys. */
@Singleton
final class ShortcutsCard {

  private final Actions actions;
  private final Shortcuts shortcuts;
  private final Overlay overlay;
  private final Texts texts;
  private final TextField query = TextFields.createClearableTextField();
  private final ObservableList<Action> all = FXCollections.observableArrayList();
  private final FilteredList<Action> found = new FilteredList<>(all);
  private final ListView<Action> list = new ListView<>(found);
  private final Label problem = new Label();
  private final VBox card;

  /** The action whose keys are to be pressed next, or null. */
  private @Nullable Action awaiting;

  @Inject
  ShortcutsCard(Actions actions, Shortcuts shortcuts, Overlay overlay, Texts texts) {
    this.actions = actions;
    this.shortcuts = shortcuts;
    this.overlay = overlay;
    this.texts = texts;
    query.setId("shortcuts-query");
    query.promptTextProperty().bind(texts.observe("shortcuts.prompt"));
    query.textProperty().subscribe(words -> found.setPredicate(action -> fits(action, words)));
    HBox.setHgrow(query, Priority.ALWAYS);
    list.setId("shortcuts-list");
    list.setCellFactory(view -> new Cell());
    VBox.setVgrow(list, Priority.ALWAYS);
    problem.setId("shortcuts-problem");
    problem.getStyleClass().add("form-problem");
    problem.setWrapText(true);
    problem.setMinHeight(Region.USE_PREF_SIZE);
    problem.managedProperty().bind(problem.textProperty().isNotEmpty());
    Button ordinary = button("shortcuts-ordinary", "shortcuts.all-ordinary");
    ordinary.setOnAction(
        event -> {
          shortcuts.giveAllOrdinary();
          await(null);
        });
    Button close = button("shortcuts-close", "form.close");
    close.setCancelButton(true);
    close.setOnAction(event -> overlay.close());
    var title = new Label();
    title.textProperty().bind(texts.observe("action.shortcuts"));
    title.getStyleClass().add("strong");
    var space = new Region();
    HBox.setHgrow(space, Priority.ALWAYS);
    card = new VBox(12, header(title, space, ordinary, close), query, list, problem);
    card.setId("shortcuts-card");
    card.getStyleClass().addAll("floating", "wide-card");
    card.addEventFilter(KeyEvent.KEY_PRESSED, this::press);
  }

  private static HBox header(Node... parts) {
    var header = new HBox(12, parts);
    header.setAlignment(Pos.CENTER_LEFT);
    return header;
  }

  private Button button(String id, String key) {
    var button = new Button();
    button.setId(id);
    button.textProperty().bind(texts.observe(key));
    button.setMinWidth(Region.USE_PREF_SIZE);
    return button;
  }

  void show() {
    all.setAll(actions.all());
    query.clear();
    await(null);
    overlay.showOnTop(card);
    query.requestFocus();
  }

  /** Every word typed occurs in the name or the keys. */
  private boolean fits(Action action, String words) {
    String text = texts.get(action.textKey()) + " " + action.shortcutText();
    for (String word : words.toLowerCase(Locale.ROOT).strip().split("\\s+", -1)) {
      if (!text.toLowerCase(Locale.ROOT).contains(word)) {
        return false;
      }
    }
    return true;
  }

  private void await(@Nullable Action action) {
    awaiting = action;
    problem.setText("");
    list.refresh();
    // Cells are made anew, and with them the button that had the keyboard.
    if (action != null) {
      list.requestFocus();
    }
  }

  /** Takes the keys that a person presses for an action. */
  private void press(KeyEvent event) {
    Action action = awaiting;
    if (action == null || event.getCode().isModifierKey()) {
      return;
    }
    event.consume();
    boolean bare = !event.isShortcutDown() && !event.isAltDown() && !event.isShiftDown();
    if (bare && event.getCode() == KeyCode.ESCAPE) {
      await(null);
    } else if (bare && isErasing(event.getCode())) {
      shortcuts.take(action);
      await(null);
    } else {
      tell(action, shortcuts.give(action, pressed(event)));
    }
  }

  private static boolean isErasing(KeyCode code) {
    return code == KeyCode.BACK_SPACE || code == KeyCode.DELETE;
  }

  private static KeyCombination pressed(KeyEvent event) {
    return new KeyCodeCombination(
        event.getCode(),
        value(event.isShiftDown()),
        ModifierValue.UP,
        value(event.isAltDown()),
        ModifierValue.UP,
        value(event.isShortcutDown()));
  }

  private static ModifierValue value(boolean down) {
    return down ? ModifierValue.DOWN : ModifierValue.UP;
  }

  private void tell(Action action, Optional<Shortcuts.Refusal> refusal) {
    if (refusal.isEmpty()) {
      await(null);
      return;
    }
    problem.setText(
        switch (refusal.get()) {
          case Shortcuts.Taken(Action by) ->
              texts.get("shortcuts.taken", by.shortcutText(), texts.get(by.textKey()));
          case Shortcuts.ForTyping() -> texts.get("shortcuts.for-typing");
        });
  }

  /** Name at the left, keys and what can be done about them at the right. */
  private final class Cell extends ListCell<Action> {

    private final Label name = new Label();
    private final Label keys = new Label();
    private final Button change = new Button();
    private final Button ordinary = new Button();
    private final HBox line;

    Cell() {
      name.setMinWidth(Region.USE_PREF_SIZE);
      keys.setMinWidth(Region.USE_PREF_SIZE);
      var space = new Region();
      HBox.setHgrow(space, Priority.ALWAYS);
      for (Button button : new Button[] {change, ordinary}) {
        button.getStyleClass().add("quiet");
        button.setMinWidth(Region.USE_PREF_SIZE);
      }
      line = new HBox(12, name, space, keys, ordinary, change);
      line.getStyleClass().add("palette-line");
    }

    @Override
    protected void updateItem(@Nullable Action action, boolean empty) {
      super.updateItem(action, empty);
      if (empty || action == null) {
        setGraphic(null);
        return;
      }
      name.setText(texts.get(action.textKey()));
      boolean waits = action == awaiting;
      keys.getStyleClass().setAll("label", waits ? "strong" : "mono", waits ? "" : "muted");
      keys.setText(waits ? texts.get("shortcuts.press") : action.shortcutText());
      change.setId(Ids.of("shortcut-" + action.id() + "-change"));
      change.setText(texts.get("shortcuts.change"));
      change.setOnAction(event -> await(action));
      ordinary.setId(Ids.of("shortcut-" + action.id() + "-ordinary"));
      ordinary.setText(texts.get("shortcuts.ordinary"));
      ordinary.setVisible(!action.hasOrdinaryShortcut());
      ordinary.setManaged(ordinary.isVisible());
      ordinary.setOnAction(
          event -> {
            await(null);
            tell(action, shortcuts.giveOrdinary(action));
          });
      setGraphic(line);
    }
  }
}
