package org.iommulab.course;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.iommulab.words.Bilingual;
import org.junit.jupiter.api.Test;

class LessonCheckTest {

  private static final String SOUND =
      """
      title: Two bytes
      goal: See a byte.
      steps:
        - id: one
          title: A byte
          note: Look at memory.
          show: {pane: memory, address: 0x1000}
          do:
            - {op: mem.write, addr: 0x1000, u64: [7]}
          ask:
            id: after
            kind: number
            text: What is there after the next step?
            answer: {after: mem(0x1000)}
            unless: {other: It is written.}
        - id: two
          title: Another
          note: Look again.
          do:
            - {op: mem.write, addr: 0x1000, u64: [9]}
          ask:
            - id: which
              kind: choice
              text: Which?
              options: [{is: a, en: nine}, {is: b, en: seven}]
              answer: {now: {a: mem(0x1000) == 9, b: mem(0x1000) == 7}}
              unless: {b: That was before.}
      """;

  private static List<Fault> faults(String yaml) {
    return LessonCheck.of(Lesson.parse("two", yaml));
  }

  private static String with(String part, String other) {
    assertThat(SOUND).contains(part);
    return SOUND.replace(part, other);
  }

  @Test
  void soundLessonInOneLanguageHasNoFault() {
    assertThat(faults(SOUND)).isEmpty();
  }

  @Test
  void answersAreReadFromTheState() {
    Key key =
        switch (Key.of(Lesson.parse("two", SOUND).lesson().orElseThrow())) {
          case org.iommulab.lab.language.Reading.Good<Key>(Key good) -> good;
          case org.iommulab.lab.language.Reading.Bad<Key>(Bilingual sentence) ->
              throw new AssertionError(sentence);
        };
    assertThat(key.right())
        .containsEntry("after", new Key.Plain(9L))
        .containsEntry("which", new Key.Chosen(List.of("a")));
  }

  @Test
  void unknownKeyIsToldWithItsLine() {
    assertThat(faults(with("    note: Look again.", "    nota: Look again.")))
        .contains(new Fault(18, "a step has no \"nota\"; did you mean \"note\"?"));
  }

  @Test
  void commandThatCannotBeReadIsToldWithItsLine() {
    assertThat(faults(with("[9]}", "[9], more: 1}")))
        .singleElement()
        .satisfies(fault -> assertThat(fault.line()).isEqualTo(20));
  }

  @Test
  void commandThatCannotBeCarriedOutIsTold() {
    assertThat(
            faults(
                with(
                    "{op: mem.write, addr: 0x1000, u64: [9]}",
                    "{op: dma.read, rid: nix, iova: 0, len: 1}")))
        .anySatisfy(fault -> assertThat(fault.sentence()).contains("no device nix"));
  }

  @Test
  void answerThatCannotBeReachedIsTold() {
    assertThat(
            faults(
                with("b: mem(0x1000) == 7", "b: mem(0x1000) == 8")
                    .replace("a: mem(0x1000) == 9", "a: mem(0x1000) == 3")))
        .containsExactly(
            new Fault(22, "question \"which\" has no right answer: none of its options holds"),
            new Fault(22, "question \"which\" says nothing to those who answer \"a\""));
  }

  @Test
  void twoRightAnswersAreTold() {
    assertThat(faults(with("b: mem(0x1000) == 7", "b: mem(0x1000) > 7")))
        .containsExactly(
            new Fault(22, "question \"which\" has several right answers: a, b all hold"));
  }

  @Test
  void wrongAnswerWithoutAReasonIsTold() {
    assertThat(faults(with("        unless: {b: That was before.}", "")))
        .containsExactly(
            new Fault(22, "question \"which\" says nothing to those who answer \"b\""));
  }

  @Test
  void predictionInTheLastStepIsTold() {
    assertThat(faults(with("{now: {a", "{after: {a")))
        .anySatisfy(fault -> assertThat(fault.sentence()).contains("its step is the last one"));
  }

  @Test
  void showOfWhatIsNotThereIsTold() {
    assertThat(
            faults(
                with("{pane: memory, address: 0x1000}", "{pane: tree, device: nic, iova: 0x1000}")))
        .containsExactly(
            new Fault(7, "step \"one\" shows what is not there: no entry translates 0x1000"));
    assertThat(faults(with("pane: memory", "pane: memroy")))
        .singleElement()
        .satisfies(fault -> assertThat(fault.sentence()).contains("did you mean \"memory\"?"));
  }

  @Test
  void missingLanguageIsToldWhereItIsMissing() {
    assertThat(faults(with("title: Two bytes", "title: {en: Two bytes, zh: 两个字节}")))
        .contains(new Fault(2, "the title is in en and zh, but this text is not in zh"));
  }

  @Test
  void stepWithoutANoteIsTold() {
    assertThat(faults(with("    note: Look again.\n", "")))
        .contains(new Fault(16, "step \"two\" has no note: say what to look at and why"));
  }

  @Test
  void whatIsNoYamlIsToldWithItsLine() {
    assertThat(faults("title: [\n"))
        .singleElement()
        .satisfies(fault -> assertThat(fault.sentence()).startsWith("this is not YAML"));
  }

  @Test
  void whatHasNoEndIsNotReadAsALesson() {
    assertThat(Lesson.read(java.nio.file.Path.of("/dev/zero")).faults().toString())
        .contains("a device or a pipe");
    assertThat(Lesson.read(java.nio.file.Path.of("no-such-lesson.yaml")).faults().toString())
        .contains("there is no such file");
  }

  @Test
  void questionThatTellsItsOwnAnswerIsTold() {
    String asked = with("What is there after the next step?", "When will 0x63 or 99 be there?");
    String larger = asked.replace("[9]", "[99]").replace("== 9,", "== 99,");
    assertThat(faults(larger))
        .containsExactly(new Fault(4, "question \"after\" tells its own answer, 99"));
    assertThat(faults(larger.replace("or 99", "or 199, 99.5"))).isEmpty();
  }

  @Test
  void faultRecordThatNobodyFilledCannotBeShown() {
    assertThat(faults(with("{pane: memory, address: 0x1000}", "{pane: faults, fault: 0}")))
        .contains(new Fault(7, "step \"one\" shows what is not there: no fault waits in record 0"));
  }
}
