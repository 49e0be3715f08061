package org.iommulab.app;

import com.google.inject.Injector;
import java.nio.file.Path;
import javafx.application.Application;
import javafx.scene.Scene;
import javafx.stage.Stage;
import org.iommulab.lab.LabSession;
import org.iommulab.lab.language.Reading;
import org.iommulab.ui.Theme;
import org.iommulab.ui.file.MistakeLog;
import org.iommulab.ui.file.Recovery;
import org.iommulab.ui.settings.Folders;
import org.iommulab.ui.settings.Settings;
import org.iommulab.ui.workbench.Workbench;
import org.jspecify.annotations.Nullable;

/** The JavaFX application: one window around the workbench. */
public class Desktop extends Application {

  private @Nullable LabSession session;

  /** For the toolkit. */
  public Desktop() {}

  @Override
  public void start(Stage stage) {
    start(stage, Wiring.desktop(folders()));
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
    var scene = new Scene(workbench.node());
    theme.dress(scene);
    var window = new WindowMemory(settings);
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
    stage.setOnCloseRequest(event -> last.closed());
    Runtime.getRuntime().addShutdownHook(new Thread(last::told, "last things"));
    session = injector.getInstance(LabSession.class);
    stage.show();
    // No ring around the first control before the keyboard is used.
    scene.getRoot().requestFocus();
  }

  @Override
  public void stop() {
    if (session != null) {
      session.close();
    }
  }

  private static Folders folders() {
    return Folders.ofUser(System.getenv(), Path.of(System.getProperty("user.home", ".")));
  }
}
