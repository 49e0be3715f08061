package org.iommulab.course;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.iommulab.lab.Laboratory;
import org.iommulab.lab.expect.Comparison;
import org.iommulab.lab.language.Command;
import org.iommulab.lab.language.Result;
import org.iommulab.lab.language.Trait;
import org.iommulab.words.Bilingual;
import org.jspecify.annotations.Nullable;

/** Goes through a lesson on a fresh laboratory: reads the right answers, finds what is wrong. */
final class LessonRun {

  /** What an errno question calls success. */
  static final String NO_ERROR = "none";

  private final Lesson lesson;
  private final Laboratory lab = new Laboratory();
  private final List<Fault> faults = new ArrayList<>();
  private final Map<String, Key.Right> right = new LinkedHashMap<>();

  /** The command since which a question's conditions hold, while they do. */
  private final Map<Question, Command> since = new LinkedHashMap<>();

  private LessonRun(Lesson lesson) {
    this.lesson = lesson;
  }

  static LessonRun of(Lesson lesson) {
    var run = new LessonRun(lesson);
    run.all();
    return run;
  }

  List<Fault> faults() {
    return faults;
  }

  Key key() {
    return new Key(lesson, right);
  }

  private void all() {
    List<Question> waiting = List.of();
    List<Question> traced =
        lesson.questions().stream().filter(q -> q.answer() instanceof Question.Since).toList();
    for (Lesson.Step step : lesson.steps()) {
      for (Command command : step.commands()) {
        carryOut(step, command);
        trace(traced, command);
      }
      waiting.forEach(this::read);
      new ShowCheck(lab, faults).check(step);
      step.asks().stream().filter(question -> !question.isPrediction()).forEach(this::read);
      waiting = step.asks().stream().filter(Question::isPrediction).toList();
    }
    waiting.forEach(
        question ->
            fault(question, "asks what comes after the next step, but its step is the last one"));
  }

  private void carryOut(Lesson.Step step, Command command) {
    switch (lab.execute(command)) {
      case Result.Refused(Bilingual sentence) ->
          faults.add(
              new Fault(
                  step.line(),
                  String.format(
                      Locale.ROOT, "step \"%s\": %s: %s", step.id(), command.op(), sentence)));
      case Result.Checked check when !check.holds() ->
          faults.add(
              new Fault(
                  step.line(),
                  String.format(
                      Locale.ROOT,
                      "step \"%s\" expects %s to be %s, but it is %s",
                      step.id(),
                      check.fields().get("path"),
                      check.fields().get("expected"),
                      check.fields().get("actual"))));
      default -> {
        // Whatever it did, it did it.
      }
    }
  }

  private void trace(List<Question> traced, Command command) {
    for (Question question : traced) {
      if (question.answer() instanceof Question.Since(List<Condition> conditions)
          && !command.is(Trait.OBSERVES)) {
        Optional<Boolean> holds = hold(conditions);
        if (holds.orElse(false)) {
          since.putIfAbsent(question, command);
        } else {
          since.remove(question);
        }
      }
    }
  }

  private void read(Question question) {
    switch (question.answer()) {
      case Question.Value value -> value(question, value);
      case Question.Cases cases -> cases(question, cases);
      case Question.Since never -> {
        Command command = since.get(question);
        if (command == null) {
          fault(question, "has no answer: its condition does not hold when it is asked");
        } else {
          right.put(question.id(), new Key.Done(command));
        }
      }
    }
  }

  private void cases(Question question, Question.Cases cases) {
    var options = new ArrayList<String>();
    for (var entry : cases.cases().entrySet()) {
      for (Condition condition : entry.getValue()) {
        if (look(condition.path()) instanceof Result.Refused(Bilingual sentence)) {
          fault(question, "cannot be answered: " + sentence);
          return;
        }
      }
      if (hold(entry.getValue()).orElse(false)) {
        options.add(entry.getKey());
      }
    }
    choose(question, options);
  }

