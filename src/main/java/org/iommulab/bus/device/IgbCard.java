package org.iommulab.bus.device;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Optional;
import java.util.zip.CRC32;
import org.iommulab.bits.Field;
import org.jspecify.annotations.Nullable;

/**
 * Intel's 82576 with one receive and one transmit queue. What it sends comes back if its MAC or its
 * PHY is told so, or if there is a loopback plug in its socket. A step is one transmit descriptor,
 * with the frame that it ends. A read that is aborted stops both queues until the card is reset; of
 * a write that is refused it does not hear. It has one message, so vector 0 is the only one that
 * interrupts.
 */
final class IgbCard extends RegisteredDevice {

  private static final int DESCRIPTOR_BYTES = 16;
  private static final int LARGEST_FRAME = 9728;
  private static final int SMALLEST_FRAME = 60;
  private static final int DATA = 3;
  private static final int BY_MAC = 1;
  private static final long VECTOR = 1;
  private static final int MOST_ON_THE_WIRE = 64;

  private static final int PHY_WRITE = 1;
  private static final int PHY_CONTROL = 0;
  private static final int PHY_STATUS = 1;
  private static final int PHY_LOOPBACK = 0x4000;
  private static final int PHY_NEGOTIATE = 0x1000;
  private static final int PHY_ABILITIES = 0x7949;
  private static final int PHY_NEGOTIATED_AND_UP = 0x24;

  /** Who made the PHY and which it is: IGP03E1000 in registers 2 and 3. */
  private static final int[] PHY_IDENTITY = {0x02A8, 0x0391};

  /** 02:00:00:00:00:07, as three words; the bit in the first byte says that it is made up. */
  private static final int[] ADDRESS = {0x0002, 0x0000, 0x0700};

  private static final int CHECK_SUM_AT = 0x3F;
  private static final int CHECK_SUM = 0xBABA;

  private static final int RECEIVED_DONE = 1;
  private static final int RECEIVED_LAST = 2;

  private final int[] phy = new int[32];
  private final ByteArrayOutputStream frame = new ByteArrayOutputStream();
  private final Deque<byte[]> wire = new ArrayDeque<>();
  private final boolean hasPlug;
  private byte @Nullable [] lastSent;
  private boolean receiverWanted;
  private boolean transmitterWanted;
  private boolean hangs;

  IgbCard(DmaPort port, boolean hasPlug) {
    super(port, IgbRegisters.window());
    this.hasPlug = hasPlug;
    reset();
  }

  // ---- registers -------------------------------------------------------------------------------

  @Override
  public void write(DeviceRegister register, long value) {
    if (register == IgbRegisters.CTRL) {
      control(value);
    } else if (register == IgbRegisters.MDIC) {
      askPhy(value);
    } else if (register == IgbRegisters.EERD) {
      readSettings(value);
    } else if (register == IgbRegisters.EICS) {
      raise(value);
    } else if (register == IgbRegisters.EIMS) {
      registers.set(register, registers.get(register) | value);
      raise(0);
    } else if (register == IgbRegisters.EIMC) {
      registers.set(IgbRegisters.EIMS, registers.get(IgbRegisters.EIMS) & ~value);
    } else {
      super.write(register, value);
      if (register == IgbRegisters.RXDCTL) {
        receiverWanted = IgbRegisters.QUEUE_ENABLED.isSet(value);
      } else if (register == IgbRegisters.TXDCTL) {
        transmitterWanted = IgbRegisters.QUEUE_ENABLED.isSet(value);
      }
      showQueues();
    }
  }

  private void control(long value) {
    if (!IgbRegisters.RESET.isSet(value)) {
      registers.set(IgbRegisters.CTRL, value);
      showLink();
      return;
    }
    // The message lies in configuration space, which the card's own reset leaves alone.
    long address = registers.get(MessageCapability.ADDRESS);
    long data = registers.get(MessageCapability.DATA);
    long message = registers.get(MessageCapability.CONTROL);
    reset();
    registers.set(MessageCapability.ADDRESS, address);
    registers.set(MessageCapability.DATA, data);
    registers.set(MessageCapability.CONTROL, message);
  }

