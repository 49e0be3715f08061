package org.iommulab.linux.process;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.iommulab.linux.boot.KernelParts;
import org.iommulab.linux.uapi.Errno;
import org.iommulab.linux.uapi.Status;
import org.iommulab.linux.uapi.Uapi;
import org.iommulab.trace.CallTrace;
import org.jspecify.annotations.Nullable;

/** A user process: its memory, its open files, and the system calls it makes. */
public final class Process {

  private static final int FIRST_FD = 3;

  private final int pid;
  private final String name;
  private final User user;
  private final KernelParts parts;
  private final CallTrace trace;
  private final FileSystem files;
  private final UserMemory memory;
  private final TreeMap<Integer, OpenFile> descriptors = new TreeMap<>();
  private final TreeSet<String> capabilities = new TreeSet<>();
  private long memlockLimit = -1;
  private boolean exited;

  /** A process with empty memory; only the kernel makes them. */
  public Process(int pid, String name, User user, KernelParts parts, FileSystem files) {
    this.pid = pid;
    this.name = name;
    this.user = user;
    this.parts = parts;
    this.trace = parts.trace();
    this.files = files;
    this.memory = new UserMemory(parts.memory(), parts.frames());
    capabilities.add("CAP_SYS_ADMIN");
    capabilities.add("CAP_SYS_RESOURCE");
    capabilities.add("CAP_SYS_RAWIO");
  }

  /** Its number. */
  public int pid() {
    return pid;
  }

  /** Its name. */
  public String name() {
    return name;
  }

  /** The account it runs under. */
  public User user() {
    return user;
  }

