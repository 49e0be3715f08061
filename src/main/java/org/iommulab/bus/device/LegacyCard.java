package org.iommulab.bus.device;

import static org.iommulab.bits.Field.flag;
import static org.iommulab.bits.Field.number;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.iommulab.bits.Field;
import org.iommulab.bus.DmaAccess;
import org.iommulab.bus.device.DeviceRegister.Access;
import org.iommulab.bus.device.DmaPort.Completion;

/**
 * An old card on conventional PCI: 32 address lines, one transfer at a time, in bursts. It copies
 * between memory and a buffer of its own. Higher address bits do not exist for it: a driver that
 * cuts them off sends the card somewhere else.
 */
final class LegacyCard extends RegisteredDevice {

  private static final String SOURCE = "legacy card";
  private static final int BURST = 64;
  private static final int BUFFER_BYTES = 4096;

  static final Field GO = flag("GO", 0, "a transfer runs");
  static final Field TO_MEMORY = flag("TOMEM", 1, "from the card to memory");
  static final Field DONE = flag("DONE", 0, "the transfer has ended");
  static final Field ABORT = flag("RMA", 1, "nobody answered: received master abort");

  static final DeviceRegister ADDR =
      DeviceRegister.of(
          SOURCE, 0x00, Access.READ_WRITE, "ADDR", 32, number("ADDR", 31, 0, "next address"));
  static final DeviceRegister COUNT =
      DeviceRegister.of(
          SOURCE,
          0x04,
          Access.READ_WRITE,
          "COUNT",
          32,
          number("BYTES", 12, 0, "bytes left, up to 4096"));
  static final DeviceRegister CTRL =
      DeviceRegister.of(SOURCE, 0x08, Access.READ_WRITE, "CTRL", 32, GO, TO_MEMORY);
  static final DeviceRegister STATUS =
      DeviceRegister.of(SOURCE, 0x0C, Access.WRITE_ONE_CLEARS, "STATUS", 32, DONE, ABORT);
  static final DeviceRegister FILL =
      DeviceRegister.of(
          SOURCE, 0x10, Access.READ_WRITE, "FILL", 32, number("BYTE", 7, 0, "fills the buffer"));

  private byte[] buffer = new byte[BUFFER_BYTES];
  private int position;

  LegacyCard(DmaPort port) {
    super(port, List.of(ADDR, COUNT, CTRL, STATUS, FILL));
  }

  @Override
  public void write(DeviceRegister register, long value) {
    super.write(register, value);
    if (register == FILL) {
      Arrays.fill(buffer, (byte) value);
    } else if (register == CTRL && registers.isSet(CTRL, GO)) {
      position = 0;
      registers.set(COUNT, Math.min(registers.get(COUNT), BUFFER_BYTES));
    }
  }

  @Override
  public boolean step() {
    if (!registers.isSet(CTRL, GO)) {
      return false;
    }
    int length = (int) Math.min(Math.min(BURST, BUFFER_BYTES - position), registers.get(COUNT));
    long at = registers.get(ADDR);
    if (length > 0 && !burst(at, length)) {
      end(ABORT);
      return true;
    }
    position += length;
    registers.set(ADDR, at + length);
    registers.set(COUNT, registers.get(COUNT) - length);
    if (registers.get(COUNT) == 0 || position == BUFFER_BYTES) {
      end(DONE);
    }
    return true;
  }

  private boolean burst(long at, int length) {
    if (registers.isSet(CTRL, TO_MEMORY)) {
      port.write(at, Arrays.copyOfRange(buffer, position, position + length));
      return true;
    }
    byte[] data = new byte[length];
    Completion completion = port.transfer(DmaAccess.read(port.source(), at, length), data);
    if (completion != Completion.SUCCESS) {
      // Nobody drives the bus after an abort: all lines read as ones.
      Arrays.fill(data, (byte) 0xFF);
    }
    System.arraycopy(data, 0, buffer, position, length);
    return completion == Completion.SUCCESS;
  }

  private void end(Field how) {
    registers.clear(CTRL, GO);
    registers.raise(STATUS, how);
  }

  @Override
  public String activity() {
    if (registers.isSet(CTRL, GO)) {
      return "busy";
    }
    return registers.isSet(STATUS, ABORT) ? "stopped by an aborted read" : "idle";
  }

  @Override
  public Optional<byte[]> output() {
    return position == 0
        ? Optional.empty()
        : Optional.of(Arrays.copyOf(buffer, Math.min(position, BUFFER_BYTES)));
  }

  @Override
  public void reset() {
    registers.reset();
    buffer = new byte[BUFFER_BYTES];
    position = 0;
  }
}
