package org.iommulab.vtd.layout;

import static org.iommulab.bits.Field.address;
import static org.iommulab.bits.Field.flag;
import static org.iommulab.bits.Field.number;

import org.iommulab.bits.Field;
import org.iommulab.bits.Layout;
import org.iommulab.bits.Measure;

/**
 * A PASID table entry of 64 bytes; the index is PASID 5:0. Source: vtd.md 2.6.
 *
 * <pre>
 *  63      12 11 10   9    8    6   5   4  2  1   0
 * | SSPTPTR  | rsvd|SSADE| PGTT  |SSEE| AW  |FPD| P |   quadword 0: second stage
 *  127   96 95  94  93 91  90  89   88    87   86 80 79  64
 * |  PAT   |PCD|PWT| EMT |EMTE|CD|PGSNP|PWSNP| rsvd | DID  |   1: domain, memory types
 *  191       140 139 136  135  134  133 132 131 130 129 128
 * |   FSPTPTR   | rsvd  |EAFE|SMEP|NXE|WPE| FSPM  |ERE|SRE|   2: first stage
 * </pre>
 */
public final class PasidEntry {

  /** Bytes of one entry. */
  public static final int BYTES = 64;

  /** {@link #PGTT}: first stage only. */
  public static final int FIRST_STAGE = 1;

  /** {@link #PGTT}: second stage only. */
  public static final int SECOND_STAGE = 2;

  /** {@link #PGTT}: first stage, its output through the second. */
  public static final int NESTED = 3;

  /** {@link #PGTT}: output address = input address. */
  public static final int PASS_THROUGH = 4;

  public static final Field P = flag("P", 0, "present");
  public static final Field FPD = flag("FPD", 1, "faults of this PASID are not recorded");
  public static final Field AW =
      number("AW", 4, 2, "second-stage address width")
          .value(1, "39 bits, 3 levels")
          .value(2, "48 bits, 4 levels")
          .value(3, "57 bits, 5 levels");
  public static final Field SSEE =
      flag("SSEE", 5, "second-stage execute bit is honoured").onlyWith("ERS");
  public static final Field PGTT =
      number("PGTT", 8, 6, "translation type")
          .value(FIRST_STAGE, "first stage")
          .value(SECOND_STAGE, "second stage")
          .value(NESTED, "nested")
          .value(PASS_THROUGH, "pass through");
  public static final Field SSADE =
      flag("SSADE", 9, "second-stage accessed and dirty bits").onlyWith("SSADS");
  public static final Field SSPTPTR = address("SSPTPTR", 63, 12, "top second-stage table");
  public static final Field DID = number("DID", 79, 64, "domain id");
  public static final Field PWSNP = flag("PWSNP", 87, "walks snoop").onlyWith("SMPWCS");
  public static final Field PGSNP = flag("PGSNP", 88, "the access itself snoops").onlyWith("SC");
  public static final Field CD = flag("CD", 89, "cache disable").onlyWith("MTS");
  public static final Field EMTE = flag("EMTE", 90, "extended memory type used").onlyWith("MTS");
  public static final Field EMT =
      number("EMT", 93, 91, "memory type of first-stage tables")
          .onlyWith("MTS")
          .measured(Measure.MEMORY_TYPE);
  public static final Field PWT = flag("PWT", 94, "write-through for the top table");
  public static final Field PCD = flag("PCD", 95, "cache disable for the top table");
  public static final Field PAT =
      number("PAT", 127, 96, "page attribute table, slots 0 to 7").measured(Measure.MEMORY_TYPES);
  public static final Field SRE = flag("SRE", 128, "supervisor requests allowed").onlyWith("SRS");
  public static final Field ERE = flag("ERE", 129, "execute requests allowed").onlyWith("ERS");
  public static final Field FSPM =
      number("FSPM", 131, 130, "first-stage depth").value(0, "4 levels").value(1, "5 levels");
  public static final Field WPE = flag("WPE", 132, "supervisor writes obey R/W");
  public static final Field NXE = flag("NXE", 133, "XD is honoured");
  public static final Field SMEP = flag("SMEP", 134, "supervisor must not execute user pages");
  public static final Field EAFE =
      flag("EAFE", 135, "extended-accessed bit is set").onlyWith("EAFS");
  public static final Field FSPTPTR = address("FSPTPTR", 191, 140, "top first-stage table");

  /** The whole entry. */
  public static final Layout LAYOUT =
      Layout.of(
          "PASID entry",
          512,
          "2.6",
          P,
          FPD,
          AW,
          SSEE,
          PGTT,
          SSADE,
          SSPTPTR,
          DID,
          PWSNP,
          PGSNP,
          CD,
          EMTE,
          EMT,
          PWT,
          PCD,
          PAT,
          SRE,
          ERE,
          FSPM,
          WPE,
          NXE,
          SMEP,
          EAFE,
          FSPTPTR);

  private PasidEntry() {}
}
