package org.iommulab.vtd.layout;

import static org.iommulab.bits.Field.address;
import static org.iommulab.bits.Field.flag;
import static org.iommulab.bits.Field.number;

import org.iommulab.bits.Field;
import org.iommulab.bits.Layout;
import org.iommulab.bits.Measure;

/**
 * A scalable-mode context entry; 128 of them per table, the index is devfn 6:0.
 *
 * <pre>
 *  255  85 84       83      64 63          12 11   9 8    5  4    3     2   1   0
 * | rsvd  |RID_PRIV|RID_PASID | PASIDDIRPTR  | PDTS | rsvd |PRE|PASIDE|DTE|FPD| P |
 * </pre>
 *
 * Source: vtd.md 2.4.
 */
public final class ScalableContextEntry {

  /** Bytes of one entry. */
  public static final int BYTES = 32;

  public static final Field P = flag("P", 0, "present");
  public static final Field FPD = flag("FPD", 1, "faults of this device are not recorded");
  public static final Field DTE =
      flag("DTE", 2, "translation and translated requests allowed").onlyWith("DT");
  public static final Field PASIDE =
      flag("PASIDE", 3, "requests with PASID allowed").onlyWith("PASID");
  public static final Field PRE = flag("PRE", 4, "page requests allowed").onlyWith("PRS");
  public static final Field PDTS =
      number("PDTS", 11, 9, "size of the PASID directory").measured(Measure.ENTRIES_7);
  public static final Field PASIDDIRPTR = address("PASIDDIRPTR", 63, 12, "PASID directory");
  public static final Field RID_PASID =
      number("RID_PASID", 83, 64, "PASID of requests that carry none").onlyWith("RPS");
  public static final Field RID_PRIV =
      flag("RID_PRIV", 84, "requests without PASID are privileged").onlyWith("RPRIVS");

  /** The whole entry. */
  public static final Layout LAYOUT =
      Layout.of(
          "Scalable context entry",
          256,
          "2.4",
          P,
          FPD,
          DTE,
          PASIDE,
          PRE,
          PDTS,
          PASIDDIRPTR,
          RID_PASID,
          RID_PRIV);

  private ScalableContextEntry() {}
}
