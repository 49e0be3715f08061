package org.iommulab.ui;

import com.google.inject.Inject;
import com.google.inject.Singleton;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.text.MessageFormat;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javafx.beans.binding.Bindings;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.SimpleObjectProperty;
import javafx.beans.value.ObservableValue;
import org.iommulab.words.Bilingual;

/**
 * The words of the window, English or Chinese, switched while it is open. The workbench keeps its
 * words in {@code ui/messages*.properties}, the panes theirs in {@code
 * ui/view/messages*.properties}; keys are unique over both. Patterns with arguments are {@link
 * MessageFormat} patterns.
 */
@Singleton
public final class Texts {

  /** The languages there are, the first being the fallback. */
  public static final List<Locale> LANGUAGES = List.of(Locale.ENGLISH, Locale.SIMPLIFIED_CHINESE);

  /** Whole numbers stand without separators, in both languages. */
  private static final Locale NUMBERS = Locale.of("en", "US", "POSIX");

  private static final List<String> FILES = List.of("messages", "view/messages");

  /** What the hardware's own layouts say in English; here in the other languages. */
  private static final String HARDWARE = "view/hardware";

  private static final Map<Locale, Map<String, String>> LOADED = new ConcurrentHashMap<>();

  private final ObjectProperty<Locale> locale = new SimpleObjectProperty<>(this, "locale");
  private Map<String, String> words;

  /** Words in the language of the system. */
  @Inject
  public Texts() {
    this(Locale.getDefault());
  }

  /** Words in the given language, or in English if there are none. */
  public Texts(Locale wanted) {
    Locale language = supported(wanted);
    words = load(language);
    locale.set(language);
  }

  /** The language in use; a listener is called after the new words are there. */
  public ObservableValue<Locale> localeProperty() {
    return locale;
  }

  /** The language in use. */
  public Locale locale() {
    return locale.get();
  }

  /** Tells whether the language in use is Chinese. */
  public boolean isChinese() {
    return locale().getLanguage().equals(Locale.CHINESE.getLanguage());
  }

  /** Changes the language; every text observed so far changes at once. */
  public void setLocale(Locale wanted) {
    Locale language = supported(wanted);
    words = load(language);
    // A property nobody has read since the last change would not tell of this one.
    locale.get();
    locale.set(language);
  }

  /**
   * The words of a key, with arguments filled in. A key without words gives the key in angle
   * brackets; a test keeps that from happening.
   */
  public String get(String key, Object... arguments) {
    String pattern = words.get(key);
    if (pattern == null) {
      return "‹" + key + "›";
    }
    if (arguments.length == 0) {
      return pattern;
    }
    Object[] spoken =
        Stream.of(arguments)
            .map(argument -> argument instanceof Bilingual both ? in(both) : argument)
            .toArray();
    return new MessageFormat(pattern, NUMBERS).format(spoken);
  }

  /** Words of both languages in the one in use. */
  public String in(Bilingual words) {
    return words.in(isChinese());
  }

  /** The words of a key in each language that has them, for whoever searches. */
  public String inEveryLanguage(String key) {
    return LANGUAGES.stream()
        .map(language -> load(language).getOrDefault(key, ""))
        .collect(Collectors.joining(" "));
  }

  /** Tells whether there are words for a key. */
  public boolean has(String key) {
    return words.containsKey(key);
  }

  /** The keys that begin like that. */
  public Set<String> keys(String start) {
    return words.keySet().stream()
        .filter(key -> key.startsWith(start))
        .collect(Collectors.toUnmodifiableSet());
  }

  /** The words of a key as a value that follows the language. */
  public ObservableValue<String> observe(String key, Object... arguments) {
    return Bindings.createStringBinding(() -> get(key, arguments), locale);
  }

  private static Locale supported(Locale wanted) {
    return wanted.getLanguage().equals("zh") ? Locale.SIMPLIFIED_CHINESE : Locale.ENGLISH;
  }

  private static Map<String, String> load(Locale language) {
    return LOADED.computeIfAbsent(language, Texts::read);
  }

  // java.util.ResourceBundle would fall back to the system's language before English.
  private static Map<String, String> read(Locale language) {
    var all = new HashMap<String, String>();
    for (String file : FILES) {
      addAll(all, file + ".properties");
      if (!language.equals(Locale.ENGLISH)) {
        addAll(all, file + "_" + language + ".properties");
      }
    }
    if (!language.equals(Locale.ENGLISH)) {
      addAll(all, HARDWARE + "_" + language + ".properties");
    }
    return Map.copyOf(all);
  }

  private static void addAll(Map<String, String> all, String file) {
    var read = new Properties();
    try (InputStream in = Texts.class.getResourceAsStream(file)) {
      if (in == null) {
        throw new IllegalStateException("no texts in " + file);
      }
      read.load(new InputStreamReader(in, StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(file, e);
    }
    read.forEach((key, text) -> all.put((String) key, (String) text));
  }
}
