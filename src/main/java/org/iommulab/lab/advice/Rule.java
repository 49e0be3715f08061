package org.iommulab.lab.advice;

import java.util.List;
import java.util.Locale;

/**
 * A rule of the advisor.
 *
 * @param id {@code H01} to {@code H52} of the hardware, {@code K01} to {@code K44} of the kernel,
 *     {@code T01} to {@code T19} of teachers
 * @param review speaks only to those who ask for everything
 * @param source where the rule is from
 * @param titles what it is about, in English and Chinese
 * @param sentences what to say, in English and Chinese, with places to fill in
 */
public record Rule(
    String id,
    Severity severity,
    boolean review,
    String source,
    List<String> titles,
    List<String> sentences) {

  public Rule {
    titles = List.copyOf(titles);
    sentences = List.copyOf(sentences);
  }

  /** What it is about. */
  public String title(Locale locale) {
    return titles.get(language(locale));
  }

  /** The sentences with their places filled in, in English and Chinese. */
  List<String> sentences(Object... says) {
    String english = sentences.get(0);
    String chinese = sentences.get(1);
    for (int i = 0; i < says.length; i++) {
      Said said = Said.of(says[i]);
      english = english.replace("{" + i + "}", said.english());
      chinese = chinese.replace("{" + i + "}", said.chinese());
    }
    return List.of(english, chinese);
  }

  /** Place of a language in a list of texts. */
  static int language(Locale locale) {
    return locale.getLanguage().equals("zh") ? 1 : 0;
  }
}
