package org.iommulab.ui.practice;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Locale;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.Labeled;
import javafx.scene.control.TextField;
import org.iommulab.course.exercise.Exercise;
import org.iommulab.course.exercise.Exercises;
import org.iommulab.course.mend.Catalogue;
import org.iommulab.lab.LabSession;
import org.iommulab.testkit.LabWindow;
import org.iommulab.testkit.OnScreen;
import org.iommulab.ui.LabModel;
import org.iommulab.ui.Texts;
import org.iommulab.ui.learn.LearnModel;
import org.iommulab.ui.workbench.DesktopStage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.testfx.api.FxRobot;

/** Exercises and broken drivers as a person meets them, from the start page on. */
@OnScreen
class PracticeTest {

  @RegisterExtension final DesktopStage desktop = new DesktopStage(1280, 800);

  private void fire(FxRobot robot, String id) {
    Node node = desktop.scene().lookup("#" + id);
    assertThat(node).as(id).isNotNull();
    robot.interact(((Button) node)::fire);
    desktop.settle();
  }

  private void openFromStartPage(FxRobot robot, String id) {
    robot.interact(() -> desktop.get(LearnModel.class).open());
    desktop.settle();
    fire(robot, "learn-" + id);
  }

  /** Exercises are drawn, and repairs judged, beside the window. */
  private void until(BooleanSupplier done) {
    for (int i = 0; i < 500 && !done.getAsBoolean(); i++) {
      LockSupport.parkNanos(20_000_000);
      desktop.settle();
    }
    assertThat(done.getAsBoolean()).isTrue();
  }

  private String words(String id) {
    return desktop.scene().lookup("#" + id) instanceof Labeled label ? label.getText() : "";
  }

  private Exercise drawn() {
    return desktop.get(ExerciseModel.class).work().orElseThrow().exercise();
  }

  private void exercise(FxRobot robot, String kind, long seed) {
    openFromStartPage(robot, "exercise-" + kind);
    until(() -> desktop.get(ExerciseModel.class).work().isPresent());
    robot.interact(() -> desktop.get(ExerciseModel.class).seed(seed));
    until(() -> drawn().seed() == seed);
  }

  private List<String> journal() {
    return desktop
        .get(LabSession.class)
        .ask(view -> view.journal().stream().map(one -> one.command().toJson()).toList())
        .join();
  }

  @Test
  void everyKindAndEveryEntryHasACard(FxRobot robot) {
    robot.interact(() -> desktop.get(LearnModel.class).open());
    desktop.settle();
    for (String kind : Exercises.kinds()) {
      assertThat(desktop.scene().lookup("#learn-exercise-" + kind)).as(kind).isNotNull();
    }
    Catalogue.all()
        .forEach(
            one ->
                assertThat(desktop.scene().lookup("#learn-break-it-" + one.name()))
                    .as(one.name())
                    .isNotNull());
  }

  @Test
  void anExerciseIsAnsweredLineByLineAndMarked(FxRobot robot) {
    exercise(robot, "faulting-entry", 7);
    assertThat(drawn()).isEqualTo(Exercises.draw("faulting-entry", 7));
    robot.interact(
        () -> {
          ((TextField) desktop.scene().lookup("#exercise-line-1"))
              .setText(drawn().answers().getFirst().key());
          ((TextField) desktop.scene().lookup("#exercise-line-2")).setText("63");
        });
    fire(robot, "exercise-do-mark");
    assertThat(words("exercise-mark-1")).isEqualTo("✓ right");
    assertThat(words("exercise-mark-2")).isEqualTo("✕ not so");
    assertThat(words("exercise-verdict")).isEqualTo("1 of 2 lines are right.");
    assertThat(journal())
        .contains(
            "{\"op\":\"answer\",\"question\":\"exercise/faulting-entry/7/2\",\"value\":\"63\"}");
    assertThat(desktop.get(PracticeScore.class).answered("faulting-entry")).isEqualTo(1);
    assertThat(desktop.get(PracticeScore.class).right("faulting-entry")).isZero();
  }

  @Test
  void whatIsTypedOutlivesAChangeOfLanguage(FxRobot robot) {
    exercise(robot, "slots", 2);
    robot.interact(
        () -> {
          ((TextField) desktop.scene().lookup("#exercise-line-1")).setText("0x40");
          desktop.get(Texts.class).setLocale(Locale.SIMPLIFIED_CHINESE);
        });
    desktop.settle();
    assertThat(
            LabWindow.read(
                () -> ((TextField) desktop.scene().lookup("#exercise-line-1")).getText()))
        .isEqualTo("0x40");
  }

  @Test
  void answersAreShownOnlyWhenAsked(FxRobot robot) {
    exercise(robot, "translate", 3);
    assertThat(desktop.scene().lookup("#exercise-key-1")).isNull();
    assertThat(desktop.scene().lookup("#exercise-build")).isNull();
    fire(robot, "exercise-show");
    assertThat(words("exercise-key-1")).isEqualTo(drawn().answers().getFirst().key());
    fire(robot, "exercise-build");
    assertThat(desktop.get(ExerciseModel.class).showingProperty().get()).isFalse();
    assertThat(desktop.get(LabModel.class).facts().position()).isEqualTo(drawn().machine().size());
  }

