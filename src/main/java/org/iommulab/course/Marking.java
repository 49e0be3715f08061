package org.iommulab.course;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.iommulab.lab.Laboratory;
import org.iommulab.lab.language.Command;
import org.iommulab.lab.language.Result;
import org.iommulab.words.Bilingual;
import org.jspecify.annotations.Nullable;

/**
 * Marks a session by replay. The lesson's steps are recognised by their commands, and by the
 * checkpoints that the player leaves behind each; answers are judged by the key, which a laboratory
 * of our own has worked out.
 *
 * <p>A question is worth one point. A wrong answer takes half a point off, a hint before the right
 * answer a quarter; a prediction made after its result was shown is worth nothing.
 */
final class Marking {

  private static final int FULL = 4;
  private static final int WRONG = 2;
  private static final int HINT = 1;

  /** What was said about one question so far. */
  private static final class Said {
    final List<Mark.Attempt> attempts = new ArrayList<>();
    int hints;
    boolean late;

    boolean solved() {
      return attempts.stream().anyMatch(Mark.Attempt::right);
    }
  }

  private final Key key;
  private final Lesson lesson;
  private final Journal journal;
  private final Laboratory lab = new Laboratory();
  private final Map<String, Said> said = new HashMap<>();

  /** The step on stage, and the furthest that was. */
  private int stage = -1;

  private int furthest = -1;

  /** Commands since the step on stage. */
  private final List<Journal.Line> since = new ArrayList<>();

  private @Nullable String problem;

  Marking(Key key, Journal journal) {
    this.key = key;
    this.lesson = key.lesson();
    this.journal = journal;
  }

  Mark mark() {
    for (Journal.Line line : journal.lines()) {
      take(line);
      if (problem != null) {
        break;
      }
    }
    // Who has not begun handed in nothing; anything else is another file.
    boolean begun = furthest >= 0 || !said.isEmpty() || journal.lines().isEmpty();
    if (problem == null && !begun) {
      problem =
          "this is no session of the lesson " + lesson.name() + ": none of its steps is in it";
    }
    return new Mark(
        journal.name(),
        lesson.questions().stream().map(this::result).toList(),
        Optional.ofNullable(problem));
  }

  private void take(Journal.Line line) {
    switch (line.command()) {
      case Command.Answer(String question, Object value) when PracticeMark.isPractice(question) -> {
        // An exercise in between is no part of the lesson.
      }
      case Command.Hint(String question) when PracticeMark.isPractice(question) -> {
        // Nor are its answers.
      }
      case Command.Answer answer -> answer(line, answer);
      case Command.Hint hint -> hint(line, hint);
      case Command.Checkpoint mark when isMark(mark.name()) ->
          arrive(line, lesson.stepMarked(mark.name()));
      default -> carryOut(line);
    }
  }

  private void answer(Journal.Line line, Command.Answer answer) {
    Optional<Question> question = known(line, answer.question());
    if (question.isEmpty()) {
      return;
    }
    Said record = said.computeIfAbsent(answer.question(), id -> new Said());
    if (record.solved()) {
      return;
    }
    int step = lesson.stepOf(answer.question());
    if (record.attempts.isEmpty() && question.get().isPrediction() && furthest > step) {
      record.late = true;
    }
    var commands = journal.lines().stream().map(Journal.Line::command).toList();
    boolean right = key.judge(question.get(), answer.value(), commands).right();
    record.attempts.add(new Mark.Attempt(answer.value(), right, line.number()));
    lab.execute(answer);
  }

  private void hint(Journal.Line line, Command.Hint hint) {
    Optional<Question> question = known(line, hint.question());
    if (question.isEmpty()) {
      return;
    }
    Said record = said.computeIfAbsent(hint.question(), id -> new Said());
    if (!record.solved() && record.hints < question.get().hints().size()) {
      record.hints++;
    }
    lab.execute(hint);
  }

  private Optional<Question> known(Journal.Line line, String id) {
    Optional<Question> question = lesson.question(id);
    if (question.isEmpty()) {
      problem =
          String.format(
              Locale.ROOT,
              "line %d: the lesson %s asks no question \"%s\"",
              line.number(),
              lesson.name(),
              id);
    }
    return question;
  }

