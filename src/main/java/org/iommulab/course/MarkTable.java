package org.iommulab.course;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.iommulab.lab.language.Json;

/** Marks as text: a table or bars for the terminal, CSV for a class, JSON for Gradescope. */
public final class MarkTable {

  private static final List<String> HEAD =
      List.of("session", "points", "of", "answered", "at once", "hints", "problem");

  private static final List<String> HEAD_ZH = List.of("会话", "得分", "满分", "已答", "一次答对", "提示", "问题");

  private MarkTable() {}

  /** A table with a line for each session. */
  public static String text(List<Mark> marks, String language) {
    var rows = new ArrayList<List<String>>();
    rows.add(language.startsWith("zh") ? HEAD_ZH : HEAD);
    marks.forEach(mark -> rows.add(summary(mark)));
    int[] widths = new int[HEAD.size()];
    for (List<String> row : rows) {
      for (int i = 0; i < widths.length; i++) {
        widths[i] = Math.max(widths[i], width(row.get(i)));
      }
    }
    var text = new StringBuilder();
    for (List<String> row : rows) {
      var line = new StringBuilder();
      for (int i = 0; i < widths.length; i++) {
        boolean left = i == 0 || i == widths.length - 1;
        String pad = " ".repeat(widths[i] - width(row.get(i)));
        line.append(left ? row.get(i) + pad : pad + row.get(i)).append("  ");
      }
      text.append(line.toString().stripTrailing()).append('\n');
    }
    return text.toString();
  }

  /** Columns that a text takes in a terminal: Chinese signs take two. */
  private static int width(String text) {
    return text.codePoints().map(sign -> Character.isIdeographic(sign) ? 2 : 1).sum();
  }

  private static List<String> summary(Mark mark) {
    return List.of(
        mark.name(),
        points(mark.points()),
        String.valueOf(mark.most()),
        String.valueOf(mark.answered()),
        String.valueOf(mark.rightAtOnce()),
        String.valueOf(mark.hints()),
        mark.problem().orElse(""));
  }

  /** How many gave which answer at first, question by question, with bars. */
  public static String hands(Key key, List<Mark> marks, String language) {
    return ShowOfHands.text(key, marks, language);
  }

  private static String said(String language, String english, String chinese) {
    return language.startsWith("zh") ? chinese : english;
  }

  static String points(double points) {
    return String.format(Locale.ROOT, "%.2f", points);
  }

  /** Comma-separated values: the summary, then the points of each question. */
  public static String csv(Lesson lesson, List<Mark> marks) {
    var head = new ArrayList<>(HEAD);
    lesson.questions().forEach(question -> head.add(question.id()));
    var text = new StringBuilder(line(head));
    for (Mark mark : marks) {
      var row = new ArrayList<>(summary(mark));
      mark.questions().forEach(question -> row.add(points(question.points())));
      text.append(line(row));
    }
    return text.toString();
  }

  static String line(List<String> cells) {
    return String.join(",", cells.stream().map(MarkTable::quoted).toList()) + "\r\n";
  }

  /** What a spreadsheet would take for a formula is made a plain text. */
  private static String quoted(String cell) {
    String safe = cell.matches("[=+@\\-].*") ? "'" + cell : cell;
    return safe.matches("(?s).*[\",\r\n].*") ? '"' + safe.replace("\"", "\"\"") + '"' : safe;
  }

  /** The {@code results.json} that Gradescope reads. */
  public static String json(Key key, Mark mark, String language) {
    var results = new LinkedHashMap<String, Object>();
    results.put("score", mark.problem().isPresent() ? 0.0 : mark.points());
    results.put(
        "output",
        mark.problem()
            .orElse(
                String.format(
                    Locale.ROOT,
                    said(
                        language,
                        "%s: %d of %d questions answered, %d right at once, %d hints",
                        "%s：答了 %d / %d 题，%d 题一次答对，用了 %d 个提示"),
                    key.lesson().title().in(language),
                    mark.answered(),
                    mark.most(),
                    mark.rightAtOnce(),
                    mark.hints())));
    results.put("visibility", "visible");
    results.put("tests", mark.questions().stream().map(q -> test(key, mark, q, language)).toList());
    return Json.write(results);
  }

  private static Map<String, Object> test(
      Key key, Mark mark, Mark.OfQuestion result, String language) {
    boolean counts = mark.problem().isEmpty();
    var test = new LinkedHashMap<String, Object>();
    test.put("name", result.question().id() + ": " + result.question().text().in(language));
    test.put("score", counts ? result.points() : 0.0);
    test.put("max_score", 1.0);
    test.put("status", counts && result.solved() ? "passed" : "failed");
    test.put("output", words(key, result, language));
    return test;
  }

  private static String words(Key key, Mark.OfQuestion result, String language) {
    if (result.attempts().isEmpty()) {
      return said(language, "no answer", "未作答");
    }
    var text = new StringBuilder();
    for (Mark.Attempt attempt : result.attempts()) {
      text.append(Key.spell(result.question(), attempt.given(), language));
      text.append(
          attempt.right() ? said(language, ": right", "：对") : said(language, ": wrong", "：错"));
      if (!attempt.right()) {
        result
            .question()
            .reason(attempt.given())
            .ifPresent(
                reason -> text.append(said(language, ". ", "。")).append(reason.in(language)));
      }
      text.append('\n');
    }
    if (result.late()) {
      text.append(said(language, "answered after the result was shown", "看到结果之后才作答")).append('\n');
    }
    if (result.hints() > 0) {
      text.append(said(language, "hints taken: ", "用过的提示：")).append(result.hints()).append('\n');
    }
    if (!result.solved()) {
      text.append(said(language, "right: ", "正确答案："))
          .append(key.words(result.question(), language))
          .append('\n');
    }
    return text.toString().strip();
  }
}
