package org.iommulab.peer.host;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Follows processes so that their bus errors are ours to answer ({@code ptrace(2)}). Everything
 * else that stops a thread goes on as if nobody looked: signals are delivered, group stops last.
 *
 * <p>The kernel ties a traced thread to one thread of ours, the one that an instance belongs to.
 * That one must not wait for stops alone, since it has other things to wait for. So a second thread
 * waits without taking anything ({@code WNOWAIT}) and rings {@link #bell}; what has happened is
 * then taken by {@link #handle}, and only of threads that are followed ({@code __WNOTHREAD}) and of
 * the program's processes: all other children of the virtual machine are left to those who wait for
 * them.
 */
public final class Tracer {

  private static final long CONTINUE = 7;
  private static final long DETACH = 17;
  private static final long SIGNAL_INFO = 0x4202;
  private static final long SEIZE = 0x4206;
  private static final long LISTEN = 0x4208;

  /**
   * New threads and processes are followed too; a new program and the end are told. Without us
   * nobody would answer their accesses, so they end with us.
   */
  private static final long FOLLOW_ALL = 0x2 | 0x4 | 0x8 | 0x10 | 0x40 | 0x10_0000;

  private static final int EVENT_EXEC = 4;
  private static final int EVENT_EXIT = 6;
  private static final int EVENT_STOP = 128;
  private static final int BUS_ERROR = 7;
  private static final int SIGTRAP = 5;

  /** {@code BUS_ADRERR}: there is nothing behind the mapping. */
  private static final int NO_SUCH_PLACE = 2;

  private static final int NOBODY = -1;
  private static final int NOT_YET = -1;
  private static final long MOMENT_NS = 1_000_000;

  /** How often news are waited for on the spot before others who ask have their turn. */
  private static final int ROUNDS = 64;

  private static final int LOOKS = 16;
  private static final int NO_HANG = 1;
  private static final int EXITED = 4;
  private static final int NO_WAIT = 0x0100_0000;
  private static final long NO_CHILD_NS = 50_000_000;
  private static final int INFO_BYTES = 128;
  private static final int CODE_AT = 8;
  private static final int ID_AT = 16;

  /** {@code CLD_DUMPED}: up to this {@code si_code} is an end. */
  private static final int LAST_END = 3;

  private static final int OF_THIS_THREAD = 0x2000_0000;
  private static final int ALL = 0x4000_0000;
  private static final int EVENT_FLAGS = 0x80000 | 0x800;

  private final Host host;
  private final MemorySegment status;
  private final MemorySegment info;
  private final int bell;
  private final Map<Integer, Integer> processOf = new HashMap<>();
  private int child = NOBODY;
  private int childEnd = NOT_YET;
  private final Semaphore mayWait = new Semaphore(0);
  private @Nullable Thread waiter;
  private boolean waits;
  private volatile boolean closed;

  /** Answers bus errors. */
  public interface Handler {

    /**
     * A thread has reached for a place in a mapping that nothing is behind. It stands still.
     *
     * @param address the place
     * @param thread its registers
     * @return true if the access was carried out, and the thread goes on; false if the thread is to
     *     get the signal
     */
    boolean busError(int process, long address, StoppedThread thread);
  }

  /** Follows nobody at first. */
  public Tracer(Host host) {
    this.host = host;
    status = host.allocate(8);
    info = host.allocate(INFO_BYTES);
    bell = (int) host.call(Call.EVENTFD2, 0, EVENT_FLAGS);
  }

  /** A descriptor that is readable when there is something to {@link #handle}. */
  public int bell() {
    return bell;
  }

  /** Tells whether registers of this processor's threads can be read here. */
  public static boolean isPossible() {
    return Architecture.here().canBeTraced();
  }

  /** Tells whether that process is followed. */
  public boolean follows(int process) {
    return processOf.containsValue(process);
  }

  /**
   * Begins to follow all threads of a process, none of which is disturbed.
   *
   * @return 0, or minus errno
   */
  public int follow(int process) {
    // A thread that is not followed yet may make another one meanwhile; one that is followed may
    // not, without being seen. So it ends when a look finds nobody new.
    boolean found = true;
    while (found) {
      found = false;
      for (int thread : ProcessFiles.threads(process)) {
        if (!processOf.containsKey(thread)) {
          long result = host.call(Call.PTRACE, SEIZE, thread, 0, FOLLOW_ALL);
          if (result == 0) {
            processOf.put(thread, process);
            found = true;
          } else if (result != -3 && !isZombie(thread)) {
            return (int) result;
          }
        }
      }
    }
    waitForMore();
    return 0;
  }

  private static boolean isZombie(int thread) {
    return ProcessFiles.status(thread, "State")
        .map(state -> "ZX".indexOf(state.charAt(0)) >= 0)
        .orElse(true);
  }

  // ---- waiting ----------------------------------------------------------------------------------

  /** Lets the other thread wait for the next thing, as long as there can be one. */
  private void waitForMore() {
    if (waits) {
      return;
    }
    waits = true;
    if (waiter == null) {
      waiter = Thread.ofPlatform().name("program stops").daemon(true).start(this::ring);
    }
    mayWait.release();
  }

  private void ring() {
    var own = new Host();
    MemorySegment what = own.allocate(INFO_BYTES);
    while (true) {
      mayWait.acquireUninterruptibly();
      // Stops of followed threads are told whether asked for or not, those of others never end.
      while (!closed
          && own.call(Call.WAITID, 0, 0, what.address(), EXITED | NO_WAIT | ALL, 0) < 0) {
        // Nobody is there, until somebody's parent dies or somebody is followed.
        LockSupport.parkNanos(NO_CHILD_NS);
      }
      if (closed) {
        own.close(bell);
        return;
      }
      own.signal(bell);
    }
  }

  /** What {@code wait4()} tells of a thread. */
  private record News(int thread, int how) {}

  /** Takes note of everything that has happened to followed threads. */
  public void handle(Handler handler) {
    host.drain(bell);
    waits = false;
    List<News> heard = hear();
    if (!takeEnds() && heard.isEmpty()) {
      // Somebody else's child has ended, and is about to be taken by whom it belongs to.
      LockSupport.parkNanos(MOMENT_NS);
    }
    for (int round = 0; round < ROUNDS && !heard.isEmpty(); round++) {
      for (News news : heard) {
        happened(news.thread(), news.how(), handler);
      }
      heard = hearSoon();
    }
    for (News news : heard) {
      happened(news.thread(), news.how(), handler);
    }
    waitForMore();
  }

  /** Takes the ends of processes whose parents have died; false if nobody of ours has ended. */
  private boolean takeEnds() {
    boolean some = false;
    while (true) {
      info.fill((byte) 0);
      host.call(Call.WAITID, 0, 0, info.address(), EXITED | NO_WAIT | NO_HANG | ALL, 0);
      int process = info.get(ValueLayout.JAVA_INT, ID_AT);
      if (process == 0
          || processOf.containsKey(process)
          || info.get(ValueLayout.JAVA_INT, CODE_AT) > LAST_END) {
        return some || process != 0;
      }
      if (process == child ? takeEnd() == NOT_YET : cannotTake(process)) {
        return some;
      }
      some = true;
    }
  }

  private boolean cannotTake(int process) {
    return !ProcessFiles.isWatched(process)
        || host.call(Call.WAIT4, process, status.address(), NO_HANG | ALL, 0) != process;
  }

  /** A thread that polls a register is back at once: sooner than two others could be woken. */
  private List<News> hearSoon() {
    List<News> heard = hear();
    for (int look = 0; look < LOOKS && heard.isEmpty(); look++) {
      Thread.yield();
      heard = hear();
    }
    return heard;
  }

  /**
   * All news before one thread goes on: the kernel tells of the youngest first, which might stop
   * again and again before another one's turn.
   */
  private List<News> hear() {
    var heard = new ArrayList<News>();
    while (true) {
      long thread = host.call(Call.WAIT4, -1, status.address(), NO_HANG | ALL | OF_THIS_THREAD, 0);
      if (thread <= 0) {
        return heard;
      }
      heard.add(new News((int) thread, status.get(ValueLayout.JAVA_INT, 0)));
    }
  }

  private void happened(int thread, int how, Handler handler) {
    if ((how & 0xFF) != 0x7F) {
      processOf.remove(thread);
      if (thread == child) {
        childEnd = how;
      }
      return;
    }
    if (!processOf.containsKey(thread)) {
      processOf.put(thread, ProcessFiles.owner(thread).orElse(thread));
    }
    int signal = how >>> 8 & 0xFF;
    switch (how >>> 16) {
      case 0 -> go(CONTINUE, thread, signal == BUS_ERROR && answered(thread, handler) ? 0 : signal);
      case EVENT_EXEC -> newProgram(thread);
      // It ends as nobody's, so that its parent finds it at once.
      case EVENT_EXIT -> leave(thread);
      // A stop of the whole process lasts until somebody continues it.
      case EVENT_STOP -> go(signal == SIGTRAP ? CONTINUE : LISTEN, thread, 0);
      default -> go(CONTINUE, thread, 0);
    }
  }

  private boolean answered(int thread, Handler handler) {
    Integer process = processOf.get(thread);
    if (process == null
        || host.call(Call.PTRACE, SIGNAL_INFO, thread, 0, info.address()) < 0
        || info.get(ValueLayout.JAVA_INT, 8) != NO_SUCH_PLACE) {
      return false;
    }
    var stopped = new StoppedThread(host, thread);
    return stopped.fetch()
        && handler.busError(process, info.get(ValueLayout.JAVA_LONG, 16), stopped)
        && stopped.store();
  }

  /** Nothing that was mapped is left in a process that has become another program. */
  private void newProgram(int thread) {
    processOf.entrySet().removeIf(one -> one.getKey() != thread && one.getValue() == thread);
    leave(thread);
  }

  /** One that was killed meanwhile cannot be left; its end is told. */
  private void leave(int thread) {
    if (go(DETACH, thread, 0)) {
      processOf.remove(thread);
    }
  }

  /** Lets a thread go on; false if it has been killed meanwhile, and its end will be told. */
  private boolean go(long how, int thread, int signal) {
    return host.call(Call.PTRACE, how, thread, 0, signal) == 0;
  }

  // ---- the end of a child -----------------------------------------------------------------------

  /** The child of ours whose end is asked for by {@link #takeEnd}, followed or not. */
  public void expectEnd(int process) {
    child = process;
    waitForMore();
  }

  /** How that child has ended, as {@code wait4()} tells; -1 if it has not. */
  public int takeEnd() {
    if (childEnd == NOT_YET
        && host.call(Call.WAIT4, child, status.address(), NO_HANG | ALL, 0) == child) {
      childEnd = status.get(ValueLayout.JAVA_INT, 0);
      processOf.remove(child);
    }
    return childEnd;
  }

  /** Gives everything back; nobody may be followed any more. */
  public void close() {
    closed = true;
    mayWait.release();
    if (waiter == null) {
      host.close(bell);
    }
  }
}
