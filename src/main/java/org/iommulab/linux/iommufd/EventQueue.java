package org.iommulab.linux.iommufd;

import org.iommulab.linux.process.Process;
import org.iommulab.linux.process.SyscallResult;
import org.iommulab.linux.uapi.Errno;
import org.iommulab.linux.uapi.Status;

/**
 * Events that a process takes from a file descriptor of their own ({@code struct iommufd_eventq}).
 */
abstract class EventQueue extends IommufdObject {

  EventQueue(IommufdContext context, int id) {
    super(context, id);
  }

  /** What {@code /proc/PID/fd} shows for the descriptor. */
  abstract String fileName();

  /** Copies as many whole events as fit; the result is the number of bytes. */
  abstract SyscallResult read(Process reader, long buffer, long length);

  /** Takes answers; the result is the number of bytes. */
  SyscallResult write(Process writer, long buffer, long length) {
    return SyscallResult.fail(Errno.EINVAL, name() + " takes no answers");
  }

  /** Tells whether an event waits. */
  abstract boolean pending();

  /** The process reads and writes the events of a file in whole records. */
  static SyscallResult brokenRecord(long bytes) {
    return SyscallResult.fail(
        Errno.ESPIPE, "the length is not a multiple of a record's " + bytes + " bytes");
  }

  /** What was copied, or why nothing could be. */
  static SyscallResult copied(long done, Status status) {
    return done == 0 && status.failed() ? SyscallResult.of(status) : SyscallResult.ok(done);
  }
}
