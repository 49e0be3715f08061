package org.iommulab.ui.view.memory;

import java.util.List;
import org.iommulab.ui.view.part.Phrase;

/**
 * One frame of physical memory.
 *
 * @param frame physical address of its first byte
 * @param purpose what the frame is used for, in words
 * @param rows its bytes; empty if there is no memory
 */
record MemoryPicture(long frame, Phrase purpose, List<MemoryRow> rows) {

  MemoryPicture {
    rows = List.copyOf(rows);
  }
}
