package org.iommulab.ui.export;

import com.google.inject.Inject;
import com.google.inject.Singleton;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import javafx.beans.value.ObservableValue;
import javafx.scene.control.MenuItem;
import javafx.scene.input.Clipboard;
import javafx.stage.FileChooser;
import javafx.stage.FileChooser.ExtensionFilter;
import javafx.stage.Window;
import org.iommulab.ui.Notices;
import org.iommulab.ui.Role;
import org.iommulab.ui.Texts;
import org.iommulab.ui.action.Action;
import org.iommulab.ui.action.ActionSource;
import org.iommulab.ui.busy.FxThread;
import org.iommulab.ui.view.part.LabPane;
import org.iommulab.words.WhyNot;
import org.jspecify.annotations.Nullable;

/** Copies and saves the pane a person works in. */
@Singleton
public final class ExportActions implements ActionSource {

  private final ActivePane active;
  private final Notices notices;
  private final Texts texts;
  private final Executor fx;

  @Inject
  public ExportActions(ActivePane active, Notices notices, Texts texts, @FxThread Executor fx) {
    this.fx = fx;
    this.active = active;
    this.notices = notices;
    this.texts = texts;
  }

  @Override
  public List<Action> actions() {
    ObservableValue<String> blocked =
        active.paneProperty().map(pane -> pane.isPresent() ? "" : "reason.no-pane");
    var actions = new ArrayList<Action>();
    for (ExportFormat format : ExportFormat.values()) {
      actions.add(
          Action.named("copy-view-" + format.extension())
              .blocked(blocked)
              .runs(() -> withPane(pane -> copy(pane, format))));
    }
    actions.add(
        Action.named("save-view")
            .shortcut("Shortcut+E")
            .blocked(blocked)
            .runs(() -> withPane(this::save)));
    return actions;
  }

  private void withPane(Consumer<LabPane> work) {
    active.paneProperty().get().ifPresent(work);
  }

  /** Items of a pane's own menu; their ids are {@code PANE-copy-csv}, …, {@code PANE-save}. */
  public List<MenuItem> items(LabPane pane) {
    var items = new ArrayList<MenuItem>();
    for (ExportFormat format : ExportFormat.values()) {
      items.add(
          item(
              pane.id() + "-copy-" + format.extension(),
              "action.copy-view-" + format.extension(),
              () -> copy(pane, format)));
    }
    items.add(item(pane.id() + "-save", "action.save-view", () -> save(pane)));
    return items;
  }

  private MenuItem item(String id, String key, Runnable work) {
    var item = new MenuItem();
    item.setId(id);
    item.textProperty().bind(texts.observe(key));
    item.setOnAction(event -> work.run());
    return item;
  }

  private void copy(LabPane pane, ExportFormat format) {
    if (hasRows(pane, format)) {
      Clipboard.getSystemClipboard().setContent(PaneExport.content(pane, format));
      String name = texts.get(pane.titleKey());
      notices.tell(Role.OK, () -> texts.get("export.copied", name, format.name()));
    }
  }

  private void save(LabPane pane) {
    var chooser = new FileChooser();
    chooser.setTitle(texts.get("export.title"));
    chooser.setInitialFileName(pane.id() + ".svg");
    for (ExportFormat format : List.of(ExportFormat.values()).reversed()) {
      chooser
          .getExtensionFilters()
          .add(new ExtensionFilter(format.name(), "*." + format.extension()));
    }
    Window window = Window.getWindows().stream().filter(Window::isFocused).findFirst().orElse(null);
    File chosen = chooser.showSaveDialog(window);
    if (chosen != null) {
      save(pane, chosen);
    }
  }

  /**
   * Writes a pane in the form that the file's name asks for, beside the window: many rows and large
   * pictures take a while.
   */
  CompletableFuture<@Nullable Void> save(LabPane pane, File file) {
    Optional<ExportFormat> format = ExportFormat.ofFile(file.getName());
    if (format.isEmpty()) {
      notices.tell(Role.WARN, () -> texts.get("export.which", file.getName()));
    } else if (hasRows(pane, format.get())) {
      PaneExport.Taken taken = PaneExport.take(pane, format.get());
      return CompletableFuture.supplyAsync(
              () -> problem(taken, file.toPath()), Thread::startVirtualThread)
          .thenAcceptAsync(problem -> tell(file, problem), fx);
    }
    return CompletableFuture.completedFuture(null);
  }

  private static Optional<String> problem(PaneExport.Taken taken, Path file) {
    try {
      taken.write(file);
      return Optional.empty();
    } catch (IOException e) {
      return Optional.of(WhyNot.written(e));
    }
  }

  private void tell(File file, Optional<String> problem) {
    problem.ifPresentOrElse(
        why -> notices.tell(Role.BAD, () -> texts.get("file.not-saved", file, why)),
        () -> notices.tell(Role.OK, () -> texts.get("file.saved", file)));
  }

  private boolean hasRows(LabPane pane, ExportFormat format) {
    if (format.wantsRows() && pane.text().columns().isEmpty()) {
      notices.tell(Role.WARN, () -> texts.get("export.no-rows", texts.get(pane.titleKey())));
      return false;
    }
    return true;
  }
}
