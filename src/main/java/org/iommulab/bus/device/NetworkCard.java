package org.iommulab.bus.device;

import static org.iommulab.bits.Field.address;
import static org.iommulab.bits.Field.flag;
import static org.iommulab.bits.Field.number;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.iommulab.bits.Field;
import org.iommulab.bits.Layout;
import org.iommulab.bus.device.DeviceRegister.Access;

/**
 * A network card with one ring to send and one to receive.
 *
 * <pre>
 *   descriptor   +0  buffer address
 *                +8  63:34 free   33 EOP out   32 DD out   27 RS   24 EOP   15:0 length
 * </pre>
 *
 * <p>The card takes descriptors from head to tail, moves the data, writes the descriptor back with
 * DD set and raises its interrupt. A read that is aborted stops the ring until the driver has
 * cleared STATUS; a write that is refused is lost, and the card does not know: nobody answers
 * writes.
 */
final class NetworkCard extends RegisteredDevice {

  private static final String SOURCE = "network card";
  private static final int DESCRIPTOR_BYTES = 16;
  private static final int BUFFER_BYTES = 2048;
  private static final int WIRE_PACKETS = 64;

  static final Field TX_ENABLE = flag("TXE", 0, "sends");
  static final Field RX_ENABLE = flag("RXE", 1, "receives");
  static final Field LOOPBACK = flag("LOOP", 2, "what it sends comes back");
  static final Field TX_ABORT = flag("TXABORT", 0, "a read for sending was aborted");
  static final Field RX_ABORT = flag("RXABORT", 1, "reading a receive descriptor was aborted");
  static final Field TX_DONE = flag("TXDW", 0, "a descriptor with RS was sent");
  static final Field RX_DONE = flag("RXT", 1, "a packet was stored");
  static final Field DMA_ABORT = flag("ABORT", 2, "a request was aborted");

  static final DeviceRegister CTRL =
      DeviceRegister.of(
          SOURCE, 0x00, Access.READ_WRITE, "CTRL", 32, TX_ENABLE, RX_ENABLE, LOOPBACK);
  static final DeviceRegister STATUS =
      DeviceRegister.of(SOURCE, 0x08, Access.WRITE_ONE_CLEARS, "STATUS", 32, TX_ABORT, RX_ABORT);
  static final DeviceRegister ERRADDR =
      DeviceRegister.of(
          SOURCE, 0x10, Access.READ_ONLY, "ERRADDR", 64, number("ADDR", 63, 0, "address refused"));
  static final DeviceRegister ICR =
      DeviceRegister.of(
          SOURCE, 0xC0, Access.WRITE_ONE_CLEARS, "ICR", 32, TX_DONE, RX_DONE, DMA_ABORT);
  static final DeviceRegister IMS =
      DeviceRegister.of(SOURCE, 0xD0, Access.READ_WRITE, "IMS", 32, TX_DONE, RX_DONE, DMA_ABORT);

  static final DeviceRegister[] RX = ring(0x280, "RD", "receive");
  static final DeviceRegister[] TX = ring(0x380, "TD", "send");

  private static final int BASE = 0;
  private static final int SIZE = 1;
  private static final int HEAD = 2;
  private static final int TAIL = 3;

  static final Field LENGTH = number("LEN", 79, 64, "bytes in the buffer");
  static final Field LAST = flag("EOP", 88, "last buffer of a packet to send");
  static final Field REPORT = flag("RS", 91, "report when done");
  static final Field DONE = flag("DD", 96, "done; set by the card");
  static final Field RECEIVED_LAST = flag("REOP", 97, "last buffer of a received packet");

  /** A descriptor of either ring. */
  static final Layout DESCRIPTOR =
      Layout.of(
          "NIC descriptor",
          128,
          SOURCE,
          address("ADDR", 63, 0, "the buffer"),
          LENGTH,
          LAST,
          REPORT,
          DONE,
          RECEIVED_LAST);

  private final Deque<byte[]> wire = new ArrayDeque<>();
  private byte[] collected = new byte[0];
  private byte[] sent = new byte[0];
  private boolean hasSent;

  NetworkCard(DmaPort port) {
    super(
        port,
        Stream.of(
                Stream.of(CTRL, STATUS, ERRADDR, ICR, IMS),
                Arrays.stream(RX),
                Arrays.stream(TX),
                MessageCapability.registers().stream())
            .flatMap(each -> each)
            .toList());
  }

  private static DeviceRegister[] ring(int offset, String prefix, String what) {
    return new DeviceRegister[] {
      DeviceRegister.of(
          SOURCE,
          offset,
          Access.READ_WRITE,
          prefix + "BA",
          64,
          address("BASE", 63, 4, what + " ring, a multiple of 16")),
      DeviceRegister.of(
          SOURCE,
          offset + 8,
          Access.READ_WRITE,
          prefix + "LEN",
          32,
          number("BYTES", 19, 0, "bytes of the ring")),
      DeviceRegister.of(
          SOURCE,
          offset + 16,
          Access.READ_ONLY,
          prefix + "H",
          32,
          number("HEAD", 15, 0, "next descriptor the card takes")),
      DeviceRegister.of(
          SOURCE,
          offset + 24,
          Access.READ_WRITE,
          prefix + "T",
          32,
          number("TAIL", 15, 0, "first descriptor that is not the card's"))
    };
  }

