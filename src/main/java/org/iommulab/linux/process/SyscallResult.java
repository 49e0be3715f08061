package org.iommulab.linux.process;

import org.iommulab.linux.uapi.Errno;
import org.iommulab.linux.uapi.Status;
import org.iommulab.trace.CallTrace;
import org.jspecify.annotations.Nullable;

/**
 * What a system call returned.
 *
 * @param ret the return value, -1 if it failed
 * @param errno why it failed, or null
 * @param cause the check that failed in one phrase, or null
 */
public record SyscallResult(long ret, @Nullable Errno errno, @Nullable String cause) {

  /** Success with a value. */
  public static SyscallResult ok(long ret) {
    return new SyscallResult(ret, null, null);
  }

  /** Failure. */
  public static SyscallResult fail(Errno errno, String cause) {
    return new SyscallResult(-1, errno, cause);
  }

  /** The result of a function that returns nothing but its status. */
  public static SyscallResult of(Status status) {
    Errno errno = status.errno();
    return errno == null ? ok(0) : fail(errno, status.cause());
  }

  /** Tells whether it failed. */
  public boolean failed() {
    return errno != null;
  }

  /** Closes the open frame of a trace that is on with this result, and passes it on. */
  public SyscallResult leave(CallTrace trace) {
    if (trace.isOn()) {
      if (errno == null) {
        trace.leave(ret);
      } else {
        trace.fail(errno.name(), cause);
      }
    }
    return this;
  }
}
