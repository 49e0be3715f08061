package org.iommulab.bus.device;

import static org.iommulab.bits.Field.flag;
import static org.iommulab.bits.Field.number;

import java.util.List;
import java.util.stream.Stream;
import org.iommulab.bits.Field;
import org.iommulab.bits.Layout;
import org.iommulab.bus.device.DeviceRegister.Access;

/**
 * Registers of a 82576 with one receive and one transmit queue, by their places in the 82576
 * datasheet, section 8, and its descriptors, section 7.
 */
final class IgbRegisters {

  private static final String SOURCE = "82576 datasheet, section 8";
  private static final int RECEIVE = 0x2800;
  private static final int TRANSMIT = 0x3800;

  static final Field LINK_UP = flag("SLU", 6, "the link may come up");
  static final Field RESET = flag("RST", 26, "back to the start; reads as zero when done");
  static final Field LINK = flag("LU", 1, "the link is up");
  static final Field NVM_READ = flag("AUTO_RD", 9, "what the memory of settings has is loaded");

  static final Field NVM_DONE = flag("DONE", 1, "DATA is valid");
  static final Field NVM_ADDRESS = number("ADDR", 15, 2, "number of the word");
  static final Field PHY_CONFIGURED = flag("CFG_DONE0", 18, "the PHY has its settings");

  static final Field PHY_DATA = number("DATA", 15, 0, "what is written or was read");
  static final Field PHY_REGISTER = number("REGADD", 20, 16, "register of the PHY");
  static final Field PHY_OPERATION =
      number("OP", 27, 26, "what to do").value(1, "write").value(2, "read");
  static final Field PHY_READY = flag("R", 28, "done");

  static final Field ENABLED = flag("EN", 1, "it works");
  static final Field ANY_UNICAST = flag("UPE", 3, "takes frames for others");
  static final Field ANY_MULTICAST = flag("MPE", 4, "takes frames for any group");
  static final Field LOOPBACK =
      number("LBM", 7, 6, "what is sent is received").value(0, "no").value(1, "by the MAC");
  static final Field BROADCASTS = flag("BAM", 15, "takes frames for all");
  static final Field BUFFER =
      number("BSIZE", 17, 16, "bytes of a buffer: 2048, 1024, 512, 256, unless SRRCTL says");
  static final Field STRIPS_CRC = flag("SECRC", 26, "the check sum is not stored");
  static final Field PADS = flag("PSP", 3, "short frames are made 60 bytes long");

  static final Field AUTO_MASKS = flag("EIAME", 30, "EIAM is used when a message is sent");
  static final Field RECEIVE_VECTOR = number("RX0", 4, 0, "vector of the receive queue");
  static final Field RECEIVE_VALID = flag("RX0_VALID", 7, "it interrupts");
  static final Field TRANSMIT_VECTOR = number("TX0", 12, 8, "vector of the transmit queue");
  static final Field TRANSMIT_VALID = flag("TX0_VALID", 15, "it interrupts");
  private static final Field VECTORS = number("VECTORS", 24, 0, "a bit for each vector");

  static final Field QUEUE_ENABLED = flag("ENABLE", 25, "the queue works");
  static final Field BUFFER_KIB = number("BSIZEPACKET", 6, 0, "KiB of a buffer, 0: as RCTL says");
  static final Field DESCRIPTOR_TYPE =
      number("DESCTYPE", 27, 25, "form of descriptors")
          .value(0, "legacy")
          .value(1, "advanced, one buffer");
  static final Field ADDRESS_VALID = flag("AV", 31, "the address is the card's");

