package org.iommulab.lab.advice;

import org.iommulab.words.Bilingual;

/**
 * What a page frame is to a unit.
 *
 * @param role what its entries are
 * @param level of a paging table, 1 for the last
 * @param first whether it is a first-stage table
 * @param domain whose table it is
 * @param pasid under which it is used; -1 if every one
 * @param source a requester that uses it, or the first one whose entry lies in it
 * @param base address, PASID or bus that its first entry is for
 * @param guest whether its pointers are guest addresses
 */
record TableFrame(
    Role role,
    int level,
    boolean first,
    int domain,
    int pasid,
    int source,
    long base,
    boolean guest) {

  /** What entries a page has. */
  enum Role {
    ROOT(Wording.ROOT_TABLE),
    CONTEXT(Wording.CONTEXT_TABLE),
    PASID_DIRECTORY(Wording.PASID_DIRECTORY),
    PASID_TABLE(Wording.PASID_TABLE),
    PAGING(Wording.PAGING_TABLE);

    private final Wording phrase;

    Role(Wording phrase) {
      this.phrase = phrase;
    }
  }

  /** Bytes of address that one entry of a paging table is for. */
  long reach() {
    return 1L << 9 * level + 3;
  }

  /** First address that an entry of a paging table is for. */
  long iova(long entry) {
    return base + (entry >>> 3 & 511) * reach();
  }

  Bilingual name() {
    return role.phrase.with(level);
  }
}
