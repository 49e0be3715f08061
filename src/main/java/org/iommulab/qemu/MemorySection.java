package org.iommulab.qemu;

/**
 * A part of a guest's physical address space.
 *
 * @param start first guest-physical address
 * @param size bytes
 * @param kind what lies there
 * @param vaddr address in the VMM's own memory, 0 where there is none
 * @param name as the VMM calls it, such as {@code pc.ram}
 */
public record MemorySection(long start, long size, Kind kind, long vaddr, String name) {

  /** What lies in a section. */
  public enum Kind {
    /** Memory. */
    RAM,
    /** Memory the guest cannot write. */
    ROM,
    /** A device's own memory, mapped into the VMM: a BAR. */
    RAM_DEVICE,
    /** Registers: every access goes to the VMM. */
    MMIO
  }

  /** Devices can be given access to it. */
  public boolean isMemory() {
    return kind != Kind.MMIO;
  }

  /** First address behind it. */
  public long end() {
    return start + size;
  }

  boolean contains(long address) {
    return Long.compareUnsigned(address - start, size) < 0;
  }

  boolean overlaps(MemorySection other) {
    return start < other.end() && other.start < end();
  }
}
