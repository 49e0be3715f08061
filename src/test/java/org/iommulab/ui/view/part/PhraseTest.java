package org.iommulab.ui.view.part;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Locale;
import org.iommulab.ui.Texts;
import org.junit.jupiter.api.Test;

class PhraseTest {

  private final Texts texts = new Texts(Locale.ENGLISH);

  @Test
  void literalIsTheSameInEveryLanguage() {
    assertThat(Phrase.literal("PD [2]").in(texts)).isEqualTo("PD [2]");
  }

  @Test
  void phrasesInsideAPhraseAreSpokenFirst() {
    var outer = Phrase.of("view.cache.stale", Phrase.of("view.cache.stale.clear"));
    assertThat(outer.in(texts)).isEqualTo("stale: entry is now clear");
  }

  @Test
  void languageIsChosenWhenItIsShown() {
    Phrase phrase = Phrase.of("view.path.title");
    texts.setLocale(Locale.SIMPLIFIED_CHINESE);
    assertThat(phrase.in(texts)).isEqualTo("路径");
  }

  @Test
  void joinPutsTheTextBetween() {
    var joined = Phrase.join(List.of(Phrase.literal("a"), Phrase.literal("b")), " · ");
    assertThat(joined.in(texts)).isEqualTo("a · b");
  }

  @Test
  void oneIsNotManyInEnglish() {
    assertThat(Phrase.of("view.path.tableReads", 1).in(texts)).isEqualTo("1 table read");
    assertThat(Phrase.of("view.path.tableReads", 3).in(texts)).isEqualTo("3 table reads");
  }
}
