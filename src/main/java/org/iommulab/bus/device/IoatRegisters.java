package org.iommulab.bus.device;

import static org.iommulab.bits.Field.flag;
import static org.iommulab.bits.Field.number;

import java.util.List;
import java.util.stream.Stream;
import org.iommulab.bits.Field;
import org.iommulab.bits.Layout;
import org.iommulab.bus.device.DeviceRegister.Access;

/**
 * Registers and descriptor of an I/OAT engine of version 3.2 with one channel, by their places in
 * Linux' {@code drivers/dma/ioat/registers.h} and {@code hw.h}.
 */
final class IoatRegisters {

  private static final String SOURCE = "Linux, drivers/dma/ioat/registers.h";

  /** Where the registers of the first channel begin. */
  private static final int CHANNEL = 0x80;

  /** Version 3.2. */
  static final int VERSION = 0x32;

  /** A descriptor moves 2^12 bytes at most. */
  static final int TRANSFER_SHIFT = 12;

  static final Field MASTER = flag("MASTER_INT_EN", 0, "the engine may interrupt");
  static final Field PENDING = flag("INT_STATUS", 1, "a channel wants attention");
  static final Field INTERRUPT = flag("INT", 2, "both of them");
  static final Field BY_VECTOR = flag("MSIX_VECTOR_CONTROL", 3, "each channel has its message");
  static final Field ATTENTION = flag("CHAN0", 0, "the channel wants attention");

  static final Field DISABLED = flag("INT_DIS", 0, "has interrupted; writing one allows it again");
  static final Field ERROR_COMPLETION = flag("ERR_COMP_EN", 2, "errors write the completion");
  static final Field ANY_ERROR_ABORTS = flag("ANY_ERR_ABORT_EN", 3, "every error halts");
  static final Field ERROR_INTERRUPT = flag("ERR_INT_EN", 4, "errors interrupt");

  static final Field START = flag("START", 0, "begins");
  static final Field APPEND = flag("APPEND", 1, "looks for more");
  static final Field SUSPEND = flag("SUSPEND", 2, "stops behind the descriptor it is at");
  static final Field ABORT = flag("ABORT", 3, "stops for good");
  static final Field RESUME = flag("RESUME", 4, "goes on");
  static final Field RESET = flag("RESET", 5, "back to the start; reads as zero when done");

  static final Field STATUS =
      number("STATUS", 2, 0, "what the channel does")
          .value(0, "active")
          .value(1, "done")
          .value(2, "suspended")
          .value(3, "halted");

  static final Field CHAIN_ADDRESS = flag("CHAIN_ADDR", 4, "no place for a descriptor");
  static final Field NEXT_ADDRESS = flag("NEXT_ADDR", 2, "a descriptor could not be read");
  static final Field NEXT_ALIGNMENT = flag("NEXT_ALIGN", 3, "a descriptor begins off 64 bytes");
  static final Field COMMAND_ERROR = flag("CHANCMD", 5, "two commands at once");
  static final Field READ_DATA = flag("READ_DATA", 8, "a read of data was aborted");
  static final Field CONTROL = flag("CONTROL", 10, "an operation it does not have");
  static final Field LENGTH = flag("LENGTH", 11, "no bytes, or more than 2^XFERCAP");

  private static final Field[] ERRORS = {
    NEXT_ADDRESS, NEXT_ALIGNMENT, CHAIN_ADDRESS, COMMAND_ERROR, READ_DATA, CONTROL, LENGTH
  };

  static final DeviceRegister CHANCNT =
      fixed(0x00, "CHANCNT", 8, number("COUNT", 4, 0, "channels"));
  static final DeviceRegister XFERCAP =
      fixed(0x01, "XFERCAP", 8, number("LOG2", 4, 0, "log2 of the bytes of one transfer"));
  static final DeviceRegister GENCTRL =
      of(0x02, "GENCTRL", 8, flag("DEBUG_EN", 0, "counts descriptors"));
  static final DeviceRegister INTRCTRL =
      of(0x03, "INTRCTRL", 8, MASTER, PENDING, INTERRUPT, BY_VECTOR);
  static final DeviceRegister ATTNSTATUS = fixed(0x04, "ATTNSTATUS", 32, ATTENTION);
  static final DeviceRegister CBVER =
      fixed(
          0x08,
          "CBVER",
          8,
          number("MINOR", 3, 0, "minor version"),
          number("MAJOR", 7, 4, "major version"));
  static final DeviceRegister INTRDELAY =
      of(0x0C, "INTRDELAY", 16, number("US", 13, 0, "interrupts wait so long; here they do not"));
  static final DeviceRegister DMACAP =
      fixed(0x10, "DMACAP", 32, flag("FILL_BLOCK", 6, "it can fill memory"));

