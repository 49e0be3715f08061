package org.iommulab.peer.exec;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import org.iommulab.bus.SourceId;
import org.iommulab.evidence.debugfs.DebugfsWriter;
import org.iommulab.linux.process.OpenFile;
import org.iommulab.linux.process.SyscallResult;
import org.iommulab.linux.program.RealProcess;
import org.iommulab.linux.program.Request;
import org.iommulab.linux.program.Session;
import org.iommulab.linux.uapi.Errno;
import org.iommulab.memory.Page;
import org.iommulab.peer.host.Call;
import org.iommulab.peer.host.ExecsUnderWay;
import org.iommulab.peer.host.Host;
import org.iommulab.peer.host.Listener;
import org.iommulab.peer.host.ProcessFiles;
import org.iommulab.peer.host.Starter;
import org.iommulab.peer.host.Tracer;
import org.iommulab.peer.host.Waiting;
import org.jspecify.annotations.Nullable;

/**
 * Runs a program and answers those of its system calls that are about our devices; all others go on
 * in the real kernel. One thread serves, and owns the laboratory while it does.
 */
final class Supervisor {

  private static final int MAP_FIXED = 0x10;
  private static final int MAP_ANONYMOUS = 0x20;
  private static final int CWD = -100;

  private static final int ENODEV = 19;

  /** Until the program has been started, how far that is is looked for so often. */
  private static final int REST_MS = 20;

  /** After the first process, the others may take so long to end before anything is said. */
  private static final int PATIENCE_MS = 2_000;

  /** Files that nobody of the program has any more may take so long to end. */
  private static final int LAST_ENDS_MS = 1_000;

  /** No exec is waited for longer; nearly all take less than a millisecond. */
  private static final long LONGEST_EXEC_NS = 2_000_000_000;

  private static final long MOMENT_NS = 200_000;
  private static final int FOR_EVER = -1;
  private static final int STILL_RUNS = -1;

  private final Host host = new Host();
  private final Starter starter;
  private final Listener listener;
  private final Waiting waiting;
  private final LiveWorld world;
  private final Carrier carrier;
  private final SysTree tree;
  private final PathCalls paths;
  private final FileCalls files;
  private final Map<Integer, Integer> processOf = new HashMap<>();
  private final Map<Integer, Call> calls = new HashMap<>();
  private final Tracer tracer;
  private final ExecsUnderWay execs = new ExecsUnderWay();
  private final Traps traps;
  private int childFile = -1;
  private int exitCode = STILL_RUNS;
  private long endedAt;
  private boolean complained;
  private boolean abandoned;
  private @Nullable IntConsumer whenOthersRemain;
  private final Consumer<Runnable> owner;
  private final Gate gate;
  private Listener.@Nullable Asked held;
  private boolean behind;
  private boolean busy;
  private long waitsSince;

  /**
   * A supervisor of a program that is being started.
   *
   * @param owner runs something on the thread that owns the laboratory, and waits for its end
   * @param whenOthersRemain told the exit code of the first process if others run on for a while
   */
  Supervisor(
      Starter starter,
      Carrier carrier,
      SysTree tree,
      Consumer<Runnable> owner,
      Gate gate,
      IntConsumer whenOthersRemain) {
    this.starter = starter;
    this.carrier = carrier;
    this.tree = tree;
    this.owner = owner;
    this.gate = gate;
    this.whenOthersRemain = whenOthersRemain;
    listener = new Listener(host, starter.listener());
    waiting = new Waiting(host);
    waiting.add(listener.fd(), true);
    world = new LiveWorld(new Host(), listener, waiting);
    files = new FileCalls(host, listener, world, tree, this);
    paths = new PathCalls(host, listener, tree, files, this);
    tracer = new Tracer(host);
    traps = new Traps(this, world);
    waiting.add(tracer.bell(), true);
    for (Call call : Call.values()) {
      if (call.number() >= 0) {
        calls.put(call.number(), call);
      }
    }
  }

