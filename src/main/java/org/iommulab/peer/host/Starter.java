package org.iommulab.peer.host;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * Starts a program whose system calls ask first. One thread takes the filter on, which holds for
 * that thread and what it starts; it starts the program and ends. Who waits for the program's end
 * is the caller's affair: waiting for a child that is traced takes its stops as well, whichever
 * thread it is that waits.
 *
 * <p>That thread's own calls ask as well. While it waits for an answer it must hold nothing that
 * the answering thread needs, and inside the virtual machine anything may be such a thing: memory
 * for a method that is called for the first time is had under a lock. So from the filter on it
 * works through a {@link Chain} and never comes back. With it gone, the kernel's word that nobody
 * uses the filter any more is the end of all that the program has started.
 */
public final class Starter {

  private static final int NO_NEW_PRIVILEGES = 38;
  private static final int SUBREAPER = 36;
  private static final String CLOSE_FROM = "posix_spawn_file_actions_addclosefrom_np";
  private static final String LISTENER = "anon_inode:seccomp notify";
  private static final int SET_FILTER = 1;
  private static final int NEW_LISTENER = 8;
  private static final int WAIT_KILLABLE = 32;
  private static final int SET_DEFAULT_SIGNALS = 4;
  private static final int SET_SIGNAL_MASK = 8;
  private static final long FIRST_OF_OURS = 3;
  private static final int EFAULT = 14;
  private static final int SOCKETS = 1;
  private static final int STREAM = 1 | Host.CLOSE_ON_EXEC;
  private static final long MOMENT_NS = 200_000;

  /** Where a program's input comes from and its output goes to. */
  public enum Output {
    /** To where the laboratory's own do. */
    SAME,
    /** Input ends at once; output and errors go to {@link #output()}. */
    HERE
  }

  private final Host host = new Host();
  private final Interrupts interrupts = new Interrupts();
  private final Arena forEver = Arena.global();
  private final MemorySegment actions = host.allocate(128);
  private final MemorySegment attributes = host.allocate(512);
  private final MemorySegment pid = host.allocate(8);
  private final MemorySegment pair = host.allocate(8);
  private final NotStarted program;
  private final int output;
  private int inner;
  private int listener = -1;
  private volatile MemorySegment errno = MemorySegment.NULL;

  private Starter(NotStarted program, Output to) {
    this.program = program;
    MemorySegment pipe = host.allocate(8);
    boolean here =
        to == Output.HERE && host.call(Call.PIPE2, pipe.address(), Host.CLOSE_ON_EXEC) == 0;
    output = here ? pipe.get(ValueLayout.JAVA_INT, 0) : -1;
    inner = here ? pipe.get(ValueLayout.JAVA_INT, 4) : -1;
    host.call(Call.SOCKETPAIR, SOCKETS, STREAM, 0, pair.address());
    try {
      prepare(here);
    } catch (Throwable e) {
      throw new IllegalStateException("the C library cannot start programs", e);
    }
  }

  private void prepare(boolean here) throws Throwable {
    call("posix_spawnattr_init", attributes.address());
    // Signals that a thread of the virtual machine holds back, and those that we leave to the
    // program, are none of its affair.
    call("posix_spawnattr_setsigmask", attributes.address(), host.allocate(128).address());
    call("posix_spawnattr_setsigdefault", attributes.address(), Interrupts.set(host).address());
    call(
        "posix_spawnattr_setflags",
        attributes.address(),
        (long) (SET_SIGNAL_MASK | SET_DEFAULT_SIGNALS));
    // The virtual machine's own files are none of the program's affair either.
    call("posix_spawn_file_actions_init", actions.address());
    if (here) {
      MemorySegment nothing = forEver.allocateFrom("/dev/null");
      call("posix_spawn_file_actions_addopen", actions.address(), 0L, nothing.address(), 0L, 0L);
      call("posix_spawn_file_actions_adddup2", actions.address(), (long) inner, 1L);
      call("posix_spawn_file_actions_adddup2", actions.address(), (long) inner, 2L);
    }
    if (Linker.nativeLinker().defaultLookup().find(CLOSE_FROM).isPresent()) {
      call(CLOSE_FROM, actions.address(), FIRST_OF_OURS);
    }
  }

