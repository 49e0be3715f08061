package org.iommulab.vtd.layout;

import static org.iommulab.bits.Field.address;
import static org.iommulab.bits.Field.flag;
import static org.iommulab.bits.Field.ignored;
import static org.iommulab.bits.Field.number;
import static org.iommulab.bits.Field.reserved;

import org.iommulab.bits.Field;
import org.iommulab.bits.Layout;
import org.iommulab.bits.Measure;

/**
 * A second-stage paging entry.
 *
 * <pre>
 *         63 62  61  52 51       12  11  10  9  8  7   6   5  3  2  1  0
 * table  |ign|r | ign  | next table | r |ign| -| A|PS | - | ign | X| W| R|
 * leaf   |ign|r*| ign  | page frame |SNP|ign| D| A|PS |IPAT| EMT | X| W| R|
 * </pre>
 *
 * Address bits at or above the host address width are reserved too; that depends on the unit, not
 * on the layout. Source: vtd.md 3.1.
 */
public final class SecondStageEntry {

  public static final Field R = flag("R", 0, "reads allowed");
  public static final Field W = flag("W", 1, "writes allowed");
  public static final Field X = flag("X", 2, "execution allowed; looked at with SSEE only");
  public static final Field EMT =
      number("EMT", 5, 3, "memory type; looked at with EMTE only").measured(Measure.MEMORY_TYPE);
  public static final Field IPAT = flag("IPAT", 6, "ignore the first stage's memory type");
  public static final Field PS = flag("PS", 7, "page: this entry maps a large page");
  public static final Field A = flag("A", 8, "accessed; kept with SSADE only");
  public static final Field D = flag("D", 9, "dirty; kept with SSADE only");
  public static final Field SNP = flag("SNP", 11, "snoop").onlyWith("SC");
  public static final Field TABLE = address("ADDR", 51, 12, "next table");
  public static final Field FRAME_4K = address("ADDR", 51, 12, "4 KiB page frame");
  public static final Field FRAME_2M = address("ADDR", 51, 21, "2 MiB page frame");
  public static final Field FRAME_1G = address("ADDR", 51, 30, "1 GiB page frame");

  /** Transient mapping of old revisions; reserved since 3.2. */
  public static final Field TM = flag("TM", 62, "transient mapping").onlyWith("TM");

  /** An entry of level 5 or 4, which never maps a page. */
  public static final Layout UPPER_TABLE =
      Layout.of(
          "Second-stage table entry",
          64,
          "3.1",
          R,
          W,
          X,
          ignored(6, 3),
          reserved(7, 7),
          A,
          ignored(9, 9),
          ignored(10, 10),
          reserved(11, 11),
          TABLE,
          ignored(61, 52),
          reserved(62, 62),
          ignored(63, 63));

  /** An entry of level 3 or 2 that points to a table. */
  public static final Layout TABLE_ENTRY =
      Layout.of(
          "Second-stage table entry",
          64,
          "3.1",
          R,
          W,
          X,
          ignored(6, 3),
          PS,
          A,
          ignored(9, 9),
          ignored(10, 10),
          reserved(11, 11),
          TABLE,
          ignored(61, 52),
          reserved(62, 62),
          ignored(63, 63));

  /** A 1 GiB page at level 3. */
  public static final Layout LEAF_1G = leaf("Second-stage 1 GiB page", PS, FRAME_1G);

  /** A 2 MiB page at level 2. */
  public static final Layout LEAF_2M = leaf("Second-stage 2 MiB page", PS, FRAME_2M);

  /** A 4 KiB page at level 1. */
  public static final Layout LEAF_4K = leaf("Second-stage 4 KiB page", ignored(7, 7), FRAME_4K);

  /**
   * The layout an entry has.
   *
   * @param level 1 for the lowest table, up to 5
   * @param entry the quadword; its PS bit decides on levels 2 and 3
   */
  public static Layout of(int level, long entry) {
    return switch (level) {
      case 1 -> LEAF_4K;
      case 2 -> PS.isSet(entry) ? LEAF_2M : TABLE_ENTRY;
      case 3 -> PS.isSet(entry) ? LEAF_1G : TABLE_ENTRY;
      default -> UPPER_TABLE;
    };
  }

  private static Layout leaf(String name, Field bit7, Field frame) {
    return Layout.of(
        name,
        64,
        "3.1",
        R,
        W,
        X,
        EMT,
        IPAT,
        bit7,
        A,
        D,
        ignored(10, 10),
        SNP,
        frame,
        ignored(61, 52),
        TM,
        ignored(63, 63));
  }

  private SecondStageEntry() {}
}
