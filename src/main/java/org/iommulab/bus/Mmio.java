package org.iommulab.bus;

/**
 * A block of memory-mapped registers. Offsets are in bytes from its base. Every block takes 4 and 8
 * bytes at offsets aligned to them; devices may take other sizes too.
 */
public interface Mmio {

  /** Reads {@code size} bytes at an offset, zero-extended. */
  long read(int offset, int size);

  /** Writes {@code size} bytes at an offset. */
  void write(int offset, int size, long value);
}
