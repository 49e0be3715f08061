package org.iommulab.peer.exec;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.iommulab.linux.KernelView;
import org.iommulab.linux.program.RealProcess;
import org.iommulab.linux.program.Request;
import org.iommulab.peer.host.Architecture;
import org.iommulab.peer.host.Call;
import org.iommulab.peer.host.Host;
import org.iommulab.peer.host.Listener;
import org.iommulab.peer.host.ProcessFiles;
import org.jspecify.annotations.Nullable;

/** System calls that name a file by its path: ours are answered, all others go on. */
final class PathCalls {

  static final int NO_FOLLOW = 0x100;

  private static final int AT_FDCWD = -100;
  private static final int EMPTY_PATH = 0x1000;
  private static final int ACCESS_MODE = 3;
  private static final int CHARACTER_DEVICE = 0x2000;
  private static final Architecture HERE = Architecture.here();
  private static final int STATX_BYTES = 256;
  private static final int STATX_MODE_AT = 28;
  private static final int STATX_DEVICE_AT = 128;

  /** Files without a node have permissions and no type. */
  private static final int WITHOUT_NODE = 0600;

  private static final int NO_SUCH_FILE = -2;

  /** Where the upper bits of a minor number begin in a {@code dev_t}: at bit 20, from bit 8. */
  private static final int HIGH_MINOR_AT = 20 - 8;

  private static final int CREATE = 0x40;
  private static final int PATH_ONLY = 0x20_0000;

  private final Host host;
  private final Listener listener;
  private final SysTree tree;
  private final FileCalls files;
  private final Supervisor supervisor;
  private final MemorySegment facts;

  PathCalls(Host host, Listener listener, SysTree tree, FileCalls files, Supervisor supervisor) {
    this.host = host;
    this.listener = listener;
    this.tree = tree;
    this.files = files;
    this.supervisor = supervisor;
    facts = host.allocate(STATX_BYTES);
  }

  /** The path a call names, absolute; null if it is none that may be ours. */
  private @Nullable String named(Listener.Asked asked, int folder, long at) {
    String path = host.text(asked.thread(), at);
    if (path == null || path.isEmpty()) {
      return null;
    }
    if (path.charAt(0) != '/') {
      String base =
          host.link("/proc/" + asked.thread() + (folder == AT_FDCWD ? "/cwd" : "/fd/" + folder));
      if (base == null) {
        return null;
      }
      String top = tree.root().toString();
      path = (base.startsWith(top) ? base.substring(top.length()) : base) + "/" + path;
    }
    return path.startsWith("/dev") || path.startsWith("/sys") || path.startsWith("/proc")
        ? path
        : null;
  }

  /** The same without dots. */
  private @Nullable String path(Listener.Asked asked, int folder, long at) {
    return path(named(asked, folder, at));
  }

  private static @Nullable String path(@Nullable String named) {
    try {
      return named == null ? null : Path.of(named).normalize().toString();
    } catch (InvalidPathException e) {
      return null;
    }
  }

  /** The path without dots, if the machine would not find what it means. */
  private @Nullable String ours(Listener.Asked asked, int folder, long at) {
    String named = named(asked, folder, at);
    String path = path(named);
    return path != null && named != null && SysTree.leadsThrough(named) ? path : null;
  }

  /** Tells whether a call names a path, or by an empty one a file, to be looked at closely. */
  boolean mayBeOurs(Listener.Asked asked, int folder, long at, int flags) {
    if (means(asked, at, flags)) {
      return supervisor.isMade(asked, folder);
    }
    String named = named(asked, folder, at);
    String path = path(named);
    return path != null
        && named != null
        && (path.startsWith("/proc/") || SysTree.leadsThrough(named));
  }

  // ---- open ------------------------------------------------------------------------------------

  void open(Listener.Asked asked, int folder, long at) {
    String path = path(asked, folder, at);
    if (path == null) {
      listener.letGoOn(asked);
      return;
    }
    int flags = host.openFlags(asked).orElse(0);
    if (tree.node(path) != null && (flags & PATH_ONLY) == 0) {
      openDevice(asked, path, flags);
    } else if (path.startsWith("/proc/")) {
      openProc(asked, path, flags);
    } else if (SysTree.owns(path)) {
      openAttribute(asked, path, flags);
    } else if (ours(asked, folder, at) != null) {
      openReal(asked, path, flags);
    } else {
      listener.letGoOn(asked);
    }
  }

