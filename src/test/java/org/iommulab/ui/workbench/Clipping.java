package org.iommulab.ui.workbench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import javafx.geometry.Bounds;
import javafx.geometry.Orientation;
import javafx.scene.Node;
import javafx.scene.Parent;
import javafx.scene.control.Labeled;
import javafx.scene.control.ScrollBar;
import javafx.scene.control.ScrollPane;
import javafx.scene.control.TableCell;
import javafx.scene.control.TableColumn;
import javafx.scene.control.TableRow;
import javafx.scene.control.TextField;
import javafx.scene.control.skin.VirtualFlow;
import javafx.scene.layout.FlowPane;
import javafx.scene.layout.GridPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.VBox;
import javafx.scene.shape.Path;
import javafx.scene.text.Text;
import javafx.scene.text.TextFlow;

/**
 * Finds what does not fit in a window that is laid out: words that are cut, parts over each other,
 * controls outside of what holds them. What scrolls may be larger than what is seen of it; a label
 * of the style class {@code may-shorten} has its words in full elsewhere.
 */
final class Clipping {

  /** Rounding of positions to whole pixels, in pixels. */
  private static final double SLACK = 1.6;

  /** Fewer pixels are not worth a scroll bar. */
  private static final double LEAST_SCROLL = 4;

  /** Characters of the longest address. */
  private static final int ADDRESS = 19;

  /** Rights to be cut: the words stand in full elsewhere. */
  private static final String MAY_SHORTEN = "may-shorten";

  private final List<String> found = new ArrayList<>();

  private Clipping() {}

  /** One sentence for everything that does not fit. */
  static List<String> in(Parent root) {
    var clipping = new Clipping();
    clipping.look(root);
    return clipping.found;
  }

  private void look(Parent parent) {
    if (parent instanceof HBox
        || parent instanceof VBox
        || parent instanceof FlowPane
        || parent instanceof GridPane) {
      overlaps(parent);
      outside(parent);
    }
    for (Node child : parent.getChildrenUnmodifiable()) {
      if (!child.isVisible() || child instanceof ScrollBar) {
        continue;
      }
      if (child instanceof Labeled labeled) {
        cut(labeled);
      }
      if (child instanceof TextField field) {
        prompt(field);
      }
      if (child instanceof ScrollPane scroll) {
        needless(scroll);
      }
      if (child instanceof TextFlow flow) {
        wordsInPlace(flow);
      }
      if (child instanceof TableRow<?> row) {
        underHeadings(row);
      }
      if (child instanceof Parent inner) {
        look(inner);
      }
    }
  }

  private void cut(Labeled labeled) {
    String words = labeled.getText();
    if (words == null || words.isBlank() || has(labeled, MAY_SHORTEN)) {
      return;
    }
    for (Node part : labeled.getChildrenUnmodifiable()) {
      boolean shortened =
          part instanceof Text text && part != labeled.getGraphic() && !same(text.getText(), words);
      if (shortened && labeled.getWidth() > 0) {
        found.add(
            name(labeled) + " says only \"" + ((Text) part).getText() + "\" of \"" + words + '"');
      }
    }
  }

  private static boolean same(String shown, String words) {
    return shown.strip().equals(words.strip());
  }

  /** A field without text shows its prompt, or an address; what finds no room says nothing. */
  private void prompt(TextField field) {
    boolean empty = field.getText().isEmpty();
    String shown = empty ? field.getPromptText() : field.getText();
    if (shown != null && (empty || shown.length() <= ADDRESS)) {
      var words = new Text(shown);
      words.setFont(field.getFont());
      double room = field.getWidth() - field.getInsets().getLeft() - field.getInsets().getRight();
      if (words.getLayoutBounds().getWidth() > room + SLACK) {
        found.add(name(field) + " has no room for \"" + shown + '"');
      }
    }
  }

  /** A bar that has hardly anything to scroll takes room and says that there is more. */
  private void needless(ScrollPane scroll) {
    Bounds content = scroll.getContent().getLayoutBounds();
    for (Node part : scroll.getChildrenUnmodifiable()) {
      if (part instanceof ScrollBar bar && bar.isVisible()) {
        boolean down = bar.getOrientation() == Orientation.VERTICAL;
        double more =
            down
                ? content.getHeight() - scroll.getViewportBounds().getHeight()
                : content.getWidth() - scroll.getViewportBounds().getWidth();
        if (more < LEAST_SCROLL) {
          found.add(String.format(Locale.ROOT, "%s scrolls %.1f pixels only", name(scroll), more));
        }
      }
    }
  }

