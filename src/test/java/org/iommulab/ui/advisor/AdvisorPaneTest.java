package org.iommulab.ui.advisor;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import javafx.scene.control.Button;
import javafx.scene.control.CheckBox;
import javafx.scene.control.Hyperlink;
import javafx.scene.control.ListView;
import org.iommulab.course.Lessons;
import org.iommulab.lab.advice.Advice;
import org.iommulab.lab.script.Presets;
import org.iommulab.testkit.OnScreen;
import org.iommulab.ui.LabModel;
import org.iommulab.ui.Selected;
import org.iommulab.ui.Selection;
import org.iommulab.ui.player.PresetPlayer;
import org.iommulab.ui.stage.StageModel;
import org.iommulab.ui.view.part.LabPane;
import org.iommulab.ui.workbench.DesktopStage;
import org.iommulab.ui.workbench.Workbench;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.testfx.api.FxRobot;

/** The advisor as a person meets it. */
@OnScreen
class AdvisorPaneTest {

  @RegisterExtension final DesktopStage desktop = new DesktopStage(1280, 800);

  private AdvisorModel model() {
    return desktop.get(AdvisorModel.class);
  }

  private List<String> rules() {
    return model().cases().stream().map(one -> one.rule().id()).toList();
  }

  /** A stale entry is used, the advisor says so. */
  private void goWrong(FxRobot robot) {
    robot.interact(
        () ->
            desktop
                .get(PresetPlayer.class)
                .load(Presets.named("stale-iotlb").orElseThrow(), Integer.MAX_VALUE));
    desktop.settle();
    robot.interact(() -> desktop.get(Workbench.class).reveal(pane()));
    desktop.settle();
    desktop.layout();
  }

  private LabPane pane() {
    return desktop.get(Workbench.class).panes().stream()
        .filter(pane -> pane.id().equals("advisor"))
        .findFirst()
        .orElseThrow();
  }

  private ListView<?> list() {
    return (ListView<?>) desktop.scene().lookup("#advisor-list");
  }

  @Test
  void adviceComesAsItHappensAndIsCountedOnTheTab(FxRobot robot) {
    goWrong(robot);
    assertThat(rules()).contains("H01");
    assertThat(pane().badges()).isNotEmpty();
  }

  @Test
  void goingBackTakesAdviceBack(FxRobot robot) {
    goWrong(robot);
    robot.interact(() -> desktop.get(LabModel.class).rewind(1));
    desktop.settle();
    assertThat(rules()).isEmpty();
    assertThat(pane().badges()).isEmpty();
  }

  @Test
  void evidenceSelectsWhatItNames(FxRobot robot) {
    goWrong(robot);
    Advice stale =
        model().cases().stream()
            .filter(one -> one.rule().id().equals("H01"))
            .findFirst()
            .orElseThrow();
    for (int i = 0; i < stale.evidence().size(); i++) {
      Hyperlink link = (Hyperlink) desktop.scene().lookup("#advice-evidence-H01-" + i);
      robot.interact(() -> desktop.get(Selection.class).clear());
      robot.interact(link::fire);
      desktop.settle();
      assertThat(desktop.get(Selection.class).get())
          .as(link.getText())
          .isNotInstanceOf(Selected.Nothing.class);
    }
  }

  @Test
  void theFixIsCarriedOutAndEndsInTheJournal(FxRobot robot) {
    goWrong(robot);
    int before = desktop.get(LabModel.class).facts().position();
    int row = model().cases().stream().map(one -> one.rule().id()).toList().indexOf("H01");
    robot.interact(() -> list().getSelectionModel().select(row));
    desktop.settle();
    desktop.layout();
    Button fix = (Button) desktop.scene().lookup("#advice-fix-H01");
    robot.interact(fix::fire);
    desktop.settle();
    assertThat(desktop.get(LabModel.class).facts().position()).isGreaterThan(before);
  }

  @Test
  void aLessonSendsItAwayUntilItIsAsked(FxRobot robot) {
    robot.interact(
        () -> desktop.get(StageModel.class).begin(Lessons.named("hardware").orElseThrow()));
    desktop.settle();
    assertThat(model().onProperty().get()).isFalse();
    robot.interact(
        () -> {
          desktop.get(StageModel.class).leave();
          desktop.get(Workbench.class).reveal(pane());
        });
    desktop.settle();
    robot.interact(() -> ((CheckBox) desktop.scene().lookup("#advisor-on")).fire());
    desktop.settle();
    assertThat(model().onProperty().get()).isTrue();
    robot.interact(
        () -> desktop.get(PresetPlayer.class).load(Presets.named("stale-iotlb").orElseThrow(), 1));
    desktop.settle();
    assertThat(model().onProperty().get()).isTrue();
  }
}
