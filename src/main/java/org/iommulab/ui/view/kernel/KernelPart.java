package org.iommulab.ui.view.kernel;

import java.util.Locale;
import org.iommulab.ui.view.part.Phrase;

/** The parts of the kernel that the pane shows, in the order of its list. */
enum KernelPart {
  /** What boot chose and why, and the log. */
  BOOT,
  /** Which IOVA ranges are taken, and which wait in magazines for the next caller. */
  IOVA,
  /** Unmapped ranges that devices may still reach. */
  FLUSH,
  /** The bounce pool. */
  SWIOTLB,
  /** Memory that the page tables of each domain take. */
  TABLES,
  /** Devices as the DMA API sees them. */
  DMA;

  /** Stable name in ids: {@code boot}. */
  String key() {
    return name().toLowerCase(Locale.ROOT);
  }

  Phrase title() {
    return Phrase.of("view.kernel.part." + key());
  }
}
