package org.iommulab.ui.workbench;

import com.google.inject.Inject;
import com.google.inject.Provider;
import com.google.inject.Singleton;
import java.util.List;
import javafx.scene.input.Clipboard;
import javafx.scene.input.ClipboardContent;
import org.iommulab.ui.LabFacts;
import org.iommulab.ui.LabModel;
import org.iommulab.ui.Notices;
import org.iommulab.ui.Role;
import org.iommulab.ui.Texts;
import org.iommulab.ui.action.Action;
import org.iommulab.ui.action.ActionSource;
import org.kordamp.ikonli.materialdesign2.MaterialDesignR;
import org.kordamp.ikonli.materialdesign2.MaterialDesignU;

/** Undo, redo, the palette, preferences, and the last command for a script. */
@Singleton
final class EditActions implements ActionSource {

  private final LabModel model;
  private final Provider<CommandPalette> palette;
  private final Provider<PreferencesCard> preferences;
  private final Notices notices;
  private final Texts texts;

  @Inject
  EditActions(
      LabModel model,
      Provider<CommandPalette> palette,
      Provider<PreferencesCard> preferences,
      Notices notices,
      Texts texts) {
    this.model = model;
    this.palette = palette;
    this.preferences = preferences;
    this.notices = notices;
    this.texts = texts;
  }

  @Override
  public List<Action> actions() {
    return List.of(
        Action.named("undo")
            .icon(MaterialDesignU.UNDO)
            .shortcut("Shortcut+Z")
            .blocked(model.factsProperty().map(f -> f.canUndo() ? "" : "reason.nothing-to-undo"))
            .runs(model::undo),
        Action.named("redo")
            .icon(MaterialDesignR.REDO)
            .shortcut("Shortcut+Shift+Z")
            .blocked(model.factsProperty().map(f -> f.canRedo() ? "" : "reason.nothing-to-redo"))
            .runs(model::redo),
        Action.named("copy-command")
            .shortcut("Shortcut+Shift+C")
            .blocked(
                model.factsProperty().map(f -> f.last().isPresent() ? "" : "reason.no-command"))
            .runs(() -> copy(model.facts())),
        Action.named("palette").shortcut("Shortcut+Shift+P").runs(() -> palette.get().toggle()),
        Action.named("preferences")
            .shortcut("Shortcut+Comma")
            .runs(() -> preferences.get().show()));
  }

  private void copy(LabFacts facts) {
    facts
        .last()
        .ifPresent(
            entry -> {
              var content = new ClipboardContent();
              content.putString(entry.command().toJson());
              Clipboard.getSystemClipboard().setContent(content);
              notices.tell(Role.OK, () -> texts.get("status.copied"));
            });
  }
}
