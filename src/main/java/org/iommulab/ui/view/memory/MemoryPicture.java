package org.iommulab.ui.view.memory;

import java.util.List;
import org.iommulab.ui.Selected;
import org.iommulab.ui.view.part.Phrase;

/**
 * One frame of physical memory.
 *
 * @param at the address that is looked at
 * @param frame physical address of the frame's first byte
 * @param purpose what the frame is used for, in words
 * @param rows its bytes; empty if there is no memory
 * @param chosen the selected structure, of no bytes if there is none
 */
record MemoryPicture(
    long at, long frame, Phrase purpose, List<MemoryRow> rows, Selected.Bytes chosen) {

  MemoryPicture {
    rows = List.copyOf(rows);
  }

  MemoryPicture(long at, long frame, Phrase purpose, List<MemoryRow> rows) {
    this(at, frame, purpose, rows, new Selected.Bytes(0, 0));
  }

  /** The same, looked at where that is. */
  MemoryPicture at(long address, Selected.Bytes structure) {
    return new MemoryPicture(address, frame, purpose, rows, structure);
  }

  /** Tells whether a quadword belongs to the selected structure. */
  boolean isChosen(long address) {
    long into = address - chosen.address();
    return into >= 0 && into < chosen.length();
  }
}
