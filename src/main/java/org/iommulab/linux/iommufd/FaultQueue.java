package org.iommulab.linux.iommufd;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.iommulab.linux.iommu.FaultPageRequest;
import org.iommulab.linux.iommu.IopfGroup;
import org.iommulab.linux.iommu.PageResponse;
import org.iommulab.linux.process.Process;
import org.iommulab.linux.process.SyscallResult;
import org.iommulab.linux.uapi.Errno;
import org.iommulab.linux.uapi.Status;
import org.iommulab.linux.uapi.UapiFlags;
import org.iommulab.linux.uapi.UapiRecords;

/**
 * Page requests that a process answers ({@code struct iommufd_fault}): a group waits to be read,
 * then, under its cookie, to be answered.
 */
final class FaultQueue extends EventQueue {

  private static final int RECORD_BYTES = UapiRecords.PGFAULT.size();
  private static final int RESPONSE_BYTES = UapiRecords.PAGE_RESPONSE.size();

  private final Deque<IopfGroup> unread = new ArrayDeque<>();
  private final TreeMap<Integer, IopfGroup> unanswered = new TreeMap<>();

  FaultQueue(IommufdContext context, int id) {
    super(context, id);
  }

  @Override
  String type() {
    return "FAULT";
  }

  @Override
  String fileName() {
    return "anon_inode:[iommufd-pgfault]";
  }

  /** {@code iommufd_fault_iopf_handler()}. */
  Status handle(IopfGroup group) {
    unread.addLast(group);
    return Status.OK;
  }

  @Override
  boolean pending() {
    return !unread.isEmpty();
  }

  /** {@code iommufd_fault_fops_read()}: groups are never split. */
  @Override
  SyscallResult read(Process reader, long buffer, long length) {
    if (length % RECORD_BYTES != 0) {
      return brokenRecord(RECORD_BYTES);
    }
    long done = 0;
    Status status = Status.OK;
    while (!unread.isEmpty() && !status.failed()) {
      IopfGroup group = unread.getFirst();
      if ((long) group.requests().size() * RECORD_BYTES > length - done) {
        break;
      }
      int cookie = freeCookie();
      byte[] records = records(group, cookie);
      status = context().parts().allocate("the cookie of a page request group");
      if (!status.failed() && !reader.write(buffer + done, records)) {
        status = Status.fail(Errno.EFAULT, "the buffer cannot be written");
      }
      if (!status.failed()) {
        unread.removeFirst();
        unanswered.put(cookie, group);
        done += records.length;
      }
    }
    return copied(done, status);
  }

  private int freeCookie() {
    int cookie = 1;
    while (unanswered.containsKey(cookie)) {
      cookie++;
    }
    return cookie;
  }

  private byte[] records(IopfGroup group, int cookie) {
    IommufdDevice device = context().boundAs(group.device());
    int deviceId = device == null ? 0 : device.id();
    ByteBuffer bytes =
        ByteBuffer.allocate(group.requests().size() * RECORD_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (FaultPageRequest request : group.requests()) {
      int pasid = request.hasPasid() ? request.pasid().value() : 0;
      int flags =
          (request.hasPasid() ? UapiFlags.PGFAULT_PASID_VALID : 0)
              | (request.last() ? UapiFlags.PGFAULT_LAST_PAGE : 0);
      bytes.putInt(flags).putInt(deviceId).putInt(pasid).putInt(request.groupId());
      bytes.putInt(request.permissions()).putInt(0).putLong(request.address());
      bytes.putInt(0).putInt(cookie);
    }
    return bytes.array();
  }

  /** {@code iommufd_fault_fops_write()}. */
  @Override
  SyscallResult write(Process writer, long buffer, long length) {
    if (length % RESPONSE_BYTES != 0) {
      return brokenRecord(RESPONSE_BYTES);
    }
    long done = 0;
    Status status = Status.OK;
    byte[] bytes = new byte[RESPONSE_BYTES];
    while (done < length && !status.failed()) {
      if (!writer.read(buffer + done, bytes)) {
        status = Status.fail(Errno.EFAULT, "the buffer cannot be read");
      } else {
        ByteBuffer response = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        status = answer(response.getInt(0), response.getInt(4));
        done += status.failed() ? 0 : RESPONSE_BYTES;
      }
    }
    return copied(done, status);
  }

  private Status answer(int cookie, int code) {
    if (code != PageResponse.SUCCESS.code() && code != PageResponse.INVALID.code()) {
      return Status.fail(Errno.EINVAL, "the code is neither SUCCESS nor INVALID");
    }
    IopfGroup group = unanswered.remove(cookie);
    if (group == null) {
      return Status.fail(Errno.EINVAL, "no group waits under the cookie " + cookie);
    }
    boolean good = code == PageResponse.SUCCESS.code();
    group.respond(good ? PageResponse.SUCCESS : PageResponse.INVALID);
    return Status.OK;
  }

  /** {@code iommufd_auto_response_faults()}: an attachment ends, its devices wait no longer. */
  void answerAll(Predicate<IopfGroup> ofAttachment) {
    var unheard = unread.stream().filter(ofAttachment).toList();
    unread.removeAll(unheard);
    unheard.forEach(group -> group.respond(PageResponse.INVALID));
    var ended = unanswered.values().stream().filter(ofAttachment).toList();
    unanswered.values().removeAll(ended);
    ended.forEach(group -> group.respond(PageResponse.INVALID));
  }

  @Override
  void destroy() {
    answerAll(group -> true);
  }

  @Override
  List<String> facts() {
    return List.of("unread groups: " + unread.size(), "unanswered groups: " + unanswered.size());
  }
}
