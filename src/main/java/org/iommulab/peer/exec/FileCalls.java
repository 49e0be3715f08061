package org.iommulab.peer.exec;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.iommulab.linux.process.OpenFile;
import org.iommulab.linux.process.SyscallResult;
import org.iommulab.linux.program.RealProcess;
import org.iommulab.linux.program.Request;
import org.iommulab.linux.program.TextFile;
import org.iommulab.linux.program.World;
import org.iommulab.linux.uapi.Errno;
import org.iommulab.peer.host.Call;
import org.iommulab.peer.host.Host;
import org.iommulab.peer.host.Listener;
import org.jspecify.annotations.Nullable;

/**
 * System calls on descriptors: on files of ours our kernel answers, all others go on. What a file's
 * operations do not have is answered as {@code fs/open.c}, {@code fs/sync.c} and {@code
 * fs/read_write.c} do.
 */
final class FileCalls {

  private static final int MAP_SHARED = 1;
  private static final int MAP_ANONYMOUS = 0x20;
  private static final int MAY_WRITE = 2;
  private static final int ACCESS_MODE = 3;
  private static final int READ_ONLY = 0;
  private static final int WRITE_ONLY = 1;
  private static final int GET_FLAGS = 3;
  private static final long MOST_VECTORS = 1024;
  private static final int VECTOR_BYTES = 16;

  /** A place in a program's memory: {@code struct iovec}. */
  private record Piece(long address, long bytes) {}

  private final Host host;
  private final Listener listener;
  private final LiveWorld world;
  private final SysTree tree;
  private final Supervisor supervisor;
  private final Map<String, Boolean> raised = new HashMap<>();

  FileCalls(Host host, Listener listener, LiveWorld world, SysTree tree, Supervisor supervisor) {
    this.host = host;
    this.listener = listener;
    this.world = world;
    this.tree = tree;
    this.supervisor = supervisor;
  }

  /** A file of ours behind a descriptor of a caller. */
  private record Ours(String link, OpenFile file, RealProcess process) {}

  private @Nullable Ours ours(Listener.Asked asked, int fd) {
    World.Behind behind = world.behind(asked.thread(), fd);
    OpenFile file = behind == null ? null : supervisor.file(behind.link());
    RealProcess process = file == null ? null : supervisor.known(asked.thread());
    return behind == null || file == null || process == null
        ? null
        : new Ours(behind.link(), file, process);
  }

  /** The path that a file of ours was opened by; null if the descriptor is none of ours. */
  @Nullable String path(Listener.Asked asked, int fd) {
    Ours ours = ours(asked, fd);
    return ours == null ? null : ours.file().path();
  }

  // ---- reading, writing, ioctls -----------------------------------------------------------------

  /** A call with one piece of memory, or none. */
  void on(Listener.Asked asked, Call call) {
    long[] a = asked.arguments();
    boolean positioned = call == Call.PREAD64 || call == Call.PWRITE64;
    on(asked, kind(call), positioned ? a[3] : 0, List.of(new Piece(a[1], a[2])));
  }

  /** A call with several: an operation for each, as {@code do_loop_readv_writev()} has it. */
  void onPieces(Listener.Asked asked, Call call) {
    long[] a = asked.arguments();
    boolean positioned = call != Call.READV && call != Call.WRITEV;
    boolean second = call == Call.PREADV2 || call == Call.PWRITEV2;
    boolean reads = call == Call.READV || call == Call.PREADV || call == Call.PREADV2;
    boolean here = positioned && !(second && a[3] == -1);
    Request.Kind kind =
        here
            ? reads ? Request.Kind.PREAD : Request.Kind.PWRITE
            : reads ? Request.Kind.READ : Request.Kind.WRITE;
    int bytes = (int) Math.clamp(a[2], 0, MOST_VECTORS) * VECTOR_BYTES;
    boolean there =
        a[2] >= 0
            && a[2] <= MOST_VECTORS
            && (bytes == 0 || host.read(asked.thread(), a[1], bytes) == bytes);
    if (!there) {
      // The real kernel says what is wrong with them before it looks at the file.
      listener.letGoOn(asked);
      return;
    }
    MemorySegment vectors = host.page();
    var pieces = new Piece[bytes / VECTOR_BYTES];
    for (int i = 0; i < pieces.length; i++) {
      pieces[i] =
          new Piece(
              vectors.get(ValueLayout.JAVA_LONG, (long) i * VECTOR_BYTES),
              vectors.get(ValueLayout.JAVA_LONG, (long) i * VECTOR_BYTES + Long.BYTES));
    }
    on(asked, kind, here ? a[3] : 0, List.of(pieces));
  }

  private static Request.Kind kind(Call call) {
    return switch (call) {
      case IOCTL -> Request.Kind.IOCTL;
      case READ -> Request.Kind.READ;
      case WRITE -> Request.Kind.WRITE;
      case PREAD64 -> Request.Kind.PREAD;
      case PWRITE64 -> Request.Kind.PWRITE;
      default -> Request.Kind.SEEK;
    };
  }

