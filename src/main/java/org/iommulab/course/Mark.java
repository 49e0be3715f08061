package org.iommulab.course;

import java.util.List;
import java.util.Optional;

/**
 * What a session is worth.
 *
 * @param name whose it is
 * @param questions each question of the lesson, in order
 * @param problem why the journal is no session of this lesson, with its line; empty if it is one
 */
public record Mark(String name, List<OfQuestion> questions, Optional<String> problem) {

  /** What one try says. */
  public record Attempt(Object given, boolean right, int line) {}

  /**
   * What came of one question.
   *
   * @param question the question
   * @param attempts every answer, in order
   * @param hints how many hints were taken before the right answer
   * @param late whether the first answer came after the result was shown
   * @param quarters points, in quarters
   */
  public record OfQuestion(
      Question question, List<Attempt> attempts, int hints, boolean late, int quarters) {
    public OfQuestion {
      attempts = List.copyOf(attempts);
    }

    /** Tells whether it was answered rightly in the end. */
    public boolean solved() {
      return attempts.stream().anyMatch(Attempt::right);
    }

    /** Whether the first answer was right, without a hint and before its result was shown. */
    public boolean atOnce() {
      return !attempts.isEmpty() && attempts.getFirst().right() && hints == 0 && !late;
    }

    /** Points, 0 to 1. */
    public double points() {
      return quarters / 4.0;
    }
  }

  public Mark {
    questions = List.copyOf(questions);
  }

  /** Points in all. */
  public double points() {
    return questions.stream().mapToInt(OfQuestion::quarters).sum() / 4.0;
  }

  /** Points that could be had: one for each question. */
  public int most() {
    return questions.size();
  }

  /** Questions answered. */
  public int answered() {
    return (int) questions.stream().filter(question -> !question.attempts().isEmpty()).count();
  }

  /** Questions whose first answer was right, without a hint and before its result was shown. */
  public int rightAtOnce() {
    return (int) questions.stream().filter(OfQuestion::atOnce).count();
  }

  /** Hints taken. */
  public int hints() {
    return questions.stream().mapToInt(OfQuestion::hints).sum();
  }

  /** Of a file that is no session at all: no points, and the reason. */
  public static Mark unreadable(Key key, String name, String problem) {
    List<OfQuestion> questions =
        key.lesson().questions().stream()
            .map(question -> new OfQuestion(question, List.of(), 0, false, 0))
            .toList();
    return new Mark(name, questions, Optional.of(problem));
  }

  /** Marks a session. */
  public static Mark of(Key key, Journal journal) {
    return new Marking(key, journal).mark();
  }
}
