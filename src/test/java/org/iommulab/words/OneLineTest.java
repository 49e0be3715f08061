package org.iommulab.words;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class OneLineTest {

  @Test
  void controlsAndMarksOfDirectionStandAsEscapes() {
    assertThat(OneLine.of("a \"\u001b[31mred\nnext\u202e\u0000\" é 中 ٣ 😀"))
        .isEqualTo("a \"\\u001b[31mred\\nnext\\u202e\\u0000\" é 中 ٣ 😀");
  }

  @Test
  void quotedValuesAreCutAtEightyLetters() {
    assertThat(OneLine.of("there is no \"" + "x".repeat(500) + "\" here"))
        .isEqualTo("there is no \"" + "x".repeat(80) + "…\" here");
    String eighty = "there is no \"" + "x".repeat(80) + "\" here";
    assertThat(OneLine.of(eighty)).isEqualTo(eighty);
  }

  @Test
  void valuesWithoutQuotesAreCutToo() {
    assertThat(OneLine.of("must be a number, not " + "[".repeat(9000)))
        .isEqualTo("must be a number, not " + "[".repeat(80) + "…");
  }

  @Test
  void noLetterIsCutInTwo() {
    assertThat(OneLine.of("\"" + "x".repeat(79) + "😀😀\""))
        .isEqualTo("\"" + "x".repeat(79) + "…\"");
  }

  @Test
  void namesOfFilesStayWhole() {
    String sentence = "/a" + "/folder".repeat(40) + " is empty: copy it again";
    assertThat(OneLine.of(sentence)).isEqualTo(sentence);
  }

  @Test
  void theWholeIsBounded() {
    assertThat(OneLine.of("many words ".repeat(100_000))).hasSizeLessThan(2200).endsWith("…");
  }
}
