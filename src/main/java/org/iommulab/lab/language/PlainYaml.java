package org.iommulab.lab.language;

import java.util.Locale;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.DocumentStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.parser.ParserImpl;
import org.snakeyaml.engine.v2.scanner.StreamReader;

/**
 * Refuses what a preset or lesson has no use for: anchors and aliases, with which a few lines
 * become gigabytes, tags, merge keys, and a second document.
 */
final class PlainYaml {

  private PlainYaml() {}

  static void check(String text) throws Complaint {
    int documents = 0;
    try {
      LoadSettings settings = LoadSettings.builder().build();
      var events = new ParserImpl(settings, new StreamReader(settings, text));
      while (events.hasNext()) {
        Event event = events.next();
        if (event instanceof DocumentStartEvent && ++documents > 1) {
          throw refused("a second document", event.getStartMark());
        }
        check(event);
      }
    } catch (MarkedYamlEngineException e) {
      throw new Complaint("this is not YAML" + place(e.getProblemMark()));
    } catch (YamlEngineException e) {
      throw new Complaint("this is not YAML");
    }
  }

  private static void check(Event event) throws Complaint {
    if (event instanceof AliasEvent) {
      throw refused("an alias (*)", event.getStartMark());
    }
    if (event instanceof NodeEvent node && node.getAnchor().isPresent()) {
      throw refused("an anchor (&)", event.getStartMark());
    }
    if (event instanceof CollectionStartEvent start && start.getTag().isPresent()
        || event instanceof ScalarEvent scalar && scalar.getTag().isPresent()) {
      throw refused("a tag (!)", event.getStartMark());
    }
    if (event instanceof ScalarEvent scalar
        && scalar.getScalarStyle() == ScalarStyle.PLAIN
        && scalar.getValue().equals("<<")) {
      throw refused("a merge key (<<)", event.getStartMark());
    }
  }

  private static Complaint refused(String what, Optional<Mark> mark) {
    return new Complaint("presets and lessons have no use for " + what + place(mark));
  }

  private static String place(Optional<Mark> mark) {
    return mark.map(
            at ->
                String.format(
                    Locale.ROOT, " at line %d, column %d", at.getLine() + 1, at.getColumn() + 1))
        .orElse("");
  }
}
