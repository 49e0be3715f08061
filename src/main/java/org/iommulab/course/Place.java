package org.iommulab.course;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.iommulab.lab.language.Complaint;
import org.iommulab.lab.language.Json;
import org.iommulab.lab.language.Nearest;
import org.iommulab.words.Bilingual;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** A value in a lesson file, with its line and with where faults go to. */
final class Place {

  private final JsonNode node;
  private final String path;
  private final String what;
  private final YamlLines lines;
  private final Findings findings;

  private Place(JsonNode node, String path, String what, YamlLines lines, Findings findings) {
    this.node = node;
    this.path = path;
    this.what = what;
    this.lines = lines;
    this.findings = findings;
  }

  static Place root(JsonNode node, YamlLines lines, Findings findings) {
    return new Place(node, "", "a lesson", lines, findings);
  }

  int line() {
    return lines.at(path);
  }

  JsonNode node() {
    return node;
  }

  /** Notes what is wrong here. */
  void fault(String sentence) {
    findings.fault(line(), sentence);
  }

  /** Complains about keys that mean nothing; answers whether it is a mapping at all. */
  boolean knows(Collection<String> keys) {
    if (!node.isObject()) {
      fault(what + " is a mapping with " + String.join(", ", new TreeSet<>(keys)));
      return false;
    }
    for (var property : node.properties()) {
      if (!keys.contains(property.getKey())) {
        child(property.getKey(), property.getValue(), what)
            .fault(
                what
                    + " has no \""
                    + property.getKey()
                    + "\""
                    + Nearest.hint(property.getKey(), keys));
      }
    }
    return true;
  }

  private Place child(String name, JsonNode value, String called) {
    return new Place(value, path.isEmpty() ? name : path + "/" + name, called, lines, findings);
  }

  /** What stands under a key. */
  Optional<Place> get(String key, String called) {
    JsonNode value = node.get(key);
    return value == null || value.isNull()
        ? Optional.empty()
        : Optional.of(child(key, value, called));
  }

  /** What must stand under a key. */
  Optional<Place> need(String key, String called) {
    Optional<Place> found = get(key, called);
    if (found.isEmpty()) {
      fault(what + " needs \"" + key + "\"");
    }
    return found;
  }

  /** The elements of a list; a value alone counts as a list of one. */
  List<Place> elements(String called) {
    if (!node.isArray()) {
      return List.of(new Place(node, path, called, lines, findings));
    }
    var all = new ArrayList<Place>();
    for (JsonNode element : node) {
      all.add(child(String.valueOf(all.size()), element, called));
    }
    return all;
  }

  /** The keys of a mapping, in order. */
  List<String> keys() {
    return node.isObject()
        ? node.properties().stream().map(property -> property.getKey()).toList()
        : List.of();
  }

  /** A word or number as text; null and a fault if it is something else. */
  @Nullable String word() {
    if (node.isString() && !node.stringValue().isBlank()) {
      return node.stringValue().strip();
    }
    if (node.isIntegralNumber() || node.isBoolean()) {
      return node.toString();
    }
    fault(what + " must be a word, not " + shortened());
    return null;
  }

  /** One of several words. */
  Optional<String> oneOf(Set<String> words) {
    String word = word();
    if (word != null && !words.contains(word)) {
      fault(
          String.format(
              Locale.ROOT,
              "%s is one of %s, not \"%s\"%s",
              what,
              String.join(", ", new TreeSet<>(words)),
              word,
              Nearest.hint(word, words)));
      return Optional.empty();
    }
    return Optional.ofNullable(word);
  }

  /** A number, or null and a fault. */
  @Nullable Long number() {
    try {
      return Json.number(node);
    } catch (Complaint e) {
      fault(what + " " + e.sentence());
      return null;
    }
  }

  /** A plain value, or null and a fault. */
  @Nullable Object plain() {
    try {
      return Json.plain(node);
    } catch (Complaint e) {
      fault(what + ": " + e.sentence());
      return null;
    }
  }

  /** A text in one language or both; a bare text is English. */
  Optional<Bilingual> bilingual() {
    if (node.isString()) {
      Optional<String> english = filled(node.stringValue());
      english.ifPresent(text -> findings.said(line(), Set.of("en")));
      return english.map(Bilingual::same);
    }
    if (!node.isObject()) {
      fault(what + " is a text, or a mapping with texts for en and zh");
      return Optional.empty();
    }
    knows(Findings.LANGUAGES);
    String en = get("en", what).flatMap(Place::text).orElse(null);
    String zh = get("zh", what).flatMap(Place::text).orElse(null);
    if (en == null && zh == null) {
      fault(what + " needs a text for \"en\" or \"zh\"");
      return Optional.empty();
    }
    findings.said(line(), languages(en, zh));
    return Optional.of(either(en, zh));
  }

  /** An option has its texts beside its id; both empty if it has none. */
  Bilingual option() {
    String en = get("en", what).map(Place::word).orElse(null);
    String zh = get("zh", what).map(Place::word).orElse(null);
    findings.spoken(languages(en, zh));
    return either(en, zh);
  }

  private static Set<String> languages(@Nullable String en, @Nullable String zh) {
    var languages = new TreeSet<String>();
    if (en != null) {
      languages.add("en");
    }
    if (zh != null) {
      languages.add("zh");
    }
    return languages;
  }

  /** What one language lacks is told in the other. */
  private static Bilingual either(@Nullable String en, @Nullable String zh) {
    String any = Objects.requireNonNullElse(en, Objects.requireNonNullElse(zh, ""));
    return new Bilingual(any, Objects.requireNonNullElse(zh, any));
  }

  private Optional<String> text() {
    if (node.isString()) {
      return filled(node.stringValue());
    }
    if (node.isIntegralNumber()) {
      return Optional.of(node.toString());
    }
    fault(what + " must be a text, not " + shortened());
    return Optional.empty();
  }

  private Optional<String> filled(String text) {
    if (text.isBlank()) {
      fault(what + " is empty");
      return Optional.empty();
    }
    return Optional.of(text.strip());
  }

  private String shortened() {
    String text = node.toString();
    return text.length() > 30 ? text.substring(0, 30) + "…" : text;
  }

  @Override
  public String toString() {
    return what;
  }
}
