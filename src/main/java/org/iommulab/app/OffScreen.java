package org.iommulab.app;

import com.google.inject.Injector;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import javafx.application.Platform;
import javafx.scene.Scene;
import javafx.scene.control.ButtonBase;
import javafx.scene.image.WritableImage;
import org.iommulab.course.Lesson;
import org.iommulab.course.Report;
import org.iommulab.evidence.casefile.Case;
import org.iommulab.evidence.casefile.CaseExplanation;
import org.iommulab.lab.LabSession;
import org.iommulab.lab.script.Preset;
import org.iommulab.lab.script.Script;
import org.iommulab.ui.Texts;
import org.iommulab.ui.Theme;
import org.iommulab.ui.casefile.CaseModel;
import org.iommulab.ui.export.ExportFormat;
import org.iommulab.ui.export.PaneExport;
import org.iommulab.ui.file.MistakeLog;
import org.iommulab.ui.file.Png;
import org.iommulab.ui.learn.LearnModel;
import org.iommulab.ui.player.PresetPlayer;
import org.iommulab.ui.settings.Folders;
import org.iommulab.ui.stage.StageModel;
import org.iommulab.ui.view.part.LabPane;
import org.iommulab.ui.view.part.TextTable;
import org.iommulab.ui.workbench.Workbench;
import org.jspecify.annotations.Nullable;

/** The window without a screen: laid out at any size and drawn into pictures. */
final class OffScreen implements AutoCloseable {

  /** Rounds of questions, answers and layout until nothing moves any more. */
  private static final int ROUNDS = 4;

  private final Path home;
  private final Injector injector;

  OffScreen(Optional<String> language) throws IOException {
    System.setProperty("glass.platform", "Headless");
    System.setProperty("prism.order", "sw");
    home = Files.createTempDirectory("iommu-lab-render");
    Platform.startup(() -> {});
    injector = onFx(() -> Wiring.desktop(new Folders(home, home)));
    injector.getInstance(MistakeLog.class).start();
    language.ifPresent(tag -> onFx(() -> run(() -> texts().setLocale(Locale.forLanguageTag(tag)))));
  }

  /** Plays a preset to its end and draws the window and every view of it. */
  List<Path> draw(Preset preset, Path folder) throws IOException {
    var pictures = new ArrayList<Path>();
    onFx(() -> run(() -> injector.getInstance(PresetPlayer.class).show(preset)));
    for (Theme.Choice choice : List.of(Theme.Choice.LIGHT, Theme.Choice.DARK)) {
      String name = choice.name().toLowerCase(Locale.ROOT);
      onFx(() -> run(() -> injector.getInstance(Theme.class).choiceProperty().set(choice)));
      pictures.add(window(1280, 800, folder.resolve("window-1280x800-" + name + ".png")));
      pictures.add(window(1920, 1080, folder.resolve("window-1920x1080-" + name + ".png")));
    }
    onFx(
        () ->
            run(() -> injector.getInstance(Theme.class).choiceProperty().set(Theme.Choice.LIGHT)));
    pictures.addAll(steps(preset, folder));
    onFx(() -> run(() -> injector.getInstance(PresetPlayer.class).show(preset)));
    Scene scene = scene(1920, 1080);
    for (LabPane pane : injector.getInstance(Workbench.class).panes()) {
      pictures.addAll(view(scene, pane, folder));
    }
    return pictures;
  }

  /** Gives a lesson and draws the stage at every step, light and dark. */
  List<Path> draw(Lesson lesson, Path folder) throws IOException {
    var pictures = new ArrayList<Path>();
    onFx(() -> run(() -> injector.getInstance(StageModel.class).begin(lesson)));
    for (int step = 0; step < lesson.steps().size(); step++) {
      int wanted = step;
      onFx(() -> run(() -> injector.getInstance(PresetPlayer.class).goTo(wanted)));
      for (Theme.Choice choice : List.of(Theme.Choice.LIGHT, Theme.Choice.DARK)) {
        onFx(() -> run(() -> injector.getInstance(Theme.class).choiceProperty().set(choice)));
        String name =
            String.format(
                Locale.ROOT, "stage-%02d-%s.png", step + 1, choice.name().toLowerCase(Locale.ROOT));
        scene(1280, 800);
        pictures.add(window(1280, 800, folder.resolve(name)));
      }
    }
    return pictures;
  }

