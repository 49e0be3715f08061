package org.iommulab.course;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.iommulab.course.exercise.Exercise;
import org.iommulab.course.exercise.Exercises;
import org.iommulab.course.mend.Ailment;
import org.iommulab.course.mend.Catalogue;
import org.iommulab.course.mend.Judge;
import org.iommulab.course.mend.Verdict;
import org.iommulab.lab.language.Command;
import org.iommulab.lab.language.Json;

/**
 * What a session is worth in exercises and repairs. Each exercise is drawn once more from its seed,
 * each script judged once more.
 *
 * <p>A line of an exercise is worth one point; a wrong answer takes half a point off, and nothing
 * counts that was written after the answers were shown. A repair is worth one point; each script
 * that did not pass takes a quarter off, and so does the explanation.
 *
 * @param name whose session it is
 * @param pieces exercises and repairs, in the order begun
 * @param problem why the file is no session; empty if it is one
 */
public record PracticeMark(String name, List<Piece> pieces, Optional<String> problem) {

  private static final Pattern EXERCISE = Pattern.compile("exercise/([a-z-]+)/(-?\\d{1,18})/(\\d)");
  private static final String REPAIR = "break-it/";

  /**
   * One exercise or repair.
   *
   * @param name such as {@code exercise/translate/7} or {@code break-it/reserved-bit}
   * @param quarters points, in quarters
   * @param most points that could be had
   * @param words what was done, one sentence a line
   */
  public record Piece(String name, int quarters, int most, List<String> words) {
    public Piece {
      words = List.copyOf(words);
    }

    /** Points. */
    public double points() {
      return quarters / 4.0;
    }
  }

  public PracticeMark {
    pieces = List.copyOf(pieces);
  }

  /** Whether a lesson's journal says something about practice there. */
  static boolean isPractice(String question) {
    return question.startsWith(REPAIR) || EXERCISE.matcher(question).matches();
  }

  /** Marks a session. */
  public static PracticeMark of(Journal journal) {
    var works = new LinkedHashMap<String, Work>();
    for (Journal.Line line : journal.lines()) {
      switch (line.command()) {
        case Command.Answer(String question, Object value) ->
            work(works, question).ifPresent(work -> work.answer(question, String.valueOf(value)));
        case Command.Hint(String question) -> work(works, question).ifPresent(Work::hint);
        default -> {
          // What the laboratory did does not matter here.
        }
      }
    }
    return new PracticeMark(
        journal.name(), works.values().stream().map(Work::piece).toList(), Optional.empty());
  }

  /** Of a file that is no session at all: no points, and the reason. */
  public static PracticeMark unreadable(String name, String problem) {
    return new PracticeMark(name, List.of(), Optional.of(problem));
  }

  private static Optional<Work> work(Map<String, Work> works, String question) {
    Matcher exercise = EXERCISE.matcher(question);
    if (exercise.matches() && Exercises.kinds().contains(exercise.group(1))) {
      String name = question.substring(0, question.lastIndexOf('/'));
      return Optional.of(
          works.computeIfAbsent(
              name,
              known ->
                  new OfExercise(
                      known,
                      Exercises.draw(exercise.group(1), Long.parseLong(exercise.group(2))))));
    }
    if (question.startsWith(REPAIR)) {
      return Catalogue.named(question.substring(REPAIR.length()))
          .map(one -> works.computeIfAbsent(question, known -> new OfRepair(one)));
    }
    return Optional.empty();
  }

  /** What was made of one exercise or repair. */
  private sealed interface Work {
    void answer(String question, String given);

    void hint();

    Piece piece();
  }

  private static final class OfExercise implements Work {
    private final String name;
    private final Exercise exercise;
    private final int[] wrong;
    private final boolean[] right;
    private final List<String> words = new ArrayList<>();
    private boolean shown;

    OfExercise(String name, Exercise exercise) {
      this.name = name;
      this.exercise = exercise;
      wrong = new int[exercise.answers().size()];
      right = new boolean[wrong.length];
    }

