package org.iommulab.course;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.iommulab.lab.language.Command;
import org.iommulab.lab.language.Json;

/**
 * A lesson that is being written, as text that its author types; nothing is judged before it is
 * read as a lesson.
 *
 * @param title one line
 * @param goal what somebody can do afterwards
 * @param language {@code en} or {@code zh}: the language of all its texts
 * @param steps in order
 */
public record Draft(String title, String goal, String language, List<Step> steps) {

  /** A step. */
  public record Step(
      String title,
      String note,
      List<Map<String, Object>> shows,
      List<Command> commands,
      Optional<Ask> ask,
      String why) {
    public Step {
      shows = List.copyOf(shows);
      commands = List.copyOf(commands);
    }
  }

  /**
   * A question.
   *
   * @param options lines {@code id: text}
   * @param answer lines: a path, or {@code id: condition} for each option
   * @param after whether the answer is read after the next step
   * @param hints lines
   * @param unless lines {@code answer: reason}
   */
  public record Ask(
      String kind,
      String text,
      String options,
      String answer,
      boolean after,
      String hints,
      String unless) {}

  public Draft {
    steps = List.copyOf(steps);
  }

  /** The lesson's file. JSON is YAML too, so each value is written in that form. */
  public String toYaml() {
    var text = new StringBuilder();
    field(text, "", "title", said(title));
    field(text, "", "goal", said(goal));
    text.append("steps:\n");
    int number = 1;
    for (Step step : steps) {
      step(text, step, number++);
    }
    return text.toString();
  }

  private void step(StringBuilder text, Step step, int number) {
    text.append("  - id: step-").append(number).append('\n');
    field(text, "    ", "title", said(step.title()));
    if (!step.note().isBlank()) {
      field(text, "    ", "note", said(step.note()));
    }
    if (!step.shows().isEmpty()) {
      text.append("    show:\n");
      step.shows().forEach(show -> item(text, Json.write(show)));
    }
    if (!step.commands().isEmpty()) {
      text.append("    do:\n");
      step.commands().forEach(command -> item(text, command.toJson()));
    }
    step.ask()
        .ifPresent(
            ask -> {
              text.append("    ask:\n");
              item(text, Json.write(question(ask, number)));
            });
    if (!step.why().isBlank()) {
      field(text, "    ", "why", said(step.why()));
    }
  }

  private static void item(StringBuilder text, String json) {
    text.append("      - ").append(json).append('\n');
  }

  private static void field(StringBuilder text, String indent, String key, Object value) {
    text.append(indent).append(key).append(": ").append(Json.write(value)).append('\n');
  }

  private Map<String, Object> said(String words) {
    return Map.of(language, words.strip());
  }

  private Map<String, Object> question(Ask ask, int number) {
    var question = new LinkedHashMap<String, Object>();
    question.put("id", "question-" + number);
    question.put("kind", ask.kind());
    question.put("text", said(ask.text()));
    Map<String, String> options = pairs(ask.options());
    if (!options.isEmpty()) {
      var list = new ArrayList<Map<String, Object>>();
      options.forEach((is, words) -> list.add(Map.of("is", is, language, words)));
      question.put("options", list);
    }
    Object answer = options.isEmpty() ? ask.answer().strip() : answers(ask, options);
    question.put("answer", Map.of(ask.after() ? "after" : "now", answer));
    List<Object> hints =
        ask.hints()
            .lines()
            .filter(line -> !line.isBlank())
            .map(line -> (Object) said(line))
            .toList();
    if (!hints.isEmpty()) {
      question.put("hints", hints);
    }
    var unless = new LinkedHashMap<String, Object>();
    pairs(ask.unless()).forEach((given, reason) -> unless.put(given, said(reason)));
    if (!unless.isEmpty()) {
      question.put("unless", unless);
    }
    return question;
  }

  /** A path that all options share, or a condition for each. */
  private static Object answers(Ask ask, Map<String, String> options) {
    Map<String, String> conditions = pairs(ask.answer());
    return conditions.keySet().containsAll(options.keySet()) ? conditions : ask.answer().strip();
  }

  /** Lines {@code key: value} in order; others are left out. */
  private static Map<String, String> pairs(String lines) {
    var pairs = new LinkedHashMap<String, String>();
    for (String line : lines.lines().toList()) {
      int colon = line.indexOf(':');
      if (colon > 0) {
        pairs.put(line.substring(0, colon).strip(), line.substring(colon + 1).strip());
      }
    }
    return pairs;
  }
}
