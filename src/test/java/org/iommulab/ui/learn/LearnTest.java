package org.iommulab.ui.learn;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javafx.scene.control.Button;
import org.iommulab.course.Lesson;
import org.iommulab.course.Lessons;
import org.iommulab.testkit.OnScreen;
import org.iommulab.ui.Notices;
import org.iommulab.ui.player.PresetPlayer;
import org.iommulab.ui.stage.StageModel;
import org.iommulab.ui.workbench.DesktopStage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.testfx.api.FxRobot;

@OnScreen
class LearnTest {

  @RegisterExtension final DesktopStage desktop = new DesktopStage(1280, 800);

  private void open(FxRobot robot) {
    robot.interact(() -> desktop.get(LearnModel.class).open());
    desktop.settle();
  }

  private void fire(FxRobot robot, String id) {
    robot.interact(() -> ((Button) desktop.scene().lookup("#" + id)).fire());
    desktop.settle();
  }

  @Test
  void everyLessonHasACard(FxRobot robot) {
    open(robot);
    for (Lesson lesson : Lessons.all()) {
      assertThat(desktop.scene().lookup("#learn-" + lesson.name())).as(lesson.name()).isNotNull();
    }
  }

  @Test
  void choosingALessonBeginsItOnStage(FxRobot robot) {
    open(robot);
    fire(robot, "learn-enabling");
    assertThat(desktop.get(StageModel.class).showingProperty().get()).isTrue();
    assertThat(desktop.get(LearnModel.class).showingProperty().get()).isFalse();
    assertThat(desktop.get(PresetPlayer.class).lesson().orElseThrow().name()).isEqualTo("enabling");
  }

  @Test
  void oneGoesOnWhereOneStopped(FxRobot robot) {
    open(robot);
    fire(robot, "learn-hardware");
    robot.interact(() -> desktop.get(PresetPlayer.class).goTo(4));
    desktop.settle();
    assertThat(desktop.get(Progress.class).of("hardware").step()).isEqualTo(5);
    open(robot);
    Button go = (Button) desktop.scene().lookup("#learn-continue");
    assertThat(go.getText()).contains("The unit by hand", "step 5 of 14");
    robot.interact(go::fire);
    desktop.settle();
    assertThat(desktop.get(PresetPlayer.class).progress().done()).isEqualTo(5);
  }

  @Test
  void droppedLessonIsKeptAndABrokenOneIsTold(FxRobot robot, @TempDir Path folder)
      throws IOException {
    Path good = folder.resolve("mine.yaml");
    Files.writeString(
        good,
        """
        title: Mine
        goal: See a byte.
        steps:
          - {title: One, note: Look., do: [{op: reset}]}
        """);
    robot.interact(() -> desktop.get(LearnModel.class).take(good));
    desktop.settle();
    assertThat(desktop.get(PresetPlayer.class).lesson().orElseThrow().name()).isEqualTo("mine");
    open(robot);
    assertThat(desktop.scene().lookup("#learn-mine")).isNotNull();
    Path bad = folder.resolve("bad.yaml");
    Files.writeString(bad, "title: Bad\ngoal: x\nsteps: []\n");
    robot.interact(() -> desktop.get(LearnModel.class).take(bad));
    desktop.settle();
    assertThat(desktop.get(Notices.class).toString()).isNotEmpty();
    assertThat(desktop.get(PresetPlayer.class).lesson().orElseThrow().name()).isEqualTo("mine");
  }
}
