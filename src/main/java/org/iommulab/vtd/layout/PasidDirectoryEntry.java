package org.iommulab.vtd.layout;

import static org.iommulab.bits.Field.address;
import static org.iommulab.bits.Field.flag;

import org.iommulab.bits.Field;
import org.iommulab.bits.Layout;

/** A PASID directory entry; the index is PASID 19:6. Source: vtd.md 2.5. */
public final class PasidDirectoryEntry {

  /** Bytes of one entry. */
  public static final int BYTES = 8;

  public static final Field P = flag("P", 0, "present");
  public static final Field FPD = flag("FPD", 1, "faults of these PASIDs are not recorded");
  public static final Field SMPTBLPTR = address("SMPTBLPTR", 63, 12, "PASID table");

  /** The whole entry. */
  public static final Layout LAYOUT =
      Layout.of("PASID directory entry", 64, "2.5", P, FPD, SMPTBLPTR);

  private PasidDirectoryEntry() {}
}