  @Override
  public void write(DeviceRegister register, long value) {
    super.write(register, value);
    if (register == RX[BASE] || register == RX[SIZE]) {
      registers.set(RX[HEAD], 0);
    } else if (register == TX[BASE] || register == TX[SIZE]) {
      registers.set(TX[HEAD], 0);
      collected = new byte[0];
    }
  }

  @Override
  public boolean receives(byte[] data) {
    return data.length > 0 && wire.size() < WIRE_PACKETS;
  }

  @Override
  public boolean receive(byte[] data) {
    return receives(data) && wire.add(data.clone());
  }

  // ---- work ------------------------------------------------------------------------------------

  @Override
  public boolean step() {
    return send() || store();
  }

  private int entries(DeviceRegister[] ring) {
    return registers.getInt(ring[SIZE]) / DESCRIPTOR_BYTES;
  }

  private boolean hasWork(DeviceRegister[] ring, Field enable, Field stopped) {
    return registers.isSet(CTRL, enable)
        && !registers.isSet(STATUS, stopped)
        && registers.get(ring[HEAD]) != registers.get(ring[TAIL])
        && registers.get(ring[HEAD]) < entries(ring)
        && registers.get(ring[TAIL]) < entries(ring);
  }

  private long head(DeviceRegister[] ring) {
    return registers.get(ring[BASE]) + registers.get(ring[HEAD]) * DESCRIPTOR_BYTES;
  }

  private void advance(DeviceRegister[] ring) {
    registers.set(ring[HEAD], (registers.get(ring[HEAD]) + 1) % entries(ring));
  }

  private boolean send() {
    if (!hasWork(TX, TX_ENABLE, TX_ABORT)) {
      return false;
    }
    long at = head(TX);
    byte[] descriptor = port.read(at, DESCRIPTOR_BYTES);
    if (descriptor == null) {
      return stop(TX_ABORT, at);
    }
    long buffer = Words.of(descriptor).getLong(0);
    long control = Words.of(descriptor).getLong(8);
    byte[] data = port.read(buffer, (int) LENGTH.get(control));
    if (data == null) {
      return stop(TX_ABORT, buffer);
    }
    collected = joined(collected, data);
    if (LAST.isSet(control)) {
      transmit();
    }
    port.write(at + 8, Words.quadwords(control | DONE.mask()));
    advance(TX);
    if (REPORT.isSet(control)) {
      interrupt(TX_DONE);
    }
    return true;
  }

  private void transmit() {
    sent = collected;
    hasSent = true;
    collected = new byte[0];
    if (registers.isSet(CTRL, LOOPBACK)) {
      receive(sent);
    }
  }

  private static byte[] joined(byte[] first, byte[] second) {
    byte[] both = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, both, first.length, second.length);
    return both;
  }

  private boolean store() {
    byte[] packet = wire.peek();
    if (packet == null || !hasWork(RX, RX_ENABLE, RX_ABORT)) {
      return false;
    }
    long at = head(RX);
    byte[] descriptor = port.read(at, DESCRIPTOR_BYTES);
    if (descriptor == null) {
      return stop(RX_ABORT, at);
    }
    wire.remove();
    ByteBuffer fields = Words.of(descriptor);
    int length = Math.min(packet.length, BUFFER_BYTES);
    port.write(fields.getLong(0), Arrays.copyOf(packet, length));
    long control = LENGTH.with(DONE.mask(), length);
    boolean whole = length == packet.length;
    if (whole) {
      control |= RECEIVED_LAST.mask();
    } else {
      wire.addFirst(Arrays.copyOfRange(packet, length, packet.length));
    }
    port.write(at + 8, Words.quadwords(control));
    advance(RX);
    if (whole) {
      interrupt(RX_DONE);
    }
    return true;
  }

  private boolean stop(Field why, long address) {
    registers.raise(STATUS, why);
    registers.set(ERRADDR, address);
    interrupt(DMA_ABORT);
    return true;
  }

  private void interrupt(Field cause) {
    registers.raise(ICR, cause);
    if (registers.isSet(IMS, cause)) {
      MessageCapability.send(registers, port);
    }
  }

  @Override
  public boolean hasPin() {
    return true;
  }

  @Override
  public boolean wantsAttention() {
    return (registers.get(ICR) & registers.get(IMS)) != 0;
  }

  // ---- what can be seen ------------------------------------------------------------------------

  @Override
  public List<Ring> rings() {
    return List.of(ring("rx", RX), ring("tx", TX));
  }

  private Ring ring(String name, DeviceRegister[] ring) {
    return new Ring(
        name,
        registers.get(ring[BASE]),
        DESCRIPTOR_BYTES,
        entries(ring),
        registers.getInt(ring[HEAD]),
        registers.getInt(ring[TAIL]));
  }

  @Override
  public String activity() {
    if (registers.get(STATUS) != 0) {
      return "stopped by an aborted read";
    }
    boolean busy =
        hasWork(TX, TX_ENABLE, TX_ABORT) || (hasWork(RX, RX_ENABLE, RX_ABORT) && !wire.isEmpty());
    return busy ? "busy" : "idle";
  }

  @Override
  public Optional<byte[]> output() {
    return hasSent ? Optional.of(sent.clone()) : Optional.empty();
  }

  @Override
  public void reset() {
    registers.reset();
    wire.clear();
    collected = new byte[0];
    sent = new byte[0];
    hasSent = false;
  }
}
