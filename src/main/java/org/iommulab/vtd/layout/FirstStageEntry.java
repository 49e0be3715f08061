package org.iommulab.vtd.layout;

import static org.iommulab.bits.Field.address;
import static org.iommulab.bits.Field.flag;
import static org.iommulab.bits.Field.ignored;
import static org.iommulab.bits.Field.reserved;

import org.iommulab.bits.Field;
import org.iommulab.bits.Layout;

/**
 * A first-stage paging entry, the same as the processor's.
 *
 * <pre>
 *         63 62  52 51         12 11  10 9  8  7   6  5   4   3   2   1  0
 * table  |XD| ign  | next table  |ign|EA| ign |PS| - | A|PCD|PWT|U/S|R/W| P|
 * leaf   |XD| ign  | page frame  |ign|EA|ign|G|PS| D | A|PCD|PWT|U/S|R/W| P|
 * </pre>
 *
 * Address bits at or above the host address width (second-stage input width when nested) are
 * reserved. Source: vtd.md 3.2.
 */
public final class FirstStageEntry {

  public static final Field P = flag("P", 0, "present");
  public static final Field RW = flag("R/W", 1, "writes allowed");
  public static final Field US = flag("U/S", 2, "user requests allowed");
  public static final Field PWT = flag("PWT", 3, "write-through");
  public static final Field PCD = flag("PCD", 4, "cache disable");
  public static final Field A = flag("A", 5, "accessed");
  public static final Field D = flag("D", 6, "dirty");
  public static final Field PS = flag("PS", 7, "page: this entry maps a large page");
  public static final Field PAT_4K = flag("PAT", 7, "memory type, high bit");
  public static final Field G = flag("G", 8, "global; not used for tagging");
  public static final Field EA = flag("EA", 10, "extended accessed; kept with EAFE only");
  public static final Field PAT_LARGE = flag("PAT", 12, "memory type, high bit");
  public static final Field TABLE = address("ADDR", 51, 12, "next table");
  public static final Field FRAME_4K = address("ADDR", 51, 12, "4 KiB page frame");
  public static final Field FRAME_2M = address("ADDR", 51, 21, "2 MiB page frame");
  public static final Field FRAME_1G = address("ADDR", 51, 30, "1 GiB page frame");
  public static final Field XD = flag("XD", 63, "execution forbidden; reserved without NXE");

  /** An entry of level 5 or 4, which never maps a page. */
  public static final Layout UPPER_TABLE =
      Layout.of(
          "First-stage table entry",
          64,
          "3.2",
          P,
          RW,
          US,
          PWT,
          PCD,
          A,
          ignored(6, 6),
          reserved(7, 7),
          ignored(9, 8),
          EA,
          ignored(11, 11),
          TABLE,
          ignored(62, 52),
          XD);

  /** An entry of level 3 or 2 that points to a table. */
  public static final Layout TABLE_ENTRY =
      Layout.of(
          "First-stage table entry",
          64,
          "3.2",
          P,
          RW,
          US,
          PWT,
          PCD,
          A,
          ignored(6, 6),
          PS,
          ignored(9, 8),
          EA,
          ignored(11, 11),
          TABLE,
          ignored(62, 52),
          XD);

  /** A 1 GiB page at level 3. */
  public static final Layout LEAF_1G =
      Layout.of(
          "First-stage 1 GiB page",
          64,
          "3.2",
          P,
          RW,
          US,
          PWT,
          PCD,
          A,
          D,
          PS,
          G,
          ignored(9, 9),
          EA,
          ignored(11, 11),
          PAT_LARGE,
          FRAME_1G,
          ignored(62, 52),
          XD);

  /** A 2 MiB page at level 2. */
  public static final Layout LEAF_2M =
      Layout.of(
          "First-stage 2 MiB page",
          64,
          "3.2",
          P,
          RW,
          US,
          PWT,
          PCD,
          A,
          D,
          PS,
          G,
          ignored(9, 9),
          EA,
          ignored(11, 11),
          PAT_LARGE,
          FRAME_2M,
          ignored(62, 52),
          XD);

  /** A 4 KiB page at level 1. */
  public static final Layout LEAF_4K =
      Layout.of(
          "First-stage 4 KiB page",
          64,
          "3.2",
          P,
          RW,
          US,
          PWT,
          PCD,
          A,
          D,
          PAT_4K,
          G,
          ignored(9, 9),
          EA,
          ignored(11, 11),
          FRAME_4K,
          ignored(62, 52),
          XD);

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

  private FirstStageEntry() {}
}
