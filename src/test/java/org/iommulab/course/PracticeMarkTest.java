package org.iommulab.course;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.iommulab.course.exercise.Exercises;
import org.iommulab.course.mend.Ailment;
import org.iommulab.course.mend.Catalogue;
import org.iommulab.lab.language.Command;
import org.iommulab.lab.language.Reading;
import org.junit.jupiter.api.Test;

/** What exercises and repairs in a session are worth. */
final class PracticeMarkTest {

  private static PracticeMark mark(Command... commands) {
    String text = String.join("\n", List.of(commands).stream().map(Command::toJson).toList());
    return Journal.parse("Li", text) instanceof Reading.Good<Journal>(Journal journal)
        ? PracticeMark.of(journal)
        : PracticeMark.unreadable("none", "line 1: this is not JSON");
  }

  private static Command line(int number, String value) {
    return new Command.Answer("exercise/faulting-entry/7/" + number, value);
  }

  private static String key(int number) {
    return Exercises.draw("faulting-entry", 7).answers().get(number - 1).key();
  }

  @Test
  void aWrongLineTakesHalfAPointOff() {
    assertThat(mark(line(1, key(1)), line(2, key(2))).points()).isEqualTo(2);
    assertThat(mark(line(1, key(1)), line(2, "63"), line(2, key(2))).points()).isEqualTo(1.5);
    assertThat(mark(line(1, key(1)), line(2, "63")).points()).isEqualTo(1);
  }

  @Test
  void whatIsWrittenAfterTheAnswersWereShownIsWorthNothing() {
    var shown = new Command.Hint("exercise/faulting-entry/7/1");
    var mark = mark(line(1, key(1)), shown, line(2, key(2)));
    assertThat(mark.points()).isEqualTo(1);
    assertThat(mark.most()).isEqualTo(2);
  }

  @Test
  void aRepairIsJudgedOnceMore() {
    Ailment one = Catalogue.named("one-id-two-tables").orElseThrow();
    var broken = new Command.Answer(one.sessionName(), one.scriptText());
    var mended = new Command.Answer(one.sessionName(), one.mendedText());
    assertThat(mark(broken).points()).isZero();
    assertThat(mark(mended).points()).isEqualTo(1);
    assertThat(mark(broken, mended).points()).isEqualTo(0.75);
    assertThat(mark(new Command.Hint(one.sessionName()), mended).json("en"))
        .contains("\"score\":0.75", "\"max_score\":1.0");
  }

  @Test
  void whatIsUnknownIsLeftOut() {
    assertThat(
            mark(
                    new Command.Answer("exercise/no-such-kind/1/1", "1"),
                    new Command.Answer("break-it/no-such-entry", "x"),
                    new Command.Answer("stale", "blocked"))
                .pieces())
        .isEmpty();
  }
}