  private static void call(String function, Object... words) throws Throwable {
    Chain.function(function, words.length).invokeWithArguments(words);
  }

  /** Why a program cannot be started this way, in one sentence. */
  public static final class Failure extends Exception {
    private static final long serialVersionUID = 1;

    Failure(String sentence) {
      super(sentence);
    }
  }

  /**
   * Begins to start a program: its first system calls wait until the listener is served.
   *
   * @param command the program, looked up as a shell does, and its arguments
   * @param to where its output goes
   */
  public static synchronized Starter start(List<String> command, Output to) throws Failure {
    if (!System.getProperty("os.name", "").equals("Linux") || !Call.known()) {
      throw new Failure("real programs can be run on Linux on x86-64 and aarch64 only");
    }
    var program = new NotStarted(command.getFirst());
    if (program.isOf32Bits()) {
      throw new Failure(
          "system calls of \""
              + command.getFirst()
              + "\" cannot be watched: it is a program of 32 bits, whose calls have other numbers;"
              + " build it for 64 bits");
    }
    int flags = knownFlags(new Host());
    var starter = new Starter(program, to);
    // What outlives its parents stays ours to serve, and to take the end of.
    starter.host.call(Call.PRCTL, SUBREAPER, 1, 0, 0, 0);
    Set<Integer> before = listeners(starter.host);
    Chain chain = starter.chain(command, flags);
    Thread.ofPlatform().name("program starter").daemon(true).start(() -> starter.run(chain));
    starter.listener = starter.await(before);
    return starter;
  }

  /** Which flags the kernel knows it says before it looks for the filter. */
  private static int knownFlags(Host host) throws Failure {
    int flags = NEW_LISTENER | WAIT_KILLABLE;
    long status = host.call(Call.SECCOMP, SET_FILTER, flags, 0);
    if (status != -EFAULT) {
      flags = NEW_LISTENER;
      status = host.call(Call.SECCOMP, SET_FILTER, flags, 0);
    }
    if (status != -EFAULT) {
      throw refused((int) -status);
    }
    return flags;
  }

  /** The calls from the filter on. */
  private Chain chain(List<String> command, int flags) {
    MemorySegment name = forEver.allocateFrom(command.getFirst());
    MemorySegment arguments = forEver.allocate(8L * (command.size() + 1), 8);
    for (int i = 0; i < command.size(); i++) {
      arguments.setAtIndex(ValueLayout.ADDRESS, i, forEver.allocateFrom(command.get(i)));
    }
    MemorySegment environment =
        Chain.function("environ").reinterpret(8).get(ValueLayout.ADDRESS, 0);
    long filter = CallFilter.in(host).address();
    long end = pair.get(ValueLayout.JAVA_INT, 4);
    long room = forEver.allocate(8).address();
    return new Chain(forEver)
        .then("syscall", Call.SECCOMP.number(), SET_FILTER, flags, filter)
        // Without a filter that arrives, and is no reason to go on.
        .then("write", end, room, 1)
        .then("read", end, room, 1)
        .then(
            "posix_spawnp",
            pid.address(),
            name.address(),
            actions.address(),
            attributes.address(),
            arguments.address(),
            environment.address())
        .then("syscall", Call.EXIT.number(), 0);
  }

  private void run(Chain chain) {
    try {
      errno =
          ((MemorySegment)
                  Linker.nativeLinker()
                      .downcallHandle(
                          Chain.function("__errno_location"),
                          FunctionDescriptor.of(ValueLayout.ADDRESS))
                      .invokeExact())
              .reinterpret(4);
      host.call(Call.PRCTL, NO_NEW_PRIVILEGES, 1, 0, 0, 0);
      chain.run();
    } catch (Throwable e) {
      throw new IllegalStateException("the C library cannot start programs", e);
    }
  }

