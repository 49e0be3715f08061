package org.iommulab.ui.view.kernel;

import java.util.List;
import org.iommulab.ui.view.part.Figure;

/**
 * Everything the pane draws.
 *
 * @param rows one per part; none without a kernel
 * @param detail the chosen part in full
 */
record KernelPicture(List<Row> rows, Detail detail) {

  /** No kernel has been booted. */
  static final KernelPicture NONE = new KernelPicture(List.of(), new Detail.Nothing());

  /** One part in figures. */
  record Row(KernelPart part, Figure figures) {}

  KernelPicture {
    rows = List.copyOf(rows);
  }
}
