package org.iommulab.linux.process;

import org.iommulab.linux.uapi.Errno;
import org.iommulab.linux.uapi.Status;
import org.jspecify.annotations.Nullable;

/** An {@code eventfd}: whoever holds it can wake those who wait for it. */
public abstract class EventCounter extends OpenFile {

  /** A counter opened under that path, with one reference. */
  protected EventCounter(String path) {
    super(path);
  }

  /** Keeps the counter for the kernel ({@code eventfd_ctx_fdget()}); null if that fails. */
  public abstract @Nullable Held hold();

  /** Keeps the counter behind a descriptor for the kernel; null if there is none. */
  public static @Nullable Held hold(Process caller, int fd) {
    return caller.file(fd) instanceof EventCounter counter ? counter.hold() : null;
  }

  /** Why {@link #hold(Process, int)} found none: EBADF or EINVAL. */
  public static Status missing(Process caller, int fd) {
    Errno errno = caller.file(fd) == null ? Errno.EBADF : Errno.EINVAL;
    return Status.fail(errno, "descriptor " + fd + " is no eventfd");
  }

  /** A counter in the hands of the kernel. */
  public interface Held {

    /** Adds 1 ({@code eventfd_signal()}). */
    void signal();

    /** Has an action carried out whenever somebody else adds to it, until it is given back. */
    void onSignal(Runnable action);

    /** Gives it back ({@code eventfd_ctx_put()}). */
    void release();
  }
}
