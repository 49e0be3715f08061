package org.iommulab.evidence.log;

/**
 * A range of the firmware's memory map.
 *
 * @param line of the log
 * @param start first byte
 * @param end last byte
 * @param type such as {@code usable}, {@code reserved}, {@code ACPI NVS}
 */
public record MemoryMapLine(long line, long start, long end, String type) {}
