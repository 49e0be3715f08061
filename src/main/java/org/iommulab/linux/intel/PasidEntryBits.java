package org.iommulab.linux.intel;

import org.iommulab.bits.Field;
import org.iommulab.vtd.layout.PasidEntry;

/** The quadwords of a PASID entry that software fills; the other five stay zero. */
final class PasidEntryBits {

  /** Quadwords that can differ from zero. */
  static final int QUADWORDS = 3;

  private final long[] quadwords = new long[QUADWORDS];

  /** An entry of one of the four kinds, not present yet. */
  static PasidEntryBits of(int kind, int domainId) {
    return new PasidEntryBits().set(PasidEntry.PGTT, kind).set(PasidEntry.DID, domainId);
  }

  PasidEntryBits set(Field field, long value) {
    int index = field.quadword();
    quadwords[index] = field.with(quadwords[index], value);
    return this;
  }

  PasidEntryBits set(Field field, boolean on) {
    return set(field, on ? 1 : 0);
  }

  long quadword(int index) {
    return quadwords[index];
  }
}
