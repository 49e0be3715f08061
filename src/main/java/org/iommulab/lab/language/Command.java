package org.iommulab.lab.language;

import java.util.List;
import java.util.Map;
import org.iommulab.bus.SourceId;
import org.iommulab.linux.program.Exchange;
import org.jspecify.annotations.Nullable;

/**
 * One thing a person, a preset or a script asks of the laboratory. Every gesture becomes a command;
 * the journal of commands is the session. The JSON form is one line of a script; its vocabulary is
 * that of {@code docs/script-language.md}.
 *
 * <p>Maps hold {@code Long}, {@code String}, {@code Boolean}, {@code List} and {@code Map} values
 * only. Numbers are unsigned 64-bit. A {@code rid} is {@code bb:dd.f} or the name of a device of
 * the machine.
 */
public sealed interface Command extends Line
    permits HardwareCommand,
        DeviceCommand,
        DriverCommand,
        KernelCommand,
        ProcessCommand,
        ControlCommand {

  /** Tells whether something is true of every command of its operation. */
  default boolean is(Trait trait) {
    return Language.of(this).has(trait);
  }

  /** The command as one line of a script. */
  default String toJson() {
    return Language.write(this);
  }

  /** Reads one line of a script. */
  static Reading<Command> parse(String json) {
    return Language.read(json);
  }

  // ---- hardware ------------------------------------------------------------------------------

  /**
   * A fresh machine, at power-on.
   *
   * @param keys what differs from the default, such as {@code aw_bits} or {@code profile}
   */
  record StartMachine(Map<String, Object> keys) implements HardwareCommand {
    public StartMachine {
      keys = Copies.of(keys);
    }
  }

  /** The processor stores bytes at a physical address. */
  record MemWrite(long addr, Bytes data) implements HardwareCommand {}

  /**
   * The processor fills memory; address and length are multiples of 8.
   *
   * @param pattern the quadword to store, or null for 0xC0DE000000000000 | address
   */
  record MemFill(long addr, long len, @Nullable Long pattern) implements HardwareCommand {}

  /** The processor writes the cache lines of a range back to memory. */
  record MemFlush(long addr, long len) implements HardwareCommand {}

  /** The processor loads {@code count} quadwords. */
  record MemRead(long addr, int count) implements HardwareCommand {}

  /** The processor stores {@code size} bytes (4 or 8) into registers of unit {@code unit}. */
  record RegWrite(int off, int size, long value, int unit) implements HardwareCommand {
    public RegWrite(int off, int size, long value) {
      this(off, size, value, 0);
    }
  }

  /** The processor loads {@code size} bytes (4 or 8) from registers of unit {@code unit}. */
  record RegRead(int off, int size, int unit) implements HardwareCommand {
    public RegRead(int off, int size) {
      this(off, size, 0);
    }
  }

  /** A device writes to memory. */
  record DmaWrite(String rid, long iova, Bytes data, Prefix prefix) implements HardwareCommand {
    public DmaWrite(String rid, long iova, Bytes data) {
      this(rid, iova, data, Prefix.NONE);
    }

    public DmaWrite(SourceId rid, long iova, Bytes data) {
      this(rid.toString(), iova, data);
    }
  }

  /** A device reads {@code len} bytes of memory. */
  record DmaRead(String rid, long iova, int len, Prefix prefix) implements HardwareCommand {
    public DmaRead(String rid, long iova, int len) {
      this(rid, iova, len, Prefix.NONE);
    }

    public DmaRead(SourceId rid, long iova, int len) {
      this(rid.toString(), iova, len);
    }
  }

  /** A device sends a message-signalled interrupt. */
  record Msi(String rid, long addr, int data) implements HardwareCommand {
    public Msi(SourceId rid, long addr, int data) {
      this(rid.toString(), addr, data);
    }
  }

  /** Takes the interrupts delivered since the last time. */
  record IrqRead() implements HardwareCommand {}

  /** Resets units and devices; memory stays. */
  record Reset() implements HardwareCommand {}

  // ---- kernel and processes ------------------------------------------------------------------

  /**
   * Boots the kernel.
   *
   * @param cmdline boot parameters, such as {@code intel_iommu=on iommu=pt}
   * @param walker {@code classic} or {@code generic_pt}
   * @param era kernel version whose habits to follow, or null for the walker's own
   * @param options {@code kconfig}, {@code firmware}, {@code until}
   */
  record LinuxBoot(String cmdline, String walker, @Nullable String era, Map<String, Object> options)
      implements KernelCommand {
    public LinuxBoot {
      options = Copies.of(options);
    }

    public LinuxBoot(String cmdline, String walker, @Nullable String era) {
      this(cmdline, walker, era, Map.of());
    }
  }

  /** The process opens a file; {@code as} names the descriptor for later lines. */
  record Open(String path, String as) implements ProcessCommand {}

  /**
   * A system call on an open file.
   *
   * @param fd name given by {@link Open}, or a number
   * @param cmd the uapi name, such as {@code IOMMU_IOAS_MAP}
   * @param arg fields by their uapi names, or the bare third argument; texts are expressions such
   *     as {@code buf+0x1000}
   * @param size overrides the structure's size field, or null
   * @param tail bytes behind the structure, or null
   * @param as names the call, so that later lines can use its output as {@code as.field}; or null
   */
  record Ioctl(
      String fd,
      String cmd,
      Object arg,
      @Nullable Long size,
      @Nullable Bytes tail,
      @Nullable String as)
      implements ProcessCommand {
    public Ioctl {
      arg = Copies.value(arg);
    }
  }

  /** The process closes a file. */
  record Close(String fd) implements ProcessCommand {}

  /**
   * The process gets memory.
   *
   * @param as name for later lines
   * @param len bytes
   * @param options {@code hugepage}, {@code readonly}, {@code hole}, {@code frames}, {@code at}
   */
  record UserAlloc(String as, long len, Map<String, Object> options) implements ProcessCommand {
    public UserAlloc {
      options = Copies.of(options);
    }
  }

  /**
   * The process unmaps memory ({@code munmap}).
   *
   * @param len bytes, a number or an expression; null for the whole piece that begins there
   */
  record UserFree(String at, @Nullable Object len) implements ProcessCommand {}

  /** The process stores bytes; {@code at} is an expression such as {@code buf+0x10}. */
  record UserWrite(String at, Content content) implements ProcessCommand {}

  /**
   * The process loads bytes.
   *
   * @param len how many, or null for the structures' size
   * @param struct names of the structures they are, none for plain bytes
   * @param as names the fields of the first ones as {@code as.field}, or null
   */
  record UserRead(String at, @Nullable Integer len, List<String> struct, @Nullable String as)
      implements ProcessCommand {
    public UserRead {
      struct = List.copyOf(struct);
    }
  }

  /** The process reads from a file; fields as of {@link UserRead}. */
  record Read(String fd, @Nullable Integer len, List<String> struct, @Nullable String as)
      implements ProcessCommand {
    public Read {
      struct = List.copyOf(struct);
    }
  }

  /** The process writes to a file. */
  record Write(String fd, Content content) implements ProcessCommand {}

  /** The process asks what a file is ready for, without waiting. */
  record Poll(String fd) implements ProcessCommand {}

  /** A request of a real program, with what was learned from outside meanwhile. */
  record Program(Exchange exchange) implements ProcessCommand {}

  /**
   * Calls a kernel or VMM function by its name.
   *
   * @param fn such as {@code iommu_map} or {@code vfio_dma_map}
   * @param args by the function's own parameter names
   * @param as names the result for later lines, or null
   */
  record Call(String fn, Map<String, Object> args, @Nullable String as) implements KernelCommand {
    public Call {
      args = Copies.of(args);
    }
  }

  /**
   * Makes the n-th allocation of the kernel from now on fail; {@code n} is a number or an
   * expression, 0 for none.
   */
  record FailNth(Object n) implements KernelCommand {}

  // ---- time and control ----------------------------------------------------------------------

  /** Lets virtual time pass. */
  record ClockAdvance(long ns) implements ControlCommand {}

  /** Names the present state. */
  record Checkpoint(String name) implements ControlCommand {}

  /** Goes back to a named state. */
  record Rewind(String to) implements ControlCommand {}

  /**
   * Compares a part of the state with what it must be.
   *
   * @param path such as {@code reg(GSTS).TES} or {@code pte(nic,0x1000)}
   * @param value the value it must have; null: it must not exist
   */
  record Expect(String path, @Nullable Object value) implements ControlCommand {}

  /** Names a value; {@code value} is a number or an expression. */
  record Let(String as, Object value) implements ControlCommand {}

  /**
   * A learner answers a question of a lesson; kept for marking, changes nothing.
   *
   * @param question the question's id
   * @param value what was answered: a number, or a text such as an option's id or an errno
   */
  record Answer(String question, Object value) implements ControlCommand {}

  /** A learner takes the next hint of a question; kept for marking, changes nothing. */
  record Hint(String question) implements ControlCommand {}

  /** Says something to the reader. */
  record Note(String text) implements ControlCommand {}
}