  /** Waits for the listener that was not there before, and lets the program be started. */
  private int await(Set<Integer> before) throws Failure {
    int end = pair.get(ValueLayout.JAVA_INT, 0);
    while (true) {
      Set<Integer> now = listeners(host);
      now.removeAll(before);
      long room = host.page().address();
      if (!now.isEmpty()) {
        host.call(Call.WRITE, end, room, 1);
        return now.iterator().next();
      }
      if (host.takeByte(end)) {
        throw refused(errno.get(ValueLayout.JAVA_INT, 0));
      }
      LockSupport.parkNanos(MOMENT_NS);
    }
  }

  private static Set<Integer> listeners(Host host) {
    var found = new HashSet<Integer>();
    String[] names = Path.of("/proc/self/fd").toFile().list();
    for (String name : names == null ? new String[0] : names) {
      if (LISTENER.equals(host.link("/proc/self/fd/" + name))) {
        found.add(Integer.valueOf(name));
      }
    }
    return found;
  }

  private static Failure refused(int error) {
    String why =
        switch (error) {
          case 1, 13 -> "this container or sandbox forbids seccomp filters; allow them there";
          case 16 -> "another supervisor watches this process already; run outside of it";
          case 22, 38 -> "this kernel has no seccomp user notification; Linux 5.14 or newer does";
          default -> "the kernel refuses a seccomp filter (errno " + error + ")";
        };
    return new Failure("the program's system calls cannot be watched: " + why);
  }

  /** The listener's descriptor. */
  public int listener() {
    return listener;
  }

  /** Id of the program's first process; 0 while it has not been started. */
  public int child() {
    int child = pid.get(ValueLayout.JAVA_INT, 0);
    if (child > 0 && inner >= 0) {
      // The program has it now, and where that ends the output does.
      host.close(inner);
      inner = -1;
    }
    return child;
  }

  /** A descriptor to read what it puts out from, with {@link Output#HERE}; -1 without. */
  public int output() {
    return output;
  }

  /** Asks all processes of the program to end, or ends them. */
  public void end(boolean atOnce) {
    processes().forEach(atOnce ? ProcessHandle::destroyForcibly : ProcessHandle::destroy);
  }

  /** Leaves the terminal's interrupt key to the program. */
  public void leaveInterrupts() {
    interrupts.leave();
  }

  /** Takes the interrupt key back, if it was left. */
  public void takeInterruptsBack() {
    interrupts.takeBack();
  }

  /** Names and ids of the program's processes that run. */
  public List<String> left() {
    return processes()
        .map(one -> ProcessFiles.name((int) one.pid()) + " (" + one.pid() + ")")
        .toList();
  }

  private static Stream<ProcessHandle> processes() {
    return ProcessHandle.current()
        .descendants()
        .filter(process -> ProcessFiles.isWatched((int) process.pid()));
  }

  /** Nobody is left of the program. */
  public void close() {
    host.call(Call.PRCTL, SUBREAPER, 0, 0, 0, 0);
    host.close(pair.get(ValueLayout.JAVA_INT, 0));
    host.close(pair.get(ValueLayout.JAVA_INT, 4));
    host.close(inner);
    inner = -1;
    if (listener >= 0) {
      host.close(listener);
    }
  }

  /**
   * The exit code that {@code wait4()} tells of; 128 and the number of the signal that ended it.
   */
  public static int exitCode(int how) {
    return (how & 0x7F) == 0 ? how >>> 8 & 0xFF : 128 + (how & 0x7F);
  }

  /** Why the program could not be started, if that is so; asked when nobody is left. */
  public void checkStarted() throws Failure {
    if (child() > 0) {
      return;
    }
    // The child of posix_spawnp() has its errno where the starting thread has it.
    int problem = errno.get(ValueLayout.JAVA_INT, 0);
    throw new Failure(program.sentence(problem));
  }
}
