package org.iommulab.bus.device;

import static org.iommulab.bits.Field.flag;
import static org.iommulab.bits.Field.number;

import java.util.List;
import org.iommulab.bits.Field;
import org.iommulab.bits.Layout;
import org.iommulab.bus.device.DeviceRegister.Access;

/**
 * A device's message-signalled interrupt. The three registers stand for the MSI capability that
 * real devices have in configuration space.
 */
public final class MessageCapability {

  private static final Field ENABLE = flag("EN", 0, "messages are sent");

  /** Offsets of the three registers, the same in every model. */
  private static final int BASE = 0xF00;

  static final DeviceRegister CONTROL =
      new DeviceRegister(
          BASE, Access.READ_WRITE, Layout.of("MSI_CTRL", 32, "MSI capability", ENABLE));
  static final DeviceRegister DATA =
      new DeviceRegister(
          BASE + 4,
          Access.READ_WRITE,
          Layout.of(
              "MSI_DATA", 32, "MSI capability", number("DATA", 15, 0, "data of the message")));
  static final DeviceRegister ADDRESS =
      new DeviceRegister(
          BASE + 8,
          Access.READ_WRITE,
          Layout.of("MSI_ADDR", 64, "MSI capability", number("ADDR", 63, 0, "where it is sent")));

  private MessageCapability() {}

  static List<DeviceRegister> registers() {
    return List.of(CONTROL, DATA, ADDRESS);
  }

  static void send(RegisterBank registers, DmaPort port) {
    if (registers.isSet(CONTROL, ENABLE)) {
      port.message(registers.get(ADDRESS), registers.getInt(DATA));
    }
  }

  /** Tells whether a device sends a message at all. */
  public static boolean isIn(DeviceModel model) {
    return model.registers().contains(CONTROL);
  }

  /** A driver sets the message of a device that has one, and switches it on. */
  public static void set(DeviceModel model, long address, int data) {
    model.write(ADDRESS, address);
    model.write(DATA, data & 0xFFFF_FFFFL);
    model.write(CONTROL, ENABLE.mask());
  }

  /** A driver switches the message of a device off. */
  public static void silence(DeviceModel model) {
    model.write(CONTROL, 0);
  }
}
