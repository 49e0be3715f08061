package org.iommulab.linux.iommufd;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.iommulab.linux.process.Process;
import org.iommulab.linux.process.SyscallResult;
import org.iommulab.linux.uapi.Errno;
import org.iommulab.linux.uapi.Status;
import org.iommulab.linux.uapi.UapiRecords;

/**
 * Events of one type of a virtual IOMMU ({@code struct iommufd_veventq}). When it is full, or
 * memory is short, one record at its end says that events were lost and up to which number.
 */
final class VirtualEventQueue extends EventQueue {

  private static final int HEADER_BYTES = UapiRecords.VEVENT_HEADER.size();
  private static final int LOST_EVENTS = 1;

  private record Event(int sequence, boolean lost, byte[] data) {}

  private final Viommu viommu;
  private final int eventType;
  private final long depth;
  private final Deque<Event> events = new ArrayDeque<>();
  private int stored;
  private int sequence;

  /**
   * @param depth most events that wait, lost ones not counted; unsigned 32 bits
   */
  VirtualEventQueue(IommufdContext context, int id, Viommu viommu, int eventType, long depth) {
    super(context, id);
    this.viommu = viommu;
    this.eventType = eventType;
    this.depth = depth;
    viommu.hold(name());
    viommu.eventQueues().add(this);
  }

  int eventType() {
    return eventType;
  }

  @Override
  String type() {
    return "VEVENTQ";
  }

  @Override
  String fileName() {
    return "anon_inode:[iommufd-viommu-event]";
  }

  /** {@code iommufd_viommu_report_event()}. */
  Status report(byte[] data) {
    boolean full = stored >= depth;
    Status memory = full ? Status.OK : context().parts().allocate("struct iommufd_vevent");
    boolean lost = full || memory.failed();
    // Only one record of lost events is kept, always the last: its number moves on.
    if (!events.isEmpty() && events.getLast().lost()) {
      events.removeLast();
    }
    events.addLast(new Event(sequence, lost, lost ? new byte[0] : data.clone()));
    stored += lost ? 0 : 1;
    sequence = sequence + 1 & Integer.MAX_VALUE;
    return memory;
  }

  @Override
  boolean pending() {
    return !events.isEmpty();
  }

  /** {@code iommufd_veventq_fops_read()}. */
  @Override
  SyscallResult read(Process reader, long buffer, long length) {
    if (context().parts().era().boundsUserQueues()
        && Long.compareUnsigned(length, HEADER_BYTES) < 0) {
      return SyscallResult.fail(Errno.EINVAL, "the buffer is shorter than an event's header");
    }
    long done = 0;
    Status status = Status.OK;
    while (!events.isEmpty() && !status.failed()) {
      Event event = events.getFirst();
      int bytes = HEADER_BYTES + event.data().length;
      if (bytes > length - done) {
        status =
            done == 0 && context().parts().era().boundsUserQueues()
                ? Status.fail(Errno.EINVAL, "the buffer is shorter than the next event")
                : Status.OK;
        break;
      }
      ByteBuffer record = ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
      record.putInt(event.lost() ? LOST_EVENTS : 0).putInt(event.sequence()).put(event.data());
      if (reader.write(buffer + done, record.array())) {
        events.removeFirst();
        stored -= event.lost() ? 0 : 1;
        done += bytes;
      } else {
        status = Status.fail(Errno.EFAULT, "the buffer cannot be written");
      }
    }
    return copied(done, status);
  }

  @Override
  void destroy() {
    viommu.eventQueues().remove(this);
    viommu.letGo(name());
  }

  @Override
  List<String> facts() {
    return List.of(
        "viommu: " + viommu.id(), "events: " + events.size(), "next sequence: " + sequence);
  }
}
