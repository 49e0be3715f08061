package org.iommulab.ui.view.interrupt;

import java.util.List;
import org.iommulab.ui.view.part.RowPane;

/**
 * The interrupt-remapping table.
 *
 * @param exists whether one was set up
 * @param enabled GSTS.IRES
 * @param extended APIC ids have 32 bits
 * @param entries entries of the table
 * @param used those that are not zero
 * @param rows those, with posted descriptors below them
 */
record InterruptPicture(
    boolean exists,
    boolean enabled,
    boolean extended,
    int entries,
    int used,
    List<InterruptRow> rows)
    implements RowPane.Picture<InterruptRow> {

  /** Before one was set up. */
  static final InterruptPicture NONE = new InterruptPicture(false, false, false, 0, 0, List.of());

  InterruptPicture {
    rows = List.copyOf(rows);
  }
}
