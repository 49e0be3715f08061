package org.iommulab.linux.process;

import org.iommulab.linux.uapi.Errno;

/** An open file description; descriptors and kernel objects hold references to it. */
public abstract class OpenFile {

  /** Poll event: there is something to read. */
  public static final int POLLIN = 1;

  /** Poll event: a write would not wait. */
  public static final int POLLOUT = 4;

  private final String path;
  private int references = 1;

  /** A file opened under that path, with one reference. */
  protected OpenFile(String path) {
    this.path = path;
  }

  /** The path it was opened by. */
  public final String path() {
    return path;
  }

  /** Takes another reference. */
  public final OpenFile get() {
    references++;
    return this;
  }

  /** Gives a reference back; the last one releases the file. */
  public final void put() {
    if (--references == 0) {
      release();
    }
  }

  /** Handles an ioctl. */
  public SyscallResult ioctl(Process caller, int command, long argument) {
    return SyscallResult.fail(Errno.ENOTTY, path + " has no ioctl");
  }

  /** Handles a read into user memory. */
  public SyscallResult read(Process caller, long buffer, long length) {
    return SyscallResult.fail(Errno.EINVAL, path + " cannot be read");
  }

  /** Handles a write from user memory. */
  public SyscallResult write(Process caller, long buffer, long length) {
    return SyscallResult.fail(Errno.EINVAL, path + " cannot be written");
  }

  /** What a {@code poll()} would report now: {@link #POLLIN}, {@link #POLLOUT}. */
  public int poll() {
    return POLLIN | POLLOUT;
  }

  /** The last reference is gone. */
  protected void release() {}
}
