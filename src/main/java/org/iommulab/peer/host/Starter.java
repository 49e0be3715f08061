package org.iommulab.peer.host;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Starts a program whose system calls ask first. One thread takes the filter on, which holds for
 * that thread and what it starts; it starts the program and does nothing else. Who waits for the
 * program's end is the caller's affair: waiting for a child that is traced takes its stops as well,
 * whichever thread it is that waits.
 *
 * <p>That thread's own calls ask as well. While it waits for an answer it must hold nothing that
 * the answering thread needs, a class loader's lock for instance. So it does everything once before
 * the filter is on, and from then on runs only what has run before.
 */
public final class Starter {

  private static final int NO_NEW_PRIVILEGES = 38;
  private static final String CLOSE_FROM = "posix_spawn_file_actions_addclosefrom_np";
  private static final int SET_FILTER = 1;
  private static final int NEW_LISTENER = 8;
  private static final int WAIT_KILLABLE = 32;
  private static final int SET_SIGNAL_MASK = 8;
  private static final int NOT_YET = 0;
  private static final int NEVER = -1;
  private static final long FOR_EVER = -1;
  private static final long FIRST_OF_OURS = 3;

  /** Where a program's input comes from and its output goes to. */
  public enum Output {
    /** To where the laboratory's own do. */
    SAME,
    /** Input ends at once; output and errors go to {@link #output()}. */
    HERE
  }

  private static final int CLOSE_ON_EXEC = 0x80000;

  private final Host host = new Host();
  private final MethodHandle spawn = function("posix_spawnp", 6);
  private final MethodHandle wait = function("waitpid", 3);
  private final MethodHandle poll = function("poll", 3);
  private final MemorySegment actions = host.allocate(128);
  private final MemorySegment attributes = host.allocate(512);
  private final MemorySegment pid = host.allocate(8);
  private final MemorySegment status = host.allocate(8);
  private final MemorySegment environment;
  private final CompletableFuture<Integer> listener = new CompletableFuture<>();
  private final int output;
  private final int inner;
  private volatile int problem;
  private volatile int child = NOT_YET;

  private Starter(Output to) {
    MemorySegment pipe = host.allocate(8);
    boolean here = to == Output.HERE && host.call(Call.PIPE2, pipe.address(), CLOSE_ON_EXEC) == 0;
    output = here ? pipe.get(ValueLayout.JAVA_INT, 0) : -1;
    inner = here ? pipe.get(ValueLayout.JAVA_INT, 4) : -1;
    try {
      function("posix_spawnattr_init", 1).invoke(attributes.address());
      // Signals that a thread of the virtual machine holds back are none of the program's affair.
      function("posix_spawnattr_setsigmask", 2)
          .invoke(attributes.address(), host.allocate(128).address());
      function("posix_spawnattr_setflags", 2).invoke(attributes.address(), SET_SIGNAL_MASK);
      // The virtual machine's own files are none of the program's affair either.
      function("posix_spawn_file_actions_init", 1).invoke(actions.address());
      if (here) {
        function("posix_spawn_file_actions_addopen", 5)
            .invoke(
                actions.address(), 0L, Arena.global().allocateFrom("/dev/null").address(), 0L, 0L);
        function("posix_spawn_file_actions_adddup2", 3).invoke(actions.address(), (long) inner, 1L);
        function("posix_spawn_file_actions_adddup2", 3).invoke(actions.address(), (long) inner, 2L);
      }
      if (Linker.nativeLinker().defaultLookup().find(CLOSE_FROM).isPresent()) {
        function(CLOSE_FROM, 2).invoke(actions.address(), FIRST_OF_OURS);
      }
      environment =
          Linker.nativeLinker()
              .defaultLookup()
              .find("environ")
              .orElseThrow()
              .reinterpret(8)
              .get(ValueLayout.ADDRESS, 0);
    } catch (Throwable e) {
      throw new IllegalStateException("the C library cannot start programs", e);
    }
  }