  /** Serves until the program and all that it started have ended; its exit code. */
  int run() throws Starter.Failure {
    try {
      // The kernel's word that nobody of the program is left may come before all that those had
      // is closed.
      while (!abandoned || exitCode == STILL_RUNS && starter.child() > 0 || !world.nobodyLeft()) {
        lookForChild();
        turn(patience());
      }
      long until = System.nanoTime() + LAST_ENDS_MS * 1_000_000L;
      while (!world.files().isEmpty() && System.nanoTime() < until) {
        turn(REST_MS);
      }
      if (!world.files().isEmpty()) {
        // What was handed to somebody else is of no use there.
        owner.accept(() -> world.files().forEach(link -> perform(new Request.FileEnds(link))));
      }
    } finally {
      world.close();
      waiting.close();
      tracer.close();
      starter.close();
    }
    starter.checkStarted();
    return exitCode;
  }

  /** Begins to wait for the end of the program's first process, once there is one. */
  private void lookForChild() {
    int child = starter.child();
    if (childFile < 0 && child > 0 && exitCode == STILL_RUNS) {
      childFile = host.processFile(child);
      tracer.expectEnd(child);
      waiting.add(childFile, true);
    }
  }

  /** How long may be waited; tells, once, that others run on. */
  private int patience() {
    IntConsumer told = whenOthersRemain;
    if (exitCode == STILL_RUNS || told == null) {
      return childFile < 0 && exitCode == STILL_RUNS ? REST_MS : FOR_EVER;
    }
    long left = endedAt + PATIENCE_MS - System.nanoTime() / 1_000_000;
    if (left <= 0) {
      whenOthersRemain = null;
      told.accept(exitCode);
    }
    return left <= 0 ? FOR_EVER : (int) left;
  }

  private void childEnds() {
    int how = tracer.takeEnd();
    if (how >= 0) {
      exitCode = Starter.exitCode(how);
      endedAt = System.nanoTime() / 1_000_000;
      waiting.remove(childFile);
      host.close(childFile);
      childFile = -1;
    }
  }

  private void turn(int patience) {
    Listener.Asked one = held;
    if (one != null || behind) {
      gate.rest(REST_MS);
    }
    boolean shut = gate.isShut();
    if (behind && shut) {
      return;
    }
    int count = waiting.await(one != null || busy ? 0 : patience);
    if (one != null) {
      if (!shut || !listener.waits(one) || othersIn(count)) {
        owner.accept(() -> serveWhoAsks(count, null));
      }
    } else if (count > 0 && !othersIn(count)) {
      Listener.Asked asked = asksIn(count) ? listener.receive() : null;
      if (asked != null && mayConcernUs(asked)) {
        owner.accept(() -> serveWhoAsks(0, asked));
      } else if (asked != null) {
        letGoOn(asked);
      }
    } else if (count > 0 || busy) {
      owner.accept(() -> serveWhoAsks(count, null));
    }
  }

  /** The real kernel carries a call out. */
  private void letGoOn(Listener.Asked asked) {
    Call call = calls.get(asked.number());
    if (call == Call.EXECVE || call == Call.EXECVEAT) {
      execs.begins(asked.thread());
    }
    listener.letGoOn(asked);
  }

  /**
   * Tells whether a process cannot begin to be followed yet; then the call is asked for again. Who
   * is on its way to another program will be there soon, or back.
   */
  boolean mustWait(Listener.Asked asked, int pid) {
    if (tracer.follows(pid) || !execs.isOnItsWay(pid)) {
      waitsSince = 0;
      return false;
    }
    long now = System.nanoTime();
    waitsSince = waitsSince == 0 ? now : waitsSince;
    if (now - waitsSince > LONGEST_EXEC_NS) {
      waitsSince = 0;
      return false;
    }
    LockSupport.parkNanos(MOMENT_NS);
    held = asked;
    return true;
  }

