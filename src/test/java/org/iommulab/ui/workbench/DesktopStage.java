package org.iommulab.ui.workbench;

import com.google.inject.Injector;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Objects;
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
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.testfx.api.FxToolkit;
import org.testfx.util.WaitForAsyncUtils;

/**
 * The real window around a laboratory of its own, for tests: in English and light, with the first
 * preset at its most telling step. As a field of a test that is {@link
 * org.iommulab.testkit.OnScreen on screen} it is opened for each method.
 */
public final class DesktopStage implements BeforeEachCallback {

  private final double width;
  private final double height;
  private @Nullable Injector injector;
  private @Nullable Scene scene;

  public DesktopStage(double width, double height) {
    this.width = width;
    this.height = height;
  }

  @Override
  public void beforeEach(ExtensionContext test) throws Exception {
    open();
  }

  /** Opens the window and waits until it shows all. */
  void open() throws Exception {
    Path home = Files.createTempDirectory("iommu-lab-test");
    home.toFile().deleteOnExit();
    FxToolkit.setupStage(stage -> open(stage, Wiring.desktop(new Folders(home, home))));
    settle();
  }

  private void open(Stage stage, Injector made) {
    injector = made;
    get(Texts.class).setLocale(Locale.ENGLISH);
    get(Theme.class).choiceProperty().set(Theme.Choice.LIGHT);
    var opened = new Scene(get(Workbench.class).node(), width, height);
    scene = opened;
    get(Theme.class).dress(opened);
    get(PresetPlayer.class).show(Presets.named("vfio-dma-map").orElseThrow());
    stage.setScene(opened);
    stage.setWidth(width);
    stage.setHeight(height);
    stage.show();
  }

  /** A part of the program. */
  public <T> T get(Class<T> type) {
    return Objects.requireNonNull(injector).getInstance(type);
  }

  public Scene scene() {
    return Objects.requireNonNull(scene);
  }

  /** Lays the window out at once instead of with the next pulse. */
  public void layout() {
    LabWindow.layOut(scene());
  }

  /** Waits until every question is answered and shown. */
  public void settle() {
    for (int round = 0; round < 6; round++) {
      get(LabSession.class).change(lab -> lab.position()).join();
      WaitForAsyncUtils.waitForFxEvents();
    }
    layout();
  }
}
