package org.iommulab.linux.program;

import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.iommulab.linux.boot.KernelParts;
import org.iommulab.linux.process.FileSystem;
import org.iommulab.linux.process.OpenFile;
import org.iommulab.linux.process.Process;
import org.iommulab.linux.process.User;
import org.iommulab.linux.process.UserPages;
import org.iommulab.memory.Page;
import org.jspecify.annotations.Nullable;

/**
 * A process of a real program. Its descriptors are the real kernel's: what is behind one is told by
 * its link in {@code /proc}, so that fork, dup, exec and passing on need no bookkeeping here.
 */
public final class RealProcess extends Process {

  /** By their bits in {@code linux/capability.h}. */
  private static final Map<String, Integer> CAPABILITIES =
      Map.of("CAP_IPC_LOCK", 14, "CAP_SYS_RAWIO", 17, "CAP_SYS_ADMIN", 21, "CAP_SYS_RESOURCE", 24);

  private static final String EVENT = "anon_inode:[eventfd]";

  private final World world;
  private final OpenFiles files;
  private final BorrowedFrames frames;
  private final RealMemory memory;
  private final Doorbells bells;
  private final TreeMap<Integer, OpenFile> installed = new TreeMap<>();
  private final Map<Long, RealFile> memoryFiles = new HashMap<>();
  private int thread;
  private World.@Nullable Made reserved;

  RealProcess(
      int pid,
      String name,
      User user,
      KernelParts parts,
      FileSystem fileSystem,
      World world,
      OpenFiles files,
      BorrowedFrames frames,
      RealMemory memory,
      Doorbells bells) {
    super(pid, name, user, parts, fileSystem);
    this.world = world;
    this.files = files;
    this.frames = frames;
    this.memory = memory;
    this.bells = bells;
    this.thread = pid;
  }

  /** Which of its threads asks now. */
  void setThread(int tid) {
    thread = tid;
  }

  @Override
  public UserPages memory() {
    return memory;
  }

  // ---- files ------------------------------------------------------------------------------------

  @Override
  public @Nullable OpenFile file(int fd) {
    World.Behind behind = world.behind(thread, fd);
    if (behind == null) {
      return null;
    }
    OpenFile ours = files.find(behind.link());
    if (ours != null) {
      return ours;
    }
    if (behind.inode() != 0) {
      RealFile file =
          memoryFiles.computeIfAbsent(
              behind.inode(), inode -> new RealFile(behind, frames, memory));
      file.setBytes(behind.bytes());
      return file;
    }
    return behind.link().equals(EVENT)
        ? new RealEvent(behind.link(), world, bells, pid(), fd)
        : new OpenFile(behind.link()) {};
  }

  /** Tells whether a descriptor's file is one of the laboratory's. */
  public boolean isOurs(int fd) {
    World.Behind behind = world.behind(thread, fd);
    return behind != null && files.find(behind.link()) != null;
  }

  @Override
  public int freeDescriptor() {
    World.Made made = world.makeFile(false, World.Shape.SOCKET, 0);
    reserved = made.fd() < 0 ? null : made;
    return made.fd();
  }

  @Override
  public int install(OpenFile file) {
    World.Made made = reserved;
    reserved = null;
    if (made == null) {
      long bytes = file.mappableBytes();
      World.Shape shape =
          bytes == 0
              ? World.Shape.SOCKET
              : file.showsRegisters() ? World.Shape.REGISTERS : World.Shape.MEMORY;
      made = world.makeFile(true, shape, bytes);
    }
    if (made.fd() < 0) {
      file.put();
      return made.fd();
    }
    files.add(made.link(), made.inode(), file);
    frames.addWindows(made.inode(), file.windows());
    installed.put(made.fd(), file);
    return made.fd();
  }

  @Override
  protected @Nullable OpenFile remove(int fd) {
    return installed.remove(fd);
  }

  /** A file has ended: nobody has a descriptor of it any more. */
  void forget(OpenFile file) {
    installed.values().removeIf(one -> one == file);
  }

  @Override
  public boolean isMapped(OpenFile file, OpenFile.Window window) {
    long inode = files.inode(file);
    return inode != 0 && world.mapping(inode, Page.number(window.offset()), -1) != null;
  }

  /** A file is about to be mapped: what it shows there has frames, and bytes if they are ours. */
  void shows(OpenFile file, long offset, int length) {
    long inode = files.inode(file);
    frames.addWindows(inode, file.windows());
    byte[] bytes = file.shownAt(offset, length);
    if (bytes != null) {
      world.writeFile(inode, offset, bytes);
    }
  }

  @Override
  public SortedMap<Integer, OpenFile> openFiles() {
    return Collections.unmodifiableSortedMap(installed);
  }

  /** The process is gone; its descriptors end by themselves. */
  @Override
  public void exit() {
    installed.clear();
    super.exit();
  }

  // ---- limits -----------------------------------------------------------------------------------

  @Override
  public long memlockPages() {
    long bytes = world.memlock(pid());
    return bytes < 0 ? -1 : Page.number(bytes);
  }

  @Override
  public boolean capable(String capability) {
    Integer bit = CAPABILITIES.get(capability);
    Boolean has = bit == null ? null : world.capable(pid(), bit);
    // What the laboratory itself may not do it cannot tell from what the program has dropped.
    return has == null ? !capability.equals("CAP_IPC_LOCK") : has;
  }
}
