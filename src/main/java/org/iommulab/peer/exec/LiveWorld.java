package org.iommulab.peer.exec;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.iommulab.linux.program.Area;
import org.iommulab.linux.program.World;
import org.iommulab.memory.Page;
import org.iommulab.peer.host.Architecture;
import org.iommulab.peer.host.Call;
import org.iommulab.peer.host.Host;
import org.iommulab.peer.host.Listener;
import org.iommulab.peer.host.Waiting;
import org.jspecify.annotations.Nullable;

/** The real processes of a running program. */
final class LiveWorld implements World {

  private static final int AF_UNIX = 1;
  private static final long STREAM = 1 | Host.CLOSE_ON_EXEC | 0x800;
  private static final int AT_FDCWD = -100;
  private static final int ENOTTY = 25;
  private static final int IN_CLOSE_WRITE = 8;
  private static final int O_RDWR = 2;

  /** {@code O_ACCMODE} and what can be changed. */
  private static final int KEPT = 3;

  /** {@code O_APPEND}, {@code O_NONBLOCK}, {@code O_NOATIME}. */
  private static final int CHANGEABLE = 0x4_0C00;

  private static final String MEMORY_FILE = "iommu-lab-";

  /** {@code PROCMAP_QUERY} of {@code linux/fs.h}: one mapping by address, since Linux 6.11. */
  private static final long QUERY = 0xC068_6611L;

  private static final int QUERY_BYTES = 104;

  private static final int PAGE = (int) Page.BYTES;

  /** Structures of system calls are not longer; a longer read is one of memory. */
  private static final int NEAR_BYTES = 256;

  private final Host host;
  private final Listener listener;
  private final Waiting waiting;
  private final int inotify;
  private final MemorySegment query;
  private final MemorySegment pair;
  private final MemorySegment stat;
  private final Map<Integer, Peer> peers = new LinkedHashMap<>();
  private final Map<Integer, String> socketLinks = new HashMap<>();
  private final Map<Integer, String> watchLinks = new HashMap<>();
  private final Map<String, End> ends = new HashMap<>();
  private final Map<String, Integer> flagsOf = new HashMap<>();
  private final Map<Long, Integer> memoryFiles = new HashMap<>();
  private final Map<Long, String> registerFiles = new HashMap<>();
  private final Set<Integer> watchedEvents = new HashSet<>();
  private final byte[] near = new byte[NEAR_BYTES];
  private final long ownCapabilities;
  private Listener.@Nullable Asked asked;
  private @Nullable Area lastArea;
  private int lastPid;
  private Listener.@Nullable Asked linkOf;
  private int linkFd;
  private @Nullable String link;
  private int nearPid;
  private long nearAddress;
  private int nearCount;
  private long made;
  private boolean canQuery = true;

  /** Our end of a file that was made here, and what a descriptor of it shows. */
  private record End(int fd, Behind behind) {
    End(int fd, String link) {
      this(fd, new Behind(link, 0, 0));
    }
  }

  /** What is kept open of one process. */
  private static final class Peer {
    private final int pidfd;
    private int maps = -1;
    private @Nullable List<Area> areas;

    Peer(int pidfd) {
      this.pidfd = pidfd;
    }
  }

  LiveWorld(Host host, Listener listener, Waiting waiting) {
    this.host = host;
    this.listener = listener;
    this.waiting = waiting;
    inotify = (int) host.call(Call.INOTIFY_INIT1, Host.CLOSE_ON_EXEC | 0x800);
    waiting.add(inotify, true);
    query = host.allocate(QUERY_BYTES);
    pair = host.allocate(8);
    stat = host.allocate(256);
    ownCapabilities = host.capabilities(0);
  }

  // ---- around requests ------------------------------------------------------------------------

  /**
   * A request begins: what was remembered of mappings may be wrong by now.
   *
   * @param request the system call that asks for it, if one does
   */
  void begin(Listener.@Nullable Asked request) {
    asked = request;
    lastArea = null;
    nearCount = 0;
    peers.values().forEach(peer -> peer.areas = null);
  }

