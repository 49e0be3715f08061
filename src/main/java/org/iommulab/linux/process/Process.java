package org.iommulab.linux.process;

import org.iommulab.linux.uapi.Errno;

/** A user process: its memory, its open files, and the system calls it makes. */
public final class Process {

  private final int pid;
  private final String name;

  public Process(int pid, String name) {
    this.pid = pid;
    this.name = name;
  }

  /** Its number. */
  public int pid() {
    return pid;
  }

  /** Its name. */
  public String name() {
    return name;
  }

  /**
   * Gives the process memory, {@code length} rounded up to whole pages.
   *
   * @return the user address, or ENOMEM, or EINVAL if a chosen frame or address is taken
   */
  public SyscallResult alloc(long length, MemoryOptions options) {
    return SyscallResult.fail(Errno.ENOMEM, "no memory is left");
  }

  /** Takes memory back that {@link #alloc} gave at that address. */
  public SyscallResult free(long address) {
    return SyscallResult.fail(Errno.EINVAL, "no memory was allocated at that address");
  }

  /** Copies bytes out of user memory; false if any of them does not exist. */
  public boolean read(long address, byte[] target) {
    return false;
  }

  /** Copies bytes into user memory; false if any of them does not exist. */
  public boolean write(long address, byte[] source) {
    return false;
  }

  /** Number of the page frame behind a user address, -1 if there is none. */
  public long pfn(long address) {
    return -1;
  }

  /** Opens a device node or file by path; the result is the file descriptor. */
  public SyscallResult open(String path) {
    return SyscallResult.fail(Errno.ENOENT, "no such file: " + path);
  }

  /** Closes a file descriptor. */
  public SyscallResult close(int fd) {
    return SyscallResult.fail(Errno.EBADF, "file descriptor " + fd + " is not open");
  }

  /**
   * Issues an ioctl.
   *
   * @param fd an open file descriptor
   * @param command the command number, see {@link org.iommulab.linux.uapi.Uapi}
   * @param argument the third argument: a number or a user address
   */
  public SyscallResult ioctl(int fd, int command, long argument) {
    return SyscallResult.fail(Errno.EBADF, "file descriptor " + fd + " is not open");
  }

  /**
   * Writes a text to a file by path, as {@code echo TEXT > PATH} does; the result is its length.
   */
  public SyscallResult writeFile(String path, String text) {
    return SyscallResult.fail(Errno.ENOENT, "no such file: " + path);
  }

  /** Sets RLIMIT_MEMLOCK in bytes; -1 for unlimited. */
  public void setMemlockLimit(long bytes) {}

  /** Grants or drops a capability such as {@code CAP_IPC_LOCK}. */
  public void setCapability(String capability, boolean granted) {}

  /** Ends the process: closes its files, frees its memory. */
  public void exit() {}
}
