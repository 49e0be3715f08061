package org.iommulab.ui.view.part;

import java.util.ArrayList;
import java.util.List;

/**
 * What a pane shows, as text: for the clipboard and for export.
 *
 * @param columns headings
 * @param rows one list of cells per row, as long as {@code columns}
 */
public record TextTable(List<String> columns, List<List<String>> rows) {

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
