package org.iommulab.evidence.diagnosis;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.ResourceBundle;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the rules say, in English and Chinese. */
final class RuleTexts {

  private static final String NAME = "org.iommulab.evidence.diagnosis.rules";
  private static final RuleTexts ENGLISH = new RuleTexts(Locale.ROOT);
  private static final RuleTexts CHINESE = new RuleTexts(Locale.CHINESE);
  private static final Pattern PLACE = Pattern.compile("\\{(\\w+)\\}");

  private final ResourceBundle bundle;

  private RuleTexts(Locale locale) {
    bundle =
        ResourceBundle.getBundle(
            NAME,
            locale,
            ResourceBundle.Control.getNoFallbackControl(ResourceBundle.Control.FORMAT_PROPERTIES));
  }

  static RuleTexts of(boolean chinese) {
    return chinese ? CHINESE : ENGLISH;
  }

  Set<String> keys() {
    return bundle.keySet();
  }

  String say(String rule, Map<String, String> values) {
    return filled(bundle.getString(rule + ".say"), values);
  }

  List<String> points(String key, Map<String, String> values) {
    return bundle.containsKey(key)
        ? List.of(filled(bundle.getString(key), values).split(" \\| "))
        : List.of();
  }

  private static String filled(String text, Map<String, String> values) {
    Matcher places = PLACE.matcher(text);
    return places.replaceAll(
        place -> Matcher.quoteReplacement(values.getOrDefault(place.group(1), "?")));
  }
}
