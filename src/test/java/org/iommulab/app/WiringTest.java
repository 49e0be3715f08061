package org.iommulab.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.inject.Injector;
import java.nio.file.Path;
import org.iommulab.testkit.OnScreen;
import org.iommulab.ui.settings.Folders;
import org.iommulab.ui.view.part.LabPane;
import org.iommulab.ui.workbench.Workbench;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.testfx.api.FxRobot;

@OnScreen
class WiringTest {

  @TempDir private Path home;

  @Test
  void everyBindingCanBeMade(FxRobot robot) {
    robot.interact(
        () -> {
          Injector injector = Wiring.desktop(new Folders(home, home));
          injector.getBindings().keySet().forEach(injector::getInstance);
        });
  }

  @Test
  void paneIdsAreUnique(FxRobot robot) {
    robot.interact(
        () -> {
          Injector injector = Wiring.desktop(new Folders(home, home));
          assertThat(injector.getInstance(Workbench.class).panes())
              .extracting(LabPane::id)
              .doesNotHaveDuplicates()
              .contains("bench", "journal", "lesson");
        });
  }
}
