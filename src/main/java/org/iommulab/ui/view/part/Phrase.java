package org.iommulab.ui.view.part;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.iommulab.ui.Texts;
import org.iommulab.words.Bilingual;
import org.jspecify.annotations.Nullable;

/**
 * A text that is put into words only when it is shown, so that a change of language needs no new
 * question to the laboratory.
 *
 * @param key key of the resource bundle, or null if {@code literal} is meant
 * @param literal the text as it stands, or what stands between the arguments; with a key, the
 *     English words to use where the bundle has none
 * @param arguments for the placeholders; a phrase or a text of both languages among them is put
 *     into words first
 */
public record Phrase(@Nullable String key, String literal, List<Object> arguments) {

  /** No text. */
  public static final Phrase NONE = literal("");

  public Phrase {
    arguments = List.copyOf(arguments);
  }

  /** A text of the bundle. Whole numbers are written without separators. */
  public static Phrase of(String key, Object... arguments) {
    return new Phrase(key, "", List.of(arguments));
  }

  /** English words from elsewhere, with a key under which other languages have theirs. */
  public static Phrase translated(String key, String english) {
    return new Phrase(key, english, List.of());
  }

  /**
   * English words from elsewhere; other languages have theirs under a key made of a start and the
   * words, {@code bits.domain-id} for "domain id".
   */
  public static Phrase english(String start, String words) {
    return translated(key(start, words), words);
  }

  /** The key of {@link #english}. */
  public static String key(String start, String words) {
    String slug = words.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-");
    return start + slug.replaceAll("^-|-$", "");
  }

  /** A number, an address or a name that is the same in every language. */
  public static Phrase literal(String text) {
    return new Phrase(null, text, List.of());
  }

  /** A text that is at hand in both languages. */
  public static Phrase of(Bilingual words) {
    return new Phrase(null, "", List.of(words));
  }

  /** Several phrases with a text between them. */
  public static Phrase join(List<Phrase> phrases, String between) {
    return phrases.isEmpty() ? NONE : new Phrase(null, between, List.copyOf(phrases));
  }

  /** Tells whether there is nothing to show. */
  public boolean isEmpty() {
    return key == null && arguments.isEmpty() && literal.isEmpty();
  }

  /** The text in the language in use. */
  public String in(Texts texts) {
    Object[] spoken = arguments.stream().map(argument -> spoken(argument, texts)).toArray();
    if (key != null && !literal.isEmpty() && !texts.has(key)) {
      return literal;
    }
    if (key != null) {
      return texts.get(key, spoken);
    }
    return spoken.length == 0
        ? literal
        : Stream.of(spoken).map(Object::toString).collect(Collectors.joining(literal));
  }

  private static Object spoken(Object argument, Texts texts) {
    return switch (argument) {
      case Phrase phrase -> phrase.in(texts);
      case Bilingual words -> texts.in(words);
      default -> argument;
    };
  }
}
