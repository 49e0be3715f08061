package org.iommulab.bus.device;

import static org.iommulab.bus.device.IoatRegisters.ABORT;
import static org.iommulab.bus.device.IoatRegisters.APPEND;
import static org.iommulab.bus.device.IoatRegisters.ATTENTION;
import static org.iommulab.bus.device.IoatRegisters.ATTNSTATUS;
import static org.iommulab.bus.device.IoatRegisters.BY_VECTOR;
import static org.iommulab.bus.device.IoatRegisters.CBVER;
import static org.iommulab.bus.device.IoatRegisters.CDAR;
import static org.iommulab.bus.device.IoatRegisters.CHAINADDR;
import static org.iommulab.bus.device.IoatRegisters.CHAIN_ADDRESS;
import static org.iommulab.bus.device.IoatRegisters.CHANCMD;
import static org.iommulab.bus.device.IoatRegisters.CHANCMP;
import static org.iommulab.bus.device.IoatRegisters.CHANCNT;
import static org.iommulab.bus.device.IoatRegisters.CHANCTRL;
import static org.iommulab.bus.device.IoatRegisters.CHANERR;
import static org.iommulab.bus.device.IoatRegisters.CHANERRMASK;
import static org.iommulab.bus.device.IoatRegisters.CHANERRMASK_INT;
import static org.iommulab.bus.device.IoatRegisters.CHANERR_INT;
import static org.iommulab.bus.device.IoatRegisters.CHANSTS;
import static org.iommulab.bus.device.IoatRegisters.COMMAND_ERROR;
import static org.iommulab.bus.device.IoatRegisters.COMPLETES;
import static org.iommulab.bus.device.IoatRegisters.CONTROL;
import static org.iommulab.bus.device.IoatRegisters.DISABLED;
import static org.iommulab.bus.device.IoatRegisters.DMACAP;
import static org.iommulab.bus.device.IoatRegisters.DMACOUNT;
import static org.iommulab.bus.device.IoatRegisters.DMA_COMP;
import static org.iommulab.bus.device.IoatRegisters.ERROR_COMPLETION;
import static org.iommulab.bus.device.IoatRegisters.ERROR_INTERRUPT;
import static org.iommulab.bus.device.IoatRegisters.INTERRUPT;
import static org.iommulab.bus.device.IoatRegisters.INTERRUPTS;
import static org.iommulab.bus.device.IoatRegisters.INTRCTRL;
import static org.iommulab.bus.device.IoatRegisters.LENGTH;
import static org.iommulab.bus.device.IoatRegisters.MASTER;
import static org.iommulab.bus.device.IoatRegisters.NEXT_ADDRESS;
import static org.iommulab.bus.device.IoatRegisters.NEXT_ALIGNMENT;
import static org.iommulab.bus.device.IoatRegisters.NULL;
import static org.iommulab.bus.device.IoatRegisters.OPERATION;
import static org.iommulab.bus.device.IoatRegisters.PENDING;
import static org.iommulab.bus.device.IoatRegisters.READ_DATA;
import static org.iommulab.bus.device.IoatRegisters.RESET;
import static org.iommulab.bus.device.IoatRegisters.RESUME;
import static org.iommulab.bus.device.IoatRegisters.SIZE;
import static org.iommulab.bus.device.IoatRegisters.START;
import static org.iommulab.bus.device.IoatRegisters.STATUS;
import static org.iommulab.bus.device.IoatRegisters.SUSPEND;
import static org.iommulab.bus.device.IoatRegisters.TRANSFER_SHIFT;
import static org.iommulab.bus.device.IoatRegisters.VERSION;
import static org.iommulab.bus.device.IoatRegisters.XFERCAP;

import java.nio.ByteBuffer;
import java.util.List;
import org.iommulab.bits.Field;
import org.jspecify.annotations.Nullable;

/**
 * Intel's I/OAT copy engine with one channel. The driver links descriptors of 64 bytes in memory,
 * writes the first one's address to CHAINADDR and how many there are to DMACOUNT; the channel does
 * one after the other, a step each, and stops behind the last. A read that is aborted halts it
 * until the driver has cleared CHANERR and given it a new chain; of a write that is refused it does
 * not hear.
 */
