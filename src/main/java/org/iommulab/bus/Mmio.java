package org.iommulab.bus;

/** A block of memory-mapped registers. Offsets are in bytes from its base. */
public interface Mmio {

  /** Reads {@code size} bytes (4 or 8) at an offset aligned to that size, zero-extended. */
  long read(int offset, int size);

  /** Writes {@code size} bytes (4 or 8) at an offset aligned to that size. */
  void write(int offset, int size, long value);
}
