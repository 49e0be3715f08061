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

  /** The sentence with its places filled in. */
  public String sentence(Locale locale, List<String> says) {
    String text = sentences.get(language(locale));
    for (int i = 0; i < says.size(); i++) {
      text = text.replace("{" + i + "}", says.get(i));
    }
    return text;
  }

  private static int language(Locale locale) {
    return locale.getLanguage().equals("zh") ? 1 : 0;
  }
}
