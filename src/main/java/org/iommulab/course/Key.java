package org.iommulab.course;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.iommulab.lab.language.Command;
import org.iommulab.lab.language.Json;
import org.iommulab.lab.language.Reading;
import org.iommulab.words.Bilingual;

/**
 * The right answers of a lesson, read from a laboratory that has gone through it.
 *
 * @param lesson whose answers they are
 * @param right what the state says, by question
 */
public record Key(Lesson lesson, Map<String, Right> right) {

  /** A right answer. */
  public sealed interface Right {}

  /** The options that are right; a sound question has one. */
  public record Chosen(List<String> options) implements Right {
    public Chosen {
      options = List.copyOf(options);
    }
  }

  /** A number or a word. */
  public record Plain(Object value) implements Right {}

  /** A command of the lesson. */
  public record Done(Command command) implements Right {}

  public Key {
    right = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(right));
  }

  /**
   * What an answer is worth.
   *
   * @param right whether it is right
   * @param reason what it overlooks if it is wrong
   */
  public record Verdict(boolean right, Optional<Bilingual> reason) {}

  /**
   * Goes through a lesson on a fresh laboratory.
   *
   * @return the key, or what keeps the lesson from being carried out
   */
  public static Reading<Key> of(Lesson lesson) {
    var run = LessonRun.of(lesson);
    return run.faults().isEmpty()
        ? new Reading.Good<>(run.key())
        : new Reading.Bad<>(run.faults().getFirst().in(lesson.name()));
  }

  /**
   * Judges an answer.
   *
   * @param journal the commands before it, for questions whose answer is one of them
   */
  public Verdict judge(Question question, Object given, List<Command> journal) {
    boolean right = isRight(question, given, journal);
    return new Verdict(right, right ? Optional.empty() : question.reason(given));
  }

  private boolean isRight(Question question, Object given, List<Command> journal) {
    return switch (right.get(question.id())) {
      case null -> false;
      case Chosen(List<String> options) -> options.contains(given.toString());
      case Done(Command command) -> {
        Long line = Numbers.of(given);
        yield line != null
            && line >= 0
            && line < journal.size()
            && journal.get(line.intValue()).equals(command);
      }
      case Plain(Object value) -> {
        Long wanted = Numbers.of(value);
        Long number = Numbers.of(given);
        yield wanted != null && number != null
            ? ((wanted ^ number) & question.mask()) == 0
            : value.toString().equalsIgnoreCase(given.toString().strip());
      }
    };
  }

  /** The right answer as people read it. */
  public String words(Question question, String language) {
    return switch (right.get(question.id())) {
      case null -> "";
      case Chosen(List<String> options) ->
          options.isEmpty() ? "" : spell(question, options.getFirst(), language);
      case Plain(Object value) -> spell(question, value, language);
      case Done(Command command) -> command.toJson();
    };
  }

  /** An answer as people read it. */
  public static String spell(Question question, Object given, String language) {
    Long number = Numbers.of(given);
    return switch (question.kind()) {
      case CHOICE ->
          question.options().stream()
              .filter(option -> option.is().equals(given.toString()))
              .map(option -> option.text().in(language))
              .findFirst()
              .orElse(given.toString());
      case ADDRESS, ENTRY -> number == null ? given.toString() : Json.hex(number);
      case REASON ->
          number == null ? given.toString() : String.format(Locale.ROOT, "%02Xh", number);
      case CLICK -> number != null && number >= 4096 ? Json.hex(number) : given.toString();
      case NUMBER, ERRNO -> number == null ? given.toString() : Long.toUnsignedString(number);
    };
  }
}
