package org.iommulab.ui.view.part;

import java.util.List;
import org.iommulab.ui.Role;
import org.jspecify.annotations.Nullable;

/**
 * What stands in one cell of a table.
 *
 * @param text the cell's text
 * @param role its colour, or null for the ordinary one
 * @param marks tags behind the text
 * @param chosen framed, because what it stands for is selected
 */
public record Figure(Phrase text, @Nullable Role role, List<Mark> marks, boolean chosen) {

  /** An empty cell. */
  public static final Figure NONE = new Figure(Phrase.NONE, null, List.of(), false);

  public Figure {
    marks = List.copyOf(marks);
  }

  /** A number, an address or a name. */
  public static Figure of(String text) {
    return new Figure(Phrase.literal(text), null, List.of(), false);
  }

  /** Words of the bundle. */
  public static Figure of(Phrase text) {
    return new Figure(text, null, List.of(), false);
  }

  /** A number, an address or a name in a colour. */
  public static Figure of(String text, @Nullable Role role) {
    return new Figure(Phrase.literal(text), role, List.of(), false);
  }

  /** Words of the bundle in a colour. */
  public static Figure of(Phrase text, Role role) {
    return new Figure(text, role, List.of(), false);
  }

  /** Words in grey. */
  public static Figure muted(Phrase text) {
    return new Figure(text, Role.MUTED, List.of(), false);
  }

  /** A tag alone. */
  public static Figure tag(Mark mark) {
    return new Figure(Phrase.NONE, null, List.of(mark), false);
  }

  /** This figure with a tag behind it. */
  public Figure with(Mark mark) {
    var more = new java.util.ArrayList<>(marks);
    more.add(mark);
    return new Figure(text, role, more, chosen);
  }

  /** This figure, framed if what it stands for is selected. */
  public Figure chosen(boolean selected) {
    return new Figure(text, role, marks, selected);
  }
}
