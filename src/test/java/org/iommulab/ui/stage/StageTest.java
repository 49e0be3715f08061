package org.iommulab.ui.stage;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import javafx.scene.Node;
import javafx.scene.Parent;
import javafx.scene.control.Labeled;
import javafx.scene.control.TextField;
import javafx.scene.input.KeyCode;
import javafx.scene.layout.HBox;
import javafx.scene.text.Text;
import org.iommulab.course.Lessons;
import org.iommulab.course.Show;
import org.iommulab.lab.JournalEntry;
import org.iommulab.testkit.LabWindow;
import org.iommulab.testkit.OnScreen;
import org.iommulab.ui.LabModel;
import org.iommulab.ui.Overlay;
import org.iommulab.ui.Texts;
import org.iommulab.ui.Theme;
import org.iommulab.ui.action.Actions;
import org.iommulab.ui.player.PresetPlayer;
import org.iommulab.ui.view.part.LabPane;
import org.iommulab.ui.workbench.DesktopStage;
import org.iommulab.ui.workbench.Workbench;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.testfx.api.FxRobot;

/** A lesson given with the keyboard alone, in the smallest window that is promised. */
@OnScreen
class StageTest {

  @RegisterExtension final DesktopStage desktop = new DesktopStage(1024, 768);

  @BeforeEach
  void begin(FxRobot robot) throws InterruptedException {
    robot.interact(
        () -> desktop.get(StageModel.class).begin(Lessons.named("hardware").orElseThrow()));
    untilKeyed();
  }

  /** The key of a lesson is worked out beside the window. */
  private void untilKeyed() throws InterruptedException {
    for (int i = 0; i < 600; i++) {
      desktop.settle();
      if (situation().key().isPresent()) {
        return;
      }
      Thread.yield();
      Thread.onSpinWait();
      java.util.concurrent.locks.LockSupport.parkNanos(20_000_000);
    }
    throw new AssertionError("no key");
  }

  private Situation situation() {
    return desktop.get(StageModel.class).situation().orElseThrow();
  }

  private void press(FxRobot robot, KeyCode... keys) {
    for (KeyCode key : keys) {
      robot.press(key).release(key);
      desktop.settle();
    }
  }

  private String words(String id) {
    Node node = desktop.scene().lookup("#" + id);
    assertThat(node).as(id).isNotNull();
    return LabWindow.read(() -> words(node));
  }

  private static String words(Node node) {
    return switch (node) {
      case Text text -> text.getText();
      case Labeled label ->
          label.getText() + (label.getGraphic() == null ? "" : words(label.getGraphic()));
      case Parent parent ->
          parent.getChildrenUnmodifiable().stream()
              .map(StageTest::words)
              .collect(Collectors.joining());
      default -> "";
    };
  }

  private JournalEntry last() {
    var found = new java.util.concurrent.atomic.AtomicReference<JournalEntry>();
    desktop
        .get(org.iommulab.lab.LabSession.class)
        .ask(view -> view.last().orElseThrow())
        .thenAccept(found::set)
        .join();
    return found.get();
  }

  /** What is typed into the palette turns no page and answers nothing. */
  @Test
  void keysAreForThePaletteWhileItIsOpen(FxRobot robot) {
    robot.interact(() -> desktop.get(Actions.class).get("palette").run());
    desktop.settle();
    press(robot, KeyCode.PAGE_DOWN, KeyCode.DIGIT1, KeyCode.BACK_SPACE);
    assertThat(situation().step()).isZero();
    robot.write("larger text");
    desktop.settle();
    press(robot, KeyCode.ENTER);
    assertThat(situation().step()).isZero();
    assertThat(desktop.get(Overlay.class).isOpen()).isFalse();
    press(robot, KeyCode.PAGE_DOWN);
    assertThat(situation().step()).isEqualTo(1);
  }

  @Test
  void aLessonBeginsAtItsFirstStepWithItsWordsAndPanes() {
    assertThat(situation().step()).isZero();
    assertThat(words("stage-heading")).isEqualTo("Write an address");
    assertThat(words("stage-note")).contains("RTADDR holds 100_0000 now");
    assertThat(desktop.scene().lookup("#stage-registers")).isNotNull();
    assertThat(desktop.scene().lookup("#workbench").isVisible()).isTrue();
  }

