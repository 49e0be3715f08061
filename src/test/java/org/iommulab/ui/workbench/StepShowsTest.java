package org.iommulab.ui.workbench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import javafx.scene.Node;
import org.iommulab.course.Lesson;
import org.iommulab.course.Lessons;
import org.iommulab.course.Show;
import org.iommulab.testkit.OnScreen;
import org.iommulab.ui.Selected;
import org.iommulab.ui.Selection;
import org.iommulab.ui.player.PresetPlayer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.testfx.api.FxRobot;

/** A step brings forward the panes that it speaks of, and selects what it points at. */
@OnScreen
class StepShowsTest {

  /** Panes that stand behind each other below the tables; of those one is seen at a time. */
  private static final List<String> TABLES = List.of("tree", "context", "map", "ranges");

  private static final Set<String> ELSEWHERE = Set.of("bench", "inspector", "path", "lesson");

  @RegisterExtension final DesktopStage desktop = new DesktopStage(980, 900);

  @Test
  void aStepBringsForwardWhatItShows() {
    PresetPlayer player = desktop.get(PresetPlayer.class);
    for (String name : List.of("device-tlb", "page-request")) {
      Lesson lesson = Lessons.named(name).orElseThrow();
      new FxRobot().interact(() -> player.load(lesson.preset(), 1));
      desktop.settle();
      for (int step = 0; step < lesson.steps().size(); step++) {
        if (step > 0) {
          new FxRobot().interact(player::step);
          desktop.settle();
        }
        var seen = new HashSet<Boolean>();
        for (Show show : lesson.steps().get(step).show()) {
          boolean first = ELSEWHERE.contains(show.pane()) || seen.add(TABLES.contains(show.pane()));
          if (first && !ELSEWHERE.contains(show.pane()) && !show.pane().equals("calls")) {
            assertThat(isInFront(show.pane()))
                .as("%s, step %d shows %s", lesson.name(), step + 1, show.pane())
                .isTrue();
          }
        }
      }
    }
  }

  @Test
  void whatAStepPointsAtIsSelected() {
    Lesson stale = Lessons.named("stale-iotlb").orElseThrow();
    new FxRobot().interact(() -> desktop.get(PresetPlayer.class).load(stale.preset(), 8));
    desktop.settle();
    assertThat(desktop.get(Selection.class).get()).isEqualTo(new Selected.Fault(0));
  }

  private boolean isInFront(String pane) {
    var seen = new boolean[1];
    new FxRobot()
        .interact(
            () -> {
              Node node = desktop.scene().lookup("#" + pane + "-pane");
              seen[0] = node != null && node.getScene() != null && node.getParent() != null;
            });
    return seen[0];
  }
}
