package org.iommulab.linux.program;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntPredicate;
import java.util.function.Supplier;
import org.iommulab.linux.Kernel;
import org.iommulab.linux.process.ModelProcess;
import org.iommulab.linux.process.OpenFile;
import org.iommulab.linux.process.SyscallResult;
import org.iommulab.linux.uapi.Errno;
import org.jspecify.annotations.Nullable;

/**
 * Carries out the requests of real programs on our kernel. What it does follows from the requests
 * and from what {@link World} answers, so that both, kept, are the session.
 */
public final class Session {

  /** Steps that each device may do with one request; more come when nobody asks. */
  private static final int STEPS = 256;

  private final Kernel kernel;
  private final IntPredicate devices;
  private final Outside outside = new Outside();
  private final RecordedWorld past = new RecordedWorld();
  private final Doorbells bells;
  private final OpenFiles files = new OpenFiles();
  private final BorrowedFrames frames;
  private final Map<Integer, RealProcess> processes = new HashMap<>();
  private final Map<Integer, Long> failures = new HashMap<>();
  private World visible = World.NOWHERE;
  private @Nullable List<Answer> besides;
  private @Nullable List<Answer> noted;
  private @Nullable RealMemory first;
  private boolean busy;

  /**
   * A session of programs that this kernel serves.
   *
   * @param devices lets each device do so many steps; true if one has more to do
   */
  public Session(Kernel kernel, IntPredicate devices) {
    this.kernel = kernel;
    this.devices = devices;
    bells = new Doorbells(outside);
    frames = new BorrowedFrames(kernel.memory(), kernel.frames(), outside);
  }

  // ---- requests ---------------------------------------------------------------------------------

  /**
   * Carries out a request, with what was learned the first time if this is not the first.
   *
   * @throws Mismatch if our kernel asks for something else than it did then
   */
  public SyscallResult perform(Exchange exchange) {
    World live = exchange.world();
    if (live != null) {
      SyscallResult result = perform(exchange.request(), live, exchange.learned());
      exchange.end(result);
      return result;
    }
    if (exchange.request() instanceof Request.Beside) {
      besides = exchange.learned();
      return SyscallResult.ok(0);
    }
    past.set(exchange.learned());
    SyscallResult result = perform(exchange.request(), past, null);
    if (!past.isUsedUp()) {
      throw new Mismatch("our kernel does not ask for everything that it asked for then");
    }
    return result;
  }

  /** Carries out a request with the real world to ask; nothing is kept. */
  public SyscallResult perform(Request request, World live) {
    return perform(request, live, null);
  }

  private SyscallResult perform(Request request, World world, @Nullable List<Answer> notes) {
    begin(world, notes);
    try {
      SyscallResult result = perform(request);
      busy = devices.test(STEPS);
      return result;
    } finally {
      end(world == past ? World.NOWHERE : world);
    }
  }

  private void begin(World world, @Nullable List<Answer> notes) {
    outside.turnTo(world, notes);
    frames.begin();
  }

  /** What a frame shows from now on is what that world has there. */
  private void end(World shown) {
    frames.flush();
    bells.send();
    visible = shown;
    outside.turnTo(shown, null);
  }

  /** A command begins that is no request of a program but may touch what programs have lent. */
  public void beginBeside() {
    List<Answer> kept = besides;
    if (kept == null) {
      noted = visible == World.NOWHERE ? null : new ArrayList<>();
      begin(visible, noted);
    } else {
      past.set(kept);
      begin(past, null);
    }
  }

  /** It has ended. */
  public void endBeside() {
    end(besides == null ? visible : World.NOWHERE);
    besides = null;
  }

  /**
   * What such a command learned from outside, to be put before it; null if it learned nothing.
   * Asked for once.
   */
  public @Nullable Exchange takeBeside() {
    List<Answer> learned = noted;
    noted = null;
    return learned == null || learned.isEmpty()
        ? null
        : Exchange.kept(new Request.Beside(), learned, new Exchange.Ending(0, null));
  }

  /** A session is repeated, and asks for something that it did not ask for then. */
  public static final class Mismatch extends RuntimeException {
    private static final long serialVersionUID = 1;

    Mismatch(String sentence) {
      super(sentence);
    }
  }

  private SyscallResult perform(Request request) {
    return switch (request) {
      case Request.Assign assign -> assign(assign);
      case Request.Beside beside -> SyscallResult.ok(0);
      case Request.Begin begin -> begin(begin);
      case Request.Open open -> open(open);
      case Request.OnFile call -> onFile(call);
      case Request.MapFile map -> map(map);
      case Request.Access access -> access(access);
      case Request.Work work -> SyscallResult.ok(0);
      case Request.EventRang rang -> rang(rang);
      case Request.MemoryGoes gone -> goes(gone);
      case Request.Exits exits -> exits(exits);
      case Request.FileEnds ended -> fileEnds(ended);
      case Request.ProcessEnds ended -> processEnds(ended);
    };
  }

  private SyscallResult assign(Request.Assign assign) {
    ModelProcess root = kernel.createProcess("iommu-lab");
    String at = "/sys/bus/pci/devices/" + assign.device();
    // As after a boot: virtual functions come when somebody asks for them.
    root.writeFile(at + "/sriov_numvfs", "0");
    SyscallResult result = SyscallResult.ok(0);
    if (assign.whole() && !root.writeFile(at + "/driver_override", "vfio-pci").failed()) {
      root.writeFile(at + "/driver/unbind", assign.device());
      result = root.writeFile("/sys/bus/pci/drivers_probe", assign.device());
    }
    root.exit();
    return result;
  }

