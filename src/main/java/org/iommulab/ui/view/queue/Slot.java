package org.iommulab.ui.view.queue;

import java.util.List;
import org.iommulab.ui.view.part.Phrase;
import org.iommulab.vtd.layout.InvalidationDescriptor;
import org.jspecify.annotations.Nullable;

/**
 * One slot of the queue.
 *
 * @param index its number
 * @param address physical address
 * @param quadwords its content
 * @param kind what it is, or null for an unknown type
 * @param decoded its fields in short
 * @param state where it stands to head and tail
 */
record Slot(
    int index,
    long address,
    List<Long> quadwords,
    @Nullable InvalidationDescriptor kind,
    Phrase decoded,
    State state) {

  Slot {
    quadwords = List.copyOf(quadwords);
  }

  /** Where a slot stands to head and tail. */
  enum State {
    /** Fetched by the unit. */
    DONE,
    /** Written, not fetched yet. */
    PENDING,
    /** The unit fetches here next. */
    HEAD,
    /** Software writes here next. */
    TAIL,
    /** Both: the queue is empty. */
    HEAD_AND_TAIL
  }
}
