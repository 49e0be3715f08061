package org.iommulab.evidence.trace;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One line of a trace.
 *
 * @param line of the text, from 1
 * @param seconds of the trace's clock
 * @param name as the kernel or QEMU calls it, such as {@code map} or {@code vtd_dmar_fault}
 * @param type what it means for mappings
 * @param device {@code bb:dd.f}, or null if the event names none
 * @param domain id in the tables, or -1
 * @param iova first address, or null
 * @param size bytes from there, or null; a flush without a size means everything
 * @param physical memory behind it, or null
 * @param text what stands behind the name
 */
public record Event(
    long line,
    double seconds,
    String name,
    Type type,
    @Nullable String device,
    int domain,
    @Nullable Long iova,
    @Nullable Long size,
    @Nullable Long physical,
    String text) {

  /** What an event means for mappings. */
  public enum Type {
    /** Addresses begin to work. */
    MAP,
    /** Addresses end to work. */
    UNMAP,
    /** What the unit remembers of addresses is dropped. */
    FLUSH,
    /** A device used an address. */
    USE,
    /** A device used an address in vain. */
    FAULT,
    /** A device came to a domain or group, or left it. */
    ATTACH,
    /** A buffer was copied, because the device cannot reach or must not see the original. */
    BOUNCE,
    /** Anything else. */
    OTHER;

    /** One word for rows and JSON. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** The last address, or the first if no size is known. */
  long end() {
    long start = iova == null ? 0 : iova;
    return size == null || size <= 0 ? start : start + size - 1;
  }

  boolean covers(long address) {
    return iova != null
        && Long.compareUnsigned(address, iova) >= 0
        && Long.compareUnsigned(address, end()) <= 0;
  }
}
