package org.iommulab.linux.iommufd;

import java.util.List;
import org.iommulab.linux.iommufd.pages.Unsigned;
import org.iommulab.linux.process.UserStruct;
import org.iommulab.linux.uapi.Errno;
import org.iommulab.linux.uapi.SelftestUapi;
import org.iommulab.linux.uapi.Status;
import org.iommulab.memory.Page;
import org.jspecify.annotations.Nullable;

/** The selftest's operations on kernel accesses; their {@code id} is the access's descriptor. */
final class SelftestAccesses {

  private static final long MOST_BYTES = 16 << 20;

  private final IommufdContext context;

  SelftestAccesses(IommufdContext context) {
    this.context = context;
  }

  private @Nullable IommufdAccess access(UserStruct arg) {
    return arg.process().file(arg.id("id")) instanceof AccessFile file ? file.access() : null;
  }

  private static Status noAccess(UserStruct arg) {
    return Status.fail(
        Errno.EBADF, "file descriptor " + arg.id("id") + " is no access of the selftest");
  }

  Status create(UserStruct arg) {
    int flags = arg.id("flags");
    if ((flags & ~SelftestUapi.CREATE_ACCESS_PIN) != 0) {
      return Status.fail(Errno.EOPNOTSUPP, "unknown flags");
    }
    Status status = context.parts().allocate("struct iommufd_access");
    if (status.failed()) {
      return status;
    }
    IommufdAccess access = IommufdAccess.create(context, flags == SelftestUapi.CREATE_ACCESS_PIN);
    status = access.attach(arg.id("id"));
    if (!status.failed()) {
      status = context.parts().allocate("the access's file");
    }
    if (!status.failed()) {
      status = arg.putDescriptor("out_access_fd");
    }
    if (!status.failed()) {
      status = arg.copyOut();
    }
    if (status.failed()) {
      access.release();
    } else {
      arg.process().install(new AccessFile(access));
    }
    return status;
  }

  Status replaceIoas(UserStruct arg) {
    IommufdAccess access = access(arg);
    return access == null ? noAccess(arg) : access.replace(arg.id("ioas_id"));
  }

  /** Pins pages and compares them with those behind the user's address. */
  Status pinPages(UserStruct arg) {
    int flags = arg.id("flags");
    long length = arg.get("length");
    if ((flags & ~(SelftestUapi.PAGES_WRITE | SelftestUapi.PAGES_SYZ)) != 0) {
      return Status.fail(Errno.EOPNOTSUPP, "unknown flags");
    }
    if (Unsigned.less(MOST_BYTES, length)) {
      return Status.fail(Errno.ENOMEM, "the selftest pins 16 MiB at most");
    }
    IommufdAccess access = access(arg);
    if (access == null) {
      return noAccess(arg);
    }
    Status memory = context.parts().allocate("the selftest's list of pages");
    if (memory.failed()) {
      return memory;
    }
    boolean whole = Page.isWhole(arg.get("iova") | length);
    Status status = access.pin(arg.get("iova"), length, (flags & SelftestUapi.PAGES_WRITE) != 0);
    if (status.failed()) {
      return status;
    }
    int pin = access.lastPin();
    if ((flags & SelftestUapi.PAGES_SYZ) == 0 && whole && !samePages(arg, access.frames(pin))) {
      status = Status.fail(Errno.EINVAL, "the pinned pages are not those at uptr");
    } else {
      arg.put("out_access_pages_id", pin);
      status = arg.copyOut();
    }
    if (status.failed()) {
      access.unpin(pin);
    }
    return status;
  }

  private static boolean samePages(UserStruct arg, List<Long> frames) {
    for (int i = 0; i < frames.size(); i++) {
      if (arg.process().pfn(arg.get("uptr") + ((long) i << 12)) != frames.get(i)) {
        return false;
      }
    }
    return true;
  }

  Status unpinPages(UserStruct arg) {
    IommufdAccess access = access(arg);
    return access == null ? noAccess(arg) : access.unpin(arg.id("access_pages_id"));
  }

  Status readWrite(UserStruct arg) {
    int flags = arg.id("flags");
    long length = arg.get("length");
    if ((flags & ~(SelftestUapi.RW_WRITE | SelftestUapi.RW_SLOW_PATH)) != 0) {
      return Status.fail(Errno.EOPNOTSUPP, "unknown flags");
    }
    if (Unsigned.less(MOST_BYTES, length)) {
      return Status.fail(Errno.ENOMEM, "the selftest copies 16 MiB at most");
    }
    IommufdAccess access = access(arg);
    if (access == null) {
      return noAccess(arg);
    }
    boolean write = (flags & SelftestUapi.RW_WRITE) != 0;
    byte[] data = new byte[(int) length];
    Status memory = context.parts().allocate("the selftest's buffer");
    if (memory.failed()) {
      return memory;
    }
    if (write && !arg.process().read(arg.get("uptr"), data)) {
      return Status.fail(Errno.EFAULT, "uptr cannot be read");
    }
    Status status = access.rw(arg.get("iova"), data, write);
    if (!status.failed() && !write && !arg.process().write(arg.get("uptr"), data)) {
      status = Status.fail(Errno.EFAULT, "uptr cannot be written");
    }
    return status;
  }
}
