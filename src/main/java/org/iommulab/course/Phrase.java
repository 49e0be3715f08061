package org.iommulab.course;

import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A text of a lesson in Markdown, in one language or in both.
 *
 * @param en English, or null
 * @param zh Chinese, or null
 */
public record Phrase(@Nullable String en, @Nullable String zh) {

  /** The languages a text can have. */
  public static final Set<String> LANGUAGES = Set.of("en", "zh");

  /** The text in a language such as {@code zh_CN}, or in the other one if it has only that. */
  public String in(String language) {
    String wanted = language.startsWith("zh") ? zh : en;
    String other = language.startsWith("zh") ? en : zh;
    return wanted != null ? wanted : other != null ? other : "";
  }

  /** The languages it has. */
  Set<String> languages() {
    var found = new TreeSet<String>();
    if (en != null) {
      found.add("en");
    }
    if (zh != null) {
      found.add("zh");
    }
    return found;
  }
}
