package org.iommulab.ui.view.part;

import java.util.List;
import javafx.scene.AccessibleRole;
import javafx.scene.layout.Region;
import javafx.scene.shape.ClosePath;
import javafx.scene.shape.LineTo;
import javafx.scene.shape.MoveTo;
import javafx.scene.shape.Path;

/**
 * Small columns of two amounts on top of each other, oldest left; the highest fills the height.
 * More columns than there is room for are joined with their neighbours.
 */
public final class ColumnChart extends Region {

  /** Width of a column and of the gap behind it, in pixels. */
  private static final double COLUMN = 5;

  private static final double GAP = 2;

  private final Path lower = new Path();
  private final Path upper = new Path();
  private List<Column> columns = List.of();

  /**
   * One column.
   *
   * @param low amount at the bottom
   * @param high amount on top of it
   */
  public record Column(long low, long high) {

    long all() {
      return low + high;
    }

    Column plus(Column other) {
      return new Column(low + other.low, high + other.high);
    }
  }

  /** An empty chart; the two parts have the style classes {@code chart-low}, {@code chart-high}. */
  public ColumnChart(String id) {
    setId(id);
    getStyleClass().add("column-chart");
    setAccessibleRole(AccessibleRole.IMAGE_VIEW);
    lower.getStyleClass().add("chart-low");
    upper.getStyleClass().add("chart-high");
    lower.setManaged(false);
    upper.setManaged(false);
    getChildren().addAll(lower, upper);
  }

  /** Draws these columns. */
  public void show(List<Column> shown) {
    columns = List.copyOf(shown);
    requestLayout();
  }

  @Override
  protected void layoutChildren() {
    lower.getElements().clear();
    upper.getElements().clear();
    double left = snappedLeftInset();
    double bottom = getHeight() - snappedBottomInset();
    double height = bottom - snappedTopInset();
    int room = (int) ((getWidth() - left - snappedRightInset()) / (COLUMN + GAP));
    List<Column> drawn = joined(columns, Math.max(1, room));
    long most = drawn.stream().mapToLong(Column::all).max().orElse(0);
    for (int i = 0; i < drawn.size() && most > 0; i++) {
      Column column = drawn.get(i);
      double x = left + i * (COLUMN + GAP);
      double low = Math.rint(height * column.low() / most);
      double high = Math.rint(height * column.high() / most);
      box(lower, x, bottom - low, low);
      box(upper, x, bottom - low - high, high);
    }
  }

  private static void box(Path path, double x, double top, double height) {
    if (height > 0) {
      path.getElements()
          .addAll(
              new MoveTo(x, top),
              new LineTo(x + COLUMN, top),
              new LineTo(x + COLUMN, top + height),
              new LineTo(x, top + height),
              new ClosePath());
    }
  }

  /** At most {@code room} columns, neighbours added up evenly. */
  static List<Column> joined(List<Column> columns, int room) {
    int together = Math.max(1, (columns.size() + room - 1) / room);
    var joined = new java.util.ArrayList<Column>();
    for (int i = 0; i < columns.size(); i += together) {
      Column sum = new Column(0, 0);
      for (Column each : columns.subList(i, Math.min(columns.size(), i + together))) {
        sum = sum.plus(each);
      }
      joined.add(sum);
    }
    return List.copyOf(joined);
  }
}