  static final DeviceRegister CTRL =
      of(
          0x00000,
          "CTRL",
          flag("FD", 0, "both ways at once"),
          LINK_UP,
          number("SPEED", 9, 8, "of the link"),
          flag("FRCSPD", 11, "SPEED is what counts"),
          flag("FRCDPLX", 12, "FD is what counts"),
          RESET);
  static final DeviceRegister STATUS =
      fixed(
          0x00008,
          "STATUS",
          flag("FD", 0, "both ways at once"),
          LINK,
          number("SPEED", 7, 6, "of the link").value(2, "1 Gb/s"));
  static final DeviceRegister EECD =
      fixed(0x00010, "EECD", flag("EE_PRES", 8, "there is one"), NVM_READ);
  static final DeviceRegister EERD =
      of(
          0x00014,
          "EERD",
          flag("START", 0, "reads a word"),
          NVM_DONE,
          NVM_ADDRESS,
          number("DATA", 31, 16, "the word"));
  static final DeviceRegister EEMNGCTL = fixed(0x01010, "EEMNGCTL", PHY_CONFIGURED);
  static final DeviceRegister SWSM =
      of(
          0x05B50,
          "SWSM",
          flag("SMBI", 0, "a driver is at it"),
          flag("SWESMBI", 1, "and not the firmware"));
  static final DeviceRegister SW_FW_SYNC =
      of(
          0x05B5C,
          "SW_FW_SYNC",
          number("SOFTWARE", 15, 0, "what drivers have"),
          number("FIRMWARE", 31, 16, "what the firmware has"));
  static final DeviceRegister CTRL_EXT =
      of(0x00018, "CTRL_EXT", flag("DRV_LOAD", 28, "a driver has it"));
  static final DeviceRegister MDIC =
      of(
          0x00020,
          "MDIC",
          PHY_DATA,
          PHY_REGISTER,
          number("PHYADD", 25, 21, "which PHY"),
          PHY_OPERATION,
          PHY_READY);
  static final DeviceRegister RCTL =
      of(
          0x00100,
          "RCTL",
          ENABLED,
          ANY_UNICAST,
          ANY_MULTICAST,
          LOOPBACK,
          BROADCASTS,
          BUFFER,
          STRIPS_CRC);
  static final DeviceRegister TCTL = of(0x00400, "TCTL", ENABLED, PADS);
  static final DeviceRegister GPIE =
      of(0x01514, "GPIE", flag("MULTIPLE_MSIX", 4, "causes go by IVAR"), AUTO_MASKS);
  static final DeviceRegister EICS = of(0x01520, "EICS", VECTORS);
  static final DeviceRegister EIMS = of(0x01524, "EIMS", VECTORS);
  static final DeviceRegister EIMC = of(0x01528, "EIMC", VECTORS);
  static final DeviceRegister EIAC = of(0x0152C, "EIAC", VECTORS);
  static final DeviceRegister EIAM = of(0x01530, "EIAM", VECTORS);
  static final DeviceRegister EICR =
      DeviceRegister.of(SOURCE, 0x01580, Access.WRITE_ONE_CLEARS, "EICR", 32, VECTORS);
  static final DeviceRegister IVAR0 =
      of(0x01700, "IVAR0", RECEIVE_VECTOR, RECEIVE_VALID, TRANSMIT_VECTOR, TRANSMIT_VALID);

  static final DeviceRegister RDBAL = of(RECEIVE, "RDBAL0", number("ADDR", 31, 0, "of the ring"));
  static final DeviceRegister RDBAH =
      of(RECEIVE + 0x04, "RDBAH0", number("ADDR", 31, 0, "its upper half"));
  static final DeviceRegister RDLEN =
      of(RECEIVE + 0x08, "RDLEN0", number("BYTES", 19, 0, "of the ring"));
  static final DeviceRegister SRRCTL = of(RECEIVE + 0x0C, "SRRCTL0", BUFFER_KIB, DESCRIPTOR_TYPE);
  static final DeviceRegister RDH =
      of(RECEIVE + 0x10, "RDH0", number("INDEX", 15, 0, "the card's"));
  static final DeviceRegister RDT =
      of(RECEIVE + 0x18, "RDT0", number("INDEX", 15, 0, "the driver's"));
  static final DeviceRegister RXDCTL = of(RECEIVE + 0x28, "RXDCTL0", QUEUE_ENABLED);

