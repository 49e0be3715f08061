package org.iommulab.lab.script;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.iommulab.lab.language.Complaint;
import org.iommulab.lab.language.Json;
import org.iommulab.lab.language.Nearest;
import org.iommulab.lab.language.Reading;
import org.iommulab.lab.script.Preset.Step;
import org.iommulab.words.Bilingual;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Reads presets from YAML. */
final class PresetReader {

  private final String name;

  private PresetReader(String name) {
    this.name = name;
  }

  static Reading<Preset> read(String name, String where, String yaml) {
    try {
      return new Reading.Good<>(new PresetReader(name).preset(Json.readYaml(yaml)));
    } catch (Complaint e) {
      return new Reading.Bad<>(where + ": " + e.sentence());
    }
  }

  private Preset preset(JsonNode node) throws Complaint {
    check(
        node,
        "a preset",
        Set.of(
            "title",
            "summary",
            "goal",
            "corrects",
            "terms",
            "minutes",
            "intro",
            "lesson",
            "steps"));
    Bilingual title = words(node, "a preset", "title");
    Bilingual summary = words(node, "a preset", node.has("summary") ? "summary" : "goal");
    Bilingual lesson =
        node.has("lesson") ? words(node, "a preset", "lesson") : intro(node, summary);
    JsonNode list = node.get("steps");
    if (list == null || !list.isArray() || list.isEmpty()) {
      throw new Complaint("a preset needs \"steps\", a list");
    }
    var steps = new ArrayList<Step>();
    for (JsonNode step : list) {
      steps.add(step(step, "step " + (steps.size() + 1)));
    }
    return new Preset(name, title, summary, lesson, steps);
  }

  private static Bilingual intro(JsonNode node, Bilingual otherwise) throws Complaint {
    return node.has("intro") ? words(node, "a preset", "intro") : otherwise;
  }

  private static Step step(JsonNode node, String where) throws Complaint {
    check(node, where, Set.of("id", "title", "note", "show", "do", "ask", "why"));
    Bilingual title = words(node, where, "title");
    @Nullable Bilingual note = node.has("note") ? words(node, where, "note") : null;
    JsonNode list = node.get("do");
    if (list == null) {
      return new Step(title, note, List.of());
    }
    if (!list.isArray()) {
      throw new Complaint(where + ": \"do\" is a list of commands");
    }
    var lines = new ScriptLines();
    int number = 0;
    for (JsonNode command : list) {
      number++;
      try {
        lines.read(command);
      } catch (Complaint e) {
        throw new Complaint(
            String.format(Locale.ROOT, "%s, command %d: %s", where, number, e.sentence()));
      }
    }
    try {
      return new Step(title, note, lines.done());
    } catch (Complaint e) {
      throw new Complaint(where + ": " + e.sentence());
    }
  }

  private static void check(JsonNode node, String where, Set<String> known) throws Complaint {
    if (!node.isObject()) {
      throw new Complaint(where + " must be a mapping with " + String.join(", ", sorted(known)));
    }
    for (Map.Entry<String, JsonNode> property : node.properties()) {
      if (!known.contains(property.getKey())) {
        throw new Complaint(
            where
                + " has no \""
                + property.getKey()
                + "\""
                + Nearest.hint(property.getKey(), known));
      }
    }
  }

  private static List<String> sorted(Set<String> names) {
    return names.stream().sorted().toList();
  }

  /** A text, a bare one being English; what one language lacks is told in the other. */
  private static Bilingual words(JsonNode parent, String where, String field) throws Complaint {
    JsonNode node = parent.get(field);
    if (node == null) {
      throw new Complaint(where + " needs \"" + field + "\" with texts for en and zh");
    }
    String place = where + ", \"" + field + "\"";
    if (node.isString() && !node.stringValue().isBlank()) {
      return Bilingual.same(node.stringValue().strip());
    }
    check(node, place, Set.of("en", "zh"));
    String en = text(node, place, node.has("en") ? "en" : "zh");
    return new Bilingual(en, node.has("zh") ? text(node, place, "zh") : en);
  }

  private static String text(JsonNode node, String place, String language) throws Complaint {
    JsonNode text = node.get(language);
    if (text == null || !text.isString() || text.stringValue().isBlank()) {
      throw new Complaint(place + " needs a text for \"" + language + "\"");
    }
    return text.stringValue().strip();
  }
}
