package org.iommulab.vtd.layout;

import static org.iommulab.bits.Field.address;
import static org.iommulab.bits.Field.flag;
import static org.iommulab.bits.Field.ignored;
import static org.iommulab.bits.Field.number;

import org.iommulab.bits.Field;
import org.iommulab.bits.Layout;

/**
 * A legacy context entry; 256 of them per bus, the index is device and function.
 *
 * <pre>
 *  127   88 87  72 71 70   67 66 64 63      12 11   4 3  2  1   0
 * |  rsvd  | DID  |r | AVAIL | AW  | SSPTPTR  | rsvd | TT |FPD| P |
 * </pre>
 *
 * Source: vtd.md 2.2.
 */
public final class ContextEntry {

  /** Bytes of one entry. */
  public static final int BYTES = 16;

  /** {@link #TT}: untranslated requests are translated, all others blocked. */
  public static final int TRANSLATE = 0;

  /** {@link #TT}: as {@link #TRANSLATE}, and the device may use a device-TLB. */
  public static final int TRANSLATE_WITH_DEVICE_TLB = 1;

  /** {@link #TT}: output address = input address. */
  public static final int PASS_THROUGH = 2;

  public static final Field P = flag("P", 0, "present");
  public static final Field FPD =
      flag("FPD", 1, "faults of this device are not recorded; counts even when P = 0");
  public static final Field TT =
      number("TT", 3, 2, "translation type")
          .value(TRANSLATE, "translate")
          .value(TRANSLATE_WITH_DEVICE_TLB, "translate, device-TLB allowed")
          .value(PASS_THROUGH, "pass through")
          .value(3, "reserved");
  public static final Field SSPTPTR = address("SSPTPTR", 63, 12, "top second-stage table");
  public static final Field AW =
      number("AW", 66, 64, "address width")
          .value(1, "39 bits, 3 levels")
          .value(2, "48 bits, 4 levels")
          .value(3, "57 bits, 5 levels");
  public static final Field AVAIL = ignored(70, 67);
  public static final Field DID = number("DID", 87, 72, "domain id");

  /** The whole entry. */
  public static final Layout LAYOUT =
      Layout.of("Context entry", 128, "2.2", P, FPD, TT, SSPTPTR, AW, AVAIL, DID);

  private ContextEntry() {}
}
