package org.iommulab.evidence.diagnosis;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the rules say, in English and Chinese. */
final class RuleTexts {

  private static final RuleTexts ENGLISH = new RuleTexts("rules.properties");
  private static final RuleTexts CHINESE = new RuleTexts("rules_zh.properties");
  private static final Pattern PLACE = Pattern.compile("\\{(\\w+)\\}");

  private final Properties texts = new Properties();

  private RuleTexts(String name) {
    try (InputStream in = Objects.requireNonNull(RuleTexts.class.getResourceAsStream(name), name)) {
      texts.load(new InputStreamReader(in, StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(name, e);
    }
  }

  static RuleTexts of(boolean chinese) {
    return chinese ? CHINESE : ENGLISH;
  }

  Set<String> keys() {
    return texts.stringPropertyNames();
  }

  String say(String rule, Map<String, String> values) {
    return filled(Objects.requireNonNull(texts.getProperty(rule + ".say"), rule), values);
  }

  List<String> points(String key, Map<String, String> values) {
    String text = texts.getProperty(key);
    return text == null ? List.of() : List.of(filled(text, values).split(" \\| "));
  }

  /** What to write for a value that the log does not give. */
  private String unknown(String value) {
    return Objects.requireNonNullElse(texts.getProperty("unknown." + value), "?");
  }

  private static String capital(String text) {
    return text.substring(0, 1).toUpperCase(java.util.Locale.ROOT) + text.substring(1);
  }

  private String filled(String text, Map<String, String> values) {
    Matcher places = PLACE.matcher(text);
    return places.replaceAll(
        place -> {
          String value = values.get(place.group(1));
          if (value == null) {
            String unknown = unknown(place.group(1));
            // A sentence begins with a capital, also where a name is missing.
            value = place.start() == 0 ? capital(unknown) : unknown;
          }
          return Matcher.quoteReplacement(value);
        });
  }
}
