package org.iommulab.ui.stage;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.iommulab.course.Key;
import org.iommulab.course.Lesson;
import org.iommulab.course.Question;
import org.iommulab.lab.language.Command;

/**
 * Where a lesson stands, as its journal tells.
 *
 * @param lesson the lesson
 * @param step the step on stage, counted from 0; −1 before the first
 * @param key its right answers, empty while they are being worked out
 * @param tries what was answered, by question
 * @param hints how many hints were taken, by question
 * @param atOnce questions whose first answer was right, without a hint and before its result was
 *     shown: as they are marked
 */
record Situation(
    Lesson lesson,
    int step,
    Optional<Key> key,
    Map<String, List<Try>> tries,
    Map<String, Integer> hints,
    Set<String> atOnce) {

  /** One answer. */
  record Try(Object given, Key.Verdict verdict) {}

  /** How a step stands. */
  enum Standing {
    /** Not come to yet. */
    AHEAD,
    /** Shown, and not answered. */
    SEEN,
    /** All its questions have their right answer. */
    RIGHT,
    /** Answered, but not rightly yet. */
    WRONG
  }

  /** Reads a journal. */
  static Situation of(Lesson lesson, int step, Optional<Key> key, List<Command> journal) {
    var tries = new LinkedHashMap<String, List<Try>>();
    var hints = new LinkedHashMap<String, Integer>();
    var atOnce = new LinkedHashSet<String>();
    int furthest = -1;
    for (Command command : journal) {
      if (command instanceof Command.Answer(String id, Object value) && key.isPresent()) {
        Optional<Question> question = lesson.question(id);
        if (question.isPresent()) {
          var one = new Try(value, key.get().judge(question.get(), value, journal));
          boolean late = question.get().isPrediction() && furthest > lesson.stepOf(id);
          if (one.verdict().right() && !tries.containsKey(id) && !hints.containsKey(id) && !late) {
            atOnce.add(id);
          }
          tries.computeIfAbsent(id, none -> new ArrayList<>()).add(one);
        }
      } else if (command instanceof Command.Checkpoint(String name)) {
        furthest = Math.max(furthest, lesson.stepMarked(name));
      } else if (command instanceof Command.Hint(String id)) {
        hints.merge(id, 1, Integer::sum);
      }
    }
    return new Situation(lesson, step, key, tries, hints, atOnce);
  }

  /** The step on stage. */
  Optional<Lesson.Step> current() {
    return step < 0 || step >= lesson.steps().size()
        ? Optional.empty()
        : Optional.of(lesson.steps().get(step));
  }

  /** The questions of the step on stage. */
  List<Question> questions() {
    return current().map(Lesson.Step::asks).orElse(List.of());
  }

  /** The first question of the step that has no right answer yet. */
  Optional<Question> open() {
    return questions().stream().filter(question -> !isSolved(question)).findFirst();
  }

  /** The question to show: the open one, or else the last. */
  Optional<Question> shown() {
    return open()
        .or(() -> questions().isEmpty() ? Optional.empty() : Optional.of(questions().getLast()));
  }

  boolean isSolved(Question question) {
    return triesOf(question).stream().anyMatch(each -> each.verdict().right());
  }

  List<Try> triesOf(Question question) {
    return tries.getOrDefault(question.id(), List.of());
  }

  /** What was said last about a question. */
  Optional<Try> last(Question question) {
    List<Try> all = triesOf(question);
    return all.isEmpty() ? Optional.empty() : Optional.of(all.getLast());
  }

  /** Hints taken, never more than there are. */
  int hintsOf(Question question) {
    return Math.min(hints.getOrDefault(question.id(), 0), question.hints().size());
  }

  /** How a step, counted from 0, stands. */
  Standing standing(int at) {
    List<Question> asked = lesson.steps().get(at).asks();
    if (!asked.isEmpty() && asked.stream().allMatch(this::isSolved)) {
      return Standing.RIGHT;
    }
    return asked.stream().anyMatch(question -> !triesOf(question).isEmpty() && !isSolved(question))
        ? Standing.WRONG
        : at <= step ? Standing.SEEN : Standing.AHEAD;
  }

  /** Questions answered so far. */
  int answered() {
    return (int) lesson.questions().stream().filter(q -> !triesOf(q).isEmpty()).count();
  }

  /** Questions whose first answer was right, without a hint. */
  int rightAtOnce() {
    return atOnce.size();
  }

  /** Whether all questions of the step have their right answer. */
  boolean isDone() {
    return open().isEmpty();
  }

  boolean isFirst() {
    return step <= 0;
  }

  boolean isLast() {
    return step >= lesson.steps().size() - 1;
  }
}
