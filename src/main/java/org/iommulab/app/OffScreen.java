package org.iommulab.app;

import com.google.inject.Injector;
import java.io.IOException;
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
import javafx.scene.SnapshotParameters;
import javafx.scene.control.ButtonBase;
import javafx.scene.image.WritableImage;
import javafx.scene.layout.Pane;
import javafx.scene.layout.Region;
import javafx.stage.Stage;
import org.iommulab.app.Looks.Look;
import org.iommulab.app.Looks.Size;
import org.iommulab.course.Lesson;
import org.iommulab.course.Report;
import org.iommulab.evidence.casefile.Case;
import org.iommulab.evidence.casefile.CaseExplanation;
import org.iommulab.lab.LabSession;
import org.iommulab.lab.script.Preset;
import org.iommulab.lab.script.Script;
import org.iommulab.progress.ScratchFolder;
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
  private static final int ROUNDS = 6;

  /** The platform without a screen draws windows up to this size; what is drawn is larger. */
  private static final double WINDOW = 900;

  private static final Size SMALL = new Size(1280, 800);
  private static final Size MIDDLE = new Size(1600, 1000);
  private static final Size LARGE = new Size(1920, 1080);

  private final Looks looks;
  private final ScratchFolder home;
  private final Injector injector;
  private final Scene scene;
  private Region root = new Region();

  OffScreen(Optional<String> language, Looks looks) throws IOException {
    this.looks = looks;
    System.setProperty("glass.platform", "Headless");
    System.setProperty("prism.order", "sw");
    home = ScratchFolder.make("render");
    Platform.startup(() -> {});
    injector = onFx(() -> Wiring.desktop(new Folders(home.path(), home.path())));
    injector.getInstance(MistakeLog.class).start();
    language.ifPresent(tag -> onFx(() -> run(() -> texts().setLocale(Locale.forLanguageTag(tag)))));
    scene =
        onFx(
            () -> {
              Theme theme = injector.getInstance(Theme.class);
              theme.scaleProperty().set(looks.scale());
              root = injector.getInstance(Workbench.class).node();
              root.setManaged(false);
              var fresh = new Scene(new Pane(root), WINDOW, WINDOW);
              theme.dress(fresh);
              return fresh;
            });
    onFx(
        () ->
            run(
                () -> {
                  var window = new Stage();
                  window.setScene(scene);
                  window.show();
                }));
  }

  /** Plays a preset to its end and draws the window, every step and every view of it. */
  List<Path> draw(Preset preset, Path folder) throws IOException {
    var pictures = new ArrayList<Path>();
    onFx(() -> run(() -> injector.getInstance(PresetPlayer.class).show(preset)));
    for (Look look : looks.all(SMALL, LARGE)) {
      pictures.add(window(look, folder.resolve("window-" + look + ".png")));
    }
    for (int step = 1; step <= preset.steps().size(); step++) {
      int done = step;
      onFx(() -> run(() -> injector.getInstance(PresetPlayer.class).load(preset, done)));
      for (Look look : looks.light(MIDDLE)) {
        String name = String.format(Locale.ROOT, "step-%02d-%s.png", step, look);
        pictures.add(window(look, folder.resolve(name)));
      }
    }
    onFx(() -> run(() -> injector.getInstance(PresetPlayer.class).show(preset)));
    wear(looks.light(LARGE).getFirst());
    for (LabPane pane : injector.getInstance(Workbench.class).panes()) {
      pictures.addAll(view(pane, folder));
    }
    return pictures;
  }

  /** Gives a lesson and draws the stage at every step. */
  List<Path> draw(Lesson lesson, Path folder) throws IOException {
    var pictures = new ArrayList<Path>();
    onFx(() -> run(() -> injector.getInstance(StageModel.class).begin(lesson)));
    for (int step = 0; step < lesson.steps().size(); step++) {
      int wanted = step;
      onFx(() -> run(() -> injector.getInstance(PresetPlayer.class).goTo(wanted)));
      for (Look look : looks.all(SMALL)) {
        String name = String.format(Locale.ROOT, "stage-%02d-%s.png", step + 1, look);
        pictures.add(window(look, folder.resolve(name)));
      }
    }
    return pictures;
  }

  /** Explains a case and draws the window. */
  List<Path> draw(Case opened, Path source, Path folder) throws IOException {
    var pictures = new ArrayList<Path>();
    CaseModel.Shown shown = CaseModel.Shown.of(CaseExplanation.of(opened), List.of(source));
    shown
        .explained()
        .front()
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
    for (Look look : looks.all(SMALL, LARGE)) {
      pictures.add(window(look, folder.resolve("case-" + look + ".png")));
      if (!opened.traces().isEmpty()) {
        press("#case-tab-trace");
        pictures.add(window(look, folder.resolve("case-trace-" + look + ".png")));
        press("#case-tab-ranges");
      }
    }
    return pictures;
  }

  /** What is not there, as the ranges of a case without tables, is not pressed. */
  private void press(String id) {
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
      String name = String.format(Locale.ROOT, "step-%02d.png", step + 1);
      window(looks.light(SMALL).getFirst(), folder.resolve(name));
      pictures.add(new Report.Picture(step, name));
    }
    onFx(() -> run(() -> injector.getInstance(StageModel.class).leave()));
    return pictures;
  }

  /** Carries out a session and draws the window at its end. */
  Report.Picture picture(Script session, Path folder) throws IOException {
    injector.getInstance(LabSession.class).change(lab -> lab.load(session)).join();
    window(looks.light(MIDDLE).getFirst(), folder.resolve("end.png"));
    return new Report.Picture(-1, "end.png");
  }

  /** What the panes that have rows show now. */
  List<Report.Table> tables(Set<String> panes) {
    wear(looks.light(MIDDLE).getFirst());
    var tables = new ArrayList<Report.Table>();
    for (LabPane pane : injector.getInstance(Workbench.class).panes()) {
      if (panes.contains(pane.id())) {
        onFx(() -> run(() -> injector.getInstance(Workbench.class).reveal(pane)));
        settle();
        TextTable text = onFx(pane::text);
        tables.add(
            new Report.Table(
                onFx(() -> texts().get(pane.titleKey())), text.columns(), text.rows()));
      }
    }
    return tables;
  }

  /** Draws the start page. */
  List<Path> startPage(Path folder) throws IOException {
    var pictures = new ArrayList<Path>();
    onFx(() -> run(() -> injector.getInstance(LearnModel.class).open()));
    for (Look look : looks.all(SMALL)) {
      pictures.add(window(look, folder.resolve("start-page-" + look + ".png")));
    }
    return pictures;
  }

  private Path window(Look look, Path file) throws IOException {
    settle();
    wear(look);
    Png.write(onFx(this::picture), file);
    return file;
  }

  private WritableImage picture() {
    var behind = new SnapshotParameters();
    behind.setFill(injector.getInstance(Theme.class).palette().get("bg"));
    return root.snapshot(behind, null);
  }

  /** A view in every form it has. */
  private List<Path> view(LabPane pane, Path folder) throws IOException {
    onFx(() -> run(() -> injector.getInstance(Workbench.class).reveal(pane)));
    settle();
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

  /** Gives the window a size and a theme. */
  private void wear(Look look) {
    onFx(
        () ->
            run(
                () -> {
                  injector.getInstance(Theme.class).choiceProperty().set(look.theme());
                  root.resize(look.size().width(), look.size().height());
                }));
    settle();
  }

  /** Until every question is answered and drawn; what scrolls is laid out by a pulse only. */
  private void settle() {
    LabSession session = injector.getInstance(LabSession.class);
    for (int round = 0; round < ROUNDS; round++) {
      session.change(lab -> lab.position()).join();
      pulse();
    }
  }

  private void pulse() {
    var drawn = new CompletableFuture<Boolean>();
    onFx(
        () ->
            run(
                () -> {
                  scene.addPostLayoutPulseListener(
                      new Runnable() {
                        @Override
                        public void run() {
                          scene.removePostLayoutPulseListener(this);
                          drawn.complete(true);
                        }
                      });
                  Platform.requestNextPulse();
                }));
    drawn.join();
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
    home.close();
  }
}
