package org.iommulab.vtd.layout;

import static org.iommulab.bits.Field.address;
import static org.iommulab.bits.Field.flag;
import static org.iommulab.bits.Field.number;

import org.iommulab.bits.Field;
import org.iommulab.bits.Layout;
import org.iommulab.bits.Measure;
import org.jspecify.annotations.Nullable;

/**
 * The descriptors of the invalidation queue. All have the type in bits 11:9 and 3:0; in 256-bit
 * form the upper 128 bits are reserved. Source: vtd.md 7.2.
 */
public enum InvalidationDescriptor {
  /** Drops context-cache entries. */
  CONTEXT_CACHE(
      1,
      "cc_inv",
      number("G", 5, 4, "granularity").value(1, "global").value(2, "domain").value(3, "device"),
      number("DID", 31, 16, "domain id"),
      number("SID", 47, 32, "requester id").measured(Measure.REQUESTER),
      number("FM", 49, 48, "function bits ignored in the compare")
          .value(1, "bit 2")
          .value(2, "bits 2:1")
          .value(3, "bits 2:0")),
  /** Drops IOTLB entries of a domain. */
  IOTLB(
      2,
      "iotlb_inv",
      number("G", 5, 4, "granularity").value(1, "global").value(2, "domain").value(3, "page"),
      flag("DW", 6, "drain writes"),
      flag("DR", 7, "drain reads"),
      number("DID", 31, 16, "domain id"),
      number("AM", 69, 64, "address mask").measured(Measure.PAGES),
      flag("IH", 70, "hint: only leaf entries changed"),
      address("ADDR", 127, 76, "page address")),
  /** Drops entries of one device's own TLB. */
  DEVICE_TLB(
      3,
      "dev_tlb_inv",
      number("PFSID[3:0]", 15, 12, "physical function, low part").onlyWith("DIT"),
      number("MIP", 20, 16, "most invalidations pending").onlyWith("DIT"),
      number("SID", 47, 32, "requester id").measured(Measure.REQUESTER),
      number("PFSID[15:4]", 63, 52, "physical function, high part").onlyWith("DIT"),
      flag("S", 64, "more than one page, size in the address"),
      address("ADDR", 127, 76, "page address")),
  /** Drops cached interrupt entries. */
  INTERRUPT_ENTRY(
      4,
      "iec_inv",
      flag("G", 4, "granularity").value(0, "global").value(1, "index"),
      number("IM", 31, 27, "index mask").measured(Measure.ENTRIES),
      number("IIDX", 47, 32, "interrupt index")),
  /** Completes when everything before it has. */
  WAIT(
      5,
      "inv_wait",
      flag("IF", 4, "raise an invalidation event"),
      flag("SW", 5, "write the status"),
      flag("FN", 6, "fence: later descriptors wait"),
      flag("PD", 7, "drain page requests first").onlyWith("PDS"),
      number("STATUS_DATA", 63, 32, "status to write"),
      number("STATUS_ADDR[63:2]", 127, 66, "address of the status / 4")
          .measured(Measure.ADDRESS_4)),
  /** Drops first-stage and nested IOTLB entries of a PASID. */
  PASID_IOTLB(
      6,
      "p_iotlb_inv",
      number("G", 5, 4, "granularity").value(2, "all of the PASID").value(3, "page"),
      number("DID", 31, 16, "domain id"),
      number("PASID", 51, 32, "PASID"),
      number("AM", 69, 64, "address mask").measured(Measure.PAGES),
      flag("IH", 70, "hint: only leaf entries changed"),
      address("ADDR", 127, 76, "page address")),
  /** Drops PASID-cache entries. */
  PASID_CACHE(
      7,
      "pc_inv",
      number("G", 5, 4, "granularity")
          .value(0, "all PASIDs of the domain")
          .value(1, "one PASID")
          .value(3, "global"),
      number("DID", 31, 16, "domain id"),
      number("PASID", 51, 32, "PASID")),
  /** Drops entries of one PASID in a device's own TLB. */
  PASID_DEVICE_TLB(
      8,
      "p_dev_tlb_inv",
      number("MIP", 8, 4, "most invalidations pending").onlyWith("DIT"),
      number("PFSID[3:0]", 15, 12, "physical function, low part").onlyWith("DIT"),
      number("SID", 31, 16, "requester id").measured(Measure.REQUESTER),
      number("PASID", 51, 32, "PASID"),
      number("PFSID[15:4]", 63, 52, "physical function, high part").onlyWith("DIT"),
      flag("G", 64, "all PASIDs"),
      flag("S", 75, "more than one page, size in the address"),
      address("ADDR", 127, 76, "page address")),
  /** Answers a group of page requests. */
  PAGE_GROUP_RESPONSE(
      9,
      "page_grp_resp",
      flag("PP", 4, "carries a PASID"),
      number("RC", 15, 12, "response")
          .value(0, "success")
          .value(1, "invalid request")
          .value(15, "failure"),
      number("RID", 31, 16, "requester id").measured(Measure.REQUESTER),
      number("PASID", 51, 32, "PASID"),
      number("PRGI", 75, 67, "group index"));

  /** Low four bits of the type; bits 11:9, the high part, are zero in every known type. */
  public static final Field TYPE = Bits.LOW;

  /** High three bits of the type. */
  public static final Field TYPE_HIGH = Bits.HIGH;

  private final int type;
  private final String code;
  private final Layout layout;

  InvalidationDescriptor(int type, String code, Field... fields) {
    this.type = type;
    this.code = code;
    var all = new Field[fields.length + 2];
    System.arraycopy(fields, 0, all, 0, fields.length);
    all[fields.length] = Bits.LOW.value(type, code);
    all[fields.length + 1] = Bits.HIGH;
    this.layout = Layout.of(code, 128, "7.2", all);
  }

  /** Holder: enum constants cannot read static fields of their own enum. */
  private static final class Bits {
    static final Field LOW = number("TYPE", 3, 0, "descriptor type");
    static final Field HIGH = number("TYPE[6:4]", 11, 9, "descriptor type, high part");
  }

  /** The number in the descriptor's type field. */
  public int type() {
    return type;
  }

  /** The specification's short name, such as {@code iotlb_inv}. */
  public String code() {
    return code;
  }

  /** The 128 bits. */
  public Layout layout() {
    return layout;
  }

  /** The field of that name. */
  public Field field(String name) {
    return layout.field(name);
  }

  /** The kind of a descriptor by its first quadword, or null if the type is unknown. */
  public static @Nullable InvalidationDescriptor of(long quadword) {
    if (TYPE_HIGH.isSet(quadword)) {
      return null;
    }
    int type = (int) TYPE.get(quadword);
    return type >= 1 && type <= VALUES.length ? VALUES[type - 1] : null;
  }

  private static final InvalidationDescriptor[] VALUES = values();
}
