package org.iommulab.evidence.inspection;

import org.iommulab.bits.Field;
import org.iommulab.bus.SourceId;
import org.iommulab.vtd.layout.InvalidationDescriptor;
import org.iommulab.vtd.layout.Irte;
import org.iommulab.vtd.tables.InterruptTable;
import org.iommulab.vtd.tables.IrteNode;
import org.iommulab.vtd.tables.PageRequestRing;
import org.iommulab.vtd.tables.QueueContents;

/** Invalidation queue and interrupt entries of an inspection. */
final class QueueSection {

  private final JsonWriter json;

  QueueSection(JsonWriter json) {
    this.json = json;
  }

  void queue(QueueContents queue) {
    json.hex("address", queue.address());
    json.number("bytes", queue.bytes());
    json.number("descriptor_bytes", queue.descriptorBytes());
    json.flag("iqa_dw_as_read", queue.widthBit());
    json.hex("head", queue.head());
    json.hex("tail", queue.tail());
    json.array("descriptors", queue.descriptors(), this::descriptor);
  }

  void pageRequests(PageRequestRing queue) {
    json.hex("address", queue.address());
    json.number("bytes", queue.bytes());
    json.hex("head", queue.head());
    json.hex("tail", queue.tail());
  }

  private void descriptor(QueueContents.Descriptor descriptor) {
    json.number("slot", descriptor.slot());
    json.hexes("qwords", descriptor.quadwords());
    json.number("type", descriptor.type());
    InvalidationDescriptor kind = InvalidationDescriptor.of(descriptor.quadwords()[0]);
    json.text("name", kind == null ? "unknown" : name(kind));
    if (kind != null) {
      fields(kind, descriptor.quadwords());
    }
  }

  static String name(InvalidationDescriptor kind) {
    return switch (kind) {
      case CONTEXT_CACHE -> "context-cache";
      case IOTLB -> "iotlb";
      case DEVICE_TLB -> "dev-iotlb";
      case INTERRUPT_ENTRY -> "iec";
      case WAIT -> "wait";
      case PASID_IOTLB -> "pasid-iotlb";
      case PASID_CACHE -> "pasid-cache";
      case PASID_DEVICE_TLB -> "pasid-dev-iotlb";
      case PAGE_GROUP_RESPONSE -> "page-group-response";
    };
  }

  private void fields(InvalidationDescriptor kind, long[] quadwords) {
    for (Field field : kind.layout().fields()) {
      long value = field.get(quadwords);
      switch (field.name()) {
        case "G", "DW", "DR", "DID", "FM", "AM", "IH", "MIP", "S", "IM", "IIDX", "PASID" ->
            json.number(lower(field), value);
        case "IF", "SW", "FN" -> json.number(field.name(), value);
        case "STATUS_DATA" -> json.number("status", value);
        case "STATUS_ADDR[63:2]" -> json.hex("addr", value << 2);
        case "SID", "ADDR" -> json.hex(lower(field), value);
        case "RID", "RC", "PRGI", "PP" -> json.number(lower(field), value);
        default -> {
          // Type, reserved bits and what the schema does not name.
        }
      }
    }
  }

  private static String lower(Field field) {
    return field.name().toLowerCase(java.util.Locale.ROOT);
  }

  void interruptTable(InterruptTable table) {
    json.hex("address", table.address());
    json.number("entries", table.entries());
    json.flag("x2apic_eime", table.extended());
  }

  void irte(IrteNode irte) {
    long destination = Irte.DST.get(irte.lo());
    json.number("index", irte.index());
    json.hex("lo", irte.lo());
    json.hex("hi", irte.hi());
    json.number("present", Irte.P.get(irte.lo()));
    json.number("fpd", Irte.FPD.get(irte.lo()));
    json.number("dm", Irte.DM.get(irte.lo()));
    json.number("rh", Irte.RH.get(irte.lo()));
    json.number("tm", Irte.TM.get(irte.lo()));
    json.number("dlm", Irte.DLM.get(irte.lo()));
    json.number("im_posted", Irte.IM.get(irte.lo()));
    json.number("vector", Irte.V.get(irte.lo()));
    json.number("dest", destination);
    json.number("dest_xapic", destination >>> 8 & 0xFF);
    json.text("sid", new SourceId((int) Irte.SID.get(irte.hi())).toString());
    json.number("sq", Irte.SQ.get(irte.hi()));
    json.number("svt", Irte.SVT.get(irte.hi()));
  }
}