  /** The request is over; the program may change its memory from now on. */
  void end() {
    nearCount = 0;
  }

  /** Takes a process in; false if it has gone already. */
  boolean meet(int pid) {
    int pidfd = host.processFile(pid);
    if (pidfd < 0) {
      return false;
    }
    peers.put(pid, new Peer(pidfd));
    waiting.add(pidfd, true);
    return true;
  }

  /** Processes that are known and have not ended. */
  boolean nobodyLeft() {
    return peers.isEmpty();
  }

  /** The process whose end a descriptor of {@link Waiting} tells; -1 if it is none. */
  int endedProcess(int fd) {
    for (Map.Entry<Integer, Peer> peer : peers.entrySet()) {
      if (peer.getValue().pidfd == fd) {
        return peer.getKey();
      }
    }
    return -1;
  }

  /** A process has ended. */
  void forget(int pid) {
    Peer peer = peers.remove(pid);
    if (peer != null) {
      waiting.remove(peer.pidfd);
      host.close(peer.pidfd);
      if (peer.maps >= 0) {
        host.close(peer.maps);
      }
    }
  }

  /** Links of files whose last descriptor has gone, as an event of {@link Waiting} tells. */
  List<String> endedFiles(int fd, int events) {
    var ended = new ArrayList<String>();
    if (fd == inotify) {
      long got = host.call(Call.READ, inotify, host.page().address(), 4096);
      for (long at = 0; at < got; ) {
        String link = watchLinks.remove(host.page().get(ValueLayout.JAVA_INT_UNALIGNED, at));
        if (link != null) {
          ended.add(link);
          registerFiles.values().remove(link);
          flagsOf.remove(link);
          End own = ends.remove(link);
          if (own != null) {
            memoryFiles.values().remove(own.fd());
            host.close(own.fd());
          }
        }
        at += 16 + host.page().get(ValueLayout.JAVA_INT_UNALIGNED, at + 12);
      }
    } else if ((events & Waiting.HUNG_UP) != 0 && socketLinks.containsKey(fd)) {
      String link = socketLinks.remove(fd);
      ended.add(link);
      ends.remove(link);
      flagsOf.remove(link);
      waiting.remove(fd);
      host.close(fd);
    }
    return ended;
  }

  /** Tells whether a descriptor's file is one that was made here. */
  boolean hasMade(String link) {
    return ends.containsKey(link);
  }

  /** Flags of a file that was made here, as {@code F_GETFL} tells them. */
  int flags(String link) {
    return flagsOf.getOrDefault(link, O_RDWR);
  }

  /** {@code F_SETFL} of such a file. */
  void setFlags(String link, int flags) {
    flagsOf.put(link, flags(link) & ~CHANGEABLE | flags & CHANGEABLE);
  }

  /** Files that were made here and have not ended. */
  List<String> files() {
    return List.copyOf(ends.keySet());
  }

  /** Makes {@code poll()} of a file answer that there is something to read, once. */
  void raise(String link) {
    End socket = ends.get(link);
    if (socket != null && !watchLinks.containsValue(link)) {
      host.page().set(ValueLayout.JAVA_BYTE, 0, (byte) 1);
      host.call(Call.WRITE, socket.fd(), host.page().address(), 1);
    }
  }

  /** Takes back what {@link #raise} did, through a descriptor of the caller. */
  void lower(int pid, int fd) {
    Peer peer = peers.get(pid);
    int copy = peer == null ? -1 : host.copyOf(peer.pidfd, fd);
    if (copy >= 0) {
      host.takeByte(copy);
      host.close(copy);
    }
  }

  // ---- memory -----------------------------------------------------------------------------------

