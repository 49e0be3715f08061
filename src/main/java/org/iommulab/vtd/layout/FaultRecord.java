package org.iommulab.vtd.layout;

import static org.iommulab.bits.Field.address;
import static org.iommulab.bits.Field.flag;
import static org.iommulab.bits.Field.number;

import org.iommulab.bits.Field;
import org.iommulab.bits.Layout;
import org.iommulab.bits.Measure;

/**
 * A fault recording register of 128 bits. Source: vtd.md 5.3.
 *
 * <pre>
 *  127 126 125 124 123 104 103 96 95  94  93  92 91  80 79  64 63  12 11   0
 * | F |T1 |  AT   |  PV   |  FR  |PP|EXE|PRIV|T2| rsvd | SID  |  FI  | rsvd |
 * </pre>
 */
public final class FaultRecord {

  public static final Field FI =
      address("FI", 63, 12, "page address; for interrupts the index in 63:48");
  public static final Field SID = number("SID", 79, 64, "requester id").measured(Measure.REQUESTER);
  public static final Field T2 = flag("T2", 92, "type, low bit");
  public static final Field PRIV = flag("PRIV", 93, "privileged request");
  public static final Field EXE = flag("EXE", 94, "execute request");
  public static final Field PP = flag("PP", 95, "the request had a PASID");
  public static final Field FR = number("FR", 103, 96, "fault reason");
  public static final Field PV = number("PV", 123, 104, "PASID");
  public static final Field AT =
      number("AT", 125, 124, "address type")
          .value(0, "untranslated")
          .value(1, "translation request")
          .value(2, "translated");
  public static final Field T1 =
      flag("T1", 126, "type, high bit: 0 write or page request, 1 read or atomic")
          .value(0, "write")
          .value(1, "read");
  public static final Field F = flag("F", 127, "holds a fault; write 1 to clear");

  /** The whole record. */
  public static final Layout LAYOUT =
      Layout.of("Fault record", 128, "5.3", FI, SID, T2, PRIV, EXE, PP, FR, PV, AT, T1, F);

  private FaultRecord() {}
}