  private void openDevice(Listener.Asked asked, String path, int flags) {
    RealProcess process = supervisor.known(asked.thread());
    if (process == null) {
      openReal(asked, path, flags);
      return;
    }
    open(asked, process, Request.Opened.DEVICE, path, 0);
  }

  private void open(
      Listener.Asked asked, RealProcess process, Request.Opened kind, String path, int number) {
    supervisor.open(
        asked, process, new Request.Open(process.pid(), asked.thread(), kind, path, number));
  }

  private void openReal(Listener.Asked asked, String path, int flags) {
    int file = host.open(tree.real(path), flags & ~CREATE);
    give(asked, file, flags);
  }

  private void give(Listener.Asked asked, int file, int flags) {
    if (file < 0) {
      listener.answer(asked, file);
      return;
    }
    int fd = listener.addFile(asked, file, (flags & Host.CLOSE_ON_EXEC) != 0);
    host.close(file);
    listener.answer(asked, fd);
  }

  private void openAttribute(Listener.Asked asked, String path, int flags) {
    RealProcess process = supervisor.known(asked.thread());
    if (process != null && path.endsWith("/domain_translation_struct")) {
      String text = supervisor.tables(path);
      give(asked, content(text == null ? "" : text), flags);
    } else if (process != null && (flags & ACCESS_MODE) != 0 && host.exists(tree.real(path))) {
      open(asked, process, Request.Opened.ATTRIBUTE, path, 0);
    } else {
      openReal(asked, path, flags);
    }
  }

  private int content(String text) {
    return host.contentFile("text", text.getBytes(StandardCharsets.UTF_8));
  }

  private void openProc(Listener.Asked asked, String path, int flags) {
    if (path.equals("/proc/devices") || path.equals("/proc/misc")) {
      give(asked, content(tree.listed(ProcessFiles.lines(path), path)), flags);
      return;
    }
    String[] words = path.split("/");
    RealProcess caller =
        path.endsWith("/fail-nth") || words.length == 4 && words[3].equals("status")
            ? supervisor.known(asked.thread())
            : null;
    if (caller == null) {
      listener.letGoOn(asked);
    } else if (path.endsWith("/fail-nth")) {
      int thread = number(words[words.length - 2], asked.thread());
      open(asked, caller, Request.Opened.FAILURE, path, thread);
    } else {
      openStatus(asked, number(words[2], caller.pid()), flags);
    }
  }

  private static int number(String word, int otherwise) {
    try {
      return Integer.parseInt(word);
    } catch (NumberFormatException self) {
      return otherwise;
    }
  }

  /** The real file with the pages that our kernel counts. */
  private void openStatus(Listener.Asked asked, int pid, int flags) {
    RealProcess shown = supervisor.process(pid);
    List<String> lines = ProcessFiles.lines("/proc/" + pid + "/status");
    if (shown == null || lines.isEmpty()) {
      listener.letGoOn(asked);
      return;
    }
    var text = new StringBuilder();
    for (String line : lines) {
      if (line.startsWith("VmPin:")) {
        text.append(kib("VmPin", shown.memory().pinnedPages()));
      } else if (line.startsWith("VmLck:")) {
        text.append(kib("VmLck", shown.memory().lockedPages()));
      } else {
        text.append(line);
      }
      text.append('\n');
    }
    give(asked, content(text.toString()), flags);
  }

  private static String kib(String name, long pages) {
    return String.format(Locale.ROOT, "%s:\t%8d kB", name, pages * 4);
  }

  // ---- questions -------------------------------------------------------------------------------

  void stat(Listener.Asked asked, int folder, long at, long buffer, int flags) {
    if (means(asked, at, flags)) {
      fstat(asked, folder, buffer);
      return;
    }
    String path = ours(asked, folder, at);
    if (path == null) {
      listener.letGoOn(asked);
      return;
    }
    giveFacts(asked, stat(path, flags), buffer, HERE.statBytes());
  }

  /** Tells whether a call means the descriptor itself, by an empty path. */
  private boolean means(Listener.Asked asked, long at, int flags) {
    return (flags & EMPTY_PATH) != 0 && (at == 0 || "".equals(host.text(asked.thread(), at)));
  }

