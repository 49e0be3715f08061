package org.iommulab.ui.bench;

import java.util.List;
import java.util.Optional;
import org.iommulab.ui.Role;
import org.iommulab.ui.Selected;

/**
 * One line of the bench tree.
 *
 * @param key stable over snapshots, so that the tree stays open where it was open
 * @param parts what it says, from left to right
 * @param selects what choosing it selects
 * @param unit index of the unit it belongs to, or -1; choosing it brings that unit to the front
 * @param startsOpen its children are shown until somebody closes it
 * @param explanation more about it, for the tooltip; empty if there is no more
 * @param children below it
 */
record BenchNode(
    String key,
    List<Part> parts,
    Optional<Selected> selects,
    int unit,
    boolean startsOpen,
    String explanation,
    List<BenchNode> children) {

  /** A piece of a line. */
  sealed interface Part {
    String text();
  }

  /** Words. */
  record Word(String text) implements Part {}

  /** A heading. */
  record Heading(String text) implements Part {}

  /** A number, an id or a kernel name. */
  record Code(String text) implements Part {}

  /** Words that matter less. */
  record Aside(String text) implements Part {}

  /** Words that warn. */
  record Warning(String text) implements Part {}

  /** A tag. */
  record Tag(String text, Role role) implements Part {}

  /** A line of that name that says nothing yet. */
  static BenchNode named(String key, Part... parts) {
    return new BenchNode(key, List.of(parts), Optional.empty(), -1, true, "", List.of());
  }

  /** The same line; choosing it selects something. */
  BenchNode selecting(Selected thing) {
    return new BenchNode(key, parts, Optional.of(thing), unit, startsOpen, explanation, children);
  }

  /** The same line, belonging to a unit. */
  BenchNode ofUnit(int index) {
    return new BenchNode(key, parts, selects, index, startsOpen, explanation, children);
  }

  /** The same line, explained. */
  BenchNode explained(String words) {
    return new BenchNode(key, parts, selects, unit, startsOpen, words, children);
  }

  /** The same line with others below it. */
  BenchNode with(List<BenchNode> below) {
    return new BenchNode(key, parts, selects, unit, startsOpen, explanation, List.copyOf(below));
  }

  /** The same line, closed until somebody opens it. */
  BenchNode closed() {
    return new BenchNode(key, parts, selects, unit, false, explanation, children);
  }

  /** The line as plain text. */
  String words() {
    return String.join(" ", parts.stream().map(Part::text).toList());
  }
}