  /** Tells whether a device has more to do: {@link Request.Work}. */
  public boolean isBusy() {
    return busy;
  }

  private SyscallResult begin(Request.Begin begin) {
    RealMemory memory = RealMemory.of(begin.pid(), outside, frames, files, first);
    if (first == null) {
      first = memory;
      frames.setPinned(pfn -> memory.pinCount(pfn) > 0);
    }
    RealProcess process =
        kernel.adopt(
            (number, name, user, parts, fileSystem) ->
                new RealProcess(
                    begin.pid(),
                    name,
                    user,
                    parts,
                    fileSystem,
                    outside,
                    files,
                    frames,
                    memory,
                    bells),
            begin.name());
    processes.put(begin.pid(), process);
    return SyscallResult.ok(0);
  }

  /** The process of a thread that asks now; null if it never began. */
  private @Nullable RealProcess process(int pid, int thread) {
    RealProcess process = processes.get(pid);
    if (process != null) {
      process.setThread(thread);
    }
    return process;
  }

  /** The process of that number, or null. */
  public @Nullable RealProcess process(int pid) {
    return processes.get(pid);
  }

  /** Whether others than that process are there. */
  private boolean hasOthers(int pid) {
    return processes.size() > (processes.containsKey(pid) ? 1 : 0);
  }

  private static SyscallResult noProcess() {
    return SyscallResult.fail(Errno.ESRCH, "the process has gone");
  }

  private SyscallResult open(Request.Open open) {
    RealProcess process = process(open.pid(), open.thread());
    if (process == null) {
      return noProcess();
    }
    OpenFile text =
        switch (open.kind()) {
          case DEVICE -> null;
          case ATTRIBUTE -> new TextFile.Attribute(open.path(), process);
          case FAILURE -> new TextFile.Failure(open.path(), open.number(), failures);
        };
    return asThread(
        open.thread(),
        () -> text == null ? process.open(open.path()) : SyscallResult.ok(process.install(text)));
  }

  private SyscallResult onFile(Request.OnFile call) {
    RealProcess process = process(call.pid(), call.thread());
    if (process == null) {
      return noProcess();
    }
    int fd = call.fd();
    return asThread(
        call.thread(),
        () ->
            switch (call.kind()) {
              case IOCTL -> process.ioctl(fd, (int) call.a(), call.b());
              case READ -> process.readFile(fd, call.a(), call.b());
              case WRITE -> process.writeFile(fd, call.a(), call.b());
              case PREAD -> process.readFileAt(fd, call.a(), call.b(), call.c());
              case PWRITE -> process.writeFileAt(fd, call.a(), call.b(), call.c());
              case SEEK -> process.seekFile(fd, call.a(), (int) call.b());
            });
  }

  /** Runs a call in which that allocation fails which the thread has asked for. */
  private SyscallResult asThread(int thread, Supplier<SyscallResult> call) {
    long pending = failures.getOrDefault(thread, 0L);
    kernel.failures().failNth(pending);
    SyscallResult result = call.get();
    if (pending != 0 && failures.getOrDefault(thread, 0L) == pending) {
      failures.put(thread, kernel.failures().remaining());
    }
    kernel.failures().failNth(0);
    return result;
  }

  private SyscallResult map(Request.MapFile map) {
    RealProcess process = process(map.pid(), map.thread());
    OpenFile file = process == null ? null : process.file(map.fd());
    if (process == null || file == null) {
      return SyscallResult.fail(Errno.EBADF, "the descriptor is not open");
    }
    SyscallResult result = SyscallResult.of(file.map(map.offset(), map.length()));
    if (!result.failed()) {
      process.shows(file, map.offset(), (int) Math.min(map.length(), Integer.MAX_VALUE));
    }
    return result;
  }

  private SyscallResult access(Request.Access access) {
    OpenFile file = files.find(access.link());
    if (file == null) {
      return SyscallResult.fail(Errno.EBADF, "the file has gone");
    }
    if (!file.answersMapped()) {
      return SyscallResult.fail(Errno.EFAULT, "the device answers at no address now: SIGBUS");
    }
    if (access.store()) {
      file.writeMapped(access.offset(), access.bytes(), access.value());
      return SyscallResult.ok(0);
    }
    return SyscallResult.ok(file.readMapped(access.offset(), access.bytes()));
  }

  private SyscallResult rang(Request.EventRang rang) {
    bells.rang(rang.copy());
    return SyscallResult.ok(0);
  }

  private SyscallResult goes(Request.MemoryGoes gone) {
    frames.goes(gone.pid(), gone.firstPage(), gone.endPage());
    return SyscallResult.ok(0);
  }

  private SyscallResult exits(Request.Exits exits) {
    frames.ends(exits.pid(), hasOthers(exits.pid()));
    return SyscallResult.ok(0);
  }

  private SyscallResult fileEnds(Request.FileEnds ended) {
    OpenFile file = files.remove(ended.link());
    if (file != null) {
      processes.values().forEach(process -> process.forget(file));
      file.put();
    }
    return SyscallResult.ok(0);
  }

  private SyscallResult processEnds(Request.ProcessEnds ended) {
    RealProcess process = processes.remove(ended.pid());
    if (process != null) {
      process.exit();
    }
    return SyscallResult.ok(0);
  }

  // ---- what the supervisor asks -----------------------------------------------------------------

  /** Tells whether private pages of a process have frames: {@link Request.MemoryGoes}. */
  public boolean hasLent(int pid, long firstPage, long endPage) {
    return frames.hasLent(pid, firstPage, endPage);
  }

  /** Files of ours that are open. */
  public OpenFiles files() {
    return files;
  }
}
