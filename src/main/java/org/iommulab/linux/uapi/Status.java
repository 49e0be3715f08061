package org.iommulab.linux.uapi;

import org.iommulab.trace.CallTrace;
import org.jspecify.annotations.Nullable;

/**
 * How a kernel function ended: success, or an errno with the check that failed. Success is one
 * object, so that hot paths allocate nothing.
 */
public final class Status {

  /** Success. */
  public static final Status OK = new Status(null, "");

  private final @Nullable Errno errno;
  private final String cause;

  private Status(@Nullable Errno errno, String cause) {
    this.errno = errno;
    this.cause = cause;
  }

  /** A failure and, in one short phrase, the check that found it. */
  public static Status fail(Errno errno, String cause) {
    return new Status(errno, cause);
  }

  /** Tells whether it failed. */
  public boolean failed() {
    return errno != null;
  }

  /** Tells whether it failed with that error. */
  public boolean is(Errno other) {
    return errno == other;
  }

  /** The error, null on success. */
  public @Nullable Errno errno() {
    return errno;
  }

  /** The check that failed, empty on success. */
  public String cause() {
    return cause;
  }

  /** Closes the open frame of a trace that is on with this status, and passes it on. */
  public Status leave(CallTrace trace) {
    if (trace.isOn()) {
      if (errno == null) {
        trace.leave(0);
      } else {
        trace.fail(errno.name(), cause);
      }
    }
    return this;
  }

  @Override
  public String toString() {
    return errno == null ? "0" : "-" + errno + ": " + cause;
  }
}