  /** A word of the card's settings: its address, and what makes their sum right. */
  private void readSettings(long value) {
    int word = (int) IgbRegisters.NVM_ADDRESS.get(value);
    int data = word < ADDRESS.length ? ADDRESS[word] : 0;
    if (word == CHECK_SUM_AT) {
      data = CHECK_SUM - Arrays.stream(ADDRESS).sum() & 0xFFFF;
    }
    long shown = value & 0xFFFF | (long) data << 16;
    registers.set(IgbRegisters.EERD, shown | IgbRegisters.NVM_DONE.mask());
  }

  private void askPhy(long value) {
    int register = (int) IgbRegisters.PHY_REGISTER.get(value);
    long answer = value;
    if (IgbRegisters.PHY_OPERATION.get(value) == PHY_WRITE) {
      // A reset of the PHY is over at once.
      phy[register] = (int) IgbRegisters.PHY_DATA.get(value) & (register == 0 ? 0x7FFF : 0xFFFF);
    } else {
      answer = IgbRegisters.PHY_DATA.with(value, phy[register]);
    }
    registers.set(IgbRegisters.MDIC, answer | IgbRegisters.PHY_READY.mask());
    showLink();
  }

  /** The link is up once it is forced, looped back, or both ends have agreed. */
  private void showLink() {
    int control = phy[PHY_CONTROL];
    boolean up =
        registers.isSet(IgbRegisters.CTRL, IgbRegisters.LINK_UP)
            || (control & (PHY_LOOPBACK | PHY_NEGOTIATE)) != 0;
    // 1 Gb/s, both ways at once.
    registers.set(IgbRegisters.STATUS, up ? 0x81 | IgbRegisters.LINK.mask() : 0x81);
    phy[PHY_STATUS] = PHY_ABILITIES | (up ? PHY_NEGOTIATED_AND_UP : 0);
    System.arraycopy(PHY_IDENTITY, 0, phy, 2, PHY_IDENTITY.length);
  }

  /** A queue works once the whole receiver or transmitter does. */
  private void showQueues() {
    show(IgbRegisters.RXDCTL, receiverWanted && isOn(IgbRegisters.RCTL));
    show(IgbRegisters.TXDCTL, transmitterWanted && isOn(IgbRegisters.TCTL));
  }

  private void show(DeviceRegister queue, boolean works) {
    long others = registers.get(queue) & ~IgbRegisters.QUEUE_ENABLED.mask();
    registers.set(queue, others | (works ? IgbRegisters.QUEUE_ENABLED.mask() : 0));
  }

  private boolean isOn(DeviceRegister half) {
    return registers.isSet(half, IgbRegisters.ENABLED);
  }

  // ---- interrupts ------------------------------------------------------------------------------

  private void raiseFor(Field valid, Field vector) {
    if (registers.isSet(IgbRegisters.IVAR0, valid)) {
      raise(1L << vector.get(registers.get(IgbRegisters.IVAR0)));
    }
  }

  /** Causes come; a message goes if its vector is let through. */
  private void raise(long vectors) {
    long pending = registers.get(IgbRegisters.EICR) | vectors;
    registers.set(IgbRegisters.EICR, pending);
    if ((pending & registers.get(IgbRegisters.EIMS) & VECTOR) == 0) {
      return;
    }
    registers.set(IgbRegisters.EICR, pending & ~(registers.get(IgbRegisters.EIAC) & VECTOR));
    if (registers.isSet(IgbRegisters.GPIE, IgbRegisters.AUTO_MASKS)) {
      long masked = registers.get(IgbRegisters.EIAM) & VECTOR;
      registers.set(IgbRegisters.EIMS, registers.get(IgbRegisters.EIMS) & ~masked);
    }
    MessageCapability.send(registers, port);
  }

  // ---- sending ---------------------------------------------------------------------------------

  private boolean works(DeviceRegister queue) {
    return !hangs
        && registers.isSet(queue, IgbRegisters.QUEUE_ENABLED)
        && registers.isSet(IgbRegisters.STATUS, IgbRegisters.LINK);
  }

  private int size(DeviceRegister bytes) {
    return registers.getInt(bytes) / DESCRIPTOR_BYTES;
  }

