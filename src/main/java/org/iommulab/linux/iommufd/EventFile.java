package org.iommulab.linux.iommufd;

import org.iommulab.linux.process.OpenFile;
import org.iommulab.linux.process.Process;
import org.iommulab.linux.process.SyscallResult;

/** The file descriptor of an event queue; it keeps queue and context alive. */
final class EventFile extends OpenFile {

  private static final String HOLDER = "its file descriptor";

  private final EventQueue queue;

  EventFile(EventQueue queue) {
    super(queue.fileName());
    this.queue = queue;
    queue.hold(HOLDER);
    queue.context().keepOpen();
  }

  @Override
  public SyscallResult read(Process caller, long buffer, long length) {
    return queue.read(caller, buffer, length);
  }

  @Override
  public SyscallResult write(Process caller, long buffer, long length) {
    return queue.write(caller, buffer, length);
  }

  @Override
  public int poll() {
    return POLLOUT | (queue.pending() ? POLLIN : 0);
  }

  @Override
  protected void release() {
    queue.letGo(HOLDER);
    queue.context().allowClose();
  }
}
