package org.iommulab.ui.view.part;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import javafx.scene.control.Label;
import javafx.scene.control.TableColumn;
import javafx.scene.text.Font;
import javafx.scene.text.Text;
import org.iommulab.ui.Texts;
import org.jspecify.annotations.Nullable;

/** Finds how wide a column must be so that no word in it is cut, at any size of letters. */
final class ColumnFit {

  /** Size of a cell's letters in parts of the window's, as the style sheet has it. */
  private static final double CELL = 0.923;

  private static final double CHIP = 0.81 * CELL;

  /** Pixels of an em at the ordinary size of letters. */
  private static final double ORDINARY = 13;

  /** Room at both sides of a cell and of a heading, in em of their own letters. */
  private static final double CELL_SIDES = 1.6;

  private static final double HEADING_SIDES = 1.8;

  /** Pixels that a heading has besides: its grid's right side and the line between columns. */
  private static final double HEADING_EDGE = 5;

  /** Width of a column that nobody has given a width, in pixels. */
  private static final double TOOLKIT_WIDTH = 80;

  /** Sides and border of a tag, and the gap before it. */
  private static final double CHIP_SIDES = 1.5;

  private static final double CHIP_GAP = 8;

  /** Room of an arrow and of one step to the right, in pixels at the ordinary size. */
  private static final double ARROW = 18;

  private final Label probe = probe("table-probe");
  private final Label heading = probe("heading-probe");
  private final Text measure = new Text();
  private final Map<TableColumn<?, ?>, Double> wanted = new HashMap<>();
  private final Map<TableColumn<?, ?>, Double> given = new HashMap<>();

  /** Columns that had the width given to them: another width is a person's. */
  private final Set<TableColumn<?, ?>> settled = new HashSet<>();

  private double fittedAt;

  private static Label probe(String style) {
    var probe = new Label("0");
    probe.getStyleClass().add(style);
    probe.setManaged(false);
    probe.setVisible(false);
    return probe;
  }

  /**
   * Labels that wear the letters of cells and of headings; they must be in the table to know them.
   */
  List<Label> probes() {
    return List.of(probe, heading);
  }

  /** Whether the letters have changed their size since columns were fitted. */
  boolean isOutgrown() {
    return probe.getFont().getSize() != fittedAt;
  }

  /** How wide a column is at least, in pixels at the ordinary size of letters. */
  void prefer(TableColumn<?, ?> column, double width) {
    wanted.put(column, width);
    give(column, width);
  }

  /** The toolkit sizes a column of its own width anew, by what it measures itself. */
  private void give(TableColumn<?, ?> column, double wanted) {
    double width = wanted == TOOLKIT_WIDTH ? wanted + 1 : wanted;
    if (!Objects.equals(given.put(column, width), width)) {
      settled.remove(column);
    }
    column.setPrefWidth(width);
  }

  /** A column and how wide its words are. */
  private record Fitted(TableColumn<?, ?> column, double words, double wanted) {}

  /**
   * Makes columns as wide as their widest words; one that a person has dragged stays. Room that a
   * column would like beyond its words is given as far as the table has some.
   *
   * @param columns with what they show
   * @param outline the column that is indented; null if none is
   * @param room the width of the table
   */
  <R> void fit(
      Map<? extends TableColumn<R, ?>, Function<R, Figure>> columns,
      Texts texts,
      List<R> rows,
      @Nullable TableColumn<R, ?> outline,
      double room) {
    fittedAt = probe.getFont().getSize();
    double em = fittedAt / CELL;
    var fitted = new ArrayList<Fitted>();
    double taken = 0;
    double liked = 0;
    for (var each : columns.entrySet()) {
      TableColumn<R, ?> column = each.getKey();
      double words = words(column, texts, rows, each.getValue(), column.equals(outline));
      double wanted = Math.max(words, wanted(column) * em / ORDINARY);
      boolean dragged = isDragged(column);
      if (!dragged) {
        fitted.add(new Fitted(column, words, wanted));
      }
      taken += dragged ? column.getWidth() : words;
      liked += dragged ? column.getWidth() : wanted;
    }
    double share = liked > taken ? Math.clamp((room - taken) / (liked - taken), 0, 1) : 0;
    for (Fitted each : fitted) {
      give(each.column(), Math.floor(each.words() + share * (each.wanted() - each.words())));
    }
  }

  private double wanted(TableColumn<?, ?> column) {
    return wanted.getOrDefault(column, 0.0);
  }

  private boolean isDragged(TableColumn<?, ?> column) {
    boolean asGiven = Math.abs(column.getWidth() - given.getOrDefault(column, 0.0)) < 1;
    if (asGiven) {
      settled.add(column);
    }
    return !asGiven && settled.contains(column);
  }

  private <R> double words(
      TableColumn<R, ?> column,
      Texts texts,
      List<R> rows,
      Function<R, Figure> figure,
      boolean outline) {
    double em = fittedAt / CELL;
    double needed =
        width(column.getText(), heading.getFont())
            + HEADING_SIDES * heading.getFont().getSize()
            + HEADING_EDGE;
    double longest = 0;
    for (R row : rows) {
      Figure shown = figure.apply(row);
      int depth = row instanceof OutlineRow line && outline ? line.depth() + 1 : 0;
      double length = shown.text().in(texts).length() + 2.5 * depth;
      for (Mark mark : shown.marks()) {
        length += mark.in(texts).length() + 3;
      }
      // Only what may be the widest is measured.
      if (length * 1.8 > longest) {
        longest = Math.max(longest, length);
        needed = Math.max(needed, width(shown, depth, texts, em));
      }
    }
    return Math.ceil(needed);
  }

  private double width(Figure shown, int depth, Texts texts, double em) {
    double width = width(shown.text().in(texts), probe.getFont());
    for (Mark mark : shown.marks()) {
      width += width(mark.in(texts), Font.font(probe.getFont().getFamily(), em * CHIP));
      width += CHIP_SIDES * em * CHIP + CHIP_GAP;
    }
    return width + CELL_SIDES * em * CELL + depth * ARROW * Math.max(1, em / ORDINARY);
  }

  private double width(String words, Font font) {
    measure.setFont(font);
    measure.setText(words);
    return measure.getLayoutBounds().getWidth();
  }
}
