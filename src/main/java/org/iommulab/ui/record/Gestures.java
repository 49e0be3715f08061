package org.iommulab.ui.record;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import javafx.beans.value.ChangeListener;
import javafx.collections.ListChangeListener;
import javafx.event.EventHandler;
import javafx.scene.Node;
import javafx.scene.Scene;
import javafx.scene.control.ComboBox;
import javafx.scene.control.TextInputControl;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyEvent;
import javafx.scene.input.MouseButton;
import javafx.scene.input.MouseEvent;
import javafx.stage.Window;
import org.jspecify.annotations.Nullable;

/**
 * Watches all windows and turns what a person does into statements of the test kit: clicks on what
 * has an id, choices, what is typed into a field as a whole, and keys that do something.
 */
final class Gestures {

  /** In a field these only move about; its text is noted as a whole. */
  private static final Set<KeyCode> EDITING =
      Set.of(
          KeyCode.LEFT,
          KeyCode.RIGHT,
          KeyCode.UP,
          KeyCode.DOWN,
          KeyCode.HOME,
          KeyCode.END,
          KeyCode.BACK_SPACE,
          KeyCode.DELETE);

  private final List<String> lines = new ArrayList<>();
  private final EventHandler<MouseEvent> mouse = this::pressed;
  private final EventHandler<KeyEvent> keys = this::pressed;
  private final EventHandler<KeyEvent> letters = this::typed;
  private final ListChangeListener<Window> windows = this::changed;
  private final Predicate<KeyEvent> own;
  private @Nullable TextInputControl typing;

  /**
   * @param own tells keys that are the recording's own
   */
  Gestures(Predicate<KeyEvent> own) {
    this.own = own;
  }

  void start() {
    Window.getWindows().forEach(this::watch);
    Window.getWindows().addListener(windows);
  }

  /** Ends the watch; gives the statements. */
  List<String> stop() {
    Window.getWindows().removeListener(windows);
    Window.getWindows().forEach(this::leave);
    flush();
    // The way to the menu item that ends a recording is not part of it.
    while (!lines.isEmpty()
        && (lines.getLast().contains("\"#help-menu\"")
            || lines.getLast().contains("\"#record-test-"))) {
      lines.removeLast();
    }
    return List.copyOf(lines);
  }

  /** A preset that plays has gone on by itself. */
  void beat() {
    flush();
    lines.add("lab.tick();");
  }

  private void changed(ListChangeListener.Change<? extends Window> change) {
    while (change.next()) {
      change.getAddedSubList().forEach(this::watch);
      change.getRemoved().forEach(this::leave);
    }
  }

  private void watch(Window window) {
    Scene scene = window.getScene();
    if (scene != null) {
      leave(window);
      scene.addEventFilter(MouseEvent.MOUSE_PRESSED, mouse);
      scene.addEventFilter(KeyEvent.KEY_PRESSED, keys);
      scene.addEventFilter(KeyEvent.KEY_TYPED, letters);
    }
  }

  private void leave(Window window) {
    Scene scene = window.getScene();
    if (scene != null) {
      scene.removeEventFilter(MouseEvent.MOUSE_PRESSED, mouse);
      scene.removeEventFilter(KeyEvent.KEY_PRESSED, keys);
      scene.removeEventFilter(KeyEvent.KEY_TYPED, letters);
    }
  }

  private void pressed(MouseEvent event) {
    flush();
    Node node = Pointed.node(event.getTarget()).orElse(null);
    if (node == null || Pointed.isArea(node.getId())) {
      return;
    }
    if (node instanceof ComboBox<?> choice) {
      follow(choice);
      return;
    }
    String id = TestCode.literal("#" + node.getId());
    if (event.getButton() == MouseButton.SECONDARY) {
      lines.add("lab.rightClick(" + id + ");");
    } else if (event.getClickCount() == 2 && !lines.isEmpty()) {
      lines.set(lines.size() - 1, "lab.doubleClick(" + id + ");");
    } else {
      lines.add("lab.click(" + id + ");");
    }
  }

  /** A choice is noted by its number when it is made. */
  private <T> void follow(ComboBox<T> choice) {
    String id = TestCode.literal("#" + choice.getId());
    var once =
        new ChangeListener<Boolean>() {
          @Override
          public void changed(
              javafx.beans.value.ObservableValue<? extends Boolean> showing,
              Boolean was,
              Boolean is) {
            if (!is) {
              showing.removeListener(this);
              int index = choice.getSelectionModel().getSelectedIndex();
              if (index != before) {
                lines.add("lab.choose(" + id + ", " + index + ");");
              }
            }
          }

          private final int before = choice.getSelectionModel().getSelectedIndex();
        };
    choice.showingProperty().addListener(once);
  }

  private void typed(KeyEvent event) {
    if (event.getTarget() instanceof TextInputControl field
        && Pointed.id(field).isPresent()
        && !event.isShortcutDown()
        && !event.getCharacter().isEmpty()
        && event.getCharacter().charAt(0) >= ' ') {
      begin(field);
    }
  }

  private void pressed(KeyEvent event) {
    KeyCode code = event.getCode();
    if (own.test(event) || code.isModifierKey()) {
      return;
    }
    boolean inField = event.getTarget() instanceof TextInputControl;
    if (inField && EDITING.contains(code) && !event.isShortcutDown()) {
      begin((TextInputControl) event.getTarget());
      return;
    }
    boolean letter = code.isLetterKey() || code.isDigitKey() || code == KeyCode.SPACE;
    if (inField && !event.isShortcutDown() && !event.isAltDown() && !acts(code)) {
      return;
    }
    if (letter && !event.isShortcutDown() && code != KeyCode.SPACE) {
      return;
    }
    flush();
    var names = new ArrayList<String>();
    if (event.isControlDown()) {
      names.add("KeyCode.CONTROL");
    }
    if (event.isAltDown()) {
      names.add("KeyCode.ALT");
    }
    if (event.isShiftDown()) {
      names.add("KeyCode.SHIFT");
    }
    names.add("KeyCode." + code.name());
    lines.add("lab.press(" + String.join(", ", names) + ");");
  }

  private static boolean acts(KeyCode code) {
    return code == KeyCode.ENTER
        || code == KeyCode.TAB
        || code == KeyCode.ESCAPE
        || code.isFunctionKey();
  }

  private void begin(TextInputControl field) {
    if (typing != field) {
      flush();
      typing = field;
    }
  }

  private void flush() {
    TextInputControl field = typing;
    if (field != null) {
      typing = null;
      lines.add(
          "lab.write("
              + TestCode.literal("#" + Pointed.id(field).orElse(""))
              + ", "
              + TestCode.literal(field.getText())
              + ");");
    }
  }
}