  private boolean isMark(String name) {
    return name.startsWith(lesson.name() + "/");
  }

  /** The player says that a step has just been carried out: its commands must stand before it. */
  private void arrive(Journal.Line line, int step) {
    if (step < 0) {
      problem =
          String.format(
                  Locale.ROOT,
                  "line %d: the lesson has no such step; the journal was made with another version"
                      + " of it,",
                  line.number())
              + " or changed by hand";
      return;
    }
    List<Command> wanted = lesson.steps().get(step).commands();
    if (stage != step) {
      tellDifference(line, step, wanted);
    }
    if (problem == null) {
      lab.execute(line.command());
      reach(step);
    }
  }

  private void tellDifference(Journal.Line line, int step, List<Command> wanted) {
    int from = since.size() - wanted.size();
    for (int i = 0; i < wanted.size(); i++) {
      Journal.Line there = from + i < 0 ? line : since.get(from + i);
      if (from + i < 0 || !there.command().equals(wanted.get(i))) {
        problem = differs(there, step, wanted.get(i));
        return;
      }
    }
  }

  private void reach(int step) {
    stage = step;
    furthest = Math.max(furthest, step);
    since.clear();
  }

  private void carryOut(Journal.Line line) {
    Result result = lab.execute(line.command());
    if (result instanceof Result.Refused(Bilingual sentence)) {
      problem =
          String.format(
              Locale.ROOT,
              "line %d: %s cannot be carried out (%s); the journal was changed by hand",
              line.number(),
              line.command().op(),
              sentence);
      return;
    }
    if (line.command() instanceof Command.Rewind rewind && lesson.stepMarked(rewind.to()) >= 0) {
      reach(lesson.stepMarked(rewind.to()));
      return;
    }
    since.add(line);
    if (result instanceof Result.Checked check && !check.holds()) {
      problem =
          changedBefore(line.command())
              .orElseGet(
                  () ->
                      String.format(
                          Locale.ROOT,
                          "line %d: %s is not %s when the journal is replayed; it was changed by"
                              + " hand",
                          line.number(),
                          check.fields().get("path"),
                          check.fields().get("expected")));
      return;
    }
    advance();
  }

  /**
   * The line before an expectation of the next step that is not the lesson's: what was changed
   * stands there, and the expectation only fails of it.
   */
  private Optional<String> changedBefore(Command expectation) {
    int next = next();
    List<Command> wanted =
        next < lesson.steps().size() ? lesson.steps().get(next).commands() : List.of();
    int last = since.size() - 1;
    for (int at = wanted.indexOf(expectation), back = 1; back <= Math.min(at, last); back++) {
      Journal.Line there = since.get(last - back);
      if (!there.command().equals(wanted.get(at - back))) {
        return Optional.of(differs(there, next, wanted.get(at - back)));
      }
    }
    return Optional.empty();
  }

  private String differs(Journal.Line there, int step, Command wanted) {
    return String.format(
        Locale.ROOT,
        "line %d: step \"%s\" of the lesson does %s here; the journal was changed by hand",
        there.number(),
        lesson.steps().get(step).id(),
        wanted.toJson());
  }

  /** The step that comes next, passing over those that do nothing. */
  private int next() {
    int next = stage + 1;
    while (next < lesson.steps().size() && lesson.steps().get(next).commands().isEmpty()) {
      next++;
    }
    return next;
  }

  /** Recognises a step that was carried out without the player's mark behind it. */
  private void advance() {
    int next = next();
    if (next < lesson.steps().size()) {
      List<Command> wanted = lesson.steps().get(next).commands();
      int from = since.size() - wanted.size();
      if (from >= 0
          && since.subList(from, since.size()).stream()
              .map(Journal.Line::command)
              .toList()
              .equals(wanted)) {
        reach(next);
      }
    }
  }

  private Mark.OfQuestion result(Question question) {
    Said record = said.getOrDefault(question.id(), new Said());
    int quarters = 0;
    if (record.solved() && !record.late) {
      int wrong = (int) record.attempts.stream().filter(attempt -> !attempt.right()).count();
      quarters = Math.max(0, FULL - WRONG * wrong - HINT * record.hints);
    }
    return new Mark.OfQuestion(question, record.attempts, record.hints, record.late, quarters);
  }
}
