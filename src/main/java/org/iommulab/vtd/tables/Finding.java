package org.iommulab.vtd.tables;

/**
 * Something odd in the structures, told in plain words.
 *
 * @param kind what sort of oddity
 * @param address physical address of the entry or table it is about; -1 if it is about registers
 * @param text one sentence for a person
 */
public record Finding(Kind kind, long address, String text) {

  /** Sorts of oddities. */
  public enum Kind {
    RESERVED_BITS,
    OUTSIDE_MEMORY,
    SHARED_TABLE,
    SELF_REFERENCE,
    DOMAIN_CONFLICT,
    /** Programming that the architecture forbids, though no fault tells of it. */
    FORBIDDEN,
    UNSUPPORTED,
    QUEUE,
    LIMIT
  }
}
