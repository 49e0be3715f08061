package org.iommulab.vtd.layout;

import static org.iommulab.bits.Field.address;
import static org.iommulab.bits.Field.flag;
import static org.iommulab.bits.Field.ignored;
import static org.iommulab.bits.Field.number;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.iommulab.bits.Field;
import org.iommulab.bits.Measure;
import org.iommulab.vtd.layout.Register.Access;

/**
 * Registers that few units have: memory types (MTS), performance monitoring (PMS), enhanced
 * commands (ECMDS) and virtual commands (VCS). Where offsets and numbers are up to the
 * implementation, these are this laboratory's. Source: vtd.md 1.2, 1.3, 12.
 */
public final class OptionalRegisters {

  /** Number of performance counters. */
  public static final int COUNTERS = 2;

  /** Bits of a performance counter: few, so that an overflow can be lived through. */
  public static final int COUNTER_BITS = 16;

  /** Event groups: requests, memory, entry caches, IOTLB, interrupt cache. */
  public static final int EVENT_GROUPS = 5;

  /** Bytes from one counter to the next. */
  public static final int COUNTER_STRIDE = 1024;

  private static final int CONFIGURATION = 0x600;
  private static final int CONFIGURATION_STRIDE = 0x100;
  private static final int OVERFLOW = 0x5F0;
  private static final int COUNTER = 0x800;
  private static final int RANGES = 10;

  static final List<Register> ALL = new ArrayList<>();

  // ---- memory types ----------------------------------------------------------------------------

  public static final Register MTRRCAP =
      add(
          RegisterForms.at(
              "MTRRCAP",
              0x100,
              8,
              Access.READ_ONLY,
              1 << 10 | 1 << 8 | RANGES,
              "MTS",
              number("VCNT", 7, 0, "range registers"),
              flag("FIX", 8, "fixed ranges"),
              flag("WC", 10, "write combining")));

  public static final Register MTRRDEF =
      add(
          RegisterForms.at(
              "MTRRDEF",
              0x108,
              8,
              Access.READ_WRITE,
              0,
              "MTS",
              number("TYPE", 7, 0, "memory type outside all ranges").measured(Measure.MEMORY_TYPE),
              flag("FE", 10, "fixed ranges count"),
              flag("E", 11, "ranges count")));

  static {
    fixed("MTRR_FIX64K_00000", 0x120);
    fixed("MTRR_FIX16K_80000", 0x128);
    fixed("MTRR_FIX16K_A0000", 0x130);
    for (int i = 0; i < 8; i++) {
      fixed(String.format(Locale.ROOT, "MTRR_FIX4K_%X", 0xC0000 + i * 0x8000), 0x138 + 8 * i);
    }
    for (int i = 0; i < RANGES; i++) {
      range(i);
    }
  }

  private static void fixed(String name, int offset) {
    var types = new Field[8];
    for (int i = 0; i < 8; i++) {
      types[i] = number("R" + i, 8 * i + 7, 8 * i, "memory type").measured(Measure.MEMORY_TYPE);
    }
    add(RegisterForms.at(name, offset, 8, Access.READ_WRITE, 0, "MTS", types));
  }

  private static void range(int index) {
    add(
        RegisterForms.at(
            "MTRR_PHYSBASE" + index,
            0x180 + 16 * index,
            8,
            Access.READ_WRITE,
            0,
            "MTS",
            number("TYPE", 7, 0, "memory type").measured(Measure.MEMORY_TYPE),
            address("BASE", 51, 12, "first address")));
    add(
        RegisterForms.at(
            "MTRR_PHYSMASK" + index,
            0x188 + 16 * index,
            8,
            Access.READ_WRITE,
            0,
            "MTS",
            flag("V", 11, "the range counts"),
            address("MASK", 51, 12, "address bits compared")));
  }

  // ---- performance monitoring ------------------------------------------------------------------

  public static final Register PERFCAP =
      add(
          RegisterForms.at(
              "PERFCAP",
              0x300,
              8,
              Access.READ_ONLY,
              COUNTERS | (long) COUNTER_BITS << 16 | (long) EVENT_GROUPS << 24 | 1L << 50,
              "PMS",
              number("NC", 15, 0, "counters"),
              number("CW", 22, 16, "bits of a counter").measured(Measure.BITS),
              number("NEG", 28, 24, "event groups"),
              number("FILTERS", 36, 32, "kinds of filters")
                  .measured(Measure.SET)
                  .value(0, "none")
                  .value(1, "requester")
                  .value(2, "domain")
                  .value(4, "PASID")
                  .value(8, "address type")
                  .value(16, "page table"),
              flag("INT", 50, "interrupt on overflow"),
              number("STRIDE", 54, 52, "from one counter to the next").measured(Measure.BYTES_10)));

  public static final Register PERFCFGOFF = offset("PERFCFGOFF", 0x310, CONFIGURATION);
  public static final Register PERFOVFOFF = offset("PERFOVFOFF", 0x318, OVERFLOW);
  public static final Register PERFCNTROFF = offset("PERFCNTROFF", 0x31C, COUNTER);

  public static final Register PERFINTRSTS =
      add(
          RegisterForms.at(
              "PERFINTRSTS",
              0x324,
              4,
              Access.WRITE_ONE_TO_CLEAR,
              0,
              "PMS",
              flag("PIS", 0, "a counter overflowed")));

  public static final Register PERFINTRCTL =
      add(RegisterForms.eventControl("PERFINTRCTL", 0x328, "PMS"));