  private long place(DeviceRegister low, DeviceRegister high, int index) {
    long ring = registers.get(low) | registers.get(high) << 32;
    return ring + (long) index * DESCRIPTOR_BYTES;
  }

  @Override
  public boolean step() {
    return transmit() || takeFromWire();
  }

  private boolean transmit() {
    int count = size(IgbRegisters.TDLEN);
    int head = registers.getInt(IgbRegisters.TDH);
    if (!works(IgbRegisters.TXDCTL)
        || head >= count
        || head == registers.getInt(IgbRegisters.TDT)) {
      return false;
    }
    long at = place(IgbRegisters.TDBAL, IgbRegisters.TDBAH, head);
    byte[] bytes = port.read(at, DESCRIPTOR_BYTES);
    if (bytes == null) {
      return stop();
    }
    ByteBuffer descriptor = Words.of(bytes);
    long low = descriptor.getLong(0);
    long high = descriptor.getLong(8);
    boolean advanced = IgbRegisters.ADVANCED.isSet(high);
    boolean data = !advanced || IgbRegisters.TYPE.get(high) == DATA;
    if (data) {
      byte[] part = port.read(low, (int) IgbRegisters.LENGTH.get(high));
      if (part == null) {
        return stop();
      }
      frame.writeBytes(part);
    }
    registers.set(IgbRegisters.TDH, (head + 1) % count);
    if (data && IgbRegisters.LAST.isSet(high)) {
      byte[] whole = frame.toByteArray();
      frame.reset();
      send(whole);
    }
    if (IgbRegisters.REPORTS.isSet(high)) {
      port.write(at + 12, word((int) (high >>> 32) | 1));
      raiseFor(IgbRegisters.TRANSMIT_VALID, IgbRegisters.TRANSMIT_VECTOR);
    }
    return true;
  }

  private static byte[] word(int value) {
    return Words.of(new byte[4]).putInt(value).array();
  }

  private boolean stop() {
    hangs = true;
    return true;
  }

  private void send(byte[] data) {
    boolean padded =
        data.length < SMALLEST_FRAME && registers.isSet(IgbRegisters.TCTL, IgbRegisters.PADS);
    byte[] sent = padded ? Arrays.copyOf(data, SMALLEST_FRAME) : data;
    if (sent.length > LARGEST_FRAME || sent.length < SMALLEST_FRAME) {
      return;
    }
    count(IgbRegisters.GPTC, 1);
    count(IgbRegisters.GOTCL, sent.length);
    boolean inside =
        (phy[PHY_CONTROL] & PHY_LOOPBACK) != 0
            || IgbRegisters.LOOPBACK.get(registers.get(IgbRegisters.RCTL)) == BY_MAC;
    if (!inside) {
      lastSent = sent;
    }
    if ((inside || hasPlug) && works(IgbRegisters.RXDCTL) && isForUs(sent)) {
      store(sent);
    }
  }

  private void count(DeviceRegister counter, int more) {
    registers.set(counter, registers.get(counter) + more);
  }

  // ---- receiving -------------------------------------------------------------------------------

  @Override
  public boolean receives(byte[] data) {
    return works(IgbRegisters.RXDCTL)
        && wire.size() < MOST_ON_THE_WIRE
        && data.length >= SMALLEST_FRAME
        && data.length <= LARGEST_FRAME
        && isForUs(data);
  }

  @Override
  public boolean receive(byte[] data) {
    return receives(data) && wire.add(data.clone());
  }

  private boolean takeFromWire() {
    if (wire.isEmpty() || !works(IgbRegisters.RXDCTL)) {
      return false;
    }
    store(wire.remove());
    return true;
  }

  private boolean isForUs(byte[] sent) {
    long target = 0;
    for (int i = 5; i >= 0; i--) {
      target = target << 8 | sent[i] & 0xFF;
    }
    long rules = registers.get(IgbRegisters.RCTL);
    if (target == 0xFFFF_FFFF_FFFFL) {
      return IgbRegisters.BROADCASTS.isSet(rules);
    }
    if ((target & 1) != 0) {
      return IgbRegisters.ANY_MULTICAST.isSet(rules);
    }
    long high = registers.get(IgbRegisters.RAH);
    long own = registers.get(IgbRegisters.RAL) | (high & 0xFFFF) << 32;
    return IgbRegisters.ANY_UNICAST.isSet(rules)
        || IgbRegisters.ADDRESS_VALID.isSet(high) && own == target;
  }