  /** {@code fstat()} of one of our files: that of its node, or of none. */
  void fstat(Listener.Asked asked, int fd, long buffer) {
    String path = files.path(asked, fd);
    if (path == null) {
      listener.letGoOn(asked);
      return;
    }
    long status = SysTree.owns(path) ? stat(path, 0) : NO_SUCH_FILE;
    if (status < 0) {
      status = real(path(asked, fd), 0);
      facts.set(ValueLayout.JAVA_INT, HERE.statModeAt(), WITHOUT_NODE);
    }
    giveFacts(asked, status, buffer, HERE.statBytes());
  }

  private static String path(Listener.Asked asked, int fd) {
    return "/proc/" + asked.thread() + "/fd/" + fd;
  }

  private long stat(String path, int flags) {
    long status = real(tree.real(path), flags);
    KernelView.DeviceNode node = tree.node(path);
    if (status == 0 && node != null) {
      facts.set(ValueLayout.JAVA_INT, HERE.statModeAt(), CHARACTER_DEVICE | node.permissions());
      facts.set(ValueLayout.JAVA_LONG, HERE.statDeviceAt(), number(node));
    }
    return status;
  }

  private long real(String path, int flags) {
    return host.call(
        Call.NEWFSTATAT, AT_FDCWD, host.text(path).address(), facts.address(), flags & ~EMPTY_PATH);
  }

  /** {@code new_encode_dev()}. */
  private static long number(KernelView.DeviceNode node) {
    return node.minor() & 0xFF
        | (long) node.major() << 8
        | (node.minor() & ~0xFFL) << HIGH_MINOR_AT;
  }

  void statx(Listener.Asked asked, int folder, long at, int flags, int mask, long buffer) {
    boolean itself = means(asked, at, flags);
    String path = itself ? files.path(asked, folder) : ours(asked, folder, at);
    if (path == null) {
      listener.letGoOn(asked);
      return;
    }
    boolean hasNone = itself && !SysTree.owns(path);
    long status = hasNone ? NO_SUCH_FILE : statx(tree.real(path), flags, mask);
    if (itself && status < 0) {
      status = statx(path(asked, folder), 0, mask);
      facts.set(ValueLayout.JAVA_SHORT, STATX_MODE_AT, (short) WITHOUT_NODE);
    }
    KernelView.DeviceNode node = tree.node(path);
    if (status == 0 && node != null) {
      int mode = CHARACTER_DEVICE | node.permissions();
      facts.set(ValueLayout.JAVA_SHORT, STATX_MODE_AT, (short) mode);
      facts.set(ValueLayout.JAVA_INT, STATX_DEVICE_AT, node.major());
      facts.set(ValueLayout.JAVA_INT, STATX_DEVICE_AT + 4, node.minor());
    }
    giveFacts(asked, status, buffer, STATX_BYTES);
  }

  private long statx(String path, int flags, int mask) {
    return host.call(
        Call.STATX,
        AT_FDCWD,
        host.text(path).address(),
        flags & ~EMPTY_PATH,
        mask,
        facts.address());
  }

  private void giveFacts(Listener.Asked asked, long status, long buffer, int bytes) {
    if (status == 0) {
      MemorySegment.copy(facts, 0, host.page(), 0, bytes);
      status = host.write(asked.thread(), buffer, bytes) == bytes ? 0 : -14;
    }
    listener.answer(asked, status);
  }

  void access(Listener.Asked asked, int folder, long at, int mode) {
    String path = ours(asked, folder, at);
    if (path == null) {
      listener.letGoOn(asked);
      return;
    }
    String real = tree.real(path);
    listener.answer(asked, host.call(Call.FACCESSAT, AT_FDCWD, host.text(real).address(), mode));
  }

  void readLink(Listener.Asked asked, int folder, long at, long buffer, long room) {
    String path = ours(asked, folder, at);
    if (path == null) {
      listener.letGoOn(asked);
      return;
    }
    long got =
        host.call(
            Call.READLINKAT,
            AT_FDCWD,
            host.text(tree.real(path)).address(),
            host.page().address(),
            Math.clamp(room, 0, 4096));
    if (got > 0 && host.write(asked.thread(), buffer, got) != got) {
      got = -14;
    }
    listener.answer(asked, got);
  }

  /** Our files have no extended attributes. */
  void extendedAttribute(Listener.Asked asked, long at) {
    if (ours(asked, AT_FDCWD, at) == null) {
      listener.letGoOn(asked);
    } else {
      listener.answer(asked, -95);
    }
  }
}