  @Override
  public @Nullable Area area(int pid, long address) {
    Area last = lastArea;
    if (last != null && lastPid == pid && address >= last.start() && address < last.end()) {
      return last;
    }
    Peer peer = peers.get(pid);
    if (peer == null || address < 0) {
      return null;
    }
    Area area = canQuery ? queried(pid, peer, address) : null;
    if (!canQuery) {
      area = listed(pid, peer, address);
    }
    lastArea = area;
    lastPid = pid;
    return area;
  }

  /** The file of registers that a process has mapped at an address; null if there is none. */
  @Nullable String registerFile(int pid, long address) {
    Area area = area(pid, address);
    return area != null && area.ofFile() ? registerFiles.get(area.inode()) : null;
  }

  private @Nullable Area queried(int pid, Peer peer, long address) {
    if (peer.maps < 0) {
      peer.maps = host.open("/proc/" + pid + "/maps", 0);
    }
    query.fill((byte) 0);
    query.set(ValueLayout.JAVA_LONG, 0, QUERY_BYTES);
    query.set(ValueLayout.JAVA_LONG, 16, address);
    long status = host.call(Call.IOCTL, peer.maps, QUERY, query.address());
    if (status == -ENOTTY) {
      canQuery = false;
    }
    if (status < 0) {
      return null;
    }
    long rights = query.get(ValueLayout.JAVA_LONG, 40);
    return new Area(
        query.get(ValueLayout.JAVA_LONG, 24),
        query.get(ValueLayout.JAVA_LONG, 32),
        (rights & 1) != 0,
        (rights & 2) != 0,
        (rights & 8) != 0,
        query.get(ValueLayout.JAVA_LONG, 56),
        Area.identity(
            query.get(ValueLayout.JAVA_INT, 72),
            query.get(ValueLayout.JAVA_INT, 76),
            query.get(ValueLayout.JAVA_LONG, 64)),
        "");
  }

  private static @Nullable Area listed(int pid, Peer peer, long address) {
    List<Area> areas = peer.areas;
    if (areas == null) {
      areas = areas(pid);
      peer.areas = areas;
    }
    for (Area area : areas) {
      if (address >= area.start() && address < area.end()) {
        return area;
      }
    }
    return null;
  }

  private static List<Area> areas(int pid) {
    try {
      return Files.readAllLines(Path.of("/proc/" + pid + "/maps"), StandardCharsets.ISO_8859_1)
          .stream()
          .map(Area::parse)
          .toList();
    } catch (IOException gone) {
      return List.of();
    }
  }

  @Override
  public boolean read(int pid, long address, byte[] target) {
    if (!peers.containsKey(pid)) {
      return false;
    }
    if (target.length <= NEAR_BYTES && isNear(pid, address, target.length)) {
      System.arraycopy(near, (int) (address - nearAddress), target, 0, target.length);
      return true;
    }
    for (int done = 0; done < target.length; ) {
      int count = Math.min(target.length - done, Host.MOST);
      if (host.read(pid, address + done, count) != count) {
        return false;
      }
      MemorySegment.copy(host.page(), ValueLayout.JAVA_BYTE, 0, target, done, count);
      done += count;
    }
    return true;
  }

  /**
   * A structure's size is read before the structure, and its parts one by one: all that lies in the
   * same page is fetched the first time.
   */
  private boolean isNear(int pid, long address, int count) {
    boolean has =
        nearPid == pid && address >= nearAddress && address - nearAddress <= nearCount - count;
    int inPage = (int) Math.min(NEAR_BYTES, PAGE - Page.offset(address));
    if (!has && count <= inPage && host.read(pid, address, inPage) == inPage) {
      MemorySegment.copy(host.page(), ValueLayout.JAVA_BYTE, 0, near, 0, inPage);
      nearPid = pid;
      nearAddress = address;
      nearCount = inPage;
      return true;
    }
    return has;
  }

