package org.iommulab.vtd.layout;

import static org.iommulab.bits.Field.address;
import static org.iommulab.bits.Field.flag;
import static org.iommulab.bits.Field.ignored;
import static org.iommulab.bits.Field.number;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.iommulab.bits.Field;
import org.iommulab.bits.Layout;
import org.iommulab.bits.Measure;
import org.iommulab.vtd.layout.Register.Access;
import org.iommulab.vtd.layout.Register.Place;
import org.jspecify.annotations.Nullable;

/** The register map: names, offsets, access rules and bits. Source: vtd.md 1.2, 1.3. */
public final class RegisterLayouts {

  private static final List<Register> MAP = new ArrayList<>();

  public static final Register VER =
      readOnly("VER", 0x00, 4, null, number("MIN", 3, 0, "minor"), number("MAX", 7, 4, "major"));
  public static final Register CAP = readOnly("CAP", 0x08, CapabilityLayout.LAYOUT);
  public static final Register ECAP = readOnly("ECAP", 0x10, ExtendedCapabilityLayout.LAYOUT);
  public static final Register GCMD =
      declare(
          "GCMD",
          0x18,
          4,
          Access.WRITE_ONLY,
          0,
          null,
          flag("TE", 31, "translate"),
          flag("SRTP", 30, "take over the root table address"),
          flag("SFL", 29, "take over the fault log address"),
          flag("EAFL", 28, "use the fault log"),
          flag("WBF", 27, "flush the write buffer"),
          flag("QIE", 26, "queued invalidation"),
          flag("IRE", 25, "remap interrupts"),
          flag("SIRTP", 24, "take over the interrupt table address"),
          flag("CFI", 23, "let compatibility interrupts pass"));
  public static final Register GSTS =
      readOnly(
          "GSTS",
          0x1C,
          4,
          null,
          flag("TES", 31, "translation is on"),
          flag("RTPS", 30, "root table address taken over"),
          flag("FLS", 29, "fault log address taken over"),
          flag("AFLS", 28, "fault log in use"),
          flag("WBFS", 27, "write buffer flush is running"),
          flag("QIES", 26, "queued invalidation is on"),
          flag("IRES", 25, "interrupt remapping is on"),
          flag("IRTPS", 24, "interrupt table address taken over"),
          flag("CFIS", 23, "compatibility interrupts pass"));
  public static final Register RTADDR =
      declare(
          "RTADDR",
          0x20,
          8,
          Access.READ_WRITE,
          0,
          null,
          number("TTM", 11, 10, "table mode")
              .value(0, "legacy")
              .value(1, "scalable")
              .value(2, "reserved")
              .value(3, "abort DMA"),
          address("RTA", 63, 12, "root table"));
  public static final Register CCMD =
      declare(
          "CCMD",
          0x28,
          8,
          Access.MIXED,
          0,
          null,
          number("DID", 15, 0, "domain id"),
          number("SID", 31, 16, "requester id").measured(Measure.REQUESTER),
          number("FM", 33, 32, "function bits ignored in the compare")
              .value(1, "bit 2")
              .value(2, "bits 2:1")
              .value(3, "bits 2:0"),
          done("CAIG", 60, 59),
          number("CIRG", 62, 61, "granularity wanted")
              .value(1, "global")
              .value(2, "domain")
              .value(3, "device"),
          flag("ICC", 63, "invalidate; falls when done"));
  public static final Register FSTS =
      declare(
          "FSTS",
          0x34,
          4,
          Access.WRITE_ONE_TO_CLEAR,
          0,
          null,
          flag("PFO", 0, "a fault was lost: no free record"),
          flag("PPF", 1, "a fault record is in use"),
          flag("AFO", 2, "the fault log overflowed"),
          flag("APF", 3, "the fault log holds a fault"),
          flag("IQE", 4, "the invalidation queue stopped at an error"),
          flag("ICE", 5, "unexpected device-TLB completion"),
          flag("ITE", 6, "a device did not answer an invalidation"),
          number("FRI", 15, 8, "first record in use"));
  public static final Register FECTL = eventControl("FECTL", 0x38, null);
  public static final Register FEDATA = eventData("FEDATA", 0x3C, null);
  public static final Register FEADDR = eventAddress("FEADDR", 0x40, null);
  public static final Register FEUADDR = eventUpperAddress("FEUADDR", 0x44, "EIM");
  public static final Register PMEN =
      declare(
          "PMEN",
          0x64,
          4,
          Access.MIXED,
          0,
          null,
          flag("PRS", 0, "protection is on"),
          flag("EPM", 31, "protect the memory regions"));
  public static final Register PLMBASE =
      pointer32("PLMBASE", 0x68, "PLMR", "low region, first address");
  public static final Register PLMLIMIT =
      pointer32("PLMLIMIT", 0x6C, "PLMR", "low region, last address");
  public static final Register PHMBASE =
      pointer64("PHMBASE", 0x70, "PHMR", "high region, first address");
  public static final Register PHMLIMIT =
      pointer64("PHMLIMIT", 0x78, "PHMR", "high region, last address");
  public static final Register IQH = queuePointer("IQH", 0x80, Access.READ_ONLY, "next to fetch");
  public static final Register IQT = queuePointer("IQT", 0x88, Access.READ_WRITE, "next to write");
  public static final Register IQA =
      declare(
          "IQA",
          0x90,
          8,
          Access.READ_WRITE,
          0,
          "QI",
          number("QS", 2, 0, "size of the queue").measured(Measure.PAGES),
          flag("DW", 11, "256-bit descriptors").onlyWith("SMTS"),
          address("IQA", 63, 12, "queue"));
  public static final Register ICS =
      declare(
          "ICS", 0x9C, 4, Access.WRITE_ONE_TO_CLEAR, 0, "QI", flag("IWC", 0, "a wait completed"));
  public static final Register IECTL = eventControl("IECTL", 0xA0, "QI");
  public static final Register IEDATA = eventData("IEDATA", 0xA4, "QI");
  public static final Register IEADDR = eventAddress("IEADDR", 0xA8, "QI");
  public static final Register IEUADDR = eventUpperAddress("IEUADDR", 0xAC, "EIM");
  public static final Register IQERCD =
      readOnly(
          "IQERCD",
          0xB0,
          8,
          "QI",
          number("IQEI", 3, 0, "queue error")
              .value(0, "no information")
              .value(1, "tail beyond the queue")
              .value(2, "descriptor unreadable")
              .value(3, "invalid type")
              .value(4, "reserved bits")
              .value(5, "invalid width")
              .value(6, "tail not aligned")
              .value(7, "invalid table mode"),
          number("ITESID", 47, 32, "device that did not answer").measured(Measure.REQUESTER),
          number("ICESID", 63, 48, "device of the unexpected completion")
              .measured(Measure.REQUESTER));
  public static final Register IRTA =
      declare(
          "IRTA",
          0xB8,
          8,
          Access.READ_WRITE,
          0,
          "IR",
          number("S", 3, 0, "size of the table").measured(Measure.ENTRIES_1),
          flag("EIME", 11, "32-bit APIC ids").onlyWith("EIM"),
          address("IRTA", 63, 12, "interrupt remapping table"));
  public static final Register PQH = pageQueuePointer("PQH", 0xC0, "next for software to take");
  public static final Register PQT = pageQueuePointer("PQT", 0xC8, "next for hardware to fill");
  public static final Register PQA =
      declare(
          "PQA",
          0xD0,
          8,
          Access.READ_WRITE,
          0,
          "PRS",
          number("PQS", 2, 0, "size of the queue").measured(Measure.PAGES),
          address("PQA", 63, 12, "page request queue"));
  public static final Register PRS =
      declare(
          "PRS",
          0xDC,
          4,
          Access.WRITE_ONE_TO_CLEAR,
          0,
          "PRS",
          flag("PPR", 0, "a page request is waiting"),
          flag("PRO", 1, "a page request was lost"));
  public static final Register PECTL = eventControl("PECTL", 0xE0, "PRS");
  public static final Register PEDATA = eventData("PEDATA", 0xE4, "PRS");
  public static final Register PEADDR = eventAddress("PEADDR", 0xE8, "PRS");
  public static final Register PEUADDR = eventUpperAddress("PEUADDR", 0xEC, "PRS");
  public static final Register IVA =
      declare(
          "IVA",
          Place.IOTLB_REGISTERS,
          0,
          8,
          Access.WRITE_ONLY,
          0,
          null,
          number("AM", 5, 0, "address mask").measured(Measure.PAGES),
          flag("IH", 6, "hint: only leaf entries changed"),
          ignored(11, 7),
          address("ADDR", 63, 12, "page address"));
  public static final Register IOTLB =
      declare(
          "IOTLB",
          Place.IOTLB_REGISTERS,
          8,
          8,
          Access.MIXED,
          0,
          null,
          number("DID", 47, 32, "domain id"),
          flag("DW", 48, "drain writes"),
          flag("DR", 49, "drain reads"),
          done("IAIG", 58, 57),
          number("IIRG", 61, 60, "granularity wanted")
              .value(1, "global")
              .value(2, "domain")
              .value(3, "page"),
          flag("IVT", 63, "invalidate; falls when done"));

