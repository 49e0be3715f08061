package org.iommulab.ui.workbench;

import com.google.inject.Injector;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import javafx.scene.Scene;
import javafx.stage.Stage;
import org.iommulab.app.Wiring;
import org.iommulab.lab.LabSession;
import org.iommulab.lab.script.Presets;
import org.iommulab.testkit.LabWindow;
import org.iommulab.ui.Texts;
import org.iommulab.ui.Theme;
import org.iommulab.ui.player.PresetPlayer;
import org.iommulab.ui.settings.Folders;
import org.testfx.util.WaitForAsyncUtils;

/** The real window around a laboratory of its own, for tests. */
public final class DesktopStage {

  private final Injector injector;
  private final Scene scene;

  private DesktopStage(Injector injector, Scene scene) {
    this.injector = injector;
    this.scene = scene;
  }

  /** Opens the window in English with the first preset at its most telling step. */
  public static DesktopStage open(Stage stage, double width, double height) throws IOException {
    Path home = Files.createTempDirectory("iommu-lab-test");
    home.toFile().deleteOnExit();
    Injector injector = Wiring.desktop(new Folders(home, home));
    injector.getInstance(Texts.class).setLocale(Locale.ENGLISH);
    injector.getInstance(Theme.class).choiceProperty().set(Theme.Choice.LIGHT);
    var scene = new Scene(injector.getInstance(Workbench.class).node(), width, height);
    injector.getInstance(Theme.class).dress(scene);
    injector.getInstance(PresetPlayer.class).show(Presets.named("vfio-dma-map").orElseThrow());
    stage.setScene(scene);
    stage.setWidth(width);
    stage.setHeight(height);
    stage.show();
    return new DesktopStage(injector, scene);
  }

  /** A part of the program. */
  public <T> T get(Class<T> type) {
    return injector.getInstance(type);
  }

  public Scene scene() {
    return scene;
  }

  /** Lays the window out at once instead of with the next pulse. */
  public void layout() {
    LabWindow.layOut(scene);
  }

  /** Waits until every question is answered and shown. */
  public void settle() {
    for (int round = 0; round < 4; round++) {
      get(LabSession.class).change(lab -> lab.position()).join();
      WaitForAsyncUtils.waitForFxEvents();
    }
    layout();
  }
}
