package org.iommulab.peer.host;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.jspecify.annotations.Nullable;

/**
 * The supervisor's end of seccomp user notification ({@code seccomp_unotify(2)}): the kernel asks,
 * the caller waits until it is answered.
 */
public final class Listener {

  private static final long RECEIVE = 0xC050_2100L;
  private static final long ANSWER = 0xC018_2101L;
  private static final long STILL_WAITS = 0x4008_2102L;
  private static final long ADD_FILE = 0x4018_2103L;
  private static final long SET_FLAGS = 0x4008_2104L;
  private static final int EINTR = 4;
  private static final int GO_ON = 1;

  private final Host host;
  private final int fd;
  private final MemorySegment in;
  private final MemorySegment out;
  private final MemorySegment add;

  /** A listener's descriptor, as {@link Starter} got it. */
  public Listener(Host host, int fd) {
    this.host = host;
    this.fd = fd;
    in = host.allocate(80);
    out = host.allocate(24);
    add = host.allocate(24);
    // The caller wakes us on its own processor, where the kernel can do that (Linux 6.6).
    host.call(Call.IOCTL, fd, SET_FLAGS, 1);
  }

  /** A signal for this thread must not cost the program its answer. */
  private long ask(long request, MemorySegment argument) {
    long status;
    do {
      status = host.call(Call.IOCTL, fd, request, argument.address());
    } while (status == -EINTR);
    return status;
  }

  /** Its descriptor, to wait on: readable if somebody asks, hung up once nobody ever will. */
  public int fd() {
    return fd;
  }

  /**
   * A system call that waits for an answer.
   *
   * @param id the kernel's number of it
   * @param thread the calling thread's id
   * @param number the system call's number
   * @param arguments its six arguments
   */
  public record Asked(long id, int thread, int number, long[] arguments) {}

  /** The next call that waits; null if the caller was killed before it was served. */
  public @Nullable Asked receive() {
    in.fill((byte) 0);
    if (ask(RECEIVE, in) < 0) {
      return null;
    }
    long[] arguments = new long[6];
    for (int i = 0; i < 6; i++) {
      arguments[i] = in.get(ValueLayout.JAVA_LONG, 32 + 8L * i);
    }
    return new Asked(
        in.get(ValueLayout.JAVA_LONG, 0),
        in.get(ValueLayout.JAVA_INT, 8),
        in.get(ValueLayout.JAVA_INT, 16),
        arguments);
  }

  /** Tells whether the caller still waits, so that what was read of it was its own. */
  public boolean waits(Asked asked) {
    out.set(ValueLayout.JAVA_LONG, 0, asked.id());
    return ask(STILL_WAITS, out) == 0;
  }

  /** Lets the kernel carry the call out as if nobody had asked. */
  public void letGoOn(Asked asked) {
    send(asked, 0, 0, GO_ON);
  }

  /** Answers in the kernel's place: a result, or minus errno. */
  public void answer(Asked asked, long result) {
    send(asked, Math.max(result, 0), (int) Math.min(result, 0), 0);
  }

  private void send(Asked asked, long value, int error, int flags) {
    out.set(ValueLayout.JAVA_LONG, 0, asked.id());
    out.set(ValueLayout.JAVA_LONG, 8, value);
    out.set(ValueLayout.JAVA_INT, 16, error);
    out.set(ValueLayout.JAVA_INT, 20, flags);
    // ENOENT: killed meanwhile, nobody waits.
    ask(ANSWER, out);
  }

  /**
   * Puts a copy of a descriptor of ours into the caller.
   *
   * @return its number there, or minus errno
   */
  public int addFile(Asked asked, int ours, boolean closeOnExec) {
    add.set(ValueLayout.JAVA_LONG, 0, asked.id());
    add.set(ValueLayout.JAVA_INT, 8, 0);
    add.set(ValueLayout.JAVA_INT, 12, ours);
    add.set(ValueLayout.JAVA_INT, 16, 0);
    add.set(ValueLayout.JAVA_INT, 20, closeOnExec ? Host.CLOSE_ON_EXEC : 0);
    return (int) ask(ADD_FILE, add);
  }
}
