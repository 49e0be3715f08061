package org.iommulab.evidence.log;

/**
 * A range of the firmware's memory map, or of what a device decodes (BAR).
 *
 * @param line of the log
 * @param start first byte
 * @param end last byte
 * @param type such as {@code usable}, {@code reserved}, {@code ACPI NVS}, or the device
 */
public record MemoryMapLine(long line, long start, long end, String type) {

  /** True if it holds an address. */
  public boolean holds(long address) {
    return Long.compareUnsigned(address - start, end - start) <= 0;
  }

  /** True if a device decodes it. */
  public boolean isDevice() {
    return type.indexOf(':') > 0;
  }
}
