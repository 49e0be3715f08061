package org.iommulab.app;

import com.google.inject.Injector;
import javafx.application.Application;
import javafx.application.Platform;
import javafx.scene.Scene;
import javafx.stage.Stage;
import org.iommulab.lab.LabSession;
import org.iommulab.lab.language.Reading;
import org.iommulab.peer.exec.RunningProgram;
import org.iommulab.ui.Notices;
import org.iommulab.ui.Texts;
import org.iommulab.ui.Theme;
import org.iommulab.ui.action.Actions;
import org.iommulab.ui.file.MistakeLog;
import org.iommulab.ui.file.Recovery;
import org.iommulab.ui.program.ProgramModel;
import org.iommulab.ui.settings.Settings;
import org.iommulab.ui.workbench.Workbench;
import org.jspecify.annotations.Nullable;

/** The JavaFX application: one window around the workbench. */
public class Desktop extends Application {

  private static volatile int exitCode;

  private @Nullable LabSession session;
  private @Nullable ProgramModel programs;

  /** What the program that ran last has ended with; 0 without one. */
  static int exitCode() {
    return exitCode;
  }

  /** For the toolkit. */
  public Desktop() {}

  @Override
  public void start(Stage stage) {
    start(stage, WarmUp.injector());
  }

  /** Opens the window around a desktop. */
  final void start(Stage stage, Injector injector) {
    injector.getInstance(MistakeLog.class).start();
    if (DesktopOptions.parse(getParameters().getRaw())
        instanceof Reading.Good<DesktopOptions>(DesktopOptions options)) {
      injector.getInstance(Opening.class).apply(options);
    }
    Theme theme = injector.getInstance(Theme.class);
    Workbench workbench = injector.getInstance(Workbench.class);
    Settings settings = injector.getInstance(Settings.class);
    var window = new WindowMemory(settings);
    Scene scene = theme.scene(workbench.node(), window.size());
    window.restore(stage);
    stage.setScene(scene);
    stage.titleProperty().bind(workbench.sessionTitle().map(title -> title + " – IOMMU Lab"));
    Runnable remember =
        () -> {
          workbench.rememberLayout();
          window.remember(stage);
          settings.save();
        };
    var last = new LastThings(remember, injector.getInstance(Recovery.class)::finished);
    ProgramModel runs = injector.getInstance(ProgramModel.class);
    programs = runs;
    Notices notices = injector.getInstance(Notices.class);
    Texts texts = injector.getInstance(Texts.class);
    stage.setOnCloseRequest(
        event -> {
          if (runs.asksBeforeEnd(
              notices, texts, () -> close(stage, last), () -> leave(stage, last))) {
            event.consume();
          } else {
            last.closed();
          }
        });
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  runs.stop();
                  last.told();
                },
                "last things"));
    session = injector.getInstance(LabSession.class);
    stage.show();
    if (runs.isRunning()) {
      injector.getInstance(Actions.class).get("show-program").run();
    }
    // No ring around the first control before the keyboard is used.
    workbench.takeFocus();
  }

  private static void close(Stage stage, LastThings last) {
    last.closed();
    stage.close();
  }

  /** The window goes; the laboratory serves the program until that has ended. */
  private void leave(Stage stage, LastThings last) {
    Platform.setImplicitExit(false);
    close(stage, last);
    if (programs != null && programs.program() != null) {
      programs.program().end().thenRun(Platform::exit);
    }
  }

  @Override
  public void stop() {
    if (programs != null && programs.program() != null) {
      RunningProgram ran = programs.program();
      exitCode = ran.end().isDone() ? Math.max(0, ran.end().join().code()) : 0;
    }
    if (session != null) {
      session.close();
    }
  }
}
