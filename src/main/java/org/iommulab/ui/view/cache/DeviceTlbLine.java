package org.iommulab.ui.view.cache;

import org.iommulab.bus.SourceId;
import org.iommulab.ui.view.part.Phrase;
import org.jspecify.annotations.Nullable;

/**
 * A translation that an endpoint keeps.
 *
 * @param device whose it is
 * @param name its name, or empty
 * @param pasid its tag, -1 if none
 * @param first first address it holds for
 * @param size bytes, 0 for all of 2^64
 * @param target where the first address leads
 * @param rights {@code RW}, {@code R}, …
 * @param stale in what the tables contradict it, or null
 */
record DeviceTlbLine(
    SourceId device,
    String name,
    int pasid,
    long first,
    long size,
    long target,
    String rights,
    @Nullable Phrase stale) {

  String key() {
    String tag = pasid < 0 ? "" : "-" + Integer.toHexString(pasid);
    return device + tag + "-" + Long.toHexString(first);
  }
}