  /** Its address space. */
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
    OpenFile file = descriptors.get(fd);
    if (file == null) {
      return badDescriptor(fd);
    }
    return file instanceof MemoryFile inMemory
        ? memory.show(inMemory, offset, length)
        : SyscallResult.fail(Errno.ENODEV, file.path() + " cannot be mapped");
  }

  /** Copies bytes out of user memory; false if any of them does not exist. */
  public boolean read(long address, byte[] target) {
    return memory.read(address, target);
  }

  /** Copies bytes into user memory; false if any of them does not exist. */
  public boolean write(long address, byte[] source) {
    return memory.write(address, source);
  }

  /** Number of the page frame behind a user address, -1 if there is none. */
  public long pfn(long address) {
    return memory.pfn(address);
  }

  // ---- files ------------------------------------------------------------------------------------

  /** Opens a device node or file by path; the result is the file descriptor. */
  public SyscallResult open(String path) {
    if (trace.isOn()) {
      trace.enter("open").text("path", path);
    }
    FileSystem.Opened opened = openFile(path);
    OpenFile file = opened.file();
    SyscallResult result =
        file == null ? SyscallResult.of(opened.status()) : SyscallResult.ok(install(file));
    result.leave(trace);
    return result;
  }

  private FileSystem.Opened openFile(String path) {
    Status memory = parts.allocate("struct file");
    return memory.failed() ? new FileSystem.Opened(null, memory) : files.open(this, path);
  }

  /** The lowest free descriptor, which the next file gets. */
  public int freeDescriptor() {
    int fd = FIRST_FD;
    while (descriptors.containsKey(fd)) {
      fd++;
    }
    return fd;
  }

  /** Puts a file into the lowest free descriptor. */
  public int install(OpenFile file) {
    int fd = freeDescriptor();
    descriptors.put(fd, file);
    return fd;
  }

  /** The file behind a descriptor, or null. */
  public @Nullable OpenFile file(int fd) {
    return descriptors.get(fd);
  }

  /** Open files by descriptor. */
  public SortedMap<Integer, OpenFile> openFiles() {
    return Collections.unmodifiableSortedMap(descriptors);
  }

  /** Closes a file descriptor. */
  public SyscallResult close(int fd) {
    if (trace.isOn()) {
      trace.enter("close").number("fd", fd);
    }
    OpenFile file = descriptors.remove(fd);
    SyscallResult result;
    if (file == null) {
      result = badDescriptor(fd);
    } else {
      file.put();
      result = SyscallResult.ok(0);
    }
    result.leave(trace);
    return result;
  }

  /**
   * Issues an ioctl.
   *
   * @param fd an open file descriptor
   * @param command the command number, see {@link Uapi}
   * @param argument the third argument: a number or a user address
   */
  public SyscallResult ioctl(int fd, int command, long argument) {
    if (trace.isOn()) {
      String commandName =
          Uapi.numbered(command).map(c -> c.name()).orElse("0x%x".formatted(command));
      trace.enter("ioctl").number("fd", fd).text("cmd", commandName).hex("arg", argument);
    }
    OpenFile file = descriptors.get(fd);
    SyscallResult result = file == null ? badDescriptor(fd) : file.ioctl(this, command, argument);
    result.leave(trace);
    return result;
  }

  /** Reads from a file descriptor into user memory; the result is the number of bytes. */
  public SyscallResult readFile(int fd, long buffer, long length) {
    enter("read", fd, buffer, length);
    OpenFile file = descriptors.get(fd);
    SyscallResult result = file == null ? badDescriptor(fd) : file.read(this, buffer, length);
    return result.leave(trace);
  }

  /** Writes from user memory to a file descriptor; the result is the number of bytes. */
  public SyscallResult writeFile(int fd, long buffer, long length) {
    enter("write", fd, buffer, length);
    OpenFile file = descriptors.get(fd);
    SyscallResult result = file == null ? badDescriptor(fd) : file.write(this, buffer, length);
    return result.leave(trace);
  }

  private void enter(String call, int fd, long buffer, long length) {
    if (trace.isOn()) {
      trace.enter(call).number("fd", fd).hex("buf", buffer).number("count", length);
    }
  }

  /** Asks what a file descriptor is ready for: bits of {@link OpenFile#poll()}. */
  public SyscallResult poll(int fd) {
    OpenFile file = descriptors.get(fd);
    return file == null ? badDescriptor(fd) : SyscallResult.ok(file.poll());
  }

  /**
   * Writes a text to a file by path, as {@code echo TEXT > PATH} does; the result is its length.
   */
  public SyscallResult writeFile(String path, String text) {
    if (trace.isOn()) {
      trace.enter("write").text("path", path).text("text", text);
    }
    Status status = files.writeText(this, path, text);
    SyscallResult result =
        status.failed() ? SyscallResult.of(status) : SyscallResult.ok(text.length());
    result.leave(trace);
    return result;
  }

  private static SyscallResult badDescriptor(int fd) {
    return SyscallResult.fail(Errno.EBADF, "file descriptor " + fd + " is not open");
  }

  // ---- limits -----------------------------------------------------------------------------------

  /** Sets RLIMIT_MEMLOCK in bytes; -1 for unlimited. */
  public void setMemlockLimit(long bytes) {
    memlockLimit = bytes;
  }

  /** RLIMIT_MEMLOCK in pages, -1 for unlimited. */
  public long memlockPages() {
    return memlockLimit < 0 ? -1 : memlockLimit >>> 12;
  }

  /** Grants or drops a capability such as {@code CAP_IPC_LOCK}. */
  public void setCapability(String capability, boolean granted) {
    if (granted) {
      capabilities.add(capability);
    } else {
      capabilities.remove(capability);
    }
  }

  /** Tells whether the process holds a capability. */
  public boolean capable(String capability) {
    return capabilities.contains(capability);
  }

  /** Tells whether it has ended. */
  public boolean exited() {
    return exited;
  }

  /** Ends the process: closes its files, frees its memory. */
  public void exit() {
    while (!descriptors.isEmpty()) {
      close(descriptors.firstKey());
    }
    memory.freeAll();
    exited = true;
  }
}
