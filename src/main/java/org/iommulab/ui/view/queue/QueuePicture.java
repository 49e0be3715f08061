package org.iommulab.ui.view.queue;

import java.util.List;

/**
 * The invalidation queue.
 *
 * @param exists whether one was set up
 * @param enabled GSTS.QIES
 * @param error whether the queue has stopped with an error
 * @param slots how many descriptors it has room for
 * @param head slot the unit fetches next
 * @param tail slot software writes next
 * @param rows slots that are not zero, and those of head and tail
 */
record QueuePicture(
    boolean exists,
    boolean enabled,
    boolean error,
    int slots,
    int head,
    int tail,
    List<Slot> rows) {

  /** Before one was set up. */
  static final QueuePicture NONE = new QueuePicture(false, false, false, 0, 0, 0, List.of());

  QueuePicture {
    rows = List.copyOf(rows);
  }

  /** Descriptors written and not fetched yet. */
  int pending() {
    return slots == 0 ? 0 : Math.floorMod(tail - head, slots);
  }
}