  @Test
  void aClickerGoesForwardAndBack(FxRobot robot) {
    press(robot, KeyCode.PAGE_DOWN, KeyCode.PAGE_DOWN);
    assertThat(situation().step()).isEqualTo(2);
    press(robot, KeyCode.PAGE_UP);
    assertThat(situation().step()).isEqualTo(1);
    assertThat(words("stage-heading")).isEqualTo("The unit takes it over");
  }

  @Test
  void digitsChooseAndEnterAnswers(FxRobot robot) {
    robot.interact(() -> desktop.get(PresetPlayer.class).goTo(7));
    desktop.settle();
    press(robot, KeyCode.DIGIT1);
    assertThat(words("stage-forward")).startsWith("Answer");
    press(robot, KeyCode.ENTER);
    assertThat(words("stage-question")).contains("Not so: blocked, reason 05h.");
    assertThat(words("stage-question")).contains("That needs a walk.");
    assertThat(last().command().toJson())
        .isEqualTo("{\"op\":\"answer\",\"question\":\"stale\",\"value\":\"blocked\"}");
    press(robot, KeyCode.H);
    assertThat(words("stage-question")).contains("Where does the unit look first?");
    press(robot, KeyCode.DIGIT2, KeyCode.ENTER);
    assertThat(words("stage-question")).contains("Right: it goes through, from the IOTLB.");
    assertThat(words("stage-right")).isEqualTo("0 of 1 right at once");
    press(robot, KeyCode.ENTER);
    assertThat(situation().step()).isEqualTo(8);
  }

  /** As it is marked: a hint before the answer, and it is not right at once. */
  @Test
  void whatNeededAHintIsNotRightAtOnce(FxRobot robot) {
    robot.interact(() -> desktop.get(PresetPlayer.class).goTo(7));
    desktop.settle();
    press(robot, KeyCode.H);
    press(robot, KeyCode.DIGIT2, KeyCode.ENTER);
    assertThat(words("stage-question")).contains("Right: it goes through, from the IOTLB.");
    assertThat(words("stage-right")).isEqualTo("0 of 1 right at once");
  }

  @Test
  void anEntryIsTypedOrPutTogetherFromBits(FxRobot robot) {
    press(robot, KeyCode.A);
    robot.interact(() -> ((TextField) desktop.scene().lookup("#stage-field")).setText("4000_0000"));
    desktop.settle();
    assertThat(words("stage-bit-30")).isEqualTo("1");
    press(robot, KeyCode.ENTER);
    assertThat(situation().isDone()).isTrue();
    assertThat(words("stage-question")).contains("Right: 0x40000000");
  }

  @Test
  void digitsAreTypedWhereverTheKeyboardIs(FxRobot robot) {
    press(robot, KeyCode.DIGIT4, KeyCode.DIGIT0);
    assertThat(((TextField) desktop.scene().lookup("#stage-field")).getText()).isEqualTo("40");
  }

  @Test
  void theFootSaysWhatIsInEffect(FxRobot robot) {
    press(robot, KeyCode.PAGE_DOWN);
    String atStep = words("stage-command");
    press(robot, KeyCode.PAGE_DOWN, KeyCode.PAGE_DOWN);
    assertThat(words("stage-command")).isNotEqualTo(atStep);
    press(robot, KeyCode.PAGE_UP, KeyCode.PAGE_UP);
    assertThat(words("stage-command")).isEqualTo(atStep);
  }

  @Test
  void leavingGivesThePanesBackAndKeepsThePlace(FxRobot robot) {
    double before = 1;
    press(robot, KeyCode.PAGE_DOWN);
    Node registers = pane("registers").node();
    assertThat(registers.getParent().getId()).isEqualTo("stage-registers");
    press(robot, KeyCode.ESCAPE);
    assertThat(desktop.get(StageModel.class).showingProperty().get()).isFalse();
    robot.interact(() -> desktop.get(Workbench.class).reveal(pane("registers")));
    desktop.settle();
    assertThat(registers.getParent().getId()).isEqualTo("registers-pane");
    assertThat(desktop.get(Theme.class).scaleProperty().get()).isEqualTo(before);
    press(robot, KeyCode.F9);
    assertThat(desktop.get(StageModel.class).showingProperty().get()).isTrue();
    assertThat(situation().step()).isEqualTo(1);
    assertThat(registers.getParent().getId()).isEqualTo("stage-registers");
  }

