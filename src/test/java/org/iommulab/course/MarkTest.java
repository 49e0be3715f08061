package org.iommulab.course;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.iommulab.lab.language.Command;
import org.iommulab.lab.language.Reading;
import org.iommulab.words.Bilingual;
import org.junit.jupiter.api.Test;

/** Sessions of the lesson {@code hardware}, right, wrong, late, and changed by hand. */
class MarkTest {

  private static final Lesson LESSON = Lessons.named("hardware").orElseThrow();
  private static final Key KEY = good(Key.of(LESSON));

  private static <T> T good(Reading<T> reading) {
    return switch (reading) {
      case Reading.Good<T>(T value) -> value;
      case Reading.Bad<T>(Bilingual sentence) -> throw new AssertionError(sentence);
    };
  }

  /** Lines of a session that does the steps from 0 on; {@code said} stands behind each step. */
  private static List<String> session(int steps, boolean marks, String... said) {
    var lines = new ArrayList<String>();
    for (int i = 0; i < steps; i++) {
      LESSON.steps().get(i).commands().forEach(command -> lines.add(command.toJson()));
      if (marks) {
        lines.add(new Command.Checkpoint(LESSON.mark(i)).toJson());
      }
      if (i < said.length && !said[i].isEmpty()) {
        lines.addAll(said[i].lines().toList());
      }
    }
    return lines;
  }

  private static Mark mark(List<String> lines) {
    return Mark.of(KEY, good(Journal.parse("ada", String.join("\n", lines))));
  }

  private static String answer(String question, String value) {
    return new Command.Answer(question, value).toJson();
  }

  private static Mark.OfQuestion of(Mark mark, String id) {
    return mark.questions().stream()
        .filter(result -> result.question().id().equals(id))
        .findFirst()
        .orElseThrow();
  }

  /** Who hands in the wrong file does not look like one who knew nothing. */
  @Test
  void whatHasNoStepOfTheLessonIsNoSessionOfIt() {
    Mark mark = mark(List.of(new Command.Note("something else").toJson()));
    assertThat(mark.problem().orElseThrow()).contains("no session of the lesson", LESSON.name());
  }

  @Test
  void rightAtOnceIsAPoint() {
    Mark mark = mark(session(2, true, answer("gsts", "0x40000000")));
    assertThat(mark.problem()).isEmpty();
    assertThat(of(mark, "gsts").points()).isEqualTo(1.0);
    assertThat(mark.points()).isEqualTo(1.0);
    assertThat(mark.answered()).isEqualTo(1);
  }

  /** Neither a second try nor a hint is an answer at once, in any of the forms. */
  @Test
  void atOnceIsWithoutHintAndAtTheFirstTry() {
    String hint = new Command.Hint("gsts").toJson() + "\n" + answer("gsts", "0x40000000");
    String again = answer("gsts", "0") + "\n" + answer("gsts", "0x40000000");
    for (String said : List.of(hint, again)) {
      Mark mark = mark(session(1, true, said));
      assertThat(of(mark, "gsts").solved()).isTrue();
      assertThat(mark.rightAtOnce()).isZero();
      assertThat(MarkTable.json(KEY, mark, "en")).contains("questions answered, 0 right at once");
    }
    String late = answer("gsts", "0x40000000") + "\n" + new Command.Hint("gsts").toJson();
    assertThat(mark(session(1, true, late)).rightAtOnce()).isEqualTo(1);
    assertThat(mark(session(1, true, late)).hints()).isZero();
  }

  @Test
  void wrongAnswerCostsHalfAPointAndAHintAQuarter() {
    String said =
        answer("gsts", "0")
            + "\n"
            + new Command.Hint("gsts").toJson()
            + "\n"
            + answer("gsts", "1073741824");
    assertThat(of(mark(session(1, true, said)), "gsts").points()).isEqualTo(0.25);
  }

  @Test
  void predictionAfterTheResultIsWorthNothing() {
    Mark mark = mark(session(2, true, "", answer("gsts", "0x40000000")));
    assertThat(of(mark, "gsts").late()).isTrue();
    assertThat(mark.points()).isZero();
  }

  @Test
  void stepsAreRecognisedWithoutThePlayersMarks() {
    Mark mark =
        mark(session(3, false, answer("gsts", "0x40000000"), "", answer("first-reason", "1")));
    assertThat(of(mark, "gsts").points()).isEqualTo(1.0);
    assertThat(of(mark, "first-reason").late()).isTrue();
  }

  @Test
  void ownExperimentsChangeNoMark() {
    var lines = session(1, true);
    lines.add("{\"op\":\"reg.write\",\"off\":24,\"size\":4,\"value\":2147483648}");
    lines.add(answer("gsts", "0x40000000"));
    lines.add("{\"op\":\"rewind\",\"to\":\"hardware/rtaddr\"}");
    LESSON.steps().get(1).commands().forEach(command -> lines.add(command.toJson()));
    lines.add(new Command.Checkpoint(LESSON.mark(1)).toJson());
    Mark mark = mark(lines);
    assertThat(mark.problem()).isEmpty();
    assertThat(mark.points()).isEqualTo(1.0);
  }