  /** Nearly all that is asked has nothing to do with us, and need not wait for the laboratory. */
  private boolean mayConcernUs(Listener.Asked asked) {
    execs.asks(asked.thread());
    Call call = calls.get(asked.number());
    long[] a = asked.arguments();
    return switch (call) {
      case null -> false;
      case OPEN, STAT, LSTAT, ACCESS, READLINK, GETXATTR, LGETXATTR ->
          paths.mayBeOurs(asked, CWD, a[0], 0);
      case OPENAT, OPENAT2, FACCESSAT, FACCESSAT2, READLINKAT ->
          paths.mayBeOurs(asked, (int) a[0], a[1], 0);
      case NEWFSTATAT -> paths.mayBeOurs(asked, (int) a[0], a[1], (int) a[3]);
      case STATX -> paths.mayBeOurs(asked, (int) a[0], a[1], (int) a[2]);
      case IOCTL,
          READ,
          WRITE,
          PREAD64,
          PWRITE64,
          READV,
          WRITEV,
          PREADV,
          PWRITEV,
          PREADV2,
          PWRITEV2,
          LSEEK,
          FSTAT,
          FCNTL,
          FTRUNCATE,
          FALLOCATE,
          FSYNC,
          FDATASYNC ->
          isMade(asked, (int) a[0]);
      case MMAP ->
          (a[3] & MAP_FIXED) != 0 && processOf.containsKey(asked.thread())
              || (a[3] & MAP_ANONYMOUS) == 0 && isMade(asked, (int) a[4]);
      default -> processOf.containsKey(asked.thread());
    };
  }

  /** Tells whether a descriptor of a caller is one of a file that was made here. */
  boolean isMade(Listener.Asked asked, int fd) {
    String link = world.link(asked, fd);
    return link != null && world.hasMade(link);
  }

  /** Tells whether somebody asks: on a listener that nobody uses, receiving waits for ever. */
  private boolean asksIn(int count) {
    boolean asks = false;
    for (int i = 0; i < count; i++) {
      if (waiting.fd(i) == listener.fd()) {
        asks = (waiting.events(i) & Waiting.READABLE) != 0;
        if ((waiting.events(i) & Waiting.HUNG_UP) != 0) {
          abandoned = true;
          waiting.remove(listener.fd());
        }
      }
    }
    return asks;
  }

  private boolean othersIn(int count) {
    for (int i = 0; i < count; i++) {
      if (waiting.fd(i) != listener.fd()) {
        return true;
      }
    }
    return false;
  }

  /** On the laboratory's thread: looks after whoever has ended, then after whoever asks. */
  private void serveWhoAsks(int count, Listener.@Nullable Asked received) {
    behind = carrier.isBehind();
    if (behind) {
      if (!gate.takeForward()) {
        held = received == null ? held : received;
        gate.pause();
        return;
      }
      carrier.comeForward();
      behind = false;
    }
    boolean asks = takeNote(count);
    Listener.Asked asked = received == null ? held : received;
    if (asked != null && !listener.waits(asked)) {
      gate.forget();
      asked = null;
    }
    held = null;
    if (asked == null && asks) {
      asked = listener.receive();
      if (asked != null) {
        execs.asks(asked.thread());
      }
    }
    // What was closed before it asked is closed.
    takeNote(waiting.await(0));
    if (asked != null) {
      serve(asked);
    } else if (count == 0 && busy) {
      perform(new Request.Work());
    }
    busy = session().isBusy();
  }

  /** Takes note of files and processes that have ended; true if somebody asks. */
  private boolean takeNote(int count) {
    boolean asks = asksIn(count);
    for (int i = 0; i < count; i++) {
      if (waiting.fd(i) == tracer.bell()) {
        tracer.handle(traps);
      } else if (waiting.fd(i) == childFile) {
        childEnds();
      } else if (waiting.fd(i) != listener.fd()) {
        ended(waiting.fd(i), waiting.events(i));
      }
    }
    return asks;
  }