  private void on(Listener.Asked asked, Request.Kind kind, long position, List<Piece> pieces) {
    int fd = (int) asked.arguments()[0];
    Ours ours = ours(asked, fd);
    boolean moves = kind != Request.Kind.IOCTL && kind != Request.Kind.SEEK;
    if (ours == null || moves && ours.file().liesInFile(position)) {
      listener.letGoOn(asked);
      return;
    }
    if (moves && !mayMove(ours, kind)) {
      listener.answer(asked, -Errno.EBADF.number());
      return;
    }
    SyscallResult result = SyscallResult.ok(0);
    long done = 0;
    for (int i = 0; i < pieces.size(); i++) {
      Piece piece = pieces.get(i);
      var request =
          new Request.OnFile(
              ours.process().pid(),
              asked.thread(),
              kind,
              fd,
              piece.address(),
              piece.bytes(),
              position + done);
      // Only the first may have to wait, so that nothing is done twice.
      SyscallResult one =
          i == 0 ? supervisor.call(asked, ours.process(), request) : supervisor.perform(request);
      if (one == null) {
        return;
      }
      result = one.failed() && done > 0 ? SyscallResult.ok(done) : one;
      if (one.failed()) {
        break;
      }
      done += one.ret();
      result = SyscallResult.ok(moves ? done : one.ret());
      if (moves && one.ret() != piece.bytes()) {
        break;
      }
    }
    afterwards(asked, ours, kind, result);
  }

  private boolean mayMove(Ours ours, Request.Kind kind) {
    int mode = world.flags(ours.link()) & ACCESS_MODE;
    boolean reads = kind == Request.Kind.READ || kind == Request.Kind.PREAD;
    return mode != (reads ? WRITE_ONLY : READ_ONLY);
  }

  private void afterwards(
      Listener.Asked asked, Ours ours, Request.Kind kind, SyscallResult result) {
    if (kind == Request.Kind.WRITE && ours.file() instanceof TextFile.Attribute) {
      tree.refresh();
    }
    boolean empty = (ours.file().poll() & OpenFile.POLLIN) == 0;
    if (kind == Request.Kind.READ && empty && raised.remove(ours.link()) != null) {
      world.lower(ours.process().pid(), (int) asked.arguments()[0]);
    }
    supervisor.answer(asked, result);
  }

  // ---- what files do not have -------------------------------------------------------------------

  /** A call that no operation of a file is behind: sysfs has one that does nothing. */
  void without(Listener.Asked asked, Errno errno) {
    Ours ours = ours(asked, (int) asked.arguments()[0]);
    if (ours == null) {
      listener.letGoOn(asked);
    } else {
      listener.answer(asked, ours.file() instanceof TextFile ? 0 : -errno.number());
    }
  }

  /** {@code F_GETFL} and {@code F_SETFL}. */
  void flags(Listener.Asked asked) {
    long[] a = asked.arguments();
    Ours ours = ours(asked, (int) a[0]);
    if (ours == null) {
      listener.letGoOn(asked);
    } else if (a[1] == GET_FLAGS) {
      listener.answer(asked, world.flags(ours.link()));
    } else {
      world.setFlags(ours.link(), (int) a[2]);
      listener.answer(asked, 0);
    }
  }

  // ---- mapping ----------------------------------------------------------------------------------

  void map(Listener.Asked asked) {
    long[] a = asked.arguments();
    int fd = (int) a[4];
    Ours ours = fd < 0 || (a[3] & MAP_ANONYMOUS) != 0 ? null : ours(asked, fd);
    if (ours == null) {
      listener.letGoOn(asked);
      return;
    }
    int mode = world.flags(ours.link()) & ACCESS_MODE;
    boolean shared = (a[3] & MAP_SHARED) != 0;
    if (mode == WRITE_ONLY || mode == READ_ONLY && shared && (a[2] & MAY_WRITE) != 0) {
      listener.answer(asked, -Errno.EACCES.number());
      return;
    }
    if (!shared) {
      // What is a device's is not copied.
      Errno errno = ours.file().map(a[5], a[1]).errno();
      listener.answer(asked, -(errno == null ? Errno.EINVAL : errno).number());
      return;
    }
    int pid = ours.process().pid();
    if (ours.file().showsRegisters() && supervisor.mustWait(asked, pid)) {
      return;
    }
    SyscallResult result =
        supervisor.call(
            asked, ours.process(), new Request.MapFile(pid, asked.thread(), fd, a[5], a[1]));
    if (result == null) {
      return;
    }
    if (result.failed()) {
      supervisor.answer(asked, result);
    } else if (ours.file().showsRegisters() && !supervisor.follow(asked, pid)) {
      listener.answer(asked, -Errno.ENODEV.number());
    } else {
      listener.letGoOn(asked);
    }
  }

  // ---- poll -------------------------------------------------------------------------------------

  /** Files with something to read have a byte in their sockets, so that poll() sees it. */
  void raise() {
    for (Map.Entry<String, OpenFile> file : supervisor.files().entrySet()) {
      boolean ready = (file.getValue().poll() & OpenFile.POLLIN) != 0;
      if (ready && raised.put(file.getKey(), true) == null) {
        world.raise(file.getKey());
      }
    }
  }

  /** A file has ended. */
  void forget(String link) {
    raised.remove(link);
  }
}
