package org.iommulab.evidence.inspection;

import java.util.List;
import org.iommulab.bits.Field;
import org.iommulab.vtd.layout.CapabilityLayout;
import org.iommulab.vtd.layout.ExtendedCapabilityLayout;
import org.iommulab.vtd.layout.Register;
import org.iommulab.vtd.layout.RegisterLayouts;
import org.iommulab.vtd.tables.FaultNode;
import org.iommulab.vtd.tables.RegisterValues;

/** The registers of an inspection, raw and decoded. */
final class RegisterSection {

  /** Registers of old or optional features that the map of ours does not declare. */
  private enum Extra {
    AFLOG(0x58),
    MTRRCAP(0x100),
    MTRRDEF(0x108);

    final int offset;

    Extra(int offset) {
      this.offset = offset;
    }
  }

  private static final List<String> GSTS_FIELDS =
      List.of("TES", "RTPS", "FLS", "AFLS", "WBFS", "QIES", "IRES", "IRTPS", "CFIS");
  private static final List<String> FSTS_FIELDS = List.of("PFO", "PPF", "IQE", "ICE", "ITE", "FRI");

  private final RegisterValues registers;
  private final JsonWriter json;

  RegisterSection(RegisterValues registers, JsonWriter json) {
    this.registers = registers;
    this.json = json;
  }

  void write() {
    json.object("registers", this::raw);
    json.object("fields", this::fields);
    json.startArray("fault_records");
    for (int i = 0; i < registers.faultRecords(); i++) {
      FaultNode record = registers.faultRecord(i);
      json.object(() -> fault(record));
    }
    json.endArray();
  }

  private void raw() {
    for (Register register : RegisterLayouts.all()) {
      if (register.bytes() <= 8) {
        raw(register.name(), registers.offset(register), register.bytes());
      }
    }
    for (Extra extra : Extra.values()) {
      raw(extra.name(), extra.offset, 8);
    }
  }

  private void raw(String name, int offset, int size) {
    json.object(
        name,
        () -> {
          json.hex("offset", offset);
          json.number("size", size);
          json.hex("value", registers.read(offset, size));
        });
  }

  private void fields() {
    json.object("CAP", this::cap);
    json.object("ECAP", this::ecap);
    json.object("GSTS", () -> named(RegisterLayouts.GSTS, registers.gsts(), GSTS_FIELDS));
    json.object(
        "RTADDR",
        () -> {
          json.hex("address", RegisterLayouts.RTADDR.field("RTA").get(registers.rtaddr()));
          json.number("TTM", RegisterLayouts.RTADDR.field("TTM").get(registers.rtaddr()));
        });
    json.object(
        "IQA",
        () -> {
          json.hex("address", RegisterLayouts.IQA.field("IQA").get(registers.iqa()));
          named(RegisterLayouts.IQA, registers.iqa(), List.of("DW", "QS"));
        });
    json.object(
        "IRTA",
        () -> {
          json.hex("address", RegisterLayouts.IRTA.field("IRTA").get(registers.irta()));
          json.number("EIME", RegisterLayouts.IRTA.field("EIME").get(registers.irta()));
          json.number("S", RegisterLayouts.IRTA.field("S").get(registers.irta()));
        });
    json.object("FSTS", () -> named(RegisterLayouts.FSTS, registers.fsts(), FSTS_FIELDS));
  }

  private void named(Register register, long value, List<String> names) {
    for (String name : names) {
      json.number(name, register.field(name).get(value));
    }
  }

  private void cap() {
    long cap = registers.cap();
    long domains = CapabilityLayout.ND.get(cap);
    json.number("ND", domains);
    json.number("domains", 1L << 4 + 2 * domains);
    plain(cap, CapabilityLayout.RWBF, CapabilityLayout.PLMR, CapabilityLayout.PHMR);
    plain(cap, CapabilityLayout.CM);
    json.hex("SAGAW", CapabilityLayout.SAGAW.get(cap));
    json.number("MGAW", CapabilityLayout.MGAW.get(cap) + 1);
    plain(cap, CapabilityLayout.ZLR);
    json.hex("FRO", 16 * CapabilityLayout.FRO.get(cap));
    json.number("SLLPS_2M", CapabilityLayout.SSLPS.get(cap) & 1);
    json.number("SLLPS_1G", CapabilityLayout.SSLPS.get(cap) >>> 1 & 1);
    plain(cap, CapabilityLayout.PSI);
    json.number("NFR", CapabilityLayout.NFR.get(cap) + 1);
    plain(cap, CapabilityLayout.MAMV, CapabilityLayout.DWD, CapabilityLayout.DRD);
    json.number("FL1GP", CapabilityLayout.FS1GP.get(cap));
    plain(cap, CapabilityLayout.PI);
    json.number("FL5LP", CapabilityLayout.FS5LP.get(cap));
    plain(cap, CapabilityLayout.ESIRTPS, CapabilityLayout.ESRTPS);
  }

  private void ecap() {
    long ecap = registers.ecap();
    plain(
        ecap,
        ExtendedCapabilityLayout.C,
        ExtendedCapabilityLayout.QI,
        ExtendedCapabilityLayout.DT,
        ExtendedCapabilityLayout.IR,
        ExtendedCapabilityLayout.EIM,
        ExtendedCapabilityLayout.PT,
        ExtendedCapabilityLayout.SC);
    json.hex("IRO", 16 * ExtendedCapabilityLayout.IRO.get(ecap));
    plain(
        ecap,
        ExtendedCapabilityLayout.MHMV,
        ExtendedCapabilityLayout.MTS,
        ExtendedCapabilityLayout.NEST,
        ExtendedCapabilityLayout.PRS,
        ExtendedCapabilityLayout.ERS,
        ExtendedCapabilityLayout.SRS,
        ExtendedCapabilityLayout.NWFS,
        ExtendedCapabilityLayout.EAFS,
        ExtendedCapabilityLayout.PSS,
        ExtendedCapabilityLayout.PASID,
        ExtendedCapabilityLayout.DIT,
        ExtendedCapabilityLayout.PDS,
        ExtendedCapabilityLayout.SMTS,
        ExtendedCapabilityLayout.VCS);
    json.number("SLADS", ExtendedCapabilityLayout.SSADS.get(ecap));
    json.number("SLTS", ExtendedCapabilityLayout.SSTS.get(ecap));
    json.number("FLTS", ExtendedCapabilityLayout.FSTS.get(ecap));
    plain(ecap, ExtendedCapabilityLayout.SMPWCS, ExtendedCapabilityLayout.RPS);
  }

  private void plain(long value, Field... fields) {
    for (Field field : fields) {
      json.number(field.name(), field.get(value));
    }
  }

  private void fault(FaultNode record) {
    json.number("index", record.index());
    json.hex("lo", record.lo());
    json.hex("hi", record.hi());
    json.flag("F", record.pending());
    json.flag("T", record.read());
    json.text("type", record.read() ? "read" : "write");
    json.number("AT", record.addressType());
    json.hex("reason", record.reason());
    json.text("sid", record.source().toString());
    json.hex("address", record.address());
  }
}
