package org.iommulab.ui.view.path;

import org.iommulab.bits.Layout;
import org.iommulab.ui.Role;
import org.iommulab.ui.view.part.Mark;
import org.iommulab.ui.view.part.Phrase;
import org.jspecify.annotations.Nullable;

/**
 * One card of the strip.
 *
 * @param id end of the card's node id, such as {@code iotlb} or {@code level-2}
 * @param title first line
 * @param state what happened there
 * @param mark the tag of the second line, or null if {@code place} is shown
 * @param place the second line: where it read, in figures
 * @param detail the third line: what it found
 * @param host it is a step of the second stage that serves the next stage of the first: drawn below
 *     that one
 * @param entry what the stage read, or null if it read no memory
 */
record Stage(
    String id,
    Phrase title,
    State state,
    @Nullable Mark mark,
    Phrase place,
    Phrase detail,
    boolean host,
    @Nullable EntryRead entry) {

  /** What happened at a stage. */
  enum State {
    /** The request went on. */
    PASSED("✓", Role.OK, "view.path.passed"),
    /** The cache had the answer. */
    HIT("✓", Role.OK, "view.path.hit"),
    /** The cache did not have it. */
    MISS("?", Role.WARN, "view.path.miss"),
    /** The request went on with fewer rights. */
    NARROWED("▽", Role.WARN, "view.path.narrowed"),
    /** The request ended here. */
    FAULT("✕", Role.BAD, "view.path.fault"),
    /** The stage is not enabled or was not needed. */
    OFF("–", Role.MUTED, "view.path.off");

    private final String symbol;
    private final Role role;
    private final String key;

    State(String symbol, Role role, String key) {
      this.symbol = symbol;
      this.role = role;
      this.key = key;
    }

    String symbol() {
      return symbol;
    }

    Role role() {
      return role;
    }

    /** The word for this state. */
    Phrase word() {
      return Phrase.of(key);
    }
  }

  /** The same under another id. */
  Stage named(String another) {
    return new Stage(another, title, state, mark, place, detail, host, entry);
  }

  /** An entry that a stage read from memory. */
  record EntryRead(long address, Layout layout, String title) {}
}
