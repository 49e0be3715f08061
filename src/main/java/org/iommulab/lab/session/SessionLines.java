package org.iommulab.lab.session;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.iommulab.lab.language.Command;
import org.iommulab.lab.language.Complaint;
import org.iommulab.lab.language.Json;
import org.iommulab.lab.language.Reading;
import org.iommulab.words.Bilingual;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The lines of a session file. A command stands as it stands in scripts; what else happens to a
 * journal has lines of its own:
 *
 * <pre>
 *   {"session":"cut","to":3}          only the first three commands are left
 *   {"session":"position","at":2}     the first two are in effect
 *   {"session":"ground","source":"machine.elf","forked":true}   a fresh journal over a dump
 *   {"session":"place","preset":"stale-iotlb","steps":[[0,4],[4,5]]}
 *   {"session":"place"}               in no preset any more
 *   {"session":"sight","face":"case","evidence":["dmesg.txt"]}
 * </pre>
 *
 * A command's line drops what was undone and is in effect itself.
 */
final class SessionLines {

  private static final String WORD = "session";

  private final List<Command> commands = new ArrayList<>();
  private int position;
  private Optional<Ground> ground = Optional.empty();
  private Optional<Place> place = Optional.empty();
  private Sight sight = Sight.NONE;

  static String command(Command command) {
    return command.toJson();
  }

  static String cut(int to) {
    return Json.write(line("cut", Map.of("to", to)));
  }

  static String position(int at) {
    return Json.write(line("position", Map.of("at", at)));
  }

  static String ground(Optional<Ground> ground) {
    var fields = new LinkedHashMap<String, Object>();
    ground.ifPresent(
        dump -> {
          fields.put("source", dump.source());
          fields.put("forked", dump.forked());
        });
    return Json.write(line("ground", fields));
  }

  static String place(Optional<Place> place) {
    var fields = new LinkedHashMap<String, Object>();
    place.ifPresent(
        at -> {
          fields.put("preset", at.preset());
          Path file = at.file();
          if (file != null) {
            fields.put("file", file.toString());
          }
          fields.put(
              "steps", at.steps().stream().map(span -> List.of(span.start(), span.end())).toList());
        });
    return Json.write(line("place", fields));
  }

  static String sight(Sight sight) {
    var fields = new LinkedHashMap<String, Object>();
    fields.put("face", sight.face());
    fields.put("evidence", sight.evidence().stream().map(Path::toString).toList());
    return Json.write(line("sight", fields));
  }

  private static Map<String, Object> line(String what, Map<String, ?> fields) {
    var line = new LinkedHashMap<String, Object>();
    line.put(WORD, what);
    line.putAll(fields);
    return line;
  }

  /** Takes the next line; one that makes no sense changes nothing. */
  void read(String line) throws Complaint {
    JsonNode node = Json.readJson(line);
    if (!node.has(WORD)) {
      switch (Command.parse(line)) {
        case Reading.Good<Command>(Command command) -> add(command);
        case Reading.Bad<Command>(Bilingual sentence) -> throw new Complaint(sentence);
      }
      return;
    }
    switch (node.path(WORD).asString("")) {
      case "cut" -> cutTo(number(node.path("to")));
      case "position" -> position = number(node.path("at"));
      case "ground" -> groundOf(node);
      case "place" -> place = placeOf(node);
      case "sight" -> sight = sightOf(node);
      default -> throw new Complaint("this is no line of a session");
    }
  }

  private void add(Command command) {
    cutTo(position);
    commands.add(command);
    position++;
  }

  private void cutTo(int length) {
    commands.subList(length, commands.size()).clear();
    position = Math.min(position, length);
  }

  private int number(JsonNode node) throws Complaint {
    if (!node.isInt() || node.intValue() < 0 || node.intValue() > commands.size()) {
      throw new Complaint("this is no place in the journal");
    }
    return node.intValue();
  }

  private void groundOf(JsonNode node) throws Complaint {
    if (!node.has("source")) {
      ground = Optional.empty();
    } else if (node.path("source").isString() && node.path("forked").isBoolean()) {
      ground = Optional.of(new Ground(node.path("source").stringValue(), forked(node)));
    } else {
      throw new Complaint("this is no dump");
    }
    cutTo(0);
  }

  private static boolean forked(JsonNode node) {
    return node.path("forked").booleanValue();
  }

  private static Optional<Place> placeOf(JsonNode node) throws Complaint {
    if (!node.has("preset")) {
      return Optional.empty();
    }
    JsonNode file = node.path("file");
    @Nullable Path path = file.isString() ? Path.of(file.stringValue()) : null;
    var spans = new ArrayList<Place.Span>();
    for (JsonNode span : node.path("steps")) {
      if (!span.path(0).isInt() || !span.path(1).isInt()) {
        throw new Complaint("this is no step");
      }
      spans.add(new Place.Span(span.path(0).intValue(), span.path(1).intValue()));
    }
    return Optional.of(new Place(node.path("preset").asString(""), path, spans));
  }

  private static Sight sightOf(JsonNode node) throws Complaint {
    var files = new ArrayList<Path>();
    for (JsonNode file : node.path("evidence")) {
      if (!file.isString()) {
        throw new Complaint("this is no file");
      }
      files.add(Path.of(file.stringValue()));
    }
    return new Sight(files, node.path("face").asString(""));
  }

  /**
   * Everything read so far.
   *
   * @param damage number of the line that could not be read, or 0
   */
  KeptSession session(int damage) {
    return new KeptSession(commands, position, ground, place, sight, damage);
  }
}
