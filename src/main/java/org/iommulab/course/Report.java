package org.iommulab.course;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.commonmark.ext.gfm.tables.TablesExtension;
import org.commonmark.parser.Parser;
import org.commonmark.renderer.html.HtmlRenderer;
import org.iommulab.lab.Laboratory;
import org.iommulab.lab.language.Command;
import org.iommulab.lab.language.Result;

/**
 * A session told afterwards, as Markdown and HTML: what was done and what came of it, and for a
 * lesson its words, questions, answers and marks. Pictures and tables are made by whoever can draw.
 */
public final class Report {

  private static final List<org.commonmark.Extension> EXTENSIONS =
      List.of(TablesExtension.create());

  /** More commands than that are told by their number only. */
  private static final int MOST_COMMANDS = 400;

  /** More rows of a table are left out, with a remark. */
  private static final int MOST_ROWS = 60;

  private final StringBuilder text = new StringBuilder();
  private final String language;

  private Report(String language) {
    this.language = language;
  }

  /**
   * A picture beside a step.
   *
   * @param step number of the step, counted from 0; −1 for the end of the session
   * @param file its name
   */
  public record Picture(int step, String file) {}

  /** A table at the end of the session. */
  public record Table(String title, List<String> columns, List<List<String>> rows) {}

  /** Tells a lesson's session. */
  public static String of(
      Key key, Journal journal, List<Picture> pictures, List<Table> tables, String language) {
    var report = new Report(language);
    report.lesson(key, Mark.of(key, journal), pictures);
    report.end(pictures, tables);
    report.commands(journal);
    return report.text.toString();
  }

  /** Tells any other session. */
  public static String of(
      Journal journal, List<Picture> pictures, List<Table> tables, String language) {
    var report = new Report(language);
    report.line("# " + journal.name());
    report.end(pictures, tables);
    report.commands(journal);
    return report.text.toString();
  }

  /** The same as a page. */
  public static String html(String title, String markdown) {
    String body =
        HtmlRenderer.builder()
            .extensions(EXTENSIONS)
            .escapeHtml(true)
            .sanitizeUrls(true)
            .build()
            .render(Parser.builder().extensions(EXTENSIONS).build().parse(markdown));
    return String.format(
        Locale.ROOT,
        """
        <!doctype html>
        <html><head><meta charset="utf-8"><title>%s</title><style>
        body{font:16px/1.5 Inter,sans-serif;max-width:60em;margin:2em auto;padding:0 1em;color:#1f2328}
        img{max-width:100%%;border:1px solid #d1d9e0;border-radius:6px}
        code,pre{font-family:"JetBrains Mono",monospace;font-size:.9em;background:#f6f8fa}
        pre{padding:.8em;overflow:auto}
        table{border-collapse:collapse}td,th{border:1px solid #d1d9e0;padding:.2em .6em;text-align:left}
        blockquote{border-left:4px solid #d1d9e0;margin-left:0;padding-left:1em;color:#59636e}
        </style></head><body>
        %s</body></html>
        """,
        escaped(title),
        body);
  }

  private String said(String english, String chinese) {
    return language.startsWith("zh") ? chinese : english;
  }

  private static String escaped(String plain) {
    return plain.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }

  private void lesson(Key key, Mark mark, List<Picture> pictures) {
    Lesson lesson = key.lesson();
    line("# " + lesson.title().in(language));
    line("*" + mark.name() + "*");
    mark.problem().ifPresent(problem -> line("**" + problem + "**"));
    line(
        String.format(
            Locale.ROOT,
            said(
                "%1$s of %2$d points · %3$d questions answered, %4$d right at once · %5$d hints",
                "%1$s / %2$d 分 · 答了 %3$d 题，%4$d 题一次答对 · %5$d 个提示"),
            MarkTable.points(mark.points()),
            mark.most(),
            mark.answered(),
            mark.rightAtOnce(),
            mark.hints()));
    line("> " + lesson.goal().in(language));
    for (int i = 0; i < lesson.steps().size(); i++) {
      Optional<Picture> picture = picture(pictures, i);
      Lesson.Step step = lesson.steps().get(i);
      List<Mark.OfQuestion> asked =
          mark.questions().stream().filter(q -> step.asks().contains(q.question())).toList();
      boolean touched = asked.stream().anyMatch(q -> !q.attempts().isEmpty() || q.hints() > 0);
      if (picture.isEmpty() && !touched) {
        continue;
      }
      line(String.format(Locale.ROOT, "## %d. %s", i + 1, step.title().in(language)));
      if (step.note() != null) {
        line(step.note().in(language));
      }
      picture.ifPresent(this::picture);
      asked.forEach(result -> question(key, result));
      if (step.why() != null) {
        line("> " + step.why().in(language));
      }
    }
  }

  private void question(Key key, Mark.OfQuestion result) {
    line("**" + result.question().text().in(language) + "**");
    var said = new ArrayList<String>();
    for (Mark.Attempt attempt : result.attempts()) {
      String given = Key.spell(result.question(), attempt.given(), language);
      String reason =
          attempt.right()
              ? ""
              : result.question().reason(attempt.given()).map(r -> " " + r.in(language)).orElse("");
      said.add("- " + (attempt.right() ? "✓ " : "✗ ") + given + reason);
    }
    if (said.isEmpty()) {
      said.add("- —");
    }
    if (result.hints() > 0) {
      said.add(said("- hints: ", "- 提示：") + result.hints());
    }
    if (!result.solved()) {
      said.add("- → " + key.words(result.question(), language));
    }
    line(String.join("\n", said));
  }

  private static Optional<Picture> picture(List<Picture> pictures, int step) {
    return pictures.stream().filter(each -> each.step() == step).findFirst();
  }

  private void picture(Picture picture) {
    line("![](" + picture.file() + ")");
  }

  private void end(List<Picture> pictures, List<Table> tables) {
    picture(pictures, -1).ifPresent(this::picture);
    for (Table table : tables) {
      if (!table.rows().isEmpty()) {
        table(table);
      }
    }
  }

  private void table(Table table) {
    line("## " + table.title());
    var rows = new StringBuilder(row(table.columns()));
    rows.append(row(table.columns().stream().map(column -> "---").toList()));
    table.rows().stream().limit(MOST_ROWS).forEach(cells -> rows.append(row(cells)));
    line(rows.toString().stripTrailing());
    if (table.rows().size() > MOST_ROWS) {
      line("… " + (table.rows().size() - MOST_ROWS) + said(" more rows", " 行未列出"));
    }
  }

  private static String row(List<String> cells) {
    return "| "
        + String.join(
            " | ", cells.stream().map(c -> c.replace("|", "\\|").replace("\n", " ")).toList())
        + " |\n";
  }

  /** Every command with its result, carried out anew. */
  private void commands(Journal journal) {
    line(said("## Commands", "## 命令"));
    var lab = new Laboratory();
    var lines = new StringBuilder("```\n");
    int index = 0;
    for (Journal.Line each : journal.lines()) {
      Command command = each.command();
      Result result = lab.execute(command);
      if (index < MOST_COMMANDS) {
        lines.append(command.toJson()).append('\n');
        String said = result.line(index, command.op());
        if (!said.isEmpty() && !(command instanceof Command.Expect)) {
          lines.append("  → ").append(said.replace("```", "` ` `")).append('\n');
        }
      }
      index++;
    }
    lines.append("```");
    line(lines.toString());
    if (index > MOST_COMMANDS) {
      line("… " + (index - MOST_COMMANDS) + said(" more commands", " 条命令未列出"));
    }
  }

  private void line(String paragraph) {
    text.append(paragraph).append("\n\n");
  }
}