  static final DeviceRegister CHANCTRL =
      of(
          CHANNEL,
          "CHANCTRL",
          16,
          DISABLED,
          ERROR_COMPLETION,
          ANY_ERROR_ABORTS,
          ERROR_INTERRUPT,
          flag("SNOOP", 5, "descriptors are snooped"),
          flag("IN_USE", 8, "a driver has it"),
          flag("COMP_DCA", 9, "completions into a cache"),
          number("PRIORITY", 15, 12, "among channels"));
  static final DeviceRegister DMA_COMP =
      fixed(CHANNEL + 0x02, "DMA_COMP", 16, flag("V2", 1, "works as version 2 does"));
  static final DeviceRegister CHANCMD =
      of(CHANNEL + 0x04, "CHANCMD", 8, START, APPEND, SUSPEND, ABORT, RESUME, RESET);
  static final DeviceRegister DMACOUNT =
      of(
          CHANNEL + 0x06,
          "DMACOUNT",
          16,
          number("COUNT", 15, 0, "descriptors to do since CHAINADDR"));
  static final DeviceRegister CHANSTS =
      fixed(
          CHANNEL + 0x08,
          "CHANSTS",
          64,
          STATUS,
          number("COMPLETED", 63, 6, "last descriptor that was done, in 64 bytes"));
  static final DeviceRegister CHAINADDR =
      of(CHANNEL + 0x10, "CHAINADDR", 64, number("ADDR", 63, 0, "first descriptor"));
  static final DeviceRegister CHANCMP =
      of(CHANNEL + 0x18, "CHANCMP", 64, number("ADDR", 63, 0, "where CHANSTS is written"));
  static final DeviceRegister CDAR =
      fixed(CHANNEL + 0x20, "CDAR", 64, number("ADDR", 63, 0, "the descriptor it is at"));
  static final DeviceRegister CHANERR = clearing(CHANNEL + 0x28, "CHANERR");
  static final DeviceRegister CHANERRMASK = of(CHANNEL + 0x2C, "CHANERRMASK", 32, ERRORS);

  /** In configuration space. */
  static final DeviceRegister DMAUNCERRSTS = clearing(0x148, "DMAUNCERRSTS");

  static final DeviceRegister CHANERR_INT = clearing(0x180, "CHANERR_INT");
  static final DeviceRegister CHANERRMASK_INT = of(0x184, "CHANERRMASK_INT", 32, ERRORS);

  static final Field SIZE = number("SIZE", 31, 0, "bytes to move");
  static final Field INTERRUPTS = flag("INT_EN", 32, "interrupt when done");
  static final Field COMPLETES = flag("COMPL_WRITE", 35, "write CHANSTS when done");
  static final Field NULL = flag("NULL", 37, "moves nothing");
  static final Field OPERATION =
      number("OP", 63, 56, "what to do").value(0, "copy").value(1, "fill");

  /** A descriptor. */
  static final Layout DESCRIPTOR =
      Layout.of(
          "IOAT descriptor",
          512,
          "Linux, drivers/dma/ioat/hw.h",
          SIZE,
          INTERRUPTS,
          COMPLETES,
          NULL,
          OPERATION,
          number("SRC", 127, 64, "source; the pattern of a fill"),
          number("DST", 191, 128, "destination"),
          number("NEXT", 255, 192, "the descriptor that follows"));

  private IoatRegisters() {}

  static List<DeviceRegister> window() {
    return Stream.concat(
            Stream.of(
                CHANCNT,
                XFERCAP,
                GENCTRL,
                INTRCTRL,
                ATTNSTATUS,
                CBVER,
                INTRDELAY,
                DMACAP,
                CHANCTRL,
                DMA_COMP,
                CHANCMD,
                DMACOUNT,
                CHANSTS,
                CHAINADDR,
                CHANCMP,
                CDAR,
                CHANERR,
                CHANERRMASK),
            MessageCapability.registers().stream())
        .toList();
  }

  static List<DeviceRegister> configuration() {
    return List.of(DMAUNCERRSTS, CHANERR_INT, CHANERRMASK_INT);
  }

  private static DeviceRegister of(int offset, String name, int bits, Field... fields) {
    return DeviceRegister.of(SOURCE, offset, Access.READ_WRITE, name, bits, fields);
  }

  private static DeviceRegister fixed(int offset, String name, int bits, Field... fields) {
    return DeviceRegister.of(SOURCE, offset, Access.READ_ONLY, name, bits, fields);
  }

  private static DeviceRegister clearing(int offset, String name) {
    return DeviceRegister.of(SOURCE, offset, Access.WRITE_ONE_CLEARS, name, 32, ERRORS);
  }
}
