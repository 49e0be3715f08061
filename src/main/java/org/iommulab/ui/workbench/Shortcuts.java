package org.iommulab.ui.workbench;

import com.google.inject.Inject;
import com.google.inject.Singleton;
import java.util.Optional;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyCodeCombination;
import javafx.scene.input.KeyCombination;
import org.iommulab.ui.action.Action;
import org.iommulab.ui.action.Actions;
import org.iommulab.ui.settings.Settings;
import org.jspecify.annotations.Nullable;

/** The keys of actions as a person wants them; what differs from the ordinary is remembered. */
@Singleton
final class Shortcuts {

  private static final String KEY = "shortcut.";

  /** In the settings: an action that shall have no keys. */
  private static final String NONE = "none";

  private final Actions actions;
  private final Settings settings;

  @Inject
  Shortcuts(Actions actions, Settings settings) {
    this.actions = actions;
    this.settings = settings;
  }

  /** Why keys cannot be given to an action. */
  sealed interface Refusal {}

  /** Another action has them. */
  record Taken(Action by) implements Refusal {}

  /** They type a letter or move in a text; only with a modifier they may be a shortcut. */
  record ForTyping() implements Refusal {}

  /**
   * Gives actions the keys that were chosen before. Settings can be edited by hand: keys that
   * cannot be read, or that two actions want, are left as they ordinarily are.
   */
  void restore() {
    for (Action action : actions.all()) {
      String kept = settings.text(KEY + action.id(), "");
      if (kept.equals(NONE)) {
        action.setShortcut(null);
      } else if (!kept.isEmpty()) {
        read(kept).filter(keys -> refusal(action, keys).isEmpty()).ifPresent(action::setShortcut);
      }
    }
  }

  private static Optional<KeyCombination> read(String text) {
    try {
      return Optional.of(KeyCombination.valueOf(text));
    } catch (IllegalArgumentException | NullPointerException e) {
      return Optional.empty();
    }
  }

  /** Gives an action other keys, or says why not. */
  Optional<Refusal> give(Action action, KeyCombination keys) {
    Optional<Refusal> refusal = refusal(action, keys);
    if (refusal.isEmpty()) {
      set(action, keys);
    }
    return refusal;
  }

  /** Leaves an action without keys. */
  void take(Action action) {
    set(action, null);
  }

  /** Gives an action its ordinary keys, or says why not. */
  Optional<Refusal> giveOrdinary(Action action) {
    KeyCombination ordinary = action.ordinaryShortcut();
    if (ordinary == null) {
      take(action);
      return Optional.empty();
    }
    return give(action, ordinary);
  }

  /** Gives every action its ordinary keys. */
  void giveAllOrdinary() {
    actions.all().forEach(action -> set(action, action.ordinaryShortcut()));
  }

  private void set(Action action, @Nullable KeyCombination keys) {
    action.setShortcut(keys);
    if (action.hasOrdinaryShortcut()) {
      settings.remove(KEY + action.id());
    } else {
      settings.put(KEY + action.id(), keys == null ? NONE : keys.getName());
    }
    settings.save();
  }

  private Optional<Refusal> refusal(Action action, KeyCombination keys) {
    if (isForTyping(keys)) {
      return Optional.of(new ForTyping());
    }
    return actions.all().stream()
        .filter(other -> other != action && keys.equals(other.shortcut()))
        .findFirst()
        .map(Taken::new);
  }

  private static boolean isForTyping(KeyCombination keys) {
    boolean modified =
        keys.getShortcut() == KeyCombination.ModifierValue.DOWN
            || keys.getControl() == KeyCombination.ModifierValue.DOWN
            || keys.getAlt() == KeyCombination.ModifierValue.DOWN
            || keys.getMeta() == KeyCombination.ModifierValue.DOWN;
    KeyCode code =
        keys instanceof KeyCodeCombination combination ? combination.getCode() : KeyCode.UNDEFINED;
    return !modified && !code.isFunctionKey();
  }
}
