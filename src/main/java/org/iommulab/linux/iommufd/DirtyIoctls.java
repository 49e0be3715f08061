package org.iommulab.linux.iommufd;

import org.iommulab.linux.iommu.PagingDomain;
import org.iommulab.linux.iommufd.pages.IoptArea;
import org.iommulab.linux.iommufd.pages.Unsigned;
import org.iommulab.linux.process.Process;
import org.iommulab.linux.process.UserStruct;
import org.iommulab.linux.uapi.Errno;
import org.iommulab.linux.uapi.Status;
import org.iommulab.linux.uapi.UapiFlags;

/** Dirty tracking and the bitmap it fills (iommufd/hw_pagetable.c, iova_bitmap.c). */
final class DirtyIoctls {

  private final IommufdContext context;

  DirtyIoctls(IommufdContext context) {
    this.context = context;
  }

  Status setTracking(UserStruct arg) {
    if ((arg.get("flags") & ~UapiFlags.HWPT_DIRTY_TRACKING_ENABLE) != 0) {
      return Status.fail(Errno.EOPNOTSUPP, "unknown flags");
    }
    HwptPaging hwpt = context.find(arg.id("hwpt_id"), HwptPaging.class);
    if (hwpt == null) {
      return Status.fail(Errno.ENOENT, "there is no paging HWPT " + arg.id("hwpt_id"));
    }
    if (!hwpt.domain().dirtyTracking()) {
      return Status.fail(Errno.EOPNOTSUPP, "the HWPT was not made for dirty tracking");
    }
    boolean enable = (arg.get("flags") & UapiFlags.HWPT_DIRTY_TRACKING_ENABLE) != 0;
    if (enable) {
      for (IoptArea area : hwpt.ioas().table().areas().all()) {
        hwpt.domain().readDirty(area.start(), area.length(), true, (iova, length) -> {});
      }
    }
    return hwpt.domain().setDirtyTracking(enable);
  }

  Status bitmap(UserStruct arg) {
    if ((arg.get("flags") & ~UapiFlags.HWPT_GET_DIRTY_BITMAP_NO_CLEAR) != 0
        || arg.get("__reserved") != 0) {
      return Status.fail(Errno.EOPNOTSUPP, "unknown flags or a reserved field is not zero");
    }
    HwptPaging hwpt = context.find(arg.id("hwpt_id"), HwptPaging.class);
    if (hwpt == null) {
      return Status.fail(Errno.ENOENT, "there is no paging HWPT " + arg.id("hwpt_id"));
    }
    long iova = arg.get("iova");
    long length = arg.get("length");
    long page = arg.get("page_size");
    if (Unsigned.wraps(iova, length)) {
      return Status.fail(Errno.EOVERFLOW, "iova + length wraps");
    }
    long alignment = hwpt.ioas().table().iovaAlignment();
    boolean misaligned =
        ((iova | length) & alignment - 1) != 0
            || page == 0
            || Long.remainderUnsigned(iova, page) != 0
            || Long.remainderUnsigned(length, page) != 0;
    if (misaligned) {
      return Status.fail(Errno.EINVAL, "the range is not aligned to the pages");
    }
    if (!hwpt.domain().dirtyTracking()) {
      return Status.fail(Errno.EOPNOTSUPP, "the HWPT was not made for dirty tracking");
    }
    Status memory = context.parts().allocate("struct iova_bitmap");
    if (memory.failed()) {
      return memory;
    }
    if (length == 0) {
      return Status.OK;
    }
    boolean clear = (arg.get("flags") & UapiFlags.HWPT_GET_DIRTY_BITMAP_NO_CLEAR) == 0;
    var bits = new UserBits(arg.process(), arg.get("data"), iova, page);
    for (IoptArea area : hwpt.ioas().table().areas().in(iova, iova + length - 1)) {
      long from = Unsigned.max(iova, area.start());
      long to = Unsigned.min(iova + length - 1, area.last());
      hwpt.domain().readDirty(from, to - from + 1, clear, bits);
    }
    return Status.OK;
  }

  /** Sets bits in a user's bitmap; bits that cannot be written are lost, as in the kernel. */
  private record UserBits(Process process, long address, long base, long page)
      implements PagingDomain.DirtySink {

    @Override
    public void dirty(long iova, long length) {
      long first = Long.divideUnsigned(iova - base, page);
      long last = Long.divideUnsigned(iova + length - 1 - base, page);
      byte[] one = new byte[1];
      for (long bit = first; bit <= last; bit++) {
        long at = address + (bit >>> 3);
        if (process.read(at, one)) {
          one[0] |= (byte) (1 << (bit & 7));
          process.write(at, one);
        }
      }
    }
  }
}
