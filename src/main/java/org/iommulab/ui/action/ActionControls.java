package org.iommulab.ui.action;

import com.google.inject.Inject;
import com.google.inject.Singleton;
import javafx.beans.binding.Bindings;
import javafx.beans.value.ObservableValue;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.CheckMenuItem;
import javafx.scene.control.MenuItem;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Region;
import javafx.scene.layout.StackPane;
import org.iommulab.ui.Icons;
import org.iommulab.ui.Texts;
import org.iommulab.ui.Theme;
import org.iommulab.ui.Tips;
import org.jspecify.annotations.Nullable;

/** Makes the buttons and menu items of actions. */
@Singleton
public final class ActionControls {

  private final Texts texts;
  private final Theme theme;

  @Inject
  public ActionControls(Texts texts, Theme theme) {
    this.texts = texts;
    this.theme = theme;
  }

  /**
   * A button, inside a frame that shows the tooltip: a disabled button sees no mouse, and its
   * tooltip is where the reason stands.
   */
  public StackPane button(Action action, String... styleClasses) {
    var button = new Button();
    button.setId(action.id() + "-button");
    button.textProperty().bind(text(action));
    button.setMinWidth(Region.USE_PREF_SIZE);
    button.setFocusTraversable(true);
    button.disableProperty().bind(isBlocked(action));
    button.setOnAction(event -> action.run());
    button.getStyleClass().addAll(styleClasses);
    var icon = action.icon();
    if (icon != null) {
      button.setGraphic(Icons.of(icon, theme));
    }
    var frame = new StackPane(button);
    frame.setMinWidth(Region.USE_PREF_SIZE);
    button.accessibleHelpProperty().bind(tip(action));
    Tips.on(frame, button::getAccessibleHelp);
    return frame;
  }

  /** Buttons side by side. */
  public HBox row(Node... buttons) {
    var row = new HBox(buttons);
    row.getStyleClass().add("button-row");
    return row;
  }

  /** A menu item, with a check mark if the action switches something. */
  public MenuItem item(Action action) {
    ObservableValue<Boolean> checked = action.checked();
    MenuItem item = checked == null ? new MenuItem() : checkItem(checked);
    item.setId(action.id() + "-item");
    item.textProperty().bind(text(action));
    item.disableProperty().bind(isBlocked(action));
    item.setOnAction(event -> action.run());
    item.setMnemonicParsing(false);
    item.acceleratorProperty().bind(action.shortcutProperty());
    return item;
  }

  private ObservableValue<String> text(Action action) {
    ObservableValue<Boolean> checked = action.checked();
    return checked == null
        ? texts.observe(action.textKey())
        : Bindings.createStringBinding(
            () -> texts.get(checked.getValue() ? action.checkedTextKey() : action.textKey()),
            checked,
            texts.localeProperty());
  }

  // The mark follows the value, also when the click did not change it.
  private static CheckMenuItem checkItem(ObservableValue<Boolean> checked) {
    var item = new CheckMenuItem();
    item.setSelected(checked.getValue());
    checked.addListener((value, was, is) -> item.setSelected(is));
    item.selectedProperty()
        .addListener(
            (value, was, is) -> {
              if (!is.equals(checked.getValue())) {
                javafx.application.Platform.runLater(() -> item.setSelected(checked.getValue()));
              }
            });
    return item;
  }

  /** The reason why an action cannot be done, or its shortcut. */
  private ObservableValue<String> tip(Action action) {
    return Bindings.createStringBinding(
        () -> tip(action, action.blocked().getValue()),
        action.blocked(),
        action.shortcutProperty(),
        texts.localeProperty());
  }

  private String tip(Action action, @Nullable String reason) {
    if (reason != null && !reason.isEmpty()) {
      return texts.get(reason);
    }
    String name = texts.get(action.textKey());
    String keys = action.shortcutText();
    return keys.isEmpty() ? name : name + "  (" + keys + ")";
  }

  private static javafx.beans.binding.BooleanBinding isBlocked(Action action) {
    return Bindings.createBooleanBinding(() -> !action.isPossible(), action.blocked());
  }
}