  /** The first fault record; the others follow at 16 bytes each. */
  public static final Register FRCD =
      add(
          new Register(
              "FRCD",
              Place.FAULT_RECORDS,
              0,
              16,
              Access.WRITE_ONE_TO_CLEAR,
              0,
              0,
              0,
              null,
              FaultRecord.LAYOUT));

  private static final List<Register> ALL = List.copyOf(MAP);

  /** The registers every dump of a unit shows, in the order of the map. */
  public static List<Register> all() {
    return ALL;
  }

  /** Those and the ones that few units have. */
  public static List<Register> withOptional() {
    return Stream.concat(ALL.stream(), OptionalRegisters.ALL.stream()).toList();
  }

  /** The registers a unit with these features has; {@code PMEN} always reads. */
  public static List<Register> existing(Set<String> features) {
    return withOptional().stream()
        .filter(register -> register.feature() == null || features.contains(register.feature()))
        .toList();
  }

  private static Field done(String name, int high, int low) {
    return number(name, high, low, "granularity done")
        .value(0, "none: error")
        .value(1, "global")
        .value(2, "domain")
        .value(3, "device or page");
  }

  private static Register eventControl(String name, int offset, @Nullable String feature) {
    return add(RegisterForms.eventControl(name, offset, feature));
  }

