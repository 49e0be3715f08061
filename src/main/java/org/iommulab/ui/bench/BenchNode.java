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
 * @param explanation more about it, for the tooltip; empty if there is no more
 * @param children below it
 */
record BenchNode(
    String key,
    List<Part> parts,
    Optional<Selected> selects,
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

  /** A tag. */
  record Tag(String text, Role role) implements Part {}

  /** The line as plain text. */
  String words() {
    return String.join(" ", parts.stream().map(Part::text).toList());
  }
}