  @Override
  public boolean write(int pid, long address, byte[] source) {
    nearCount = 0;
    if (!peers.containsKey(pid)) {
      return false;
    }
    for (int done = 0; done < source.length; ) {
      int count = Math.min(source.length - done, Host.MOST);
      MemorySegment.copy(source, done, host.page(), ValueLayout.JAVA_BYTE, 0, count);
      if (host.write(pid, address + done, count) != count) {
        return false;
      }
      done += count;
    }
    return true;
  }

  @Override
  public void readFile(long inode, long offset, byte[] target) {
    Integer file = memoryFiles.get(inode);
    if (file != null) {
      long got = host.call(Call.PREAD64, file, host.page().address(), target.length, offset);
      MemorySegment.copy(host.page(), ValueLayout.JAVA_BYTE, 0, target, 0, (int) Math.max(got, 0));
    }
  }

  @Override
  public void writeFile(long inode, long offset, byte[] source) {
    Integer file = memoryFiles.get(inode);
    if (file != null) {
      MemorySegment.copy(source, 0, host.page(), ValueLayout.JAVA_BYTE, 0, source.length);
      host.call(Call.PWRITE64, file, host.page().address(), source.length, offset);
    }
  }

  @Override
  public @Nullable Place mapping(long inode, long page, int except) {
    for (int pid : peers.keySet()) {
      for (Area area : pid == except ? List.<Area>of() : areas(pid)) {
        long first = area.start() - area.offset();
        long at = first + (page << 12);
        boolean there = page < 0 || at >= area.start() && at < area.end();
        if (area.ofFile() && area.inode() == inode && there) {
          return new Place(pid, page < 0 ? first : at);
        }
      }
    }
    return null;
  }

  // ---- descriptors ------------------------------------------------------------------------------

  /** What {@code /proc} says about a descriptor of a caller, which waits meanwhile. */
  @Nullable String link(Listener.Asked request, int fd) {
    if (request != linkOf || fd != linkFd) {
      link = fd < 0 ? null : host.link("/proc/" + request.thread() + "/fd/" + fd);
      linkOf = request;
      linkFd = fd;
    }
    return link;
  }

  @Override
  public @Nullable Behind behind(int thread, int fd) {
    Listener.Asked request = asked;
    String path = "/proc/" + thread + "/fd/" + fd;
    String link =
        request != null && request.thread() == thread
            ? link(request, fd)
            : fd < 0 ? null : host.link(path);
    End made = link == null ? null : ends.get(link);
    if (made != null) {
      return made.behind();
    }
    if (link == null || !link.startsWith("/memfd:")) {
      return link == null ? null : new Behind(link, 0, 0);
    }
    long inode = inode(path);
    if (inode == 0) {
      return new Behind(link, 0, 0);
    }
    if (!memoryFiles.containsKey(inode)) {
      int copy = host.open(path, O_RDWR);
      if (copy >= 0) {
        memoryFiles.put(inode, copy);
      }
    }
    return new Behind(link, inode, stat.get(ValueLayout.JAVA_LONG, 48));
  }

  /** Identity of a file, whose facts are in {@code stat} then; 0 if it is gone. */
  private long inode(String path) {
    if (host.call(Call.NEWFSTATAT, AT_FDCWD, host.text(path).address(), stat.address(), 0) < 0) {
      return 0;
    }
    long device = stat.get(ValueLayout.JAVA_LONG, 0);
    long minor = device & 0xFF | device >>> 12 & ~0xFFL;
    return Area.identity(device >>> 8 & 0xFFF, minor, stat.get(ValueLayout.JAVA_LONG, 8));
  }

  @Override
  public Made makeFile(boolean closeOnExec, Shape shape, long bytes) {
    Listener.Asked request = asked;
    if (request == null) {
      return new Made(-22, "", 0);
    }
    linkOf = null;
    // Who opens a file says so; what another call returns is closed by exec.
    int flags = host.openFlags(request).orElse(Host.CLOSE_ON_EXEC);
    boolean closes = closeOnExec && (flags & Host.CLOSE_ON_EXEC) != 0;
    Made file =
        shape == Shape.SOCKET
            ? makeSocket(request, closes)
            : makeMemory(request, closes, shape, bytes);
    flagsOf.put(
        file.link(),
        host.openFlags(request).isEmpty()
            ? O_RDWR
            : flags & (KEPT | CHANGEABLE) | Architecture.here().largeFile());
    return file;
  }