  private LabPane pane(String id) {
    return desktop.get(Workbench.class).panes().stream()
        .filter(pane -> pane.id().equals(id))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void everyPaneThatALessonCanShowExists() {
    assertThat(desktop.get(Workbench.class).panes().stream().map(LabPane::id))
        .containsAll(Show.PANES);
  }

  @Test
  void theBandLeavesRoomForPanes() {
    Node panes = ((javafx.scene.layout.BorderPane) desktop.scene().lookup("#stage")).getCenter();
    assertThat(panes.getLayoutBounds().getHeight()).isGreaterThan(280);
    assertThat(desktop.scene().lookup("#stage-note").getLayoutBounds().getHeight()).isPositive();
  }

  @Test
  void theHandsOfAClassAreCounted(FxRobot robot) {
    robot.interact(() -> desktop.get(PresetPlayer.class).goTo(7));
    desktop.settle();
    press(robot, KeyCode.C, KeyCode.DIGIT1, KeyCode.DIGIT2, KeyCode.ENTER, KeyCode.DIGIT4);
    assertThat(words("stage-hands-1")).isEqualTo("12 · 75 %");
    assertThat(words("stage-hands-2")).isEqualTo("4 · 25 %");
    assertThat(words("stage-bottom")).contains("Enter next option");
    press(robot, KeyCode.ADD, KeyCode.UP, KeyCode.BACK_SPACE, KeyCode.DIGIT5, KeyCode.ESCAPE);
    assertThat(words("stage-hands-1")).isEqualTo("15 · 75 %");
    assertThat(words("stage-hands-2")).isEqualTo("5 · 25 %");
    assertThat(situation().step()).isEqualTo(7);
    press(robot, KeyCode.DIGIT2, KeyCode.ENTER);
    assertThat(words("stage-question")).contains("Right: it goes through", "✓  5 · 25 %");
  }

  @Test
  void theHandsOfALastOptionEndTheCounting(FxRobot robot) {
    robot.interact(() -> desktop.get(PresetPlayer.class).goTo(7));
    desktop.settle();
    press(robot, KeyCode.C, KeyCode.DIGIT3, KeyCode.PAGE_DOWN, KeyCode.PAGE_DOWN);
    press(robot, KeyCode.DIGIT1, KeyCode.PAGE_DOWN);
    assertThat(words("stage-hands-3")).isEqualTo("1 · 25 %");
    assertThat(situation().step()).isEqualTo(7);
    press(robot, KeyCode.PAGE_DOWN);
    assertThat(situation().step()).isEqualTo(8);
  }

  @Test
  void dotsTellStepsSeenRightAndWrongApart(FxRobot robot) {
    press(robot, KeyCode.PAGE_DOWN, KeyCode.A, KeyCode.DIGIT9, KeyCode.ENTER, KeyCode.PAGE_DOWN);
    press(robot, KeyCode.DIGIT2, KeyCode.ENTER, KeyCode.PAGE_DOWN);
    assertThat(dots()).startsWith("seen", "wrong", "right", "current", "ahead");
  }

  private List<String> dots() {
    HBox dots = (HBox) desktop.scene().lookup("#stage-dots");
    return LabWindow.read(
        () -> dots.getChildren().stream().map(dot -> dot.getStyleClass().getLast()).toList());
  }

  @Test
  void theLanguageChangesWhileALessonIsGiven(FxRobot robot) {
    robot.interact(() -> desktop.get(Texts.class).setLocale(Locale.SIMPLIFIED_CHINESE));
    desktop.settle();
    assertThat(words("stage-heading")).isEqualTo("写入一个地址");
    assertThat(desktop.get(LabModel.class)).isNotNull();
  }
}
