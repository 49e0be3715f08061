package org.iommulab.course;

import java.util.HashMap;
import java.util.Map;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.composer.Composer;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.parser.ParserImpl;
import org.snakeyaml.engine.v2.scanner.StreamReader;

/** In which line of a YAML text each value stands; values are named as {@code steps/0/title}. */
final class YamlLines {

  private final Map<String, Integer> lines = new HashMap<>();

  private YamlLines() {}

  /** The lines of a text; none if it is no YAML. */
  static YamlLines of(String yaml) {
    var found = new YamlLines();
    try {
      LoadSettings settings = LoadSettings.builder().build();
      new Composer(settings, new ParserImpl(settings, new StreamReader(settings, yaml)))
          .getSingleNode()
          .ifPresent(root -> found.note("", root, line(root)));
    } catch (YamlEngineException noYaml) {
      // Whoever reads the values tells what is wrong.
    }
    return found;
  }

  private static int line(Node node) {
    return node.getStartMark().map(mark -> mark.getLine() + 1).orElse(0);
  }

  private void note(String place, Node node, int line) {
    lines.put(place, line);
    String prefix = place.isEmpty() ? "" : place + "/";
    if (node instanceof MappingNode mapping) {
      for (NodeTuple tuple : mapping.getValue()) {
        if (tuple.getKeyNode() instanceof ScalarNode key) {
          note(prefix + key.getValue(), tuple.getValueNode(), line(key));
        }
      }
    } else if (node instanceof SequenceNode sequence) {
      int index = 0;
      for (Node element : sequence.getValue()) {
        note(prefix + index++, element, line(element));
      }
    }
  }

  /** The line of a value, counted from 1, or that of what it stands in. */
  int at(String place) {
    String name = place;
    while (!lines.containsKey(name) && !name.isEmpty()) {
      name = name.substring(0, Math.max(0, name.lastIndexOf('/')));
    }
    return lines.getOrDefault(name, 0);
  }
}
