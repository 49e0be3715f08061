package example;

import static org.iommulab.testkit.LabAssert.assertThat;

import javafx.stage.Stage;
import org.iommulab.testkit.LabWindow;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.testfx.framework.junit5.ApplicationExtension;
import org.testfx.framework.junit5.Start;

/** The tests of the tutorial, docs/ui-testing.md. */
@ExtendWith(ApplicationExtension.class)
class FirstTest {

  private LabWindow lab;

  @Start
  void start(Stage stage) {
    lab = LabWindow.open(stage);
  }

  @Test
  void theConsoleGivesACommand() {
    lab.script("{\"op\":\"linux.boot\",\"cmdline\":\"intel_iommu=on\"}");
    lab.console().run("{\"op\":\"note\",\"text\":\"hello\"}");
    assertThat(lab).hasGiven("{\"op\":\"note\",\"text\":\"hello\"}").isCalm();
  }

  @Test
  void aPresetPlaysByTheTestsOwnClock() {
    lab.preset("stale-iotlb", 1);
    lab.click("#play-button");
    lab.tick();
    assertThat(lab).isAtStep("stale-iotlb", 3);
  }

  @Test
  void aDeviceIsFoundByItsId() {
    lab.preset("vfio-dma-map", 3);
    lab.click("#bench-device-00-03-0");
    assertThat(lab).isCalm();
  }
}
