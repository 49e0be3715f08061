package org.iommulab.linux.process;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.iommulab.linux.boot.KernelParts;
import org.iommulab.linux.uapi.Errno;
import org.iommulab.linux.uapi.Status;
import org.iommulab.memory.AddressRange;
import org.iommulab.memory.Page;
import org.jspecify.annotations.Nullable;

/** A process that lives in the laboratory alone: a script plays it. */
public final class ModelProcess extends Process {

  private static final int FIRST_FD = 3;

  private final KernelParts parts;
  private final UserMemory memory;
  private final TreeMap<Integer, OpenFile> descriptors = new TreeMap<>();
  private final TreeSet<String> capabilities = new TreeSet<>();
  private long memlockLimit = -1;

  /** A process with empty memory; only the kernel makes them. */
  public ModelProcess(int pid, String name, User user, KernelParts parts, FileSystem files) {
    super(pid, name, user, parts, files);
    this.parts = parts;
    this.memory = new UserMemory(parts.memory(), parts.frames());
    capabilities.add("CAP_SYS_ADMIN");
    capabilities.add("CAP_SYS_RESOURCE");
    capabilities.add("CAP_SYS_RAWIO");
  }

  @Override
  public UserMemory memory() {
    return memory;
  }

  /**
   * Gives the process memory, {@code length} rounded up to whole pages.
   *
   * @return the user address, or ENOMEM, or EINVAL if a chosen frame or address is taken
   */
  public SyscallResult alloc(long length, MemoryOptions options) {
    return memory.alloc(length, options);
  }

  /**
   * {@code munmap()}: gives memory back; frames pinned for DMA stay until they are unpinned.
   *
   * @param length bytes, 0 for the whole piece that begins at {@code address}
   */
  public SyscallResult free(long address, long length) {
    return memory.free(address, length);
  }

  /** {@code memfd_create()} and {@code ftruncate()}: the result is a descriptor of the file. */
  public SyscallResult createMemoryFile(String fileName, long size, MemoryOptions options) {
    var file = new MemoryFile(fileName, new UserMemory(parts.memory(), parts.frames()));
    SyscallResult allocated = file.allocate(size, options);
    return allocated.failed() ? allocated : SyscallResult.ok(install(file));
  }

  /** {@code ftruncate()} of a file in memory. */
  public SyscallResult truncate(int fd, long size) {
    OpenFile file = descriptors.get(fd);
    if (file == null) {
      return badDescriptor(fd);
    }
    return file instanceof MemoryFile inMemory
        ? inMemory.truncate(size)
        : SyscallResult.fail(Errno.EINVAL, file.path() + " has no size");
  }

  /** {@code mmap()} of a file, shared: the result is the address. */
  public SyscallResult map(int fd, long offset, long length) {
    return map(fd, offset, length, 0);
  }

  /**
   * The same at an address of the caller's choice.
   *
   * @param at user address where nothing is, 0 for the kernel's choice
   */
  public SyscallResult map(int fd, long offset, long length, long at) {
    OpenFile file = descriptors.get(fd);
    if (file == null) {
      return badDescriptor(fd);
    }
    if (file instanceof MemoryFile inMemory) {
      return memory.show(inMemory, offset, length, at);
    }
    Status mappable = file.map(offset, length);
    if (mappable.failed()) {
      return SyscallResult.of(mappable);
    }
    long bytes = Page.roundUp(length);
    for (OpenFile.Window window : file.windows()) {
      long inside = offset - window.offset();
      if (inside >= 0 && inside < window.physical().size() && Page.isWhole(inside)) {
        return memory.showDevice(
            AddressRange.ofSize(window.physical().start() + inside, bytes), file, file.path(), at);
      }
    }
    return SyscallResult.fail(Errno.EINVAL, "the file shows no memory there");
  }

  @Override
  public boolean isMapped(OpenFile file, OpenFile.Window window) {
    return memory.shows(file, window.physical());
  }

  // ---- files ------------------------------------------------------------------------------------

  @Override
  public int freeDescriptor() {
    int fd = FIRST_FD;
    while (descriptors.containsKey(fd)) {
      fd++;
    }
    return fd;
  }

  @Override
  public int install(OpenFile file) {
    int fd = freeDescriptor();
    descriptors.put(fd, file);
    return fd;
  }

  @Override
  public @Nullable OpenFile file(int fd) {
    return descriptors.get(fd);
  }

  @Override
  protected @Nullable OpenFile remove(int fd) {
    return descriptors.remove(fd);
  }

  @Override
  public SortedMap<Integer, OpenFile> openFiles() {
    return Collections.unmodifiableSortedMap(descriptors);
  }

  // ---- limits -----------------------------------------------------------------------------------

  /** Sets RLIMIT_MEMLOCK in bytes; -1 for unlimited. */
  public void setMemlockLimit(long bytes) {
    memlockLimit = bytes;
  }

  @Override
  public long memlockPages() {
    return memlockLimit < 0 ? -1 : Page.number(memlockLimit);
  }

  /** Grants or drops a capability such as {@code CAP_IPC_LOCK}. */
  public void setCapability(String capability, boolean granted) {
    if (granted) {
      capabilities.add(capability);
    } else {
      capabilities.remove(capability);
    }
  }

  @Override
  public boolean capable(String capability) {
    return capabilities.contains(capability);
  }
}
