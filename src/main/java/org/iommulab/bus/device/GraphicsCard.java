package org.iommulab.bus.device;

import static org.iommulab.bits.Field.address;
import static org.iommulab.bits.Field.flag;
import static org.iommulab.bits.Field.number;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.iommulab.bits.Field;
import org.iommulab.bits.Layout;
import org.iommulab.bus.DmaAccess;
import org.iommulab.bus.Pasid;
import org.iommulab.bus.ats.PageGroupResponse;
import org.iommulab.bus.ats.PageRequestMessage;
import org.iommulab.bus.device.DeviceRegister.Access;
import org.iommulab.bus.device.DmaPort.Completion;

/**
 * A graphics card that works in the address spaces of processes: every command names a PASID. With
 * translation services on it uses its own translation cache, asks for pages that are missing and
 * goes on when they have come.
 *
 * <pre>
 *   command   +0   31:8 PASID   1:0 what: 1 copy, 2 fill, 3 fence
 *             +8   destination
 *             +16  source of a copy; value of a fill or fence
 *             +24  bytes
 * </pre>
 */
final class GraphicsCard extends RegisteredDevice {

  private static final String SOURCE = "graphics card";
  private static final int COMMAND_BYTES = 32;
  private static final int PAGE = 4096;
  private static final int COPY = 1;
  private static final int FILL = 2;
  private static final int FENCE = 3;

  static final Field ENABLE = flag("EN", 0, "takes commands");
  static final Field ATS = flag("ATS", 1, "translates by its own cache");
  static final Field PRI = flag("PRI", 2, "asks for missing pages");
  static final Field PASID_ENABLE = flag("PASID", 3, "requests carry the command's PASID");
  static final Field PRIVILEGED = flag("PRIV", 4, "requests are privileged");

  static final Field RING_ABORT = flag("RINGABORT", 0, "reading the ring was aborted");
  static final Field FAULT = flag("FAULT", 1, "a command could not reach memory");
  static final Field BAD = flag("BAD", 2, "a command makes no sense");
  static final Field NO_PAGE = flag("NOPAGE", 3, "a page that was asked for did not come");

  /** A command in the ring. */
  static final Layout COMMAND =
      Layout.of(
          "GPU command",
          256,
          SOURCE,
          number("OP", 1, 0, "what to do").value(1, "copy").value(2, "fill").value(3, "fence"),
          number("PASID", 27, 8, "whose addresses"),
          number("DST", 127, 64, "destination"),
          number("SRC", 191, 128, "source or value"),
          number("LEN", 223, 192, "bytes"));

  static final DeviceRegister CTRL =
      DeviceRegister.of(
          SOURCE, 0x00, Access.READ_WRITE, "CTRL", 32, ENABLE, ATS, PRI, PASID_ENABLE, PRIVILEGED);
  static final DeviceRegister STATUS =
      DeviceRegister.of(
          SOURCE, 0x04, Access.WRITE_ONE_CLEARS, "STATUS", 32, RING_ABORT, FAULT, BAD, NO_PAGE);
  static final DeviceRegister RING =
      DeviceRegister.of(
          SOURCE, 0x08, Access.READ_WRITE, "RING", 64, address("BASE", 63, 5, "the command ring"));
  static final DeviceRegister SIZE =
      DeviceRegister.of(
          SOURCE, 0x10, Access.READ_WRITE, "SIZE", 32, number("COUNT", 15, 0, "commands it holds"));
  static final DeviceRegister HEAD =
      DeviceRegister.of(
          SOURCE, 0x14, Access.READ_ONLY, "HEAD", 32, number("INDEX", 15, 0, "next command"));
  static final DeviceRegister TAIL =
      DeviceRegister.of(
          SOURCE, 0x18, Access.READ_WRITE, "TAIL", 32, number("INDEX", 15, 0, "first free place"));
  static final DeviceRegister GROUP =
      DeviceRegister.of(
          SOURCE, 0x1C, Access.READ_ONLY, "GROUP", 32, number("PRGI", 8, 0, "page request group"));
  static final DeviceRegister ERRADDR =
      DeviceRegister.of(
          SOURCE,
          0x20,
          Access.READ_ONLY,
          "ERRADDR",
          64,
          number("ADDR", 63, 0, "address that failed"));
  static final DeviceRegister DONE =
      DeviceRegister.of(
          SOURCE, 0x28, Access.READ_ONLY, "DONE", 32, number("COUNT", 31, 0, "commands done"));

  private long moved;
  private boolean waiting;

  GraphicsCard(DmaPort port) {
    super(
        port,
        Stream.concat(
                Stream.of(CTRL, STATUS, RING, SIZE, HEAD, TAIL, GROUP, ERRADDR, DONE),
                MessageCapability.registers().stream())
            .toList());
  }

  @Override
  public void write(DeviceRegister register, long value) {
    super.write(register, value);
    if (register == RING || register == SIZE) {
      registers.set(HEAD, 0);
      moved = 0;
    }
  }

  // ---- work ------------------------------------------------------------------------------------

