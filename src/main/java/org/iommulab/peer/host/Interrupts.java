package org.iommulab.peer.host;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * The terminal's interrupt key while a program has the terminal: it is for the program alone, as
 * with {@code system(3)}.
 */
final class Interrupts {

  private static final int SIGINT = 2;
  private static final long IGNORE = 1;

  /** {@code struct sigaction} of the C library, the handler first. */
  private static final int ACTION_BYTES = 160;

  private final MethodHandle sigaction = Chain.function("sigaction", 3);
  private final MemorySegment before;
  private boolean left;

  /** As the virtual machine has it. */
  Interrupts() {
    before = new Host().allocate(ACTION_BYTES);
  }

  /** Leaves it to the program. */
  void leave() {
    MemorySegment ignored = new Host().allocate(ACTION_BYTES);
    ignored.set(ValueLayout.JAVA_LONG, 0, IGNORE);
    left = set(ignored, before.address());
  }

  /** Takes it back. */
  void takeBack() {
    if (left) {
      left = !set(before, 0);
    }
  }

  private boolean set(MemorySegment action, long old) {
    try {
      return (int) sigaction.invokeExact((long) SIGINT, action.address(), old) == 0;
    } catch (Throwable e) {
      throw new IllegalStateException("the C library has no sigaction()", e);
    }
  }

  /** The signals that a program is to meet as if nobody had left them to it. */
  static MemorySegment set(Host host) {
    MemorySegment set = host.allocate(128);
    MemorySegment now = host.allocate(ACTION_BYTES);
    try {
      int status =
          (int) Chain.function("sigaction", 3).invokeExact((long) SIGINT, 0L, now.address());
      // Whoever ignores it from outside, as a shell does for what runs behind, means the program.
      boolean ours = status == 0 && now.get(ValueLayout.JAVA_LONG, 0) != IGNORE;
      set.set(ValueLayout.JAVA_LONG, 0, ours ? 1L << SIGINT - 1 : 0);
    } catch (Throwable e) {
      throw new IllegalStateException("the C library has no sigaction()", e);
    }
    return set;
  }
}
