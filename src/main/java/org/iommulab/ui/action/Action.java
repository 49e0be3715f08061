package org.iommulab.ui.action;

import java.util.Objects;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.SimpleStringProperty;
import javafx.beans.value.ObservableValue;
import javafx.scene.input.KeyCombination;
import org.jspecify.annotations.Nullable;
import org.kordamp.ikonli.Ikon;

/**
 * One thing a person can do. Its text has the key {@code action.ID} unless said otherwise; its
 * button is {@code #ID-button}, its menu item {@code #ID-item}.
 */
public final class Action {

  private static final ObservableValue<String> NEVER = new SimpleStringProperty("");

  private final String id;
  private final String textKey;
  private final @Nullable Ikon icon;
  private final @Nullable KeyCombination ordinaryShortcut;
  private final ReadOnlyObjectWrapper<@Nullable KeyCombination> shortcut;
  private final ObservableValue<String> blocked;
  private final @Nullable ObservableValue<Boolean> checked;
  private final String checkedTextKey;
  private final Runnable body;

  private Action(Builder builder, Runnable body) {
    this.id = builder.id;
    this.textKey = builder.textKey;
    this.icon = builder.icon;
    this.ordinaryShortcut = builder.shortcut;
    this.shortcut = new ReadOnlyObjectWrapper<>(this, "shortcut", builder.shortcut);
    this.blocked = builder.blocked;
    this.checked = builder.checked;
    this.checkedTextKey = builder.checkedTextKey == null ? builder.textKey : builder.checkedTextKey;
    this.body = body;
  }

  /** Starts an action. */
  public static Builder named(String id) {
    return new Builder(id);
  }

  /** Stable id such as {@code step-back}. */
  public String id() {
    return id;
  }

  /** Key of the text on buttons and in menus. */
  public String textKey() {
    return textKey;
  }

  /** Icon, or null. */
  public @Nullable Ikon icon() {
    return icon;
  }

  /** Shortcut, or null. */
  public @Nullable KeyCombination shortcut() {
    return shortcut.get();
  }

  /** Shortcut, or null; a person may change it. */
  public ReadOnlyObjectProperty<@Nullable KeyCombination> shortcutProperty() {
    return shortcut.getReadOnlyProperty();
  }

  /** The shortcut it has unless a person wants another, or null. */
  public @Nullable KeyCombination ordinaryShortcut() {
    return ordinaryShortcut;
  }

  /** Tells whether its shortcut is the one it has by itself. */
  public boolean hasOrdinaryShortcut() {
    return Objects.equals(ordinaryShortcut, shortcut.get());
  }

  /** Gives it other keys, or none. */
  public void setShortcut(@Nullable KeyCombination keys) {
    shortcut.set(keys);
  }

  /** The keys as a person reads them, or an empty text. */
  public String shortcutText() {
    KeyCombination keys = shortcut.get();
    return keys == null ? "" : keys.getDisplayText();
  }

  /** Key of the reason why it cannot be done now; empty when it can. */
  public ObservableValue<String> blocked() {
    return blocked;
  }

  /** Whether what it switches is on, or null if it does not switch. */
  public @Nullable ObservableValue<Boolean> checked() {
    return checked;
  }

  /** Key of the text while what it switches is on. */
  public String checkedTextKey() {
    return checkedTextKey;
  }

  /** Tells whether it can be done now. */
  public boolean isPossible() {
    return blocked.getValue().isEmpty();
  }

  /** Does it, if it can be done now. */
  public void run() {
    if (isPossible()) {
      body.run();
    }
  }

  /** Collects what an action is made of. */
  public static final class Builder {

    private final String id;
    private String textKey;
    private @Nullable Ikon icon;
    private @Nullable KeyCombination shortcut;
    private ObservableValue<String> blocked = NEVER;
    private @Nullable ObservableValue<Boolean> checked;
    private @Nullable String checkedTextKey;

    private Builder(String id) {
      this.id = id;
      this.textKey = "action." + id;
    }

    /** Uses another text than the one of its id. */
    public Builder textKey(String key) {
      textKey = key;
      return this;
    }

    /** Shows an icon before the text. */
    public Builder icon(Ikon picture) {
      icon = picture;
      return this;
    }

    /** Gives it a shortcut such as {@code Shortcut+Shift+P}. */
    public Builder shortcut(String keys) {
      shortcut = KeyCombination.valueOf(keys);
      return this;
    }

    /** It cannot be done while this value is not empty: the key of the reason. */
    public Builder blocked(ObservableValue<String> reasonKey) {
      blocked = reasonKey;
      return this;
    }

    /** It switches this value. */
    public Builder checked(ObservableValue<Boolean> value) {
      checked = value;
      return this;
    }

    /** It switches this value, and is called otherwise while that is on. */
    public Builder checked(ObservableValue<Boolean> value, String textKeyWhileOn) {
      checked = value;
      checkedTextKey = textKeyWhileOn;
      return this;
    }

    /** The action that does this. */
    public Action runs(Runnable body) {
      return new Action(this, body);
    }
  }
}