    @Override
    public void answer(String question, String given) {
      int line = question.charAt(question.length() - 1) - '1';
      if (line < 0 || line >= wrong.length || right[line] || shown) {
        return;
      }
      Exercise.Answer answer = exercise.answers().get(line);
      right[line] = answer.accepts(given);
      wrong[line] += right[line] ? 0 : 1;
      words.add(answer.label().english() + ": " + given + (right[line] ? ", right" : ", wrong"));
    }

    @Override
    public void hint() {
      shown = true;
      words.add("the answers were shown");
    }

    @Override
    public Piece piece() {
      int quarters = 0;
      for (int i = 0; i < wrong.length; i++) {
        quarters += right[i] ? Math.max(0, 4 - 2 * wrong[i]) : 0;
      }
      return new Piece(name, quarters, wrong.length, words);
    }
  }

  private static final class OfRepair implements Work {
    private final Ailment ailment;
    private final List<String> words = new ArrayList<>();
    private int off;
    private boolean mended;

    OfRepair(Ailment ailment) {
      this.ailment = ailment;
    }

    @Override
    public void answer(String question, String given) {
      if (mended) {
        return;
      }
      Verdict verdict = Judge.judge(ailment, given);
      mended = verdict.passes();
      off += mended ? 0 : 1;
      words.add(
          mended
              ? String.format(Locale.ROOT, "mended with %d lines", verdict.changedLines())
              : "not mended: " + verdict.reasons().getFirst().english());
    }

    @Override
    public void hint() {
      if (!mended) {
        off++;
        words.add("the explanation was read");
      }
    }

    @Override
    public Piece piece() {
      int quarters = mended ? Math.max(0, 4 - off) : 0;
      return new Piece(ailment.sessionName(), quarters, 1, words);
    }
  }

  /** Points in all. */
  public double points() {
    return pieces.stream().mapToInt(Piece::quarters).sum() / 4.0;
  }

  /** Points that could be had. */
  public int most() {
    return pieces.stream().mapToInt(Piece::most).sum();
  }

  /** A line for each exercise and repair of each session. */
  public static String text(List<PracticeMark> marks, String language) {
    String points = language.startsWith("zh") ? "%.2f / %d" : "%.2f of %d";
    var text = new StringBuilder();
    for (PracticeMark mark : marks) {
      text.append(
              String.format(
                      Locale.ROOT,
                      "%s  " + points + "  %s",
                      mark.name(),
                      mark.points(),
                      mark.most(),
                      mark.problem().orElse(""))
                  .stripTrailing())
          .append('\n');
      for (Piece piece : mark.pieces()) {
        text.append(
            String.format(
                Locale.ROOT,
                "  %-40s " + points + "%n",
                piece.name(),
                piece.points(),
                piece.most()));
      }
    }
    return text.toString();
  }

  /** Comma-separated values, a line for each exercise and repair of each session. */
  public static String csv(List<PracticeMark> marks) {
    var text = new StringBuilder(MarkTable.line(List.of("session", "what", "points", "of")));
    for (PracticeMark mark : marks) {
      mark.problem()
          .ifPresent(said -> text.append(MarkTable.line(List.of(mark.name(), said, "0.00", "0"))));
      for (Piece piece : mark.pieces()) {
        text.append(
            MarkTable.line(
                List.of(
                    mark.name(),
                    piece.name(),
                    MarkTable.points(piece.points()),
                    String.valueOf(piece.most()))));
      }
    }
    return text.toString();
  }

  /** The {@code results.json} that Gradescope reads. */
  public String json(String language) {
    String said = language.startsWith("zh") ? "%d 个练习与修复" : "%d exercises and repairs";
    var results = new LinkedHashMap<String, Object>();
    results.put("score", points());
    results.put("output", problem.orElse(String.format(Locale.ROOT, said, pieces.size())));
    results.put("visibility", "visible");
    results.put("tests", pieces.stream().map(PracticeMark::test).toList());
    return Json.write(results);
  }

  private static Map<String, Object> test(Piece piece) {
    var test = new LinkedHashMap<String, Object>();
    test.put("name", piece.name());
    test.put("score", piece.points());
    test.put("max_score", (double) piece.most());
    test.put("status", piece.quarters() == 4 * piece.most() ? "passed" : "failed");
    test.put("output", String.join("\n", piece.words()));
    return test;
  }
}
