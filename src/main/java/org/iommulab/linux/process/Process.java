package org.iommulab.linux.process;

import java.util.Locale;
import java.util.SortedMap;
import org.iommulab.linux.boot.KernelParts;
import org.iommulab.linux.uapi.Errno;
import org.iommulab.linux.uapi.Status;
import org.iommulab.linux.uapi.Uapi;
import org.iommulab.trace.CallTrace;
import org.jspecify.annotations.Nullable;

/**
 * A user process: its memory, its open files, and the system calls it makes. What its memory and
 * its descriptors are made of is the affair of its maker: {@link ModelProcess} keeps both in the
 * laboratory, a program that runs outside has its own.
 */
public abstract class Process {

  private final int pid;
  private final String name;
  private final User user;
  private final KernelParts parts;
  private final CallTrace trace;
  private final FileSystem files;
  private boolean exited;

  /** A process that calls the kernel made of those parts. */
  protected Process(int pid, String name, User user, KernelParts parts, FileSystem files) {
    this.pid = pid;
    this.name = name;
    this.user = user;
    this.parts = parts;
    this.trace = parts.trace();
    this.files = files;
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
  public abstract UserPages memory();

  /** Copies bytes out of user memory; false if any of them does not exist. */
  public boolean read(long address, byte[] target) {
    return memory().read(address, target);
  }

  /** Copies bytes into user memory; false if any of them does not exist. */
  public boolean write(long address, byte[] source) {
    return memory().write(address, source);
  }

  /** Number of the page frame behind a user address, -1 if there is none. */
  public long pfn(long address) {
    return memory().pfn(address);
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
  public abstract int freeDescriptor();

  /** Puts a file into the lowest free descriptor. */
  public abstract int install(OpenFile file);

  /** The file behind a descriptor, or null. */
  public abstract @Nullable OpenFile file(int fd);

  /**
   * Takes a descriptor away; the file that was behind it, or null. The reference is the caller's.
   */
  protected abstract @Nullable OpenFile remove(int fd);

  /** Tells whether somebody who is known here has some of a file's window mapped. */
  public abstract boolean isMapped(OpenFile file, OpenFile.Window window);

  /** Open files by descriptor. */
  public abstract SortedMap<Integer, OpenFile> openFiles();

  /** Closes a file descriptor. */
  public SyscallResult close(int fd) {
    if (trace.isOn()) {
      trace.enter("close").number("fd", fd);
    }
    OpenFile file = remove(fd);
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
          Uapi.numbered(command)
              .map(c -> c.name())
              .orElse(String.format(Locale.ROOT, "0x%x", command));
      trace.enter("ioctl").number("fd", fd).text("cmd", commandName).hex("arg", argument);
    }
    OpenFile file = file(fd);
    SyscallResult result = file == null ? badDescriptor(fd) : file.ioctl(this, command, argument);
    result.leave(trace);
    return result;
  }

  /** Reads from a file descriptor into user memory; the result is the number of bytes. */
  public SyscallResult readFile(int fd, long buffer, long length) {
    enter("read", fd, buffer, length);
    OpenFile file = file(fd);
    SyscallResult result = file == null ? badDescriptor(fd) : file.read(this, buffer, length);
    return result.leave(trace);
  }

  /** Writes from user memory to a file descriptor; the result is the number of bytes. */
  public SyscallResult writeFile(int fd, long buffer, long length) {
    enter("write", fd, buffer, length);
    OpenFile file = file(fd);
    SyscallResult result = file == null ? badDescriptor(fd) : file.write(this, buffer, length);
    return result.leave(trace);
  }

  /** {@code pread()}. */
  public SyscallResult readFileAt(int fd, long buffer, long length, long offset) {
    enter("pread64", fd, buffer, length);
    OpenFile file = file(fd);
    SyscallResult result =
        file == null ? badDescriptor(fd) : file.readAt(this, buffer, length, offset);
    return result.leave(trace);
  }

  /** {@code pwrite()}. */
  public SyscallResult writeFileAt(int fd, long buffer, long length, long offset) {
    enter("pwrite64", fd, buffer, length);
    OpenFile file = file(fd);
    SyscallResult result =
        file == null ? badDescriptor(fd) : file.writeAt(this, buffer, length, offset);
    return result.leave(trace);
  }

  /** {@code lseek()}: the result is the position. */
  public SyscallResult seekFile(int fd, long offset, int whence) {
    if (trace.isOn()) {
      trace.enter("lseek").number("fd", fd).hex("offset", offset).number("whence", whence);
    }
    OpenFile file = file(fd);
    SyscallResult result = file == null ? badDescriptor(fd) : file.seek(offset, whence);
    return result.leave(trace);
  }

  private void enter(String call, int fd, long buffer, long length) {
    if (trace.isOn()) {
      trace.enter(call).number("fd", fd).hex("buf", buffer).number("count", length);
    }
  }

  /** Asks what a file descriptor is ready for: bits of {@link OpenFile#poll()}. */
  public SyscallResult poll(int fd) {
    OpenFile file = file(fd);
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

  static SyscallResult badDescriptor(int fd) {
    return SyscallResult.fail(Errno.EBADF, "file descriptor " + fd + " is not open");
  }

  // ---- limits -----------------------------------------------------------------------------------

  /** RLIMIT_MEMLOCK in pages, -1 for unlimited. */
  public abstract long memlockPages();

  /** Tells whether the process holds a capability. */
  public abstract boolean capable(String capability);

  /** Tells whether it has ended. */
  public boolean exited() {
    return exited;
  }

  /** Ends the process: closes its files, frees its memory. */
  public void exit() {
    while (!openFiles().isEmpty()) {
      close(openFiles().firstKey());
    }
    memory().exit();
    exited = true;
  }
}
