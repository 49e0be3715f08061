package org.iommulab.ui.view.inspector;

import java.util.List;
import java.util.Set;
import org.iommulab.bits.Layout;
import org.iommulab.ui.view.part.Phrase;

/**
 * A structure as it was when the laboratory was asked.
 *
 * @param title short name such as {@code PD [2]}
 * @param description what it is and where
 * @param layout what its bits mean
 * @param quadwords its value
 * @param features capabilities of the unit, which decide what is reserved
 * @param place where an edit would be written
 * @param explanation plain words about it, one sentence each
 * @param frame physical address it points to, or -1
 */
record Inspected(
    String title,
    Phrase description,
    Layout layout,
    List<Long> quadwords,
    Set<String> features,
    Place place,
    List<Phrase> explanation,
    long frame) {

  Inspected {
    quadwords = List.copyOf(quadwords);
    features = Set.copyOf(features);
    explanation = List.copyOf(explanation);
  }

  /** Where a structure lives. */
  sealed interface Place {}

  /** In physical memory, changed by {@code mem.write}. */
  record InMemory(long address) implements Place {}

  /** In a register of 4 or 8 bytes, changed by {@code reg.write}. */
  record InRegister(int offset, int size) implements Place {}

  /** Where nothing can be changed; the phrase says why. */
  record Fixed(Phrase reason) implements Place {}
}
