package org.iommulab.peer.host;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * System calls of the Linux underneath. Every method answers what the call returns, or minus errno.
 * An instance has buffers of its own and belongs to one thread.
 */
public final class Host {

  /** {@code O_CLOEXEC}: a descriptor that exec closes. */
  public static final int CLOSE_ON_EXEC = 0x80000;

  /** Bytes that one copy from or to another process moves at most. */
  public static final int MOST = 1 << 20;

  private static final Linker LINKER = Linker.nativeLinker();
  private static final StructLayout STATE = Linker.Option.captureStateLayout();
  private static final long ERRNO =
      STATE.byteOffset(MemoryLayout.PathElement.groupElement("errno"));
  private static final int AT_FDCWD = -100;
  private static final int NO_WAIT = 8;
  private static final int DO_NOT_WAIT = 0x40;
  private static final int WRITABLE = 4;
  private static final int MEMFD_CLOSES = 1;
  private static final int MAY_BE_SEALED = 2;
  private static final int ADD_SEALS = 1033;
  private static final int SEAL_SEALS = 1;
  private static final int SEAL_SHRINK = 2;
  private static final int SEAL_GROW = 4;
  private static final int LOCKED_MEMORY = 8;
  private static final int CAPABILITIES_3 = 0x2008_0522;
  private static final MethodHandle SYSCALL = syscall();

  private final Arena arena = Arena.ofAuto();
  private final MemorySegment state = arena.allocate(STATE);
  private final MemorySegment local = arena.allocate(16, 8);
  private final MemorySegment far = arena.allocate(16, 8);
  private final MemorySegment page = arena.allocate(MOST, 4096);
  private final MemorySegment path = arena.allocate(4096, 8);

  /** Buffers of one thread. */
  public Host() {}

  private static MethodHandle syscall() {
    ValueLayout word = ValueLayout.JAVA_LONG;
    return LINKER.downcallHandle(
        LINKER.defaultLookup().find("syscall").orElseThrow(),
        FunctionDescriptor.of(word, word, word, word, word, word, word, word),
        Linker.Option.firstVariadicArg(1),
        Linker.Option.captureCallState("errno"));
  }

  /** Memory for arguments that lives as long as this instance. */
  public MemorySegment allocate(long bytes) {
    return arena.allocate(bytes, 8);
  }

  /** The buffer through which bytes of other processes are moved; {@link #MOST} bytes. */
  public MemorySegment page() {
    return page;
  }

  /** The flags with which a waiting call opens a file; empty if it is another call. */
  public OptionalInt openFlags(Listener.Asked asked) {
    long[] a = asked.arguments();
    int call = asked.number();
    if (call == Call.OPEN.number()) {
      return OptionalInt.of((int) a[1]);
    }
    if (call == Call.OPENAT.number()) {
      return OptionalInt.of((int) a[2]);
    }
    if (call == Call.OPENAT2.number()) {
      boolean there = read(asked.thread(), a[2], Long.BYTES) == Long.BYTES;
      return OptionalInt.of(there ? (int) page.get(ValueLayout.JAVA_LONG, 0) : 0);
    }
    return OptionalInt.empty();
  }

  /** Any system call: what it returns, or minus errno. */
  public long call(Call call, long... arguments) {
    long[] a = arguments.length == 6 ? arguments : java.util.Arrays.copyOf(arguments, 6);
    try {
      long ret =
          (long)
              SYSCALL.invokeExact(state, (long) call.number(), a[0], a[1], a[2], a[3], a[4], a[5]);
      return ret == -1 ? -state.get(ValueLayout.JAVA_INT, ERRNO) : ret;
    } catch (Throwable e) {
      throw new IllegalStateException("a system call cannot be made", e);
    }
  }

  /** {@code close()}. */
  public void close(int fd) {
    call(Call.CLOSE, fd);
  }

  /**
   * Copies bytes of another process into {@link #page()}, {@code process_vm_readv()}.
   *
   * @return bytes copied, which may be fewer, or minus errno
   */
  public long read(int pid, long address, long bytes) {
    vectors(address, bytes);
    return call(Call.PROCESS_VM_READV, pid, local.address(), 1, far.address(), 1, 0);
  }

  /** Copies the first bytes of {@link #page()} into another process; as {@link #read}. */
  public long write(int pid, long address, long bytes) {
    vectors(address, bytes);
    return call(Call.PROCESS_VM_WRITEV, pid, local.address(), 1, far.address(), 1, 0);
  }

  private void vectors(long address, long bytes) {
    local.set(ValueLayout.JAVA_LONG, 0, page.address());
    local.set(ValueLayout.JAVA_LONG, 8, bytes);
    far.set(ValueLayout.JAVA_LONG, 0, address);
    far.set(ValueLayout.JAVA_LONG, 8, bytes);
  }

  /** A text that ends with a zero byte, in the memory of another process; null if unreadable. */
  public @Nullable String text(int pid, long address) {
    int have = 0;
    byte[] bytes = new byte[4096];
    while (have < bytes.length) {
      long at = address + have;
      long room = Math.min(bytes.length - have, 4096 - (at & 4095));
      long got = read(pid, at, room);
      if (got <= 0) {
        return null;
      }
      MemorySegment.copy(page, ValueLayout.JAVA_BYTE, 0, bytes, have, (int) got);
      for (int i = have; i < have + got; i++) {
        if (bytes[i] == 0) {
          return new String(bytes, 0, i, StandardCharsets.UTF_8);
        }
      }
      have += (int) got;
    }
    return null;
  }

