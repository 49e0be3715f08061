package org.iommulab.vtd.layout;

import static org.iommulab.bits.Field.flag;
import static org.iommulab.bits.Field.number;

import org.iommulab.bits.Field;
import org.iommulab.bits.Layout;

/** A posted-interrupt descriptor: 64 bytes, aligned to 64. Source: vtd.md 8.4. */
public final class PostedDescriptor {

  public static final Field PIR0 = number("PIR[63:0]", 63, 0, "requested vectors 0 to 63");
  public static final Field PIR1 = number("PIR[127:64]", 127, 64, "requested vectors 64 to 127");
  public static final Field PIR2 = number("PIR[191:128]", 191, 128, "vectors 128 to 191");
  public static final Field PIR3 = number("PIR[255:192]", 255, 192, "vectors 192 to 255");
  public static final Field ON = flag("ON", 256, "a notification is outstanding");
  public static final Field SN = flag("SN", 257, "suppress notifications");
  public static final Field NV = number("NV", 279, 272, "notification vector");
  public static final Field NDST = number("NDST", 319, 288, "notification destination");

  /** The whole descriptor. */
  public static final Layout LAYOUT =
      Layout.of(
          "Posted-interrupt descriptor", 512, "8.4", PIR0, PIR1, PIR2, PIR3, ON, SN, NV, NDST);

  private PostedDescriptor() {}
}
