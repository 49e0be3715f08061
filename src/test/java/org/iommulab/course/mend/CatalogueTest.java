package org.iommulab.course.mend;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Every entry shows its symptom, is mended by its repair, and by none of the wrong ones. */
final class CatalogueTest {

  /** Drivers with such a line: see {@link #leavingALineOutMendsNothing}. */
  private static final Set<String> NEEDLESS =
      Set.of(
          "compatibility-interrupts",
          "mask-too-wide",
          "nested-parent-not-flushed",
          "rx-unmap-missing",
          "segments-not-merged",
          "sender-ids-off",
          "sync-overwrites");

  @TestFactory
  Stream<DynamicTest> symptomsShow() {
    return Catalogue.all().stream()
        .map(
            one ->
                DynamicTest.dynamicTest(
                    one.name(),
                    () -> {
                      Run run = Run.of(one, one.scriptText());
                      assertThat(run.refused()).isNull();
                      assertThat(run.showsSymptom()).as("%s", run.looked()).isTrue();
                    }));
  }

  @TestFactory
  Stream<DynamicTest> referenceRepairsPass() {
    return Catalogue.all().stream()
        .map(
            one ->
                DynamicTest.dynamicTest(
                    one.name(),
                    () -> {
                      Verdict verdict = Judge.judge(one, one.mendedText());
                      assertThat(verdict.passes()).as("%s", verdict).isTrue();
                    }));
  }

  @TestFactory
  Stream<DynamicTest> wrongRepairsFail() {
    return Catalogue.all().stream()
        .flatMap(
            one ->
                IntStream.range(0, one.wrong().size())
                    .mapToObj(
                        i ->
                            DynamicTest.dynamicTest(
                                one.name() + " " + one.wrong().get(i).why().english(),
                                () -> {
                                  Verdict verdict = Judge.judge(one, one.wrongTexts().get(i));
                                  assertThat(verdict.passes()).as("%s", verdict).isFalse();
                                  assertThat(verdict.reasons()).isNotEmpty();
                                  assertThat(verdict.reasons().toString())
                                      .doesNotContain("cannot be carried out");
                                })));
  }

  /**
   * Leaving the bug, leaving out lines one by one, saying every line twice: nothing of it mends.
   */
  @TestFactory
  Stream<DynamicTest> carelessRepairsFail() {
    return Catalogue.all().stream()
        .map(
            one ->
                DynamicTest.dynamicTest(
                    one.name(),
                    () -> {
                      assertThat(Judge.judge(one, one.scriptText()).passes()).isFalse();
                      assertThat(Judge.judge(one, "").passes()).isFalse();
                      var twice = new ArrayList<>(one.script());
                      twice.addAll(one.script());
                      assertThat(Judge.judge(one, String.join("\n", twice)).passes()).isFalse();
                      String other = "{\"op\":\"reset\"}\n" + one.mendedText();
                      assertThat(Judge.judge(one, other).passes()).isFalse();
                    }));
  }

  /**
   * Leaving out a line, of the driver or of its repair, mends nothing; but for lines that are the
   * mistake themselves, or that the repair makes needless.
   */
  @TestFactory
  Stream<DynamicTest> leavingALineOutMendsNothing() {
    return Catalogue.all().stream()
        .filter(one -> !NEEDLESS.contains(one.name()))
        .map(
            one ->
                DynamicTest.dynamicTest(
                    one.name(),
                    () -> {
                      for (String text : List.of(one.scriptText(), one.mendedText())) {
                        List<String> lines = text.lines().toList();
                        for (int i = 0; i < lines.size(); i++) {
                          var left = new ArrayList<>(lines);
                          String line = left.remove(i);
                          assertThat(Judge.judge(one, String.join("\n", left)).passes())
                              .as(line)
                              .isFalse();
                        }
                      }
                    }));
  }

  @Test
  void thereAreAtLeastFortyWithAllTheirTexts() {
    assertThat(Catalogue.all()).hasSizeGreaterThanOrEqualTo(40);
    var names = new HashSet<String>();
    for (Ailment one : Catalogue.all()) {
      assertThat(names.add(one.name())).isTrue();
      for (var words : List.of(one.title(), one.symptom(), one.question(), one.why())) {
        assertThat(words.english()).isNotBlank();
        assertThat(words.chinese()).isNotBlank().isNotEqualTo(words.english());
      }
      assertThat(one.difficulty()).isBetween(1, 3);
      assertThat(one.wrong()).hasSizeGreaterThanOrEqualTo(2);
    }
  }

  /** What is untouched has changed nothing, whatever else is to be said of it. */
  @Test
  void theBrokenDriverItselfHasChangedNothingElse() {
    for (Ailment one : Catalogue.all()) {
      Verdict verdict = Judge.judge(one, one.scriptText());
      assertThat(verdict.nothingElseChanged()).as(one.name()).isTrue();
      assertThat(verdict.reasons().toString())
          .as(one.name())
          .doesNotContain("Something else has changed")
          .contains("No line was changed.");
      assertThat(verdict.advisorContent())
          .as(one.name())
          .isNotEqualTo(verdict.reasons().toString().contains("The advisor objects"));
    }
  }

  @Test
  void replacedLinesCountOnce() {
    assertThat(LineCount.of(List.of("a", "b", "c"), List.of("a", "x", "c"))).isEqualTo(1);
    assertThat(LineCount.of(List.of("a", "b"), List.of("a", "x", "y", "b"))).isEqualTo(2);
    assertThat(LineCount.of(List.of("a", "b"), List.of("b"))).isEqualTo(1);
  }
}
