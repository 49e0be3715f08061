package org.iommulab.course;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.iommulab.lab.language.Command;
import org.iommulab.lab.language.Complaint;
import org.iommulab.lab.language.Json;
import org.iommulab.lab.language.Reading;
import org.iommulab.lab.script.Script;
import org.iommulab.words.Bilingual;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Reads lessons from YAML and collects all that is wrong, each with its line. */
final class LessonReader {

  private static final Set<String> LESSON =
      Set.of(
          "title", "goal", "summary", "corrects", "terms", "minutes", "intro", "lesson", "steps");
  private static final Set<String> STEP = Set.of("id", "title", "note", "show", "do", "ask", "why");

  private static final Pattern YAML_LINE = Pattern.compile("line (\\d+)");

  /** A lesson that takes longer is two lessons. */
  private static final long MOST_MINUTES = 600;

  private final String name;
  private final Findings findings = new Findings();
  private final Set<String> stepIds = new HashSet<>();
  private final QuestionReader questions = new QuestionReader();

  private LessonReader(String name) {
    this.name = name;
  }

  static Lesson.Read read(String name, String yaml) {
    var reader = new LessonReader(name);
    Optional<Lesson> lesson = reader.lesson(yaml);
    return new Lesson.Read(lesson, reader.findings.faults());
  }

  private Optional<Lesson> lesson(String yaml) {
    JsonNode node;
    try {
      node = Json.readYaml(yaml);
    } catch (Complaint e) {
      // The line stands in front of every fault.
      String sentence = e.sentence().replaceFirst(" at line \\d+, column", " at column");
      findings.fault(yamlLine(e.sentence()), sentence);
      return Optional.empty();
    }
    Place root = Place.root(node, YamlLines.of(yaml), findings);
    if (!root.knows(LESSON)) {
      return Optional.empty();
    }
    Optional<Bilingual> title = root.need("title", "\"title\"").flatMap(Place::bilingual);
    Optional<Bilingual> summary = root.get("summary", "\"summary\"").flatMap(Place::bilingual);
    Optional<Bilingual> goal =
        summary.isPresent()
            ? root.get("goal", "\"goal\"").flatMap(Place::bilingual).or(() -> summary)
            : root.need("goal", "\"goal\"").flatMap(Place::bilingual);
    var steps = new ArrayList<Lesson.Step>();
    root.need("steps", "\"steps\"").ifPresent(list -> steps(list, steps));
    if (title.isEmpty() || goal.isEmpty() || steps.isEmpty()) {
      return Optional.empty();
    }
    var lesson =
        new Lesson(
            name,
            title.get(),
            goal.get(),
            root.get("corrects", "\"corrects\"").flatMap(Place::bilingual).orElse(null),
            terms(root),
            minutes(root),
            root.get("intro", "\"intro\"")
                .or(() -> root.get("lesson", "\"lesson\""))
                .flatMap(Place::bilingual)
                .orElse(null),
            steps,
            findings.common());
    findings.claim();
    return Optional.of(lesson);
  }

  private static List<Bilingual> terms(Place root) {
    return root.get("terms", "\"terms\"").stream()
        .flatMap(list -> list.elements("a term").stream())
        .flatMap(term -> term.bilingual().stream())
        .toList();
  }

  private static int minutes(Place root) {
    Optional<Place> place = root.get("minutes", "\"minutes\"");
    Long minutes = place.map(Place::number).orElse(null);
    if (minutes == null) {
      return 0;
    }
    if (minutes < 1 || minutes > MOST_MINUTES) {
      place.get().fault("\"minutes\" is between 1 and " + MOST_MINUTES + ", not " + minutes);
      return 0;
    }
    return minutes.intValue();
  }

  private void steps(Place list, List<Lesson.Step> steps) {
    if (!list.node().isArray() || list.node().isEmpty()) {
      list.fault("\"steps\" is a list with at least one step");
      return;
    }
    for (Place place : list.elements("a step")) {
      if (place.knows(STEP)) {
        steps.add(step(place, steps.size() + 1));
      }
    }
  }

  private Lesson.Step step(Place place, int number) {
    String id = place.get("id", "the id of a step").map(Place::word).orElse("step-" + number);
    if (!stepIds.add(id)) {
      place.fault("two steps have the id \"" + id + "\"");
    }
    Optional<Bilingual> title =
        place.need("title", "the title of step \"" + id + "\"").flatMap(Place::bilingual);
    var asks =
        place.get("ask", "a question").stream()
            .flatMap(list -> list.elements("a question").stream())
            .flatMap(question -> questions.read(question).stream())
            .toList();
    return new Lesson.Step(
        id,
        title.orElse(Bilingual.same(id)),
        place.get("note", "\"note\"").flatMap(Place::bilingual).orElse(null),
        shows(place),
        commands(place, id),
        asks,
        place.get("why", "\"why\"").flatMap(Place::bilingual).orElse(null),
        place.line());
  }

  private static List<Show> shows(Place step) {
    List<Show> all =
        step.get("show", "a show").stream()
            .flatMap(list -> list.elements("a show").stream())
            .flatMap(show -> show(show).stream())
            .toList();
    if (all.stream().map(Show::pane).distinct().count() > Show.MOST) {
      step.fault("a step shows " + Show.MOST + " panes at most");
    }
    return all;
  }

  private static Optional<Show> show(Place place) {
    var known = new HashSet<>(Show.KEYS);
    known.add("pane");
    if (place.node().isString()) {
      return place.oneOf(Show.PANES).map(pane -> new Show(pane, Map.of(), place.line()));
    }
    if (!place.knows(known)) {
      return Optional.empty();
    }
    var at = new LinkedHashMap<String, Object>();
    for (String key : place.keys()) {
      Object value =
          Show.KEYS.contains(key)
              ? place.get(key, "\"" + key + "\"").map(Place::plain).orElse(null)
              : null;
      if (value != null) {
        at.put(key, value);
      }
    }
    return place
        .need("pane", "\"pane\"")
        .flatMap(pane -> pane.oneOf(Show.PANES))
        .map(pane -> new Show(pane, at, place.line()));
  }

  /**
   * Each command on its own first, so that every mistake is found, then all with loops laid out.
   */
  private List<Command> commands(Place step, String id) {
    Optional<Place> list = step.get("do", "\"do\"");
    if (list.isEmpty()) {
      return List.of();
    }
    if (!list.get().node().isArray()) {
      list.get().fault("\"do\" is a list of commands");
      return List.of();
    }
    boolean good = true;
    var lines = new ArrayList<String>();
    for (Place place : list.get().elements("a command")) {
      String line = place.node().toString();
      lines.add(line);
      if (!isLoop(place.node())
          && Command.parse(line) instanceof Reading.Bad<Command>(Bilingual sentence)) {
        place.fault(sentence.english());
        good = false;
      }
    }
    if (!good) {
      return List.of();
    }
    return switch (Script.parse(id, lines.stream().collect(Collectors.joining("\n")))) {
      case Reading.Good<Script>(Script script) -> script.commands();
      case Reading.Bad<Script>(Bilingual sentence) -> {
        list.get().fault(sentence.english());
        yield List.of();
      }
    };
  }

  private static boolean isLoop(JsonNode node) {
    @Nullable JsonNode op = node.isObject() ? node.get("op") : null;
    return op != null && op.isString() && Set.of("repeat", "end").contains(op.stringValue());
  }

  /** The line that the YAML reader names, or the first. */
  private static int yamlLine(String sentence) {
    var matcher = YAML_LINE.matcher(sentence);
    return matcher.find() ? Integer.parseInt(matcher.group(1)) : 1;
  }
}