  private static Register eventData(String name, int offset, @Nullable String feature) {
    return add(RegisterForms.eventData(name, offset, feature));
  }

  private static Register eventAddress(String name, int offset, @Nullable String feature) {
    return add(RegisterForms.eventAddress(name, offset, feature));
  }

  private static Register eventUpperAddress(String name, int offset, @Nullable String feature) {
    return add(RegisterForms.eventUpperAddress(name, offset, feature));
  }

  private static Register queuePointer(String name, int offset, Access access, String meaning) {
    return declare(name, offset, 8, access, 0, "QI", number("Q" + name.charAt(2), 18, 4, meaning));
  }

  private static Register pageQueuePointer(String name, int offset, String meaning) {
    return declare(name, offset, 8, Access.READ_WRITE, 0, "PRS", number(name, 18, 5, meaning));
  }

  private static Register pointer32(String name, int offset, String feature, String meaning) {
    return declare(
        name, offset, 4, Access.READ_WRITE, 0, feature, address("ADDR", 31, 12, meaning));
  }

  private static Register pointer64(String name, int offset, String feature, String meaning) {
    return declare(
        name, offset, 8, Access.READ_WRITE, 0, feature, address("ADDR", 63, 12, meaning));
  }

  private static Register readOnly(String name, int offset, Layout layout) {
    return add(
        new Register(
            name, Place.UNIT, offset, layout.bits() / 8, Access.READ_ONLY, 0, 0, 0, null, layout));
  }

  private static Register readOnly(
      String name, int offset, int bytes, @Nullable String feature, Field... fields) {
    return declare(name, offset, bytes, Access.READ_ONLY, 0, feature, fields);
  }

  private static Register declare(
      String name,
      int offset,
      int bytes,
      Access access,
      long reset,
      @Nullable String feature,
      Field... fields) {
    return declare(name, Place.UNIT, offset, bytes, access, reset, feature, fields);
  }

  private static Register declare(
      String name,
      Place place,
      int offset,
      int bytes,
      Access access,
      long reset,
      @Nullable String feature,
      Field... fields) {
    return add(RegisterForms.register(name, place, offset, bytes, access, reset, feature, fields));
  }

  private static Register add(Register register) {
    MAP.add(register);
    return register;
  }

  private RegisterLayouts() {}
}