  /** Explains a case and draws the window, light and dark, at two sizes. */
  List<Path> draw(Case opened, Path source, Path folder) throws IOException {
    var pictures = new ArrayList<Path>();
    CaseModel.Shown shown = CaseModel.Shown.of(CaseExplanation.of(opened), List.of(source));
    opened.snapshots().stream()
        .findFirst()
        .ifPresent(
            snapshot ->
                injector
                    .getInstance(LabSession.class)
                    .change(
                        lab -> {
                          lab.open(snapshot);
                          return true;
                        })
                    .join());
    onFx(() -> run(() -> injector.getInstance(CaseModel.class).open(shown)));
    for (Theme.Choice choice : List.of(Theme.Choice.LIGHT, Theme.Choice.DARK)) {
      String name = choice.name().toLowerCase(Locale.ROOT);
      onFx(() -> run(() -> injector.getInstance(Theme.class).choiceProperty().set(choice)));
      pictures.add(window(1280, 800, folder.resolve("case-1280x800-" + name + ".png")));
      pictures.add(window(1920, 1080, folder.resolve("case-1920x1080-" + name + ".png")));
      if (!opened.traces().isEmpty()) {
        press("#case-tab-trace");
        pictures.add(window(1280, 800, folder.resolve("case-trace-" + name + ".png")));
        press("#case-tab-ranges");
      }
    }
    return pictures;
  }

  /** What is not there, as the ranges of a case without tables, is not pressed. */
  private void press(String id) {
    Scene scene = scene(1280, 800);
    onFx(
        () ->
            run(
                () -> {
                  if (scene.lookup(id) instanceof ButtonBase button) {
                    button.fire();
                  }
                }));
  }

  /** Draws a lesson's panes at the steps wanted. */
  List<Report.Picture> pictures(Lesson lesson, Set<Integer> steps, Path folder) throws IOException {
    var pictures = new ArrayList<Report.Picture>();
    onFx(() -> run(() -> injector.getInstance(StageModel.class).begin(lesson)));
    for (int step : steps) {
      onFx(() -> run(() -> injector.getInstance(PresetPlayer.class).goTo(step)));
      scene(1280, 800);
      String name = String.format(Locale.ROOT, "step-%02d.png", step + 1);
      window(1280, 800, folder.resolve(name));
      pictures.add(new Report.Picture(step, name));
    }
    onFx(() -> run(() -> injector.getInstance(StageModel.class).leave()));
    return pictures;
  }

  /** Carries out a session and draws the window at its end. */
  Report.Picture picture(Script session, Path folder) throws IOException {
    injector.getInstance(LabSession.class).change(lab -> lab.load(session)).join();
    window(1600, 1000, folder.resolve("end.png"));
    return new Report.Picture(-1, "end.png");
  }

  /** What the panes that have rows show now. */
  List<Report.Table> tables(Set<String> panes) {
    Scene scene = scene(1600, 1000);
    var tables = new ArrayList<Report.Table>();
    for (LabPane pane : injector.getInstance(Workbench.class).panes()) {
      if (panes.contains(pane.id())) {
        onFx(() -> run(() -> injector.getInstance(Workbench.class).reveal(pane)));
        settle(scene);
        TextTable text = onFx(pane::text);
        tables.add(
            new Report.Table(
                onFx(() -> texts().get(pane.titleKey())), text.columns(), text.rows()));
      }
    }
    return tables;
  }