  /** Words of a flow take the room that their letters need: else they lie over each other. */
  private void wordsInPlace(TextFlow flow) {
    int at = 0;
    for (Node part : flow.getChildren()) {
      if (part instanceof Text text) {
        int end = at + text.getText().length();
        var shape = new Path(flow.rangeShape(at, end));
        at = end;
        Bounds placed = shape.getLayoutBounds();
        if (placed.getHeight() > 2 * text.getFont().getSize()) {
          continue; // on several lines
        }
        var alone = new Text(text.getText());
        alone.setFont(text.getFont());
        double needed = alone.getLayoutBounds().getWidth();
        if (Math.abs(placed.getWidth() - needed) > 0.04 * needed + 4) {
          found.add(
              String.format(
                  Locale.ROOT,
                  "%s: \"%s\" has %.0f pixels of %.0f",
                  name(flow),
                  text.getText(),
                  placed.getWidth(),
                  needed));
        }
      }
    }
  }

  /** What stands in a column begins where its heading begins; what stays in sight is further on. */
  private void underHeadings(TableRow<?> row) {
    double x = 0;
    for (TableColumn<?, ?> column : row.getTableView().getVisibleLeafColumns()) {
      for (Node part : row.getChildrenUnmodifiable()) {
        if (part instanceof TableCell<?, ?> cell
            && cell.getTableColumn() == column
            && cell.isVisible()
            && cell.getLayoutX() < x - SLACK) {
          found.add(
              String.format(
                  Locale.ROOT,
                  "%s begins at %.0f, its heading at %.0f",
                  name(cell),
                  cell.getLayoutX(),
                  x));
        }
      }
      x += column.getWidth();
    }
  }

  private void overlaps(Parent parent) {
    List<Node> children =
        parent.getChildrenUnmodifiable().stream().filter(Clipping::takesRoom).toList();
    for (int i = 0; i < children.size(); i++) {
      for (int k = i + 1; k < children.size(); k++) {
        if (meet(place(children.get(i)), place(children.get(k)))) {
          found.add(name(children.get(i)) + " lies over " + name(children.get(k)));
        }
      }
    }
  }

  private static boolean meet(Bounds a, Bounds b) {
    double width = Math.min(a.getMaxX(), b.getMaxX()) - Math.max(a.getMinX(), b.getMinX());
    double height = Math.min(a.getMaxY(), b.getMaxY()) - Math.max(a.getMinY(), b.getMinY());
    return width > SLACK && height > SLACK;
  }

  private void outside(Parent parent) {
    Bounds room = parent.getLayoutBounds();
    for (Node child : parent.getChildrenUnmodifiable()) {
      if (!takesRoom(child)) {
        continue;
      }
      Bounds place = place(child);
      boolean out =
          place.getMaxX() > room.getMaxX() + SLACK
              || place.getMaxY() > room.getMaxY() + SLACK
              || place.getMinX() < room.getMinX() - SLACK
              || place.getMinY() < room.getMinY() - SLACK;
      if (out) {
        found.add(
            String.format(
                Locale.ROOT,
                "%s is %.0f×%.0f at %.0f,%.0f in %s of %.0f×%.0f",
                name(child),
                place.getWidth(),
                place.getHeight(),
                place.getMinX(),
                place.getMinY(),
                name(parent),
                room.getWidth(),
                room.getHeight()));
      }
    }
  }

  /** Where it was put, whatever hangs over its edges. */
  private static Bounds place(Node node) {
    return node.localToParent(node.getLayoutBounds());
  }

  private static boolean takesRoom(Node node) {
    return node.isVisible()
        && node.isManaged()
        && node.getLayoutBounds().getWidth() > 0
        && node.getLayoutBounds().getHeight() > 0;
  }

  private static boolean has(Node node, String styleClass) {
    for (Node at = node; at != null; at = at.getParent()) {
      if (at.getStyleClass().contains(styleClass)) {
        return true;
      }
      if (at instanceof ScrollPane || at instanceof VirtualFlow<?>) {
        return false;
      }
    }
    return false;
  }

  /** The nearest id, and what kind of node it is. */
  private static String name(Node node) {
    for (Node at = node; at != null; at = at.getParent()) {
      if (at.getId() != null) {
        String kind = at == node ? "" : " " + kind(node);
        return "#" + at.getId() + kind;
      }
    }
    return kind(node);
  }

  private static String kind(Node node) {
    String base = node instanceof TableCell<?, ?> ? "cell" : node.getClass().getSimpleName();
    return node.getStyleClass().isEmpty() ? base : base + "." + node.getStyleClass().getLast();
  }
}
