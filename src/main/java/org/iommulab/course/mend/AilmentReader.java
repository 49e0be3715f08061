package org.iommulab.course.mend;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.iommulab.lab.language.Command;
import org.iommulab.lab.language.Complaint;
import org.iommulab.lab.language.Json;
import org.iommulab.lab.language.Reading;
import org.iommulab.words.Bilingual;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** Reads entries of the catalogue. */
final class AilmentReader {

  private static final YAMLMapper YAML = new YAMLMapper();

  private final String name;
  private final JsonNode root;

  private AilmentReader(String name, JsonNode root) {
    this.name = name;
    this.root = root;
  }

  /** An entry from its text; complains in one sentence. */
  static Reading<Ailment> read(String name, String yaml) {
    try {
      return new Reading.Good<>(new AilmentReader(name, YAML.readTree(yaml)).ailment());
    } catch (JacksonException e) {
      return new Reading.Bad<>(name + ": this is no YAML: " + e.getOriginalMessage());
    } catch (Complaint e) {
      return new Reading.Bad<>(name + ": " + e.sentence());
    }
  }

  private Ailment ailment() throws Complaint {
    var wrong = new ArrayList<Ailment.Wrong>();
    for (JsonNode one : needed(root, "wrong")) {
      wrong.add(new Ailment.Wrong(words(one, "why"), edits(needed(one, "edits"))));
    }
    var also = new ArrayList<List<Edit>>();
    if (root.has("also")) {
      for (JsonNode one : root.get("also")) {
        also.add(edits(one));
      }
    }
    return new Ailment(
        name,
        words(root, "title"),
        words(root, "symptom"),
        words(root, "question"),
        words(root, "why"),
        needed(root, "source").asString(),
        needed(root, "difficulty").asInt(),
        lines(needed(root, "setup")),
        lines(needed(root, "script")),
        trial(),
        needed(root, "limit").asInt(),
        edits(needed(root, "repair")),
        also,
        wrong);
  }

  private static JsonNode needed(JsonNode node, String key) throws Complaint {
    JsonNode value = node.get(key);
    if (value == null) {
      throw new Complaint("\"" + key + "\" is missing");
    }
    return value;
  }

  private static Bilingual words(JsonNode node, String key) throws Complaint {
    JsonNode both = needed(node, key);
    return new Bilingual(needed(both, "en").asString(), needed(both, "zh").asString());
  }

  static List<String> lines(String text) {
    return text.lines().map(String::strip).filter(line -> !line.isEmpty()).toList();
  }

  private static List<String> lines(JsonNode node) {
    return lines(node.asString());
  }

  private List<Probe> trial() throws Complaint {
    var probes = new ArrayList<Probe>();
    for (String line : lines(needed(root, "trial"))) {
      JsonNode node = Json.readJson(line);
      if (node.has("check")) {
        probes.add(
            new Probe.Check(
                node.get("check").asString(),
                node.has("sick"),
                value(node, "sick"),
                value(node, "well")));
      } else {
        switch (Command.parse(line)) {
          case Reading.Good<Command>(Command command) -> probes.add(new Probe.Act(command));
          case Reading.Bad<Command>(Bilingual sentence) ->
              throw new Complaint("trial: " + sentence);
        }
      }
    }
    return probes;
  }

  private static @Nullable Object value(JsonNode node, String key) throws Complaint {
    JsonNode value = node.get(key);
    if (value == null || value.isNull()) {
      return null;
    }
    if (value.isBoolean()) {
      return value.asBoolean();
    }
    if (value.isNumber()) {
      return value.asLong();
    }
    if (value.isString()) {
      return value.asString();
    }
    throw new Complaint(
        String.format(Locale.ROOT, "\"%s\" must be a number, a text, true, false or null", key));
  }

  private static List<Edit> edits(JsonNode node) throws Complaint {
    var edits = new ArrayList<Edit>();
    for (JsonNode one : node) {
      JsonNode drop = one.get("drop");
      JsonNode put = one.get("put");
      edits.add(
          new Edit(
              needed(one, "at").asInt(),
              drop == null ? 0 : drop.asInt(),
              put == null ? List.of() : lines(put)));
    }
    return edits;
  }
}