final class IoatEngine extends RegisteredDevice {

  private static final int DESCRIPTOR_BYTES = 64;
  private static final int COPY = 0;
  private static final int FILL = 1;
  private static final int COUNT_MASK = 0xFFFF;

  /** What the channel does, as CHANSTS tells it. */
  private enum Channel {
    ACTIVE,
    DONE,
    SUSPENDED,
    HALTED
  }

  private int done;
  private long next;
  private boolean chained;

  IoatEngine(DmaPort port) {
    super(port, IoatRegisters.window(), IoatRegisters.configuration());
    reset();
  }

  // ---- registers -------------------------------------------------------------------------------

  @Override
  public void write(DeviceRegister register, long value) {
    if (register == CHANCMD) {
      command(value);
    } else if (register == INTRCTRL) {
      long kept = MASTER.mask() | BY_VECTOR.mask();
      registers.set(INTRCTRL, value & kept);
      showAttention();
    } else if (register == CHANCTRL) {
      control(value);
    } else {
      super.write(register, value);
      if (register == CHAINADDR) {
        registers.set(DMACOUNT, 0);
        done = 0;
        next = value;
        chained = true;
      } else if (register == DMACOUNT) {
        begin();
      }
    }
  }

  private void command(long value) {
    List<Field> given =
        List.of(START, APPEND, SUSPEND, ABORT, RESUME, RESET).stream()
            .filter(field -> field.isSet(value))
            .toList();
    if (RESET.isSet(value)) {
      registers.set(DMACOUNT, 0);
      registers.set(CHAINADDR, 0);
      done = 0;
      chained = false;
      become(Channel.HALTED);
    } else if (given.size() > 1) {
      fail(COMMAND_ERROR);
    } else if (SUSPEND.isSet(value) && state() != Channel.HALTED) {
      chained = false;
      become(Channel.SUSPENDED);
    } else if (ABORT.isSet(value)) {
      chained = false;
      become(Channel.HALTED);
    } else if (RESUME.isSet(value) && state() == Channel.SUSPENDED) {
      become(hasMore() ? Channel.ACTIVE : Channel.DONE);
    } else if (START.isSet(value) || APPEND.isSet(value)) {
      begin();
    }
  }

  private void control(long value) {
    boolean allowsAgain = DISABLED.isSet(value);
    boolean disabled = !allowsAgain && registers.isSet(CHANCTRL, DISABLED);
    registers.set(CHANCTRL, value & ~DISABLED.mask() | (disabled ? DISABLED.mask() : 0));
    if (allowsAgain) {
      registers.clear(ATTNSTATUS, ATTENTION);
      showAttention();
    }
  }

  private Channel state() {
    return Channel.values()[(int) STATUS.get(registers.get(CHANSTS)) & 3];
  }

  private void become(Channel state) {
    registers.set(CHANSTS, STATUS.with(registers.get(CHANSTS), state.ordinal()));
  }

  private boolean hasMore() {
    return done != registers.getInt(DMACOUNT);
  }

  /** Work has come; a channel that was stopped wants a new chain for it, and no errors left. */
  private void begin() {
    boolean stopped = state() == Channel.SUSPENDED || state() == Channel.HALTED;
    if (hasMore() && registers.get(CHANERR) == 0 && (!stopped || chained)) {
      become(Channel.ACTIVE);
    }
  }

  // ---- work ------------------------------------------------------------------------------------

