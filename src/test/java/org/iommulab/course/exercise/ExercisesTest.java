package org.iommulab.course.exercise;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The key is what the laboratory does, and what can be worked out by hand. */
final class ExercisesTest {

  private static final int SEEDS = Integer.getInteger("iommulab.exercise.seeds", 12);

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
                              .as("%s, seed %d, %s", kind, seed, answer.label().en())
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

  @Test
  void aSheetHoldsNoAnswer() {
    Exercise drawn = Exercises.draw("translate", 3);
    String key = drawn.answers().getFirst().key();
    assertThat(Worksheet.sheet("", List.of(drawn), "en")).doesNotContain(key);
    assertThat(Worksheet.key("", List.of(drawn), "en")).contains(key);
  }
}
