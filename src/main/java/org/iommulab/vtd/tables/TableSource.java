package org.iommulab.vtd.tables;

import org.jspecify.annotations.Nullable;

/** Gives table pages by the addresses that entries hold. */
@FunctionalInterface
interface TableSource {

  /** The 512 entries at that address, not to be written; null if there is no memory. */
  long @Nullable [] page(long address);
}