  static {
    add(RegisterForms.eventData("PERFINTRDATA", 0x32C, "PMS"));
    add(RegisterForms.eventAddress("PERFINTRADDR", 0x330, "PMS"));
    add(RegisterForms.eventUpperAddress("PERFINTRUADDR", 0x334, "PMS"));
  }

  /** Events of each group that can be counted, one register a group. */
  public static final List<Register> PERFEVNTCAP =
      List.of(
          events(0, PerformanceEvent.maskOf(0)),
          events(1, PerformanceEvent.maskOf(1)),
          events(2, PerformanceEvent.maskOf(2)),
          events(3, PerformanceEvent.maskOf(3)),
          events(4, PerformanceEvent.maskOf(4)));

  /** Overflow status, a bit for each counter. */
  public static final Register PERFOVF =
      add(
          RegisterForms.at(
              "PERFOVF",
              OVERFLOW,
              8,
              Access.WRITE_ONE_TO_CLEAR,
              0,
              "PMS",
              number("OVF", COUNTERS - 1, 0, "counters that overflowed")));

  /** What each counter counts. */
  public static final List<Register> PERFCFG = List.of(configuration(0), configuration(1));

  /** The counters. */
  public static final List<Register> PERFCNTR = List.of(counter(0), counter(1));

  private static Register offset(String name, int at, int value) {
    return add(
        RegisterForms.at(
            name,
            at,
            4,
            Access.READ_ONLY,
            value,
            "PMS",
            number("OFFSET", 31, 0, "bytes from the unit's first register")));
  }

  private static Register events(int group, long mask) {
    return add(
        RegisterForms.at(
            "PERFEVNTCAP" + group,
            0x380 + 8 * group,
            8,
            Access.READ_ONLY,
            mask,
            "PMS",
            PerformanceEvent.named(group, number("EVENTS", 27, 0, "events that can be counted"))));
  }

  private static Register configuration(int counter) {
    return add(
        RegisterForms.at(
            "PERFCFG" + counter,
            CONFIGURATION + CONFIGURATION_STRIDE * counter,
            8,
            Access.READ_WRITE,
            0,
            "PMS",
            flag("INT", 1, "interrupt on overflow"),
            number("GROUP", 12, 8, "event group"),
            number("EVENTS", 59, 32, "events counted")));
  }

  private static Register counter(int index) {
    return add(
        RegisterForms.at(
            "PERFCNTR" + index,
            COUNTER + COUNTER_STRIDE * index,
            8,
            Access.READ_ONLY,
            0,
            "PMS",
            number("COUNT", COUNTER_BITS - 1, 0, "events")));
  }

  // ---- enhanced commands -----------------------------------------------------------------------

  public static final Register ECMD =
      add(
          RegisterForms.at(
              "ECMD",
              0x400,
              8,
              Access.READ_WRITE,
              0,
              "ECMDS",
              number("CMD", 7, 0, "command")
                  .value(0xF0, "enable counter")
                  .value(0xF1, "disable counter")
                  .value(0xF4, "freeze counters")
                  .value(0xF5, "let counters run"),
              number("OA", 63, 16, "operand A")));

  public static final Register ECEO =
      add(
          RegisterForms.at(
              "ECEO", 0x408, 8, Access.READ_WRITE, 0, "ECMDS", number("OB", 63, 0, "operand B")));

  public static final Register ECRSP =
      add(
          RegisterForms.at(
              "ECRSP",
              0x410,
              8,
              Access.READ_ONLY,
              0,
              "ECMDS",
              flag("IP", 0, "command is running"),
              number("SC", 7, 1, "status").value(0, "success").value(1, "not supported"),
              ignored(63, 8)));

  static {
    for (int i = 0; i < 3; i++) {
      commands(i);
    }
  }

  /** The commands that performance monitoring uses. */
  public static final Register ECCAP3 = commands(3);

  private static Register commands(int index) {
    return add(
        RegisterForms.at(
            "ECCAP" + index,
            0x430 + 8 * index,
            8,
            Access.READ_ONLY,
            0,
            "ECMDS",
            number("COMMANDS", 63, 0, "commands that are understood")));
  }

  // ---- virtual commands ------------------------------------------------------------------------

  public static final Register VCMD =
      add(
          RegisterForms.at(
              "VCMD",
              0xE00,
              8,
              Access.READ_WRITE,
              0,
              "VCS",
              number("CMD", 7, 0, "command").value(1, "allocate a PASID").value(2, "free a PASID"),
              number("OPERAND", 63, 8, "operand")));

  public static final Register VCMD_EO =
      add(
          RegisterForms.at(
              "VCMD_EO", 0xE08, 8, Access.READ_WRITE, 0, "VCS", number("OB", 63, 0, "operand B")));

  public static final Register VCRSP =
      add(
          RegisterForms.at(
              "VCRSP",
              0xE10,
              8,
              Access.READ_ONLY,
              0,
              "VCS",
              flag("IP", 0, "command is running"),
              number("SC", 2, 1, "status")
                  .value(0, "success")
                  .value(1, "no such PASID, or none left"),
              number("RESULT", 63, 8, "result")));

  public static final Register VCCAP =
      add(
          RegisterForms.at(
              "VCCAP", 0xE30, 8, Access.READ_ONLY, 1, "VCS", flag("PAS", 0, "PASID allocation")));

  private static Register add(Register register) {
    ALL.add(register);
    return register;
  }

  private OptionalRegisters() {}
}
