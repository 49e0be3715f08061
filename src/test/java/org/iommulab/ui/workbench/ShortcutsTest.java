package org.iommulab.ui.workbench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import javafx.scene.input.KeyCombination;
import org.iommulab.ui.action.Action;
import org.iommulab.ui.action.ActionSource;
import org.iommulab.ui.action.Actions;
import org.iommulab.ui.settings.Folders;
import org.iommulab.ui.settings.Settings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ShortcutsTest {

  private static final KeyCombination CTRL_K = KeyCombination.valueOf("Shortcut+K");

  @TempDir Path folder;

  private final Action map = Action.named("map").shortcut("Shortcut+M").runs(() -> {});
  private final Action undo = Action.named("undo").shortcut("Shortcut+Z").runs(() -> {});
  private final Action about = Action.named("about").runs(() -> {});

  private Shortcuts shortcuts() {
    ActionSource source = () -> List.of(map, undo, about);
    return new Shortcuts(new Actions(Set.of(source)), new Settings(new Folders(folder, folder)));
  }

  @Test
  void keysGivenToAnActionAreThereAtTheNextStart() {
    assertThat(shortcuts().give(map, CTRL_K)).isEmpty();
    shortcuts().take(undo);
    Action again = Action.named("map").shortcut("Shortcut+M").runs(() -> {});
    Action undone = Action.named("undo").shortcut("Shortcut+Z").runs(() -> {});
    new Shortcuts(
            new Actions(Set.of(() -> List.of(again, undone))),
            new Settings(new Folders(folder, folder)))
        .restore();
    assertThat(again.shortcut()).isEqualTo(CTRL_K);
    assertThat(undone.shortcut()).isNull();
  }

  @Test
  void keysOfAnotherActionAreRefusedAndNothingChanges() {
    assertThat(shortcuts().give(map, KeyCombination.valueOf("Shortcut+Z")))
        .contains(new Shortcuts.Taken(undo));
    assertThat(map.shortcut()).isEqualTo(KeyCombination.valueOf("Shortcut+M"));
  }

  @Test
  void keysThatTypeAreRefused() {
    assertThat(shortcuts().give(map, KeyCombination.valueOf("M")))
        .contains(new Shortcuts.ForTyping());
    assertThat(shortcuts().give(map, KeyCombination.valueOf("Shift+M")))
        .contains(new Shortcuts.ForTyping());
    assertThat(shortcuts().give(map, KeyCombination.valueOf("F7"))).isEmpty();
  }

  @Test
  void ordinaryKeysComeBackUnlessAnotherActionHasThemNow() {
    Shortcuts shortcuts = shortcuts();
    shortcuts.give(map, CTRL_K);
    shortcuts.give(about, KeyCombination.valueOf("Shortcut+M"));
    assertThat(shortcuts.giveOrdinary(map)).contains(new Shortcuts.Taken(about));
    shortcuts.giveAllOrdinary();
    assertThat(map.hasOrdinaryShortcut()).isTrue();
    assertThat(about.shortcut()).isNull();
  }

  @Test
  void keysInDamagedSettingsAreLeftAsTheyOrdinarilyAre() throws IOException {
    Files.writeString(
        folder.resolve("settings.json"),
        """
        {"shortcut.map": "Shortcut+Zet+", "shortcut.undo": "M", "shortcut.about": "Shortcut+Z"}
        """);
    shortcuts().restore();
    assertThat(map.hasOrdinaryShortcut()).isTrue();
    assertThat(undo.hasOrdinaryShortcut()).isTrue();
    assertThat(about.shortcut()).isNull();
  }
}