  private boolean hasWork() {
    return registers.isSet(CTRL, ENABLE)
        && registers.get(STATUS) == 0
        && registers.get(HEAD) != registers.get(TAIL)
        && registers.get(TAIL) < registers.get(SIZE);
  }

  @Override
  public boolean step() {
    if (!hasWork() || !pageHasCome()) {
      return false;
    }
    long at = registers.get(RING) + registers.get(HEAD) * COMMAND_BYTES;
    byte[] command = port.read(at, COMMAND_BYTES);
    if (command == null) {
      return fail(RING_ABORT, at);
    }
    return execute(
        COMMAND.field("OP").get(Words.of(command).getLong(0)),
        (int) COMMAND.field("PASID").get(Words.of(command).getLong(0)),
        Words.of(command).getLong(8),
        Words.of(command).getLong(16),
        Words.of(command).getInt(24) & 0xFFFF_FFFFL);
  }

  /** Tells whether nothing is waited for any more; a refused page ends the work. */
  private boolean pageHasCome() {
    for (PageGroupResponse response : port.responses()) {
      boolean ours = waiting && response.group() == registers.getInt(GROUP);
      if (ours && response.code() == PageGroupResponse.SUCCESS) {
        waiting = false;
        registers.set(GROUP, (registers.get(GROUP) + 1) % PageRequestMessage.GROUPS);
      } else if (ours) {
        waiting = false;
        fail(NO_PAGE, registers.get(ERRADDR));
      }
    }
    return !waiting && registers.get(STATUS) == 0;
  }

  private boolean execute(long what, int pasid, long destination, long source, long bytes) {
    if (what < COPY || what > FENCE) {
      return fail(BAD, registers.get(RING) + registers.get(HEAD) * COMMAND_BYTES);
    }
    long length = what == FENCE ? Long.BYTES : bytes;
    boolean movedOn =
        moved >= length || moveOn(what, pasid, destination + moved, source, length - moved);
    if (movedOn && moved >= length) {
      finish(what == FENCE);
    }
    return true;
  }

  /** Moves data up to the end of a page; false if it failed or has to wait. */
  private boolean moveOn(long what, int pasid, long to, long source, long left) {
    int length = (int) Math.min(left, PAGE - (to & PAGE - 1));
    byte[] data;
    if (what == COPY) {
      long from = source + moved;
      length = (int) Math.min(length, PAGE - (from & PAGE - 1));
      data = new byte[length];
      if (!move(access(DmaAccess.Kind.READ, from, length, pasid), data)) {
        return false;
      }
    } else if (what == FILL) {
      data = new byte[length];
      Arrays.fill(data, (byte) source);
    } else {
      int first = (int) moved;
      data = Arrays.copyOfRange(Words.quadwords(source), first, first + length);
    }
    if (!move(access(DmaAccess.Kind.WRITE, to, length, pasid), data)) {
      return false;
    }
    moved += length;
    return true;
  }

  private DmaAccess access(DmaAccess.Kind kind, long address, int length, int pasid) {
    DmaAccess plain = DmaAccess.of(port.source(), address, length, kind);
    return registers.isSet(CTRL, PASID_ENABLE)
        ? plain.withPasid(new Pasid(pasid)).withPrivileged(registers.isSet(CTRL, PRIVILEGED))
        : plain;
  }

  private boolean move(DmaAccess access, byte[] data) {
    Completion completion =
        registers.isSet(CTRL, ATS)
            ? port.transferTranslated(access, data)
            : port.transfer(access, data);
    switch (completion) {
      case SUCCESS -> {
        return true;
      }
      case DENIED -> ask(access);
      case ABORTED, REFUSED -> fail(FAULT, access.address());
    }
    return false;
  }

  private void ask(DmaAccess access) {
    registers.set(ERRADDR, access.address());
    waiting = registers.isSet(CTRL, PRI) && port.requestPage(access, registers.getInt(GROUP));
    if (!waiting) {
      fail(FAULT, access.address());
    }
  }

  private void finish(boolean interrupt) {
    moved = 0;
    registers.set(HEAD, (registers.get(HEAD) + 1) % registers.get(SIZE));
    registers.set(DONE, registers.get(DONE) + 1);
    if (interrupt) {
      MessageCapability.send(registers, port);
    }
  }

  private boolean fail(Field why, long address) {
    registers.set(ERRADDR, address);
    registers.raise(STATUS, why);
    MessageCapability.send(registers, port);
    return true;
  }

  // ---- what can be seen ------------------------------------------------------------------------

  @Override
  public List<Ring> rings() {
    return List.of(
        new Ring(
            "commands",
            registers.get(RING),
            COMMAND_BYTES,
            registers.getInt(SIZE),
            registers.getInt(HEAD),
            registers.getInt(TAIL)));
  }

  @Override
  public String activity() {
    if (registers.get(STATUS) != 0) {
      return "stopped";
    }
    if (waiting) {
      return "waiting for a page";
    }
    return hasWork() ? "busy" : "idle";
  }

  @Override
  public void reset() {
    registers.reset();
    moved = 0;
    waiting = false;
  }
}