  private Made makeSocket(Listener.Asked request, boolean closeOnExec) {
    long status = host.call(Call.SOCKETPAIR, AF_UNIX, STREAM, 0, pair.address());
    if (status < 0) {
      return new Made((int) status, "", 0);
    }
    int mine = pair.get(ValueLayout.JAVA_INT, 0);
    int theirs = pair.get(ValueLayout.JAVA_INT, 4);
    String link = String.valueOf(host.link("/proc/self/fd/" + theirs));
    int fd = listener.addFile(request, theirs, closeOnExec);
    host.close(theirs);
    if (fd < 0) {
      host.close(mine);
      return new Made(fd, "", 0);
    }
    socketLinks.put(mine, link);
    ends.put(link, new End(mine, link));
    waiting.add(mine, false);
    return new Made(fd, link, 0);
  }

  private Made makeMemory(Listener.Asked request, boolean closeOnExec, Shape shape, long bytes) {
    String name = MEMORY_FILE + ++made;
    int file = shape == Shape.REGISTERS ? host.emptyFile(name) : host.memoryFile(name, bytes);
    if (file < 0) {
      return new Made(file, "", 0);
    }
    String link = "/memfd:" + MEMORY_FILE + made + " (deleted)";
    String path = "/proc/self/fd/" + file;
    // Two open files of one inode: only the program's is watched, since the kernel tells nobody of
    // the end of one that memfd_create() itself has opened.
    int theirs = host.open(path, O_RDWR);
    long inode = inode(path);
    int watch =
        (int) host.call(Call.INOTIFY_ADD_WATCH, inotify, host.text(path).address(), IN_CLOSE_WRITE);
    int fd = theirs < 0 ? theirs : listener.addFile(request, theirs, closeOnExec);
    ends.put(link, new End(file, link));
    if (watch >= 0) {
      watchLinks.put(watch, link);
    }
    if (shape == Shape.REGISTERS) {
      registerFiles.put(inode, link);
    } else {
      memoryFiles.put(inode, file);
    }
    if (theirs >= 0) {
      host.close(theirs);
    }
    return new Made(fd, fd < 0 ? "" : link, inode);
  }

  @Override
  public int copyEvent(int pid, int fd) {
    Peer peer = peers.get(pid);
    return peer == null ? -3 : host.copyOf(peer.pidfd, fd);
  }

  @Override
  public void signal(int copy) {
    host.signal(copy);
  }

  @Override
  public void watch(int copy) {
    watchedEvents.add(copy);
    waiting.addEdge(copy);
  }

  /** The event counter somebody has added to, as {@link Waiting} tells; -1 if it is none. */
  int rangEvent(int fd) {
    if (!watchedEvents.contains(fd)) {
      return -1;
    }
    host.drain(fd);
    return fd;
  }

  @Override
  public void release(int copy) {
    if (watchedEvents.remove(copy)) {
      waiting.remove(copy);
    }
    host.close(copy);
  }

  // ---- limits -----------------------------------------------------------------------------------

  @Override
  public long memlock(int pid) {
    return host.lockedLimit(pid);
  }

  @Override
  public @Nullable Boolean capable(int pid, int bit) {
    return (ownCapabilities >>> bit & 1) == 0
        ? null
        : Boolean.valueOf((host.capabilities(pid) >>> bit & 1) != 0);
  }

  /** Gives everything back. */
  void close() {
    List.copyOf(peers.keySet()).forEach(this::forget);
    socketLinks.keySet().forEach(host::close);
    memoryFiles.values().forEach(host::close);
    memoryFiles.clear();
    host.close(inotify);
  }
}