  private int bufferBytes() {
    int kib = (int) IgbRegisters.BUFFER_KIB.get(registers.get(IgbRegisters.SRRCTL));
    int code = (int) IgbRegisters.BUFFER.get(registers.get(IgbRegisters.RCTL));
    return kib > 0 ? kib << 10 : 2048 >> code;
  }

  /** Stores a frame in as many buffers as it takes, or not at all. */
  private void store(byte[] sent) {
    byte[] stored =
        registers.isSet(IgbRegisters.RCTL, IgbRegisters.STRIPS_CRC) ? sent : withCheckSum(sent);
    int room = bufferBytes();
    int needed = (stored.length + room - 1) / room;
    int count = size(IgbRegisters.RDLEN);
    int head = registers.getInt(IgbRegisters.RDH);
    int free = count == 0 ? 0 : Math.floorMod(registers.getInt(IgbRegisters.RDT) - head, count);
    if (head >= count || free < needed) {
      count(IgbRegisters.MPC, 1);
      return;
    }
    for (int i = 0; i < needed; i++) {
      int from = i * room;
      byte[] part = Arrays.copyOfRange(stored, from, Math.min(from + room, stored.length));
      long at = place(IgbRegisters.RDBAL, IgbRegisters.RDBAH, (head + i) % count);
      byte[] descriptor = port.read(at, DESCRIPTOR_BYTES);
      if (descriptor == null) {
        stop();
        return;
      }
      port.write(Words.of(descriptor).getLong(0), part);
      int status = RECEIVED_DONE | (i == needed - 1 ? RECEIVED_LAST : 0);
      writeBack(at, Words.of(descriptor).getLong(0), part.length, status);
      registers.set(IgbRegisters.RDH, (head + i + 1) % count);
    }
    count(IgbRegisters.GPRC, 1);
    count(IgbRegisters.GORCL, stored.length);
    raiseFor(IgbRegisters.RECEIVE_VALID, IgbRegisters.RECEIVE_VECTOR);
  }

  private void writeBack(long at, long buffer, int length, int status) {
    boolean advanced = IgbRegisters.DESCRIPTOR_TYPE.get(registers.get(IgbRegisters.SRRCTL)) != 0;
    port.write(
        at,
        advanced
            ? Words.quadwords(0, status | (long) length << 32)
            : Words.quadwords(buffer, length | (long) status << 32));
  }

  private static byte[] withCheckSum(byte[] sent) {
    var sum = new CRC32();
    sum.update(sent);
    byte[] stored = Arrays.copyOf(sent, sent.length + 4);
    System.arraycopy(word((int) sum.getValue()), 0, stored, sent.length, 4);
    return stored;
  }

  // ---- what can be seen ------------------------------------------------------------------------

  @Override
  public Optional<byte[]> output() {
    return Optional.ofNullable(lastSent).map(byte[]::clone);
  }

  @Override
  public String activity() {
    if (hangs) {
      return "hangs after a read that was aborted";
    }
    return works(IgbRegisters.TXDCTL) || works(IgbRegisters.RXDCTL) ? "running" : "idle";
  }

  @Override
  public void reset() {
    registers.reset();
    Arrays.fill(phy, 0);
    phy[PHY_CONTROL] = PHY_NEGOTIATE;
    frame.reset();
    wire.clear();
    lastSent = null;
    receiverWanted = false;
    transmitterWanted = false;
    hangs = false;
    registers.set(IgbRegisters.EEMNGCTL, IgbRegisters.PHY_CONFIGURED.mask());
    registers.set(IgbRegisters.EECD, 0x100 | IgbRegisters.NVM_READ.mask());
    registers.set(IgbRegisters.RAL, ADDRESS[0] | (long) ADDRESS[1] << 16);
    registers.set(IgbRegisters.RAH, ADDRESS[2] | IgbRegisters.ADDRESS_VALID.mask());
    showLink();
  }
}
