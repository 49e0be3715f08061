package org.iommulab.bus.device;

import static org.iommulab.bits.Field.address;
import static org.iommulab.bits.Field.flag;
import static org.iommulab.bits.Field.number;

import java.util.List;
import java.util.stream.Stream;
import org.iommulab.bits.Field;
import org.iommulab.bus.device.DeviceRegister.Access;

/** The registers of an NVMe controller with one pair of I/O queues. */
final class NvmeRegisters {

  private static final String SOURCE = "NVM Express 1.4";

  static final Field ENABLE = flag("EN", 0, "enabled");
  static final Field READY = flag("RDY", 0, "takes commands");
  static final Field FATAL = flag("CFS", 1, "fatal: a queue could not be read");
  static final Field SUBMISSIONS = number("ASQS", 11, 0, "entries of the admin queue - 1");
  static final Field COMPLETIONS = number("ACQS", 27, 16, "entries of its completion queue - 1");

  static final DeviceRegister CAP =
      DeviceRegister.of(
          SOURCE,
          0x00,
          Access.READ_ONLY,
          "CAP",
          64,
          number("MQES", 15, 0, "largest queue - 1"),
          flag("CQR", 16, "queues are contiguous"),
          number("TO", 31, 24, "time-out in 500 ms"));
  static final DeviceRegister VS =
      DeviceRegister.of(
          SOURCE, 0x08, Access.READ_ONLY, "VS", 32, number("VERSION", 31, 8, "major and minor"));
  static final DeviceRegister CC =
      DeviceRegister.of(
          SOURCE,
          0x14,
          Access.READ_WRITE,
          "CC",
          32,
          ENABLE,
          number("IOSQES", 19, 16, "log2 of a submission entry"),
          number("IOCQES", 23, 20, "log2 of a completion entry"));
  static final DeviceRegister CSTS =
      DeviceRegister.of(SOURCE, 0x1C, Access.READ_ONLY, "CSTS", 32, READY, FATAL);
  static final DeviceRegister AQA =
      DeviceRegister.of(SOURCE, 0x24, Access.READ_WRITE, "AQA", 32, SUBMISSIONS, COMPLETIONS);
  static final DeviceRegister ASQ = base(0x28, "ASQ", "admin submission queue");
  static final DeviceRegister ACQ = base(0x30, "ACQ", "admin completion queue");
  static final DeviceRegister ERRADDR =
      DeviceRegister.of(
          SOURCE,
          0xE00,
          Access.READ_ONLY,
          "ERRADDR",
          64,
          number("ADDR", 63, 0, "last address that was aborted; real ones keep it in a log"));

  /** Doorbells: submission tail and completion head of each pair. */
  static final DeviceRegister[] TAILS = {
    doorbell(0x1000, "SQ0TDBL", "new tail of the admin submission queue"),
    doorbell(0x1008, "SQ1TDBL", "new tail of the I/O submission queue")
  };

  static final DeviceRegister[] HEADS = {
    doorbell(0x1004, "CQ0HDBL", "new head of the admin completion queue"),
    doorbell(0x100C, "CQ1HDBL", "new head of the I/O completion queue")
  };

  /** MQES 63, CQR, TO 10 s. */
  static final long CAP_VALUE = 63 | 1L << 16 | 20L << 24;

  /** Version 1.4. */
  static final long VS_VALUE = 0x0001_0400;

  private NvmeRegisters() {}

  static List<DeviceRegister> all() {
    return Stream.of(
            Stream.of(CAP, VS, CC, CSTS, AQA, ASQ, ACQ, ERRADDR),
            Stream.of(TAILS),
            Stream.of(HEADS),
            MessageCapability.registers().stream())
        .flatMap(each -> each)
        .toList();
  }

  private static DeviceRegister base(int offset, String name, String what) {
    return DeviceRegister.of(
        SOURCE,
        offset,
        Access.READ_WRITE,
        name,
        64,
        address("BASE", 63, 12, what + ", page-aligned"));
  }

  private static DeviceRegister doorbell(int offset, String name, String what) {
    return DeviceRegister.of(
        SOURCE, offset, Access.READ_WRITE, name, 32, number("INDEX", 15, 0, what));
  }
}