  /** Draws the start page, light and dark. */
  List<Path> startPage(Path folder) throws IOException {
    var pictures = new ArrayList<Path>();
    onFx(() -> run(() -> injector.getInstance(LearnModel.class).open()));
    for (Theme.Choice choice : List.of(Theme.Choice.LIGHT, Theme.Choice.DARK)) {
      onFx(() -> run(() -> injector.getInstance(Theme.class).choiceProperty().set(choice)));
      String name = "start-page-" + choice.name().toLowerCase(Locale.ROOT) + ".png";
      pictures.add(window(1280, 800, folder.resolve(name)));
    }
    return pictures;
  }

  private Path window(int width, int height, Path file) throws IOException {
    Scene scene = scene(width, height);
    Png.write(onFx(() -> scene.snapshot(new WritableImage(width, height))), file);
    return file;
  }

  /** The window after each step. */
  private List<Path> steps(Preset preset, Path folder) throws IOException {
    var pictures = new ArrayList<Path>();
    for (int step = 1; step <= preset.steps().size(); step++) {
      int done = step;
      onFx(() -> run(() -> injector.getInstance(PresetPlayer.class).load(preset, done)));
      // A scene of its own: what is replaced inside a scroll pane stays stale without a window.
      Scene scene = scene(1600, 1000);
      Path file = folder.resolve(String.format(Locale.ROOT, "step-%02d.png", step));
      Png.write(onFx(() -> scene.snapshot(new WritableImage(1600, 1000))), file);
      pictures.add(file);
    }
    return pictures;
  }

  /** A view in every form it has. */
  private List<Path> view(Scene scene, LabPane pane, Path folder) throws IOException {
    onFx(() -> run(() -> injector.getInstance(Workbench.class).reveal(pane)));
    settle(scene);
    var files = new ArrayList<Path>();
    for (ExportFormat format : ExportFormat.values()) {
      if (format.wantsRows() && onFx(() -> pane.text().columns().isEmpty())) {
        continue;
      }
      Path file = folder.resolve("view-" + pane.id() + "." + format.extension());
      IOException problem = onFx(() -> attempt(pane, format, file));
      if (problem != null) {
        throw problem;
      }
      files.add(file);
    }
    return files;
  }

  private static @Nullable IOException attempt(LabPane pane, ExportFormat format, Path file) {
    try {
      PaneExport.write(pane, format, file);
      return null;
    } catch (IOException e) {
      return e;
    }
  }

  /** The workbench in a scene of that size. A root lives in one scene, so it moves. */
  private Scene scene(int width, int height) {
    Scene scene =
        onFx(
            () -> {
              var root = injector.getInstance(Workbench.class).node();
              if (root.getScene() != null) {
                root.getScene().setRoot(new javafx.scene.layout.Pane());
              }
              var fresh = new Scene(root, width, height);
              injector.getInstance(Theme.class).dress(fresh);
              return fresh;
            });
    settle(scene);
    return scene;
  }

  private void settle(Scene scene) {
    LabSession session = injector.getInstance(LabSession.class);
    for (int round = 0; round < ROUNDS; round++) {
      session.change(lab -> lab.position()).join();
      onFx(
          () ->
              run(
                  () -> {
                    scene.getRoot().applyCss();
                    scene.getRoot().layout();
                  }));
    }
  }

  private Texts texts() {
    return injector.getInstance(Texts.class);
  }

  private static Boolean run(Runnable work) {
    work.run();
    return true;
  }

  private static <T extends @Nullable Object> T onFx(Supplier<T> work) {
    return CompletableFuture.supplyAsync(work, Platform::runLater).join();
  }

  @Override
  public void close() {
    injector.getInstance(LabSession.class).close();
    Platform.exit();
    try {
      Files.deleteIfExists(home.resolve("settings.json"));
      Files.deleteIfExists(home);
    } catch (IOException e) {
      // A leftover in the system's temporary folder harms nobody.
    }
  }
}
