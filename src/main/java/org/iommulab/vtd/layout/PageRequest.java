package org.iommulab.vtd.layout;

import static org.iommulab.bits.Field.address;
import static org.iommulab.bits.Field.flag;
import static org.iommulab.bits.Field.number;

import org.iommulab.bits.Field;
import org.iommulab.bits.Layout;
import org.iommulab.bits.Measure;

/** A page request descriptor of 32 bytes in the page request queue. Source: vtd.md 9. */
public final class PageRequest {

  /** Bytes of a descriptor. */
  public static final int BYTES = 32;

  /** {@link #TYPE} of a page request. */
  public static final int PAGE_REQUEST = 1;

  public static final Field TYPE =
      number("TYPE", 7, 0, "descriptor type").value(PAGE_REQUEST, "page request");
  public static final Field PP = flag("PP", 8, "carries a PASID");
  public static final Field RID = number("RID", 31, 16, "requester id").measured(Measure.REQUESTER);
  public static final Field PASID = number("PASID", 51, 32, "PASID");
  public static final Field EXR = flag("EXR", 52, "execute access wanted");
  public static final Field PMR = flag("PMR", 53, "privileged access wanted");
  public static final Field RDR = flag("RDR", 64, "read access wanted");
  public static final Field WRR = flag("WRR", 65, "write access wanted");
  public static final Field LPIG = flag("LPIG", 66, "last request of the group");
  public static final Field PRGI = number("PRGI", 75, 67, "group index");
  public static final Field ADDR = address("ADDR", 127, 76, "page address");

  /** The whole descriptor. */
  public static final Layout LAYOUT =
      Layout.of(
          "Page request", 256, "9", TYPE, PP, RID, PASID, EXR, PMR, RDR, WRR, LPIG, PRGI, ADDR);

  private PageRequest() {}
}
