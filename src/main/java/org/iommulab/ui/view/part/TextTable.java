package org.iommulab.ui.view.part;

import java.util.ArrayList;
import java.util.List;
import org.iommulab.lab.language.Json;

/**
 * What a pane shows, as text: for the clipboard and for export.
 *
 * @param columns headings
 * @param rows one list of cells per row, as long as {@code columns}
 */
public record TextTable(List<String> columns, List<List<String>> rows) {

  /** Nothing that could be written as rows. */
  public static final TextTable NONE = new TextTable(List.of(), List.of());

  public TextTable {
    columns = List.copyOf(columns);
    rows = rows.stream().map(List::copyOf).toList();
  }

  /** Lines with tabs between the cells, without headings: what a spreadsheet takes. */
  public String toTabs() {
    return join(rows, "\t", cell -> cell.replace('\t', ' ').replace('\n', ' '));
  }

  /** Comma-separated values after RFC 4180, headings first. */
  public String toCsv() {
    var all = new ArrayList<List<String>>();
    all.add(columns);
    all.addAll(rows);
    return join(all, ",", TextTable::quoted);
  }

  /** One object per row, its keys the headings; lines are ended by a line feed. */
  public String toJson() {
    var text = new StringBuilder("[");
    for (List<String> row : rows) {
      text.append(text.length() == 1 ? "\n" : ",\n").append("  {");
      for (int i = 0; i < columns.size(); i++) {
        text.append(i == 0 ? "" : ", ").append(Json.write(columns.get(i)));
        text.append(": ").append(Json.write(row.get(i)));
      }
      text.append('}');
    }
    return text.append("\n]\n").toString();
  }

  private static String quoted(String cell) {
    boolean plain = cell.chars().noneMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r');
    return plain ? cell : '"' + cell.replace("\"", "\"\"") + '"';
  }

  private static String join(
      List<List<String>> lines, String between, java.util.function.UnaryOperator<String> cell) {
    var text = new StringBuilder();
    for (List<String> line : lines) {
      text.append(String.join(between, line.stream().map(cell).toList())).append('\n');
    }
    return text.toString();
  }
}