  /** A function of the C library on whole words. */
  private static MethodHandle function(String name, int parameters) {
    var words = new ValueLayout[parameters];
    java.util.Arrays.fill(words, ValueLayout.JAVA_LONG);
    return Linker.nativeLinker()
        .downcallHandle(
            Linker.nativeLinker().defaultLookup().find(name).orElseThrow(),
            FunctionDescriptor.of(ValueLayout.JAVA_INT, words));
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
  public static Starter start(List<String> command, Output to) throws Failure {
    if (!System.getProperty("os.name", "").equals("Linux") || !Call.known()) {
      throw new Failure("real programs can be run on Linux on x86-64 and aarch64 only");
    }
    var starter = new Starter(to);
    MemorySegment arguments = starter.words(command);
    MemorySegment rehearsal = starter.words(List.of("true"));
    Thread.ofPlatform()
        .name("program starter")
        .daemon(true)
        .start(() -> starter.run(arguments, rehearsal));
    return starter;
  }

  private MemorySegment words(List<String> command) {
    MemorySegment array = host.allocate(8L * (command.size() + 1));
    for (int i = 0; i < command.size(); i++) {
      array.setAtIndex(ValueLayout.ADDRESS, i, Arena.global().allocateFrom(command.get(i)));
    }
    return array;
  }

  private void run(MemorySegment arguments, MemorySegment rehearsal) {
    try {
      MemorySegment filter = CallFilter.in(host);
      long rehearsed = spawn(rehearsal, -1);
      if (rehearsed > 0) {
        int reaped = (int) wait.invokeExact(rehearsed, status.address(), 0L);
      }
      int rested = (int) poll.invokeExact(0L, 0L, 1L);
      host.call(Call.PRCTL, NO_NEW_PRIVILEGES, 1, 0, 0, 0);
      long fd = host.call(Call.SECCOMP, SET_FILTER, NEW_LISTENER | WAIT_KILLABLE, filter.address());
      if (fd == -22) {
        fd = host.call(Call.SECCOMP, SET_FILTER, NEW_LISTENER, filter.address());
      }
      listener.complete((int) fd);
      if (fd >= 0) {
        child = (int) spawn(arguments, inner);
        // A thread that ends gives memory back, which asks as well, and nobody may be there to
        // answer. So this one never ends; nor does it come back to Java, where whatever is done
        // often is compiled, and memory for that asks too.
        while (true) {
          rested = (int) poll.invokeExact(0L, 0L, FOR_EVER);
        }
      }
    } catch (Throwable e) {
      problem = -1;
      child = NEVER;
      listener.complete(-22);
    }
  }

  /** Starts a program; its id, or -1. */
  private long spawn(MemorySegment arguments, int nowItsOwn) throws Throwable {
    long name = arguments.get(ValueLayout.JAVA_LONG, 0);
    int error =
        (int)
            spawn.invokeExact(
                pid.address(),
                name,
                actions.address(),
                attributes.address(),
                arguments.address(),
                environment.address());
    host.close(nowItsOwn);
    problem = error;
    return error == 0 ? pid.get(ValueLayout.JAVA_INT, 0) : NEVER;
  }

  /** The listener's descriptor. */
  public int listener() throws Failure {
    int fd = listener.join();
    if (fd < 0) {
      String why =
          switch (-fd) {
            case 1, 13 -> "this container or sandbox forbids seccomp filters; allow them there";
            case 16 -> "another supervisor watches this process already; run outside of it";
            case 22, 38 -> "this kernel has no seccomp user notification; Linux 5.14 or newer does";
            default -> "the kernel refuses a seccomp filter (errno " + -fd + ")";
          };
      throw new Failure("the program's system calls cannot be watched: " + why);
    }
    return fd;
  }

  /** Id of the program's first process; 0 while it has not been started, -1 if it never will. */
  public int child() {
    return child;
  }

  /** A descriptor to read what it puts out from, with {@link Output#HERE}; -1 without. */
  public int output() {
    return output;
  }

  /**
   * The exit code that {@code wait4()} tells of; 128 and the number of the signal that ended it.
   */
  public static int exitCode(int how) {
    return (how & 0x7F) == 0 ? how >>> 8 & 0xFF : 128 + (how & 0x7F);
  }

  /** Why the program could not be started, if that is so. */
  public void checkStarted() throws Failure {
    @Nullable String why =
        switch (problem) {
          case 0 -> null;
          case 2 -> "there is no such program";
          case 13 -> "it may not be executed";
          case 8 -> "it is no program for this machine";
          default -> "the system refuses it (errno " + problem + ")";
        };
    if (why != null) {
      throw new Failure("the program cannot be started: " + why);
    }
  }
}