  static final DeviceRegister TDBAL = of(TRANSMIT, "TDBAL0", number("ADDR", 31, 0, "of the ring"));
  static final DeviceRegister TDBAH =
      of(TRANSMIT + 0x04, "TDBAH0", number("ADDR", 31, 0, "its upper half"));
  static final DeviceRegister TDLEN =
      of(TRANSMIT + 0x08, "TDLEN0", number("BYTES", 19, 0, "of the ring"));
  static final DeviceRegister TDH =
      of(TRANSMIT + 0x10, "TDH0", number("INDEX", 15, 0, "the card's"));
  static final DeviceRegister TDT =
      of(TRANSMIT + 0x18, "TDT0", number("INDEX", 15, 0, "the driver's"));
  static final DeviceRegister TXDCTL = of(TRANSMIT + 0x28, "TXDCTL0", QUEUE_ENABLED);

  static final DeviceRegister MPC = counter(0x04010, "MPC", "FRAMES", "that found no descriptor");
  static final DeviceRegister GPRC = counter(0x04074, "GPRC", "FRAMES", "that were received");
  static final DeviceRegister GPTC = counter(0x04080, "GPTC", "FRAMES", "that were sent");
  static final DeviceRegister GORCL = counter(0x04088, "GORCL", "BYTES", "of them");
  static final DeviceRegister GOTCL = counter(0x04090, "GOTCL", "BYTES", "of them");
  static final DeviceRegister RAL =
      of(0x05400, "RAL0", number("ADDR", 31, 0, "first bytes of the card's address"));
  static final DeviceRegister RAH =
      of(0x05404, "RAH0", number("ADDR", 15, 0, "its last two bytes"), ADDRESS_VALID);
  static final DeviceRegister GCR =
      of(0x05B00, "GCR", flag("CMPL_TMOUT_RESEND", 16, "reads without an answer are sent again"));

  static final Field ADDRESS = number("ADDR", 63, 0, "of the buffer");
  static final Field LENGTH = number("DTALEN", 79, 64, "bytes");
  static final Field TYPE =
      number("DTYP", 87, 84, "of an advanced one").value(2, "context").value(3, "data");
  static final Field LAST = flag("EOP", 88, "the frame ends here");
  static final Field REPORTS = flag("RS", 91, "tell when done");
  static final Field ADVANCED = flag("DEXT", 93, "an advanced one");
  static final Field DONE = flag("DD", 96, "done");

  /** What the driver gives the transmitter; DD comes back. */
  static final Layout TRANSMIT_DESCRIPTOR =
      Layout.of(
          "82576 transmit descriptor",
          128,
          "82576 datasheet, section 7.2.2",
          ADDRESS,
          LENGTH,
          TYPE,
          LAST,
          REPORTS,
          ADVANCED,
          DONE);

  private IgbRegisters() {}

  static List<DeviceRegister> window() {
    return Stream.concat(
            Stream.of(
                CTRL,
                STATUS,
                EECD,
                CTRL_EXT,
                MDIC,
                RCTL,
                TCTL,
                GPIE,
                EICS,
                EIMS,
                EIMC,
                EIAC,
                EIAM,
                EICR,
                IVAR0,
                RDBAL,
                RDBAH,
                RDLEN,
                SRRCTL,
                RDH,
                RDT,
                RXDCTL,
                TDBAL,
                TDBAH,
                TDLEN,
                TDH,
                TDT,
                TXDCTL,
                MPC,
                GPRC,
                GPTC,
                GORCL,
                GOTCL,
                RAL,
                RAH,
                GCR,
                EERD,
                EEMNGCTL,
                SWSM,
                SW_FW_SYNC),
            MessageCapability.registers().stream())
        .toList();
  }

  private static DeviceRegister of(int offset, String name, Field... fields) {
    return DeviceRegister.of(SOURCE, offset, Access.READ_WRITE, name, 32, fields);
  }

  private static DeviceRegister counter(int offset, String name, String unit, String meaning) {
    return DeviceRegister.of(
        SOURCE, offset, Access.READ_CLEARS, name, 32, number(unit, 31, 0, meaning));
  }

  private static DeviceRegister fixed(int offset, String name, Field... fields) {
    return DeviceRegister.of(SOURCE, offset, Access.READ_ONLY, name, 32, fields);
  }
}