  private void ended(int fd, int events) {
    int event = world.rangEvent(fd);
    if (event >= 0) {
      perform(new Request.EventRang(event));
    }
    for (String link : world.endedFiles(fd, events)) {
      files.forget(link);
      perform(new Request.FileEnds(link));
    }
    int pid = world.endedProcess(fd);
    if (pid >= 0) {
      world.forget(pid);
      processOf.values().removeIf(owner -> owner == pid);
      perform(new Request.ProcessEnds(pid));
    }
  }

  private Session session() {
    return carrier.session();
  }

  /** Carries a request out and keeps it. */
  SyscallResult perform(Request request) {
    try {
      return carrier.perform(request, world);
    } finally {
      world.end();
    }
  }

  /** Carries a call out, unless it has to wait at the gate: null then. */
  @Nullable SyscallResult call(Listener.Asked asked, RealProcess process, Request request) {
    if (!gate.looks()) {
      return perform(request);
    }
    ProgramCall call = ProgramCall.of(request, (address, bytes) -> bytes(process, address, bytes));
    if (!gate.admits(call, process.name())) {
      held = asked;
      return null;
    }
    SyscallResult result = perform(request);
    Errno errno = result.errno();
    gate.ended(call, process.name(), errno == null ? null : errno.name());
    return result;
  }

  private byte @Nullable [] bytes(RealProcess process, long address, int count) {
    byte[] read = new byte[count];
    return world.read(process.pid(), address, read) ? read : null;
  }

  /** Carries out the opening of a file and answers it, unless it has to wait. */
  void open(Listener.Asked asked, RealProcess process, Request.Open request) {
    SyscallResult result = call(asked, process, request);
    if (result != null) {
      answer(asked, result);
    }
  }

  // ---- one request ------------------------------------------------------------------------------

  private void serve(Listener.Asked asked) {
    Call call = calls.get(asked.number());
    long[] a = asked.arguments();
    if (call == null) {
      listener.letGoOn(asked);
      return;
    }
    world.begin(asked);
    switch (call) {
      case OPEN -> paths.open(asked, CWD, a[0]);
      case OPENAT, OPENAT2 -> paths.open(asked, (int) a[0], a[1]);
      case STAT -> paths.stat(asked, CWD, a[0], a[1], 0);
      case LSTAT -> paths.stat(asked, CWD, a[0], a[1], PathCalls.NO_FOLLOW);
      case NEWFSTATAT -> paths.stat(asked, (int) a[0], a[1], a[2], (int) a[3]);
      case STATX -> paths.statx(asked, (int) a[0], a[1], (int) a[2], (int) a[3], a[4]);
      case ACCESS -> paths.access(asked, CWD, a[0], (int) a[1]);
      case FACCESSAT, FACCESSAT2 -> paths.access(asked, (int) a[0], a[1], (int) a[2]);
      case GETXATTR, LGETXATTR -> paths.extendedAttribute(asked, a[0]);
      case READLINK -> paths.readLink(asked, CWD, a[0], a[1], a[2]);
      case READLINKAT -> paths.readLink(asked, (int) a[0], a[1], a[2], a[3]);
      case IOCTL, READ, WRITE, PREAD64, PWRITE64, LSEEK -> files.on(asked, call);
      case READV, WRITEV, PREADV, PWRITEV, PREADV2, PWRITEV2 -> files.onPieces(asked, call);
      case FSTAT -> paths.fstat(asked, (int) a[0], a[1]);
      case FCNTL -> files.flags(asked);
      case FTRUNCATE, FSYNC, FDATASYNC -> files.without(asked, Errno.EINVAL);
      case FALLOCATE -> files.without(asked, Errno.ENODEV);
      case MMAP -> {
        if ((a[3] & MAP_FIXED) != 0) {
          goes(asked, a[0], a[1]);
        }
        files.map(asked);
      }
      case MUNMAP, MREMAP, MADVISE -> {
        goes(asked, a[0], a[1]);
        listener.letGoOn(asked);
      }
      case EXECVE, EXECVEAT -> {
        goes(asked, 0, Long.MAX_VALUE);
        letGoOn(asked);
      }
      case EXIT_GROUP -> {
        RealProcess process = before(asked);
        if (process != null) {
          perform(new Request.Exits(process.pid()));
        }
        listener.letGoOn(asked);
      }
      default -> listener.letGoOn(asked);
    }
  }

