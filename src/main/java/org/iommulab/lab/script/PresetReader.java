package org.iommulab.lab.script;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.iommulab.lab.language.Command;
import org.iommulab.lab.language.Complaint;
import org.iommulab.lab.language.Json;
import org.iommulab.lab.language.Language;
import org.iommulab.lab.language.Nearest;
import org.iommulab.lab.language.Reading;
import org.iommulab.lab.script.Preset.Step;
import org.iommulab.lab.script.Preset.Words;
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
    check(node, "a preset", Set.of("title", "summary", "lesson", "steps"));
    Words title = words(node, "a preset", "title");
    Words summary = words(node, "a preset", "summary");
    Words lesson = words(node, "a preset", "lesson");
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

  private static Step step(JsonNode node, String where) throws Complaint {
    check(node, where, Set.of("title", "note", "do"));
    Words title = words(node, where, "title");
    @Nullable Words note = node.has("note") ? words(node, where, "note") : null;
    JsonNode list = node.get("do");
    if (list == null || !list.isArray()) {
      throw new Complaint(where + " needs \"do\", a list of commands");
    }
    var commands = new ArrayList<Command>();
    for (JsonNode command : list) {
      try {
        commands.add(Language.command(command));
      } catch (Complaint e) {
        throw new Complaint(
            String.format(
                Locale.ROOT, "%s, command %d: %s", where, commands.size() + 1, e.sentence()));
      }
    }
    return new Step(title, note, commands);
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

  private static Words words(JsonNode parent, String where, String field) throws Complaint {
    JsonNode node = parent.get(field);
    if (node == null) {
      throw new Complaint(where + " needs \"" + field + "\" with texts for en and zh");
    }
    String place = where + ", \"" + field + "\"";
    check(node, place, Set.of("en", "zh"));
    return new Words(text(node, place, "en"), text(node, place, "zh"));
  }

  private static String text(JsonNode node, String place, String language) throws Complaint {
    JsonNode text = node.get(language);
    if (text == null || !text.isString() || text.stringValue().isBlank()) {
      throw new Complaint(place + " needs a text for \"" + language + "\"");
    }
    return text.stringValue().strip();
  }
}
