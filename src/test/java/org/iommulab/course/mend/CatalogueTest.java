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

  /** Drivers with such a line: see {@link #tenWrongRepairsFail}. */
  private static final Set<String> NEEDLESS =
      Set.of("compatibility-interrupts", "segments-not-merged", "sync-overwrites");

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
   * At least ten wrong repairs of every entry: the catalogue's own, lines left out, waits lost,
   * tails and registers with values that mean nothing, protection taken away, another machine.
   * Lines that are the mistake themselves, or that the repair makes needless, may be left out.
   */
  @TestFactory
  Stream<DynamicTest> tenWrongRepairsFail() {
    return Catalogue.all().stream()
        .map(
            one ->
                DynamicTest.dynamicTest(
                    one.name(),
                    () -> {
                      Set<String> wrong = WrongRepairs.of(one, !NEEDLESS.contains(one.name()));
                      assertThat(wrong).hasSizeGreaterThanOrEqualTo(10);
                      for (String text : wrong) {
                        assertThat(Judge.judge(one, text).passes()).as(text).isFalse();
                      }
                    }));
  }

  @TestFactory
  Stream<DynamicTest> otherRightRepairsPass() {
    return Catalogue.all().stream()
        .flatMap(
            one ->
                WrongRepairs.otherRight(one).stream()
                    .map(
                        text ->
                            DynamicTest.dynamicTest(
                                one.name(),
                                () -> {
                                  Verdict verdict = Judge.judge(one, text);
                                  assertThat(verdict.passes()).as("%s", verdict).isTrue();
                                })));
  }

  @Test
  void whatIsWrongIsSaidInOneSentence() {
    Ailment irq = Catalogue.named("sender-ids-off").orElseThrow();
    List<String> lines = irq.mendedText().lines().toList();
    assertThat(said(irq, lines.get(0), lines.get(1)))
        .contains("What the driver did must still be done: request_irq is missing.");
    assertThat(said(irq, lines.get(0).replace("on\"", "on iommu=pt\""), lines.get(1), lines.get(2)))
        .contains("\"iommu=pt\" takes protection away instead of mending it.");
    Ailment waits = Catalogue.named("waits-lost-after-ite").orElseThrow();
    lines = waits.mendedText().lines().toList();
    assertThat(said(waits, lines.get(0), lines.get(1), lines.get(2).replace("0x50", "0x60")))
        .contains("The unit reports an error: FSTS.IQE.");
    assertThat(said(waits, lines.get(0), lines.get(1), lines.get(2).replace("0x50", "0x100050")))
        .contains("A value that means nothing was programmed: IQT = 0x100050.");
    Ailment vector = Catalogue.named("old-vector").orElseThrow();
    String entry = vector.script().getFirst();
    assertThat(
            said(
                vector,
                entry,
                "{\"op\":\"mem.write\",\"addr\":\"0x1006000\",\"u64\":[\"0x14\",0]}",
                "{\"op\":\"reg.write\",\"off\":\"0x88\",\"size\":8,\"value\":\"0x10\"}"))
        .contains("No wait is behind the last invalidation: nothing tells when it is complete.");
    Ailment leaf = Catalogue.named("missing-invalidation").orElseThrow();
    lines = leaf.mendedText().lines().toList();
    assertThat(said(leaf, lines.get(0).replace("[0]", "[1]"), lines.get(1), lines.get(2)))
        .anyMatch(reason -> reason.startsWith("A device reaches what it should not: 00:03.0 r-"));
  }

  private static List<String> said(Ailment one, String... lines) {
    Verdict verdict = Judge.judge(one, String.join("\n", lines));
    assertThat(verdict.passes()).isFalse();
    return verdict.reasons().stream().map(words -> words.english()).toList();
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