  @Test
  void changedCommandOfAStepIsToldWithItsLine() {
    var lines = session(4, true);
    int at =
        lines.indexOf(
            lines.stream().filter(line -> line.contains("dma.write")).findFirst().orElseThrow());
    lines.set(at, lines.get(at).replace("\"11\"", "\"12\""));
    assertThat(mark(lines).problem())
        .hasValueSatisfying(
            problem ->
                assertThat(problem)
                    .startsWith("line " + (at + 1) + ":")
                    .endsWith("the journal was changed by hand"));
  }

  /** The expectation behind a changed command fails; told is the command. */
  @Test
  void changedCommandBeforeAnExpectationIsToldWithItsOwnLine() {
    var lines = session(4, true);
    int at =
        lines.indexOf(
            lines.stream().filter(line -> line.contains("0x1001001")).findFirst().orElseThrow());
    lines.set(at, lines.get(at).replace("0x1001001", "0x1001000"));
    assertThat(mark(lines).problem().orElseThrow())
        .startsWith("line " + (at + 1) + ": step \"no-context\" of the lesson does");
  }

  @Test
  void commandThatCannotBeCarriedOutIsToldWithItsLine() {
    var lines = session(2, true);
    lines.add(1, "{\"op\":\"dma.read\",\"rid\":\"moon\",\"iova\":0,\"len\":1}");
    assertThat(mark(lines).problem())
        .hasValueSatisfying(problem -> assertThat(problem).startsWith("line 2: dma.read"));
  }

  @Test
  void clickedCommandIsFoundByItsLineInTheJournal() {
    var lines = session(10, true);
    int click = -1;
    for (int i = 0; i < lines.size(); i++) {
      if (lines.get(i).contains("\"off\":\"0x88\"")) {
        click = i;
      }
    }
    lines.add(answer("since", String.valueOf(click)));
    assertThat(of(mark(lines), "since").solved()).isTrue();
  }

  @Test
  void journalOfAnotherLessonIsTold() {
    assertThat(mark(List.of(answer("no-such", "1"))).problem())
        .contains("line 1: the lesson hardware asks no question \"no-such\"");
  }

  @Test
  void filesThatAreNoSessionsKeepTheirLine() {
    Mark mark = Mark.unreadable(KEY, "dirt", "line 1: this is not JSON");
    assertThat(MarkTable.text(List.of(mark), "en"))
        .contains("dirt")
        .contains("line 1: this is not JSON");
    assertThat(MarkTable.csv(LESSON, List.of(mark)).lines()).hasSize(2);
    assertThat(MarkTable.json(KEY, mark, "en")).contains("\"score\":0.0", "this is not JSON");
  }

  @Test
  void gradescopeReadsTheLanguageThatWasAskedFor() {
    Mark mark = mark(session(1, true, answer("gsts", "0")));
    assertThat(MarkTable.json(KEY, mark, "zh")).contains("：错", "正确答案：").doesNotContain("wrong");
    assertThat(MarkTable.json(KEY, mark, "en")).contains(": wrong", "right: ");
  }

  @Test
  void firstAnswersOfAClassAreCounted() {
    String twice = answer("gsts", "0") + "\n" + answer("gsts", "0x40000000");
    Mark hasty = mark(session(1, true, twice));
    Mark right = mark(session(1, true, answer("gsts", "1073741824")));
    Mark silent = mark(session(1, true));
    Mark none = Mark.unreadable(KEY, "dirt", "no session");
    ShowOfHands.Answers gsts =
        ShowOfHands.count(KEY, List.of(hasty, right, silent, none), "en").getFirst();
    assertThat(gsts.question().id()).isEqualTo("gsts");
    assertThat(gsts.silent()).isEqualTo(1);
    assertThat(gsts.counts().get(gsts.right())).isEqualTo(1);
    assertThat(gsts.counts().values().stream().mapToInt(Integer::intValue).sum()).isEqualTo(2);
    assertThat(ShowOfHands.text(KEY, List.of(hasty, right, silent), "zh")).contains("未作答");
  }

  @Test
  void tablesHaveOneLineASession() {
    Mark mark = mark(session(2, true, answer("gsts", "0x40000000")));
    assertThat(MarkTable.text(List.of(mark), "en").lines()).hasSize(2);
    String csv = MarkTable.csv(LESSON, List.of(mark));
    assertThat(csv.lines().toList().get(1)).startsWith("ada,1.00,14,1,1,0,,1.00,0.00");
    assertThat(MarkTable.json(KEY, mark, "en"))
        .contains("\"score\":1.0", "\"max_score\":1.0", "\"tests\":[{\"name\":\"gsts: ");
  }
}
