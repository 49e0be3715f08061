package org.iommulab.lab.language;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.iommulab.lab.run.call.Function;
import org.iommulab.lab.run.call.Functions;

/** The tables of {@code docs/script-language.md}, made from the table of the language. */
final class DocumentationTables {

  private DocumentationTables() {}

  /** The first line of a chapter's table; the table ends with {@link #END}. */
  static String start(String chapter) {
    return "<!-- operations: " + chapter + " -->";
  }

  static final String END = "<!-- end of operations -->";

  /** The page with every table as it must be. */
  static String renewed(String page) {
    String text = page;
    for (String chapter : Language.byChapter().keySet()) {
      int at = text.indexOf(start(chapter));
      if (at >= 0) {
        int end = text.indexOf(END, at);
        text = text.substring(0, at) + start(chapter) + "\n" + table(chapter) + text.substring(end);
      }
    }
    for (Map.Entry<String, List<Function>> chapter : Functions.byChapter().entrySet()) {
      int at = text.indexOf(startOfFunctions(chapter.getKey()));
      if (at >= 0) {
        int end = text.indexOf(END_OF_FUNCTIONS, at);
        String table = functions(chapter.getValue());
        text =
            text.substring(0, at)
                + startOfFunctions(chapter.getKey())
                + "\n"
                + table
                + text.substring(end);
      }
    }
    return text;
  }

  /** The first line of a chapter's table of functions. */
  static String startOfFunctions(String chapter) {
    return "<!-- functions: " + chapter + " -->";
  }

  private static final String END_OF_FUNCTIONS = "<!-- end of functions -->";

  private static String functions(List<Function> functions) {
    var text = new StringBuilder("| function | arguments | does | `out` |\n|---|---|---|---|\n");
    for (Function function : functions) {
      String arguments =
          Stream.of(true, false)
              .map(
                  needed ->
                      function.fields().stream()
                          .filter(field -> field.required() == needed)
                          .map(DocumentationTables::shown)
                          .collect(Collectors.joining(", ")))
              .filter(each -> !each.isEmpty())
              .collect(Collectors.joining("; "));
      text.append("| `").append(function.name()).append("` | ").append(arguments);
      text.append(arguments.isEmpty() ? "| " : " | ").append(function.does()).append(" | ");
      text.append(function.answers()).append(function.answers().isEmpty() ? "|\n" : " |\n");
    }
    return text.toString();
  }

  private static String table(String chapter) {
    boolean saysWhat = chapter.equals("control");
    var text = new StringBuilder();
    text.append("| operation | fields | ").append(saysWhat ? "does" : "result").append(" |\n");
    text.append("|---|---|---|\n");
    for (Operation<?> row : Language.byChapter().getOrDefault(chapter, List.of())) {
      String last = saysWhat ? row.does() : row.answers();
      text.append("| `")
          .append(row.name())
          .append("` | ")
          .append(fields(row))
          .append(fields(row).isEmpty() ? "" : " ")
          .append("| ")
          .append(last)
          .append(last.isEmpty() ? "" : " ")
          .append("|\n");
    }
    return text.toString();
  }

  private static String fields(Operation<?> row) {
    var grouped = new ArrayList<String>();
    for (Operation.Rule rule : row.rules()) {
      rule.groups().forEach(grouped::addAll);
    }
    var needed = new ArrayList<String>();
    var optional = new ArrayList<String>();
    for (Field field : row.fields()) {
      if (!grouped.contains(field.name())) {
        (field.required() ? needed : optional).add(shown(field));
      }
    }
    for (Operation.Rule rule : row.rules()) {
      String either =
          rule.groups().stream()
              .map(
                  group ->
                      group.stream()
                          .map(name -> shown(row, name))
                          .collect(Collectors.joining(" with ")))
              .collect(Collectors.joining(" or "));
      needed.add((needed.isEmpty() ? "" : "and ") + either);
    }
    String first = String.join(", ", needed);
    String second = String.join(", ", optional);
    return first + (second.isEmpty() ? "" : (first.isEmpty() ? "" : "; ") + second);
  }

  private static String shown(Operation<?> row, String name) {
    return shown(
        row.fields().stream().filter(field -> field.name().equals(name)).findFirst().orElseThrow());
  }

  private static String shown(Field field) {
    var about = new ArrayList<String>();
    if (field.kind() == Kind.CHOICE) {
      about.add(
          field.choices().stream()
              .map(choice -> choice instanceof String ? "`" + choice + "`" : choice.toString())
              .collect(Collectors.joining(", ")));
    }
    Field.Limits limits = field.limits();
    String unit = limits.unit().isEmpty() ? "" : " " + limits.unit();
    if (limits.bounded() && limits.high() <= 1 << 20) {
      about.add(limits.low() + " to " + limits.high() + unit);
    } else if (!unit.isEmpty()) {
      about.add(unit.strip());
    }
    if (limits.multiple() > 1) {
      about.add("multiple of " + limits.multiple());
    }
    if (!field.note().isEmpty()) {
      about.add(field.note());
    }
    return "`"
        + field.name()
        + "`"
        + (about.isEmpty() ? "" : " (" + String.join("; ", about) + ")");
  }
}