  @Test
  void aRepairIsJudgedInTheWindow(FxRobot robot) {
    openFromStartPage(robot, "break-it-one-id-two-tables");
    var mend = desktop.get(MendModel.class);
    until(() -> !mend.work().orElseThrow().symptom().isEmpty());
    assertThat(desktop.scene().lookup("#mend-reason")).isNull();
    fire(robot, "mend-judge");
    until(() -> mend.work().orElseThrow().verdict().isPresent());
    assertThat(words("mend-result")).isEqualTo("Not mended yet.");
    String mended = mend.work().orElseThrow().ailment().mendedText();
    robot.interact(() -> mend.scriptProperty().set(mended));
    fire(robot, "mend-judge");
    until(() -> words("mend-result").equals("Mended."));
    assertThat(desktop.scene().lookup("#mend-reason")).isNotNull();
    assertThat(desktop.get(PracticeScore.class).isMended("one-id-two-tables")).isTrue();
    assertThat(journal()).anyMatch(line -> line.contains("\"break-it/one-id-two-tables\""));
  }

  /** The words beside the script, line by line. */
  private List<String> said() {
    return LabWindow.read(
        () ->
            desktop.get(MendView.class).node().lookupAll(".label").stream()
                .map(node -> ((Labeled) node).getText())
                .toList());
  }

  @Test
  void theSymptomOfAMendedDriverIsPast(FxRobot robot) {
    openFromStartPage(robot, "break-it-missing-invalidation");
    var mend = desktop.get(MendModel.class);
    until(() -> !mend.work().orElseThrow().symptom().isEmpty());
    MendModel.Case now = mend.work().orElseThrow();
    var seen = now.symptom().entrySet().iterator().next();
    String is = seen.getKey() + " is " + seen.getValue();
    desktop.settle();
    assertThat(said()).contains(is);
    robot.interact(() -> mend.scriptProperty().set(now.ailment().mendedText()));
    fire(robot, "mend-judge");
    until(() -> words("mend-result").equals("Mended."));
    assertThat(said()).doesNotContain(is).contains(seen.getKey() + " was " + seen.getValue());
  }

  @Test
  void theKeyboardStaysAtTheJudge(FxRobot robot) {
    openFromStartPage(robot, "break-it-missing-invalidation");
    var mend = desktop.get(MendModel.class);
    Node judge = desktop.scene().lookup("#mend-judge");
    robot.interact(judge::requestFocus);
    fire(robot, "mend-judge");
    assertThat(LabWindow.read(() -> desktop.scene().getFocusOwner())).isSameAs(judge);
    until(() -> mend.work().orElseThrow().verdict().isPresent());
    assertThat(LabWindow.read(() -> desktop.scene().getFocusOwner())).isSameAs(judge);
  }

  /** A limit is the most that may change, of every number of lines and in every language. */
  @Test
  void howManyLinesMayChangeIsALimit() {
    var texts = desktop.get(Texts.class);
    assertThat(List.of(1, 2, 12).stream().map(n -> texts.get("practice.limit", n)))
        .containsExactly(
            "Mend the script at the right; change at most one line.",
            "Mend the script at the right; change at most 2 lines.",
            "Mend the script at the right; change at most 12 lines.");
    assertThat(texts.inEveryLanguage("practice.limit")).contains("最多");
    assertThat(texts.get("practice.lines", 1, 3)).isEqualTo("1 line changed, at most 3");
    assertThat(texts.get("practice.lines", 2, 3)).isEqualTo("2 lines changed, at most 3");
  }

  @Test
  void aScriptThatIsNoneIsToldSo(FxRobot robot) {
    openFromStartPage(robot, "break-it-missing-invalidation");
    var mend = desktop.get(MendModel.class);
    robot.interact(() -> mend.scriptProperty().set("this is no script"));
    fire(robot, "mend-judge");
    until(() -> mend.work().orElseThrow().verdict().isPresent());
    assertThat(mend.work().orElseThrow().verdict().orElseThrow().reasons().getFirst().english())
        .startsWith("It cannot be carried out: ");
    fire(robot, "mend-restart");
    assertThat(mend.scriptProperty().get())
        .isEqualTo(mend.work().orElseThrow().ailment().scriptText());
  }

  @Test
  void theWorkbenchShowsTheBrokenMachineWithoutTheAdvisor(FxRobot robot) {
    openFromStartPage(robot, "break-it-missing-invalidation");
    fire(robot, "mend-build");
    assertThat(desktop.get(MendModel.class).showingProperty().get()).isFalse();
    assertThat(desktop.get(LabModel.class).facts().position()).isPositive();
    boolean advised =
        desktop.get(LabSession.class).change(laboratory -> laboratory.isAdvised()).join();
    assertThat(advised).isFalse();
  }

  @Test
  void theStartPageTakesThePlaceOfAnExercise(FxRobot robot) {
    exercise(robot, "slots", 1);
    fire(robot, "exercise-learn");
    assertThat(desktop.get(ExerciseModel.class).showingProperty().get()).isFalse();
    assertThat(desktop.get(LearnModel.class).showingProperty().get()).isTrue();
  }
}
