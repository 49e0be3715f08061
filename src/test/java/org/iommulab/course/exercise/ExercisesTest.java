package org.iommulab.course.exercise;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import java.util.stream.Stream;
import org.iommulab.words.Bilingual;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The key is what the laboratory does, and what can be worked out by hand. */
final class ExercisesTest {

  private static final int SEEDS = Integer.getInteger("iommulab.exercise.seeds", 60);

  @TestFactory
  Stream<DynamicTest> keysAreWhatTheLaboratoryDoes() {
    return Exercises.kinds().stream()
        .map(
            kind ->
                DynamicTest.dynamicTest(
                    kind,
                    () -> {
                      for (long seed = 0; seed < SEEDS; seed++) {
                        Exercise drawn = Exercises.draw(kind, seed);
                        for (Exercise.Answer answer : drawn.answers()) {
                          assertThat(answer.key())
                              .as("%s, seed %d, %s", kind, seed, answer.label().english())
                              .isEqualTo(answer.byHand());
                        }
                      }
                    }));
  }

  @Test
  void thereAreAtLeastFourteenKinds() {
    assertThat(Exercises.kinds()).hasSizeGreaterThanOrEqualTo(14);
  }

  @Test
  void theSameSeedGivesTheSameSheet() {
    for (String kind : Exercises.kinds()) {
      assertThat(Exercises.draw(kind, 7)).isEqualTo(Exercises.draw(kind, 7));
    }
    assertThat(Exercises.seedOf("Li", 1)).isNotEqualTo(Exercises.seedOf("Wu", 1));
  }

  /** Neighbouring seeds, as on one sheet, do not begin alike. */
  @Test
  void exercisesOfOneSheetDiffer() {
    for (String kind : Exercises.kinds()) {
      var texts = new HashSet<String>();
      for (long seed = 0; seed < 40; seed++) {
        Exercise drawn = Exercises.draw(kind, seed);
        texts.add(drawn.text().english() + drawn.tables());
      }
      assertThat(texts).as(kind).hasSizeGreaterThan(18);
    }
    var outcomes = new HashSet<String>();
    for (long seed = 0; seed < 40; seed++) {
      outcomes.add(Exercises.draw("boot-line", seed).answers().toString());
    }
    assertThat(outcomes).hasSize(3);
  }

  @Test
  void aSheetHoldsNoAnswer() {
    Exercise drawn = Exercises.draw("translate", 3);
    String key = drawn.answers().getFirst().key();
    assertThat(Worksheet.sheet("", List.of(drawn), "en")).doesNotContain(key);
    assertThat(Worksheet.key("", List.of(drawn), "en")).contains(key);
  }

  @Test
  void aSheetIsTheSameWhateverTheAnswersAre() {
    for (String kind : Exercises.kinds()) {
      Exercise drawn = Exercises.draw(kind, 5);
      var blank =
          drawn.answers().stream()
              .map(one -> new Exercise.Answer(one.label(), "", "", one.order()))
              .toList();
      var without = new Exercise(kind, 5, drawn.text(), drawn.tables(), blank, drawn.machine());
      assertThat(Worksheet.sheet("", List.of(drawn), "en"))
          .isEqualTo(Worksheet.sheet("", List.of(without), "en"));
    }
  }

  @Test
  void everyKindIsSaidInBothLanguages() {
    for (Exercises.Kind kind : Exercises.all()) {
      assertThat(kind.title().chinese()).isNotEqualTo(kind.title().english());
      assertThat(kind.about().chinese()).isNotEqualTo(kind.about().english());
      Exercise drawn = Exercises.draw(kind.name(), 1);
      assertThat(drawn.text().chinese()).isNotEqualTo(drawn.text().english());
      assertThat(drawn.machine()).isNotEmpty();
    }
  }

  @Test
  void answersAreReadAsPeopleWriteThem() {
    var address = answer("0x1003018", Exercise.Order.KEPT);
    assertThat(address.accepts("100_3018")).isTrue();
    assertThat(address.accepts(" 0x1003018 ")).isTrue();
    assertThat(address.accepts("16789528")).isFalse();
    var reason = answer("6", Exercise.Order.KEPT);
    assertThat(reason.accepts("0x6")).isTrue();
    assertThat(reason.accepts("06")).isTrue();
    assertThat(reason.accepts("")).isFalse();
    var lines = answer("0x1000 0x3000", Exercise.Order.ANY);
    assertThat(lines.accepts("3000, 1000")).isTrue();
    assertThat(lines.accepts("3000, 3000")).isFalse();
    var chain = answer("c a b", Exercise.Order.KEPT);
    assertThat(chain.accepts("cab")).isTrue();
    assertThat(chain.accepts("c, a, b")).isTrue();
    assertThat(chain.accepts("a c b")).isFalse();
    assertThat(answer("none", Exercise.Order.ANY).accepts("None")).isTrue();
  }

  private static Exercise.Answer answer(String key, Exercise.Order order) {
    return new Exercise.Answer(new Bilingual("a", "b"), key, key, order);
  }
}