  /** The process of a thread, if it has asked for something of ours before. */
  private @Nullable RealProcess before(Listener.Asked asked) {
    return session().process(processOf.getOrDefault(asked.thread(), -1));
  }

  private void goes(Listener.Asked asked, long start, long bytes) {
    RealProcess process = before(asked);
    if (process != null && bytes > 0) {
      long end = start + bytes < 0 ? Long.MAX_VALUE : Page.count(start + bytes);
      if (session().hasLent(process.pid(), Page.number(start), end)) {
        perform(new Request.MemoryGoes(process.pid(), Page.number(start), end));
      }
    }
  }

  /** Sees to it that accesses to mapped registers stop the process; says why if that cannot be. */
  boolean follow(Listener.Asked asked, int pid) {
    int status = !Tracer.isPossible() ? -ENODEV : tracer.follows(pid) ? 0 : tracer.follow(pid);
    if (status < 0 && !complained && listener.waits(asked)) {
      complained = true;
      String why =
          Tracer.isPossible()
              ? "this process may not be traced (errno "
                  + -status
                  + "): a debugger has it, or the container forbids ptrace()"
              : "that needs x86-64";
      System.err.println(
          "iommu-lab: registers cannot be mapped, only read and written by pread() and pwrite(): "
              + why);
    }
    return status == 0;
  }

  /** Files with something to read show that to poll(). */
  void raise() {
    files.raise();
  }

  /** Answers a call with what our kernel says. */
  void answer(Listener.Asked asked, SyscallResult result) {
    files.raise();
    var errno = result.errno();
    listener.answer(asked, errno == null ? result.ret() : -errno.number());
  }

  /** Files of ours that are open, by link. */
  Map<String, OpenFile> files() {
    return session().files().all();
  }

  /** The file with that link; null if it is none of ours. */
  @Nullable OpenFile file(String link) {
    return session().files().find(link);
  }

  // ---- callers ----------------------------------------------------------------------------------

  /** The process of a thread that asks; null if it has gone already. */
  @Nullable RealProcess known(int thread) {
    Integer pid = processOf.get(thread);
    // The end of a process is seen, that of another of its threads is not.
    if (pid == null || pid != thread && !isThread(pid, thread)) {
      pid = ProcessFiles.owner(thread).orElse(null);
      if (pid == null) {
        return null;
      }
      processOf.put(thread, pid);
    }
    if (session().process(pid) == null) {
      if (!world.meet(pid)) {
        return null;
      }
      String name = ProcessFiles.name(pid);
      perform(new Request.Begin(pid, name.isEmpty() ? "program" : name));
    }
    return session().process(pid);
  }

  private boolean isThread(int pid, int thread) {
    return host.exists("/proc/" + pid + "/task/" + thread);
  }

  /** The process with that number, if it has called before. */
  @Nullable RealProcess process(int pid) {
    return session().process(pid);
  }

  /** debugfs' text of a device's tables; null if there is no such device. */
  @Nullable String tables(String path) {
    String[] words = path.split("/");
    return SourceId.parse(words[words.length - 2])
        .map(source -> new DebugfsWriter(carrier.view().tables(), "dmar0").pages(source).text())
        .orElse(null);
  }
}
