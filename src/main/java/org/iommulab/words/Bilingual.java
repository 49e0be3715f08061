package org.iommulab.words;

import java.util.Locale;

/**
 * Words for a person in both languages of the program, for what is found once and shown in either.
 *
 * @param english in English
 * @param chinese in Chinese
 */
public record Bilingual(String english, String chinese) {

  /** A quotation, or what is written alike in both. */
  public static Bilingual same(String text) {
    return new Bilingual(text, text);
  }

  /**
   * Fills the places of both, as {@link String#format} does without regard to where the machine
   * stands. A phrase among the arguments is put in its own language.
   */
  public static Bilingual of(String english, String chinese, Object... arguments) {
    return new Bilingual(filled(english, false, arguments), filled(chinese, true, arguments));
  }

  private static String filled(String text, boolean inChinese, Object... arguments) {
    Object[] values = arguments.clone();
    for (int i = 0; i < values.length; i++) {
      if (values[i] instanceof Bilingual phrase) {
        values[i] = phrase.in(inChinese);
      }
    }
    return values.length == 0 ? text : String.format(Locale.ROOT, text, values);
  }

  /** The same with other words in the place of a name. */
  public Bilingual renamed(String name, String inEnglish, String inChinese) {
    return new Bilingual(english.replace(name, inEnglish), chinese.replace(name, inChinese));
  }

  /** The words of one language. */
  public String in(boolean inChinese) {
    return inChinese ? chinese : english;
  }

  /** The words of a language such as {@code zh_CN}. */
  public String in(String language) {
    return in(language.startsWith("zh"));
  }

  @Override
  public String toString() {
    return english;
  }
}
