package org.iommulab.vtd.layout;

import static org.iommulab.bits.Field.address;
import static org.iommulab.bits.Field.flag;

import org.iommulab.bits.Field;
import org.iommulab.bits.Layout;

/**
 * One entry of the root table; 256 of them, the index is the bus number.
 *
 * <pre>
 *  legacy    127            64 63         12 11   1  0
 *           |    reserved     |     CTP     | rsvd | P |
 *  scalable  127  76 75 65 64  63         12 11   1  0
 *           | UCTP  | rsvd |UP|    LCTP     | rsvd |LP|
 * </pre>
 *
 * Source: vtd.md 2.1, 2.3.
 */
public final class RootEntry {

  /** Bytes of one entry. */
  public static final int BYTES = 16;

  public static final Field P = flag("P", 0, "present");
  public static final Field CTP = address("CTP", 63, 12, "context table");
  public static final Field LP = flag("LP", 0, "lower half present: devices 0 to 15");
  public static final Field LCTP = address("LCTP", 63, 12, "context table, devices 0 to 15");
  public static final Field UP = flag("UP", 64, "upper half present: devices 16 to 31");
  public static final Field UCTP = address("UCTP", 127, 76, "context table, devices 16 to 31");

  /** In legacy mode. */
  public static final Layout LEGACY = Layout.of("Root entry", 128, "2.1", P, CTP);

  /** In scalable mode. */
  public static final Layout SCALABLE =
      Layout.of("Scalable root entry", 128, "2.3", LP, LCTP, UP, UCTP);

  private RootEntry() {}
}
