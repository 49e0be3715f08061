package org.iommulab.course.exercise;

import java.util.List;
import org.iommulab.course.exercise.Exercise.Answer;
import org.iommulab.course.exercise.Exercise.Table;
import org.iommulab.words.Bilingual;

/** Exercises as pages to print: a sheet that holds no answer, and the key. */
public final class Worksheet {

  private static final String STYLE =
      "body{font:11pt/1.45 sans-serif;max-width:44em;margin:2em auto;color:#111}"
          + "h1{font-size:15pt}section{break-inside:avoid;margin:1.6em 0}"
          + "table{border-collapse:collapse;margin:.6em 0}caption{text-align:left;color:#444}"
          + "td,th{border:1px solid #888;padding:.15em .6em;font-family:monospace;text-align:left}"
          + ".line{border-bottom:1px solid #111;display:inline-block;min-width:18em}";

  private Worksheet() {}

  /** The sheet of a student; without a name, a line to write it on. */
  public static String sheet(String name, List<Exercise> exercises, String language) {
    return page(name, exercises, language, false);
  }

  /** The key to a sheet. */
  public static String key(String name, List<Exercise> exercises, String language) {
    return page(name, exercises, language, true);
  }

  private static String page(
      String name, List<Exercise> exercises, String language, boolean answers) {
    var html = new StringBuilder("<!DOCTYPE html>\n<html lang=\"");
    html.append(language)
        .append("\"><head><meta charset=\"utf-8\"><title>IOMMU Lab</title><style>");
    html.append(STYLE).append("</style></head><body>\n<h1>IOMMU Lab");
    html.append(answers ? (language.startsWith("zh") ? " · 答案" : " · key") : "")
        .append("</h1>\n<p>");
    html.append(name.isBlank() ? "<span class=\"line\"></span>" : escape(name)).append("</p>\n");
    int number = 1;
    for (Exercise exercise : exercises) {
      html.append("<section><p><b>").append(number++).append(".</b> ");
      html.append(escape(exercise.text().in(language))).append("</p>\n");
      exercise.tables().forEach(table -> html.append(table(table, language)));
      for (Answer answer : exercise.answers()) {
        html.append("<p>").append(escape(answer.label().in(language))).append(": ");
        html.append(
            answers ? "<b>" + escape(answer.key()) + "</b>" : "<span class=\"line\"></span>");
        html.append("</p>\n");
      }
      html.append("</section>\n");
    }
    return html.append("</body></html>\n").toString();
  }

  private static String table(Table table, String language) {
    var html =
        new StringBuilder(
            "<table><caption>" + escape(table.caption().in(language)) + "</caption><tr>");
    table
        .columns()
        .forEach(column -> html.append("<th>").append(escape(column.in(language))).append("</th>"));
    html.append("</tr>\n");
    for (List<Bilingual> row : table.rows()) {
      html.append("<tr>");
      row.forEach(cell -> html.append("<td>").append(escape(cell.in(language))).append("</td>"));
      html.append("</tr>\n");
    }
    return html.append("</table>\n").toString();
  }

  private static String escape(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }
}
