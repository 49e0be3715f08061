package org.iommulab.memory;

import java.util.Locale;

/**
 * A run of physical addresses.
 *
 * @param start first address, in bytes
 * @param end first address behind it, in bytes
 */
public record AddressRange(long start, long end) {

  public AddressRange {
    if (start < 0 || end <= start) {
      throw new IllegalArgumentException(
          String.format(Locale.ROOT, "not a range: 0x%x to 0x%x", start, end));
    }
  }

  /** A range by its first address and size in bytes. */
  public static AddressRange ofSize(long start, long size) {
    return new AddressRange(start, start + size);
  }

  /** Its size in bytes. */
  public long size() {
    return end - start;
  }

  /** Tells whether all {@code length} bytes from {@code address} on lie inside. */
  public boolean contains(long address, long length) {
    return address >= start && address <= end - length;
  }
}