  /** A path or other text as the C library takes it; valid until the next call of this method. */
  public MemorySegment text(String value) {
    byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
    int length = Math.min(bytes.length, 4095);
    MemorySegment.copy(bytes, 0, path, ValueLayout.JAVA_BYTE, 0, length);
    path.set(ValueLayout.JAVA_BYTE, length, (byte) 0);
    return path;
  }

  /** {@code open()}; closed on exec. */
  public int open(String file, int flags) {
    return (int) call(Call.OPENAT, AT_FDCWD, text(file).address(), flags | CLOSE_ON_EXEC, 0);
  }

  /** {@code readlink()}; null if there is no such link. */
  public @Nullable String link(String file) {
    long got = call(Call.READLINKAT, AT_FDCWD, text(file).address(), page.address(), 4096);
    return got < 0
        ? null
        : new String(page.asSlice(0, got).toArray(ValueLayout.JAVA_BYTE), StandardCharsets.UTF_8);
  }

  /** Tells whether a path exists. */
  public boolean exists(String file) {
    return call(Call.FACCESSAT, AT_FDCWD, text(file).address(), 0) == 0;
  }

  /** {@code memfd_create()} and {@code ftruncate()}. */
  public int memoryFile(String name, long bytes) {
    int fd = (int) call(Call.MEMFD_CREATE, text(name).address(), MEMFD_CLOSES);
    if (fd >= 0 && bytes > 0) {
      call(Call.FTRUNCATE, fd, bytes);
    }
    return fd;
  }

  /** A file in memory that holds nothing and never will: what maps it finds nothing there. */
  public int emptyFile(String name) {
    int fd = (int) call(Call.MEMFD_CREATE, text(name).address(), MEMFD_CLOSES | MAY_BE_SEALED);
    if (fd >= 0) {
      call(Call.FCNTL, fd, ADD_SEALS, SEAL_SEALS | SEAL_SHRINK | SEAL_GROW);
    }
    return fd;
  }

  /** A file in memory with that content, read from its start. */
  public int contentFile(String name, byte[] content) {
    int fd = memoryFile(name, 0);
    int done = 0;
    while (fd >= 0 && done < content.length) {
      int count = Math.min(content.length - done, MOST);
      MemorySegment.copy(content, done, page, ValueLayout.JAVA_BYTE, 0, count);
      long wrote = call(Call.PWRITE64, fd, page.address(), count, done);
      if (wrote <= 0) {
        close(fd);
        return (int) wrote;
      }
      done += (int) wrote;
    }
    return fd;
  }

  /** {@code pidfd_open()}: readable once the process has ended. */
  public int processFile(int pid) {
    return (int) call(Call.PIDFD_OPEN, pid, 0);
  }

  /** A copy of a descriptor of another process ({@code pidfd_getfd()}). */
  public int copyOf(int pidfd, int fd) {
    return (int) call(Call.PIDFD_GETFD, pidfd, fd, 0);
  }

  /** Takes a byte out of a socket, without waiting; true if there was one. */
  public boolean takeByte(int socket) {
    return call(Call.RECVFROM, socket, page.address(), 1, DO_NOT_WAIT, 0, 0) == 1;
  }

  /** Sets the counter of an {@code eventfd} back, without waiting. */
  public void drain(int eventfd) {
    local.set(ValueLayout.JAVA_LONG, 0, page.address());
    local.set(ValueLayout.JAVA_LONG, 8, 8);
    call(Call.PREADV2, eventfd, local.address(), 1, -1, -1, NO_WAIT);
  }

  /** Adds 1 to the counter of an {@code eventfd}, without waiting: one that is full stays so. */
  public long signal(int eventfd) {
    page.set(ValueLayout.JAVA_LONG, 0, eventfd | (long) WRITABLE << 32);
    local.fill((byte) 0);
    long free = call(Call.PPOLL, page.address(), 1, local.address(), 0, 8);
    if (free <= 0) {
      return free;
    }
    page.set(ValueLayout.JAVA_LONG, 0, 1);
    return call(Call.WRITE, eventfd, page.address(), 8);
  }

  /** A process' limit of locked memory in bytes, {@code prlimit()}; -1 without one. */
  public long lockedLimit(int pid) {
    long status = call(Call.PRLIMIT64, pid, LOCKED_MEMORY, 0, page.address());
    return status < 0 ? -1 : Math.max(page.get(ValueLayout.JAVA_LONG, 0), -1);
  }

  /** What a thread may do, 0 for the caller, as bits ({@code capget()}); none if it has gone. */
  public long capabilities(int thread) {
    page.set(ValueLayout.JAVA_INT, 0, CAPABILITIES_3);
    page.set(ValueLayout.JAVA_INT, 4, thread);
    if (call(Call.CAPGET, page.address(), page.address() + 8) < 0) {
      return 0;
    }
    return page.get(ValueLayout.JAVA_INT, 8) & 0xFFFF_FFFFL
        | (long) page.get(ValueLayout.JAVA_INT, 20) << 32;
  }
}
