package org.iommulab.peer.host;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import org.iommulab.linux.uapi.Uapi;

/**
 * The filter that tells the kernel which system calls to ask about ({@code linux/seccomp.h}, {@code
 * linux/filter.h}). It sees numbers and arguments, not what arguments point to: so every {@code
 * open()} asks, but only ioctls of type {@code ';'}, and only shared, fixed or file mappings.
 */
final class CallFilter {

  private static final int LOAD = 0x20;
  private static final int AND = 0x54;
  private static final int EQUAL = 0x15;
  private static final int ANY_BIT = 0x45;
  private static final int RETURN = 0x06;

  private static final int ASK = 0x7FC0_0000;
  private static final int ALLOW = 0x7FFF_0000;

  private static final int NUMBER_AT = 0;
  private static final int ARCHITECTURE_AT = 4;
  private static final int ARGUMENTS_AT = 16;

  private static final int IOCTL_TYPE = Uapi.TYPE << 8;
  private static final int MAP_SHARED_OR_FIXED = 0x1 | 0x10;
  private static final int MAP_ANONYMOUS = 0x20;
  private static final int DONT_NEED = 4;
  private static final int GET_FLAGS = 3;
  private static final int SET_FLAGS = 4;

  private static final List<Call> ALWAYS =
      List.of(
          Call.OPEN,
          Call.OPENAT,
          Call.OPENAT2,
          Call.STAT,
          Call.FSTAT,
          Call.LSTAT,
          Call.NEWFSTATAT,
          Call.STATX,
          Call.ACCESS,
          Call.FACCESSAT,
          Call.FACCESSAT2,
          Call.READLINK,
          Call.READLINKAT,
          Call.GETXATTR,
          Call.LGETXATTR,
          Call.READ,
          Call.WRITE,
          Call.PREAD64,
          Call.PWRITE64,
          Call.READV,
          Call.WRITEV,
          Call.PREADV,
          Call.PWRITEV,
          Call.PREADV2,
          Call.PWRITEV2,
          Call.LSEEK,
          Call.FTRUNCATE,
          Call.FALLOCATE,
          Call.FSYNC,
          Call.FDATASYNC,
          Call.MUNMAP,
          Call.MREMAP,
          Call.EXECVE,
          Call.EXECVEAT,
          Call.EXIT_GROUP);

  private final Architecture architecture;
  private final List<int[]> code = new ArrayList<>();

  private CallFilter(Architecture architecture) {
    this.architecture = architecture;
    add(LOAD, 0, 0, ARCHITECTURE_AT);
    // A 32-bit program's numbers mean other calls.
    add(EQUAL, 1, 0, architecture.audit());
    add(RETURN, 0, 0, ALLOW);
    add(LOAD, 0, 0, NUMBER_AT);
    for (Call call : ALWAYS) {
      if (call.number(architecture) >= 0) {
        add(EQUAL, 0, 1, call.number(architecture));
        add(RETURN, 0, 0, ASK);
      }
    }
    // if (call) { load argument; [mask]; condition ? ask : allow }
    add(EQUAL, 0, 5, Call.IOCTL.number(architecture));
    argument(1);
    add(AND, 0, 0, 0xFF00);
    add(EQUAL, 0, 1, IOCTL_TYPE);
    add(RETURN, 0, 0, ASK);
    add(RETURN, 0, 0, ALLOW);
    add(EQUAL, 0, 5, Call.MMAP.number(architecture));
    argument(3);
    add(ANY_BIT, 1, 0, MAP_SHARED_OR_FIXED);
    add(ANY_BIT, 1, 0, MAP_ANONYMOUS);
    add(RETURN, 0, 0, ASK);
    add(RETURN, 0, 0, ALLOW);
    when(Call.MADVISE, 2, DONT_NEED, DONT_NEED);
    when(Call.FCNTL, 1, GET_FLAGS, SET_FLAGS);
    add(RETURN, 0, 0, ALLOW);
  }

  /** A call asks if an argument is one of two. */
  private void when(Call call, int argument, int one, int other) {
    add(EQUAL, 0, 5, call.number(architecture));
    argument(argument);
    add(EQUAL, 1, 0, one);
    add(EQUAL, 0, 1, other);
    add(RETURN, 0, 0, ASK);
    add(RETURN, 0, 0, ALLOW);
  }

  /** The lower half of an argument. */
  private void argument(int index) {
    add(LOAD, 0, 0, ARGUMENTS_AT + 8 * index);
  }

  private void add(int operation, int ifTrue, int ifFalse, int value) {
    code.add(new int[] {operation, ifTrue, ifFalse, value});
  }

  /** The program: operation, two jumps and a value each ({@code struct sock_filter}). */
  static List<int[]> code(Architecture architecture) {
    return new CallFilter(architecture).code;
  }

  /** The filter as {@code struct sock_fprog}, in memory of that host. */
  static MemorySegment in(Host host) {
    List<int[]> code = code(Architecture.here());
    MemorySegment lines = host.allocate(8L * code.size());
    for (int i = 0; i < code.size(); i++) {
      int[] line = code.get(i);
      lines.set(ValueLayout.JAVA_SHORT, 8L * i, (short) line[0]);
      lines.set(ValueLayout.JAVA_BYTE, 8L * i + 2, (byte) line[1]);
      lines.set(ValueLayout.JAVA_BYTE, 8L * i + 3, (byte) line[2]);
      lines.set(ValueLayout.JAVA_INT, 8L * i + 4, line[3]);
    }
    MemorySegment program = host.allocate(16);
    program.set(ValueLayout.JAVA_SHORT, 0, (short) code.size());
    program.set(ValueLayout.JAVA_LONG, 8, lines.address());
    return program;
  }
}