  private void choose(Question question, List<String> options) {
    if (options.isEmpty()) {
      fault(question, "has no right answer: none of its options holds");
    } else if (options.size() > 1) {
      fault(question, "has several right answers: " + String.join(", ", options) + " all hold");
    }
    right.put(question.id(), new Key.Chosen(options));
    for (Question.Option option : question.options()) {
      if (!options.contains(option.is()) && question.reason(option.is()).isEmpty()) {
        fault(question, "says nothing to those who answer \"" + option.is() + "\"");
      }
    }
  }

  private void value(Question question, Question.Value wanted) {
    Result looked = look(wanted.path());
    if (looked instanceof Result.Refused(Bilingual sentence)) {
      fault(question, "cannot be answered: " + sentence);
      return;
    }
    Object actual = selected(((Result.Checked) looked).actual(), wanted);
    if (question.kind() == Question.Kind.CHOICE) {
      choose(
          question,
          question.options().stream()
              .map(Question.Option::is)
              .filter(is -> actual == null ? is.equals(NO_ERROR) : Comparison.holds(actual, is))
              .toList());
      return;
    }
    Object plain = plain(question.kind(), actual);
    if (plain == null) {
      fault(
          question,
          String.format(
              Locale.ROOT,
              "cannot be answered: %s is %s",
              wanted.path(),
              actual == null ? "nothing" : "no " + kind(question)));
      return;
    }
    right.put(question.id(), new Key.Plain(plain));
    if (question.reason("?").isEmpty()) {
      fault(
          question, "says nothing to those who answer wrongly; give it \"unless\" with \"other\"");
    }
  }

  private static String kind(Question question) {
    return switch (question.kind()) {
      case ERRNO -> "errno";
      case ADDRESS -> "address";
      case ENTRY -> "entry";
      case REASON -> "fault reason";
      case NUMBER, CHOICE, CLICK -> "number";
    };
  }

  private static @Nullable Object selected(@Nullable Object actual, Question.Value wanted) {
    Object found = actual;
    if (!wanted.where().isEmpty()) {
      found = null;
      if (actual instanceof List<?> list) {
        for (Object element : list) {
          found = Comparison.holds(element, wanted.where()) ? element : found;
        }
      }
    }
    String field = wanted.field();
    return field != null && found instanceof Map<?, ?> map ? map.get(field) : found;
  }

  private static @Nullable Object plain(Question.Kind kind, @Nullable Object actual) {
    return switch (actual) {
      case null -> kind == Question.Kind.ERRNO ? NO_ERROR : null;
      case List<?> list -> (long) list.size();
      case Boolean flag -> flag ? 1L : 0L;
      case Map<?, ?> map -> map.get(Comparison.RAW);
      default -> {
        Long number = Numbers.of(actual);
        boolean word = kind == Question.Kind.ERRNO || kind == Question.Kind.CLICK;
        yield number != null ? (Object) number : word ? actual.toString() : null;
      }
    };
  }

  /** Tells whether conditions hold now; empty if a path cannot be followed. */
  private Optional<Boolean> hold(List<Condition> conditions) {
    boolean all = true;
    for (Condition condition : conditions) {
      if (!(look(condition.path()) instanceof Result.Checked check)) {
        return Optional.empty();
      }
      all &= holds(check.actual(), condition);
    }
    return Optional.of(all);
  }

  private static boolean holds(@Nullable Object actual, Condition condition) {
    return switch (condition.sign()) {
      case IS -> Comparison.holds(actual, condition.value());
      case IS_NOT -> !Comparison.holds(actual, condition.value());
      case LESS -> order(actual, condition) < 0;
      case MORE -> actual != null && order(actual, condition) > 0;
      case AT_MOST -> order(actual, condition) <= 0;
      case AT_LEAST -> actual != null && order(actual, condition) >= 0;
    };
  }

  private static int order(@Nullable Object actual, Condition condition) {
    Object plain = plain(Question.Kind.NUMBER, actual);
    Object value = condition.value();
    return Long.compareUnsigned(
        plain instanceof Long number ? number : 0, value instanceof Long limit ? limit : 0);
  }

  private Result look(String path) {
    return lab.execute(new Command.Expect(path, null));
  }

  private void fault(Question question, String sentence) {
    faults.add(new Fault(question.line(), "question \"" + question.id() + "\" " + sentence));
  }
}