  @Override
  public boolean step() {
    if (state() != Channel.ACTIVE) {
      return false;
    }
    registers.set(CDAR, next);
    if (next % DESCRIPTOR_BYTES != 0) {
      return fail(done == 0 ? CHAIN_ADDRESS : NEXT_ALIGNMENT);
    }
    byte[] bytes = port.read(next, DESCRIPTOR_BYTES);
    if (bytes == null) {
      return fail(NEXT_ADDRESS);
    }
    ByteBuffer descriptor = Words.of(bytes);
    Field wrong = carryOut(descriptor);
    if (wrong != null) {
      return fail(wrong);
    }
    done = done + 1 & COUNT_MASK;
    registers.set(CHANSTS, next | STATUS.get(registers.get(CHANSTS)));
    next = descriptor.getLong(24);
    if (!hasMore()) {
      become(Channel.DONE);
    }
    long head = descriptor.getLong(0);
    if (COMPLETES.isSet(head)) {
      tellMemory();
    }
    if (INTERRUPTS.isSet(head)) {
      interrupt();
    }
    return true;
  }

  /** Moves what a descriptor says; what is wrong with it, or null. */
  private @Nullable Field carryOut(ByteBuffer descriptor) {
    long head = descriptor.getLong(0);
    long size = SIZE.get(head);
    long operation = OPERATION.get(head);
    if (operation != COPY && operation != FILL) {
      return CONTROL;
    }
    if (NULL.isSet(head)) {
      return null;
    }
    if (size == 0 || size > 1 << TRANSFER_SHIFT) {
      return LENGTH;
    }
    byte[] data =
        operation == FILL
            ? pattern(descriptor.getLong(8), (int) size)
            : port.read(descriptor.getLong(8), (int) size);
    if (data == null) {
      return READ_DATA;
    }
    port.write(descriptor.getLong(16), data);
    return null;
  }

  private static byte[] pattern(long word, int size) {
    byte[] data = new byte[size];
    for (int i = 0; i < size; i++) {
      data[i] = (byte) (word >>> 8 * (i & 7));
    }
    return data;
  }

  private void tellMemory() {
    port.write(registers.get(CHANCMP) & -8, Words.quadwords(registers.get(CHANSTS)));
  }

  private boolean fail(Field error) {
    registers.raise(CHANERR, error);
    if ((registers.get(CHANERRMASK_INT) & error.mask()) == 0) {
      registers.raise(CHANERR_INT, error);
    }
    chained = false;
    become(Channel.HALTED);
    if (registers.isSet(CHANCTRL, ERROR_COMPLETION)) {
      tellMemory();
    }
    if (registers.isSet(CHANCTRL, ERROR_INTERRUPT)
        && (registers.get(CHANERRMASK) & error.mask()) == 0) {
      interrupt();
    }
    return true;
  }

  private void interrupt() {
    if (registers.isSet(CHANCTRL, DISABLED)) {
      return;
    }
    registers.raise(CHANCTRL, DISABLED);
    registers.raise(ATTNSTATUS, ATTENTION);
    showAttention();
    if (registers.isSet(INTRCTRL, MASTER) || registers.isSet(INTRCTRL, BY_VECTOR)) {
      MessageCapability.send(registers, port);
    }
  }

  private void showAttention() {
    boolean pending = registers.get(ATTNSTATUS) != 0;
    long kept = registers.get(INTRCTRL) & ~(PENDING.mask() | INTERRUPT.mask());
    boolean both = pending && MASTER.isSet(kept);
    registers.set(INTRCTRL, kept | (pending ? PENDING.mask() : 0) | (both ? INTERRUPT.mask() : 0));
  }

  @Override
  public boolean hasPin() {
    return true;
  }

  @Override
  public boolean wantsAttention() {
    return registers.isSet(INTRCTRL, INTERRUPT);
  }

  // ---- what can be seen ------------------------------------------------------------------------

  @Override
  public String activity() {
    return switch (state()) {
      case ACTIVE -> "busy";
      case DONE -> "idle";
      case SUSPENDED -> "suspended";
      case HALTED -> registers.get(CHANERR) == 0 ? "halted" : "halted by an error";
    };
  }

  @Override
  public void reset() {
    registers.reset();
    registers.set(CHANCNT, 1);
    registers.set(XFERCAP, TRANSFER_SHIFT);
    registers.set(CBVER, VERSION);
    registers.set(DMACAP, 1 << 6);
    registers.set(DMA_COMP, 1 << 1);
    become(Channel.HALTED);
    done = 0;
    next = 0;
    chained = false;
  }
}
