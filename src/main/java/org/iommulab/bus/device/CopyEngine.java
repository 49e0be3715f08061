package org.iommulab.bus.device;

import static org.iommulab.bits.Field.flag;
import static org.iommulab.bits.Field.number;

import java.util.stream.Stream;
import org.iommulab.bits.Field;
import org.iommulab.bus.device.DeviceRegister.Access;

/** A plain DMA engine: copies memory to memory, a page at most per step. */
final class CopyEngine extends RegisteredDevice {

  private static final String SOURCE = "DMA engine";
  private static final int PAGE = 4096;

  static final Field GO = flag("GO", 0, "a copy runs");
  static final Field DONE = flag("DONE", 0, "the copy has ended");
  static final Field ABORT = flag("ABORT", 1, "a read was aborted");

  static final DeviceRegister CTRL =
      DeviceRegister.of(SOURCE, 0x00, Access.READ_WRITE, "CTRL", 32, GO);
  static final DeviceRegister STATUS =
      DeviceRegister.of(SOURCE, 0x04, Access.WRITE_ONE_CLEARS, "STATUS", 32, DONE, ABORT);
  static final DeviceRegister SRC =
      DeviceRegister.of(
          SOURCE, 0x08, Access.READ_WRITE, "SRC", 64, number("ADDR", 63, 0, "next byte to read"));
  static final DeviceRegister DST =
      DeviceRegister.of(
          SOURCE, 0x10, Access.READ_WRITE, "DST", 64, number("ADDR", 63, 0, "next byte to write"));
  static final DeviceRegister LEN =
      DeviceRegister.of(
          SOURCE, 0x18, Access.READ_WRITE, "LEN", 32, number("BYTES", 31, 0, "bytes left"));

  CopyEngine(DmaPort port) {
    super(
        port,
        Stream.concat(
                Stream.of(CTRL, STATUS, SRC, DST, LEN), MessageCapability.registers().stream())
            .toList());
  }

  @Override
  public boolean step() {
    if (!registers.isSet(CTRL, GO)) {
      return false;
    }
    int length = (int) Math.min(PAGE, registers.get(LEN));
    byte[] data = port.read(registers.get(SRC), length);
    if (data == null) {
      end(ABORT);
      return true;
    }
    port.write(registers.get(DST), data);
    registers.set(SRC, registers.get(SRC) + length);
    registers.set(DST, registers.get(DST) + length);
    registers.set(LEN, registers.get(LEN) - length);
    if (registers.get(LEN) == 0) {
      end(DONE);
    }
    return true;
  }

  private void end(Field how) {
    registers.clear(CTRL, GO);
    registers.raise(STATUS, how);
    MessageCapability.send(registers, port);
  }

  @Override
  public String activity() {
    if (registers.isSet(CTRL, GO)) {
      return "busy";
    }
    return registers.isSet(STATUS, ABORT) ? "stopped by an aborted read" : "idle";
  }

  @Override
  public void reset() {
    registers.reset();
  }
}
