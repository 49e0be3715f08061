package org.iommulab.vtd.layout;

import static org.iommulab.bits.Field.flag;
import static org.iommulab.bits.Field.ignored;
import static org.iommulab.bits.Field.number;

import org.iommulab.bits.Field;
import org.iommulab.bits.Layout;
import org.iommulab.bits.Measure;

/** An interrupt remapping table entry of 128 bits. Source: vtd.md 8.3. */
public final class Irte {

  /** Bytes of one entry. */
  public static final int BYTES = 16;

  public static final Field P = flag("P", 0, "present");
  public static final Field FPD = flag("FPD", 1, "faults of this entry are not recorded");
  public static final Field DM =
      flag("DM", 2, "destination mode").value(0, "physical").value(1, "logical");
  public static final Field RH = flag("RH", 3, "redirection hint");
  public static final Field TM = flag("TM", 4, "trigger mode").value(0, "edge").value(1, "level");
  public static final Field DLM =
      number("DLM", 7, 5, "delivery mode")
          .value(0, "fixed")
          .value(1, "lowest priority")
          .value(2, "SMI")
          .value(4, "NMI")
          .value(5, "INIT")
          .value(7, "ExtINT");
  public static final Field AVAIL = ignored(11, 8);
  public static final Field URG = flag("URG", 14, "urgent: notify although suppressed");
  public static final Field IM =
      flag("IM", 15, "mode").value(0, "remapped").value(1, "posted").onlyWith("PI");
  public static final Field V = number("V", 23, 16, "vector");
  public static final Field DST = number("DST", 63, 32, "destination APIC id");
  public static final Field SID =
      number("SID", 79, 64, "allowed requester id").measured(Measure.REQUESTER);
  public static final Field SQ =
      number("SQ", 81, 80, "id bits compared")
          .value(0, "all")
          .value(1, "all but bit 2")
          .value(2, "all but bits 2:1")
          .value(3, "all but bits 2:0");
  public static final Field SVT =
      number("SVT", 83, 82, "source validation")
          .value(0, "none")
          .value(1, "requester id")
          .value(2, "bus range")
          .value(3, "reserved");
  public static final Field PDA_LOW = number("PDA[31:6]", 63, 38, "posted descriptor, low part");
  public static final Field PDA_HIGH =
      number("PDA[63:32]", 127, 96, "posted descriptor, high part");

  /** A remapped entry (IM = 0). With EIME = 0 only DST 15:8 may be set. */
  public static final Layout REMAPPED =
      Layout.of(
          "Interrupt entry", 128, "8.3", P, FPD, DM, RH, TM, DLM, AVAIL, IM, V, DST, SID, SQ, SVT);

  /** A posted entry (IM = 1). */
  public static final Layout POSTED =
      Layout.of(
          "Posted interrupt entry",
          128,
          "8.3",
          P,
          FPD,
          AVAIL,
          URG,
          IM,
          V,
          PDA_LOW,
          SID,
          SQ,
          SVT,
          PDA_HIGH);

  private Irte() {}
}
