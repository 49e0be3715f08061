package org.iommulab.ui.file;

import com.google.inject.Inject;
import com.google.inject.Singleton;
import java.io.File;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import javafx.application.Platform;
import javafx.scene.input.Clipboard;
import javafx.stage.FileChooser;
import javafx.stage.FileChooser.ExtensionFilter;
import javafx.stage.Window;
import org.iommulab.ui.LabModel;
import org.iommulab.ui.Notices;
import org.iommulab.ui.Role;
import org.iommulab.ui.Texts;
import org.iommulab.ui.action.Action;
import org.iommulab.ui.action.ActionSource;
import org.iommulab.ui.busy.Work;
import org.iommulab.ui.settings.Settings;
import org.iommulab.words.WhyNot;
import org.jspecify.annotations.Nullable;
import org.kordamp.ikonli.materialdesign2.MaterialDesignF;

/** Open, save the session as a script, save a picture, quit. */
@Singleton
public final class FileActions implements ActionSource {

  private static final String FOLDER = "folder";

  private final LabModel model;
  private final FileOpener opener;
  private final Notices notices;
  private final Texts texts;
  private final Settings settings;

  @Inject
  public FileActions(
      LabModel model, FileOpener opener, Notices notices, Texts texts, Settings settings) {
    this.model = model;
    this.opener = opener;
    this.notices = notices;
    this.texts = texts;
    this.settings = settings;
  }

  @Override
  public List<Action> actions() {
    return List.of(
        Action.named("open")
            .icon(MaterialDesignF.FOLDER_OPEN_OUTLINE)
            .shortcut("Shortcut+O")
            .runs(this::open),
        Action.named("save-session")
            .shortcut("Shortcut+S")
            .blocked(model.factsProperty().map(f -> f.position() > 0 ? "" : "reason.no-command"))
            .runs(this::saveSession),
        Action.named("save-picture").shortcut("Shortcut+Shift+S").runs(this::savePicture),
        Action.named("paste-case").shortcut("Shortcut+V").runs(this::paste),
        Action.named("quit").shortcut("Shortcut+Q").runs(FileActions::quit));
  }

  private void open() {
    FileChooser chooser = chooser("file.open-title");
    chooser
        .getExtensionFilters()
        .addAll(
            new ExtensionFilter(texts.get("file.all"), "*"),
            new ExtensionFilter(texts.get("file.scripts"), "*.jsonl", "*.json"),
            new ExtensionFilter(texts.get("file.presets"), "*.yaml", "*.yml"));
    List<File> chosen = chooser.showOpenMultipleDialog(window());
    if (chosen != null && !chosen.isEmpty()) {
      remember(chosen.getFirst());
      opener.open(chosen.stream().map(File::toPath).toList());
    }
  }

  /** A log, a table or debugfs texts from the clipboard; files that were copied are opened. */
  private void paste() {
    Clipboard clipboard = Clipboard.getSystemClipboard();
    if (clipboard.hasFiles()) {
      opener.open(clipboard.getFiles().stream().map(File::toPath).toList());
    } else if (clipboard.hasString() && !clipboard.getString().isBlank()) {
      opener.paste(clipboard.getString());
    } else {
      notices.tell(Role.MUTED, () -> texts.get("file.nothing-to-paste"));
    }
  }

  private void saveSession() {
    FileChooser chooser = chooser("file.save-title");
    chooser.setInitialFileName("session.jsonl");
    File chosen = chooser.showSaveDialog(window());
    if (chosen != null) {
      remember(chosen);
      model.change(
          Work.named("work.save", chosen.getName()),
          lab -> lab.save(chosen.toPath()),
          problem -> tellSaved(chosen, problem));
    }
  }

  private void tellSaved(File file, Optional<String> problem) {
    problem.ifPresentOrElse(
        sentence -> notices.tell(Role.BAD, sentence),
        () -> notices.tell(Role.OK, () -> texts.get("file.saved", file)));
  }

  private void savePicture() {
    Window window = window();
    if (window == null) {
      return;
    }
    var picture = window.getScene().snapshot(null);
    FileChooser chooser = chooser("file.picture-title");
    chooser.setInitialFileName("iommu-lab.png");
    File chosen = chooser.showSaveDialog(window);
    if (chosen != null) {
      remember(chosen);
      try {
        Png.write(picture, chosen.toPath());
        notices.tell(Role.OK, () -> texts.get("file.saved", chosen));
      } catch (IOException e) {
        notices.tell(Role.BAD, () -> texts.get("file.not-saved", chosen, WhyNot.written(e)));
      }
    }
  }

  private FileChooser chooser(String titleKey) {
    var chooser = new FileChooser();
    chooser.setTitle(texts.get(titleKey));
    var folder = new File(settings.text(FOLDER, ""));
    if (folder.isDirectory()) {
      chooser.setInitialDirectory(folder);
    }
    return chooser;
  }

  private void remember(File file) {
    File folder = file.getAbsoluteFile().getParentFile();
    if (folder != null) {
      settings.put(FOLDER, folder.getPath());
      settings.save();
    }
  }

  private static @Nullable Window window() {
    return Window.getWindows().stream().filter(Window::isFocused).findFirst().orElse(null);
  }

  /** As if the person had closed the window, so that everything is remembered. */
  private static void quit() {
    for (Window window : List.copyOf(Window.getWindows())) {
      window.fireEvent(
          new javafx.stage.WindowEvent(window, javafx.stage.WindowEvent.WINDOW_CLOSE_REQUEST));
    }
    // A window that has something to ask first stays.
    if (Window.getWindows().isEmpty()) {
      Platform.exit();
    }
  }
}
