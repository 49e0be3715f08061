package org.iommulab.linux.iommufd.pages;

import java.util.List;
import java.util.Locale;
import org.iommulab.linux.boot.KernelParts;
import org.iommulab.linux.iommu.PagingDomain;
import org.iommulab.linux.uapi.Errno;
import org.iommulab.linux.uapi.Status;
import org.iommulab.trace.CallTrace;
import org.jspecify.annotations.Nullable;

/** Takes areas away and cuts them: the unmap half of iommufd/io_pagetable.c. */
public final class AreaRemover {

  private static final int UNMAP_TRIES = 100;

  private final KernelParts parts;
  private final CallTrace trace;
  private final IoPageTable table;
  private final AreaFiller filler;

  AreaRemover(KernelParts parts, IoPageTable table, AreaFiller filler) {
    this.parts = parts;
    this.trace = parts.trace();
    this.table = table;
    this.filler = filler;
  }

  /** How an unmap ended, and the bytes it took out; also if it failed half-way. */
  public record Unmapped(Status status, long bytes) {}

  /** {@code iopt_unmap_iova()}: takes out all areas that lie wholly in a range. */
  public Unmapped unmapIova(long iova, long length) {
    if (trace.isOn()) {
      trace.enter("iopt_unmap_iova").hex("iova", iova).hex("length", length);
    }
    Unmapped result;
    if (length == 0) {
      result = new Unmapped(Status.fail(Errno.EINVAL, "length is 0"), 0);
    } else if (Unsigned.less(iova + length - 1, iova)) {
      result = new Unmapped(Status.fail(Errno.EOVERFLOW, "iova + length wraps"), 0);
    } else {
      result = unmapRange(iova, iova + length - 1);
      if (!result.status().failed() && result.bytes() == 0) {
        result = new Unmapped(Status.fail(Errno.ENOENT, "nothing is mapped in the range"), 0);
      }
    }
    parts.leave(result.status());
    return result;
  }

  /** {@code iopt_unmap_all()}: success even if there is nothing. */
  public Unmapped unmapAll() {
    if (trace.isOn()) {
      trace.enter("iopt_unmap_all");
    }
    Unmapped result = unmapRange(0, Unsigned.MAX);
    parts.leave(result.status());
    return result;
  }

  private Unmapped unmapRange(long start, long last) {
    long bytes = 0;
    IoptArea area = table.areas().first(start, last);
    while (area != null) {
      Status refused = removable(area, start, last);
      if (!refused.failed()) {
        refused = endAccesses(area);
      }
      if (refused.failed()) {
        return new Unmapped(refused, bytes);
      }
      remove(area);
      bytes += area.length();
      area = nextArea(area, last);
    }
    return new Unmapped(Status.OK, bytes);
  }

  private static Status removable(IoptArea area, long start, long last) {
    if (!area.published()) {
      return Status.fail(Errno.EBUSY, "an area is under construction");
    }
    if (area.locks() > 0) {
      return Status.fail(Errno.EBUSY, "a hardware queue uses the area");
    }
    return Unsigned.less(area.start(), start) || Unsigned.less(last, area.last())
        ? Status.fail(
            Errno.ENOENT,
            String.format(
                Locale.ROOT,
                "the area from 0x%x to 0x%x is only partly in the range",
                area.start(),
                area.last()))
        : Status.OK;
  }

  /** Kernel accesses are told to let go, and get no new pins meanwhile. */
  private Status endAccesses(IoptArea area) {
    for (int tries = 0; area.accesses() > 0; tries++) {
      if (tries == UNMAP_TRIES) {
        return Status.fail(Errno.EDEADLK, "an access does not let go");
      }
      area.setPreventAccess(true);
      for (AccessUser access : List.copyOf(table.accesses())) {
        access.unmapNotice(area.start(), area.length());
      }
      area.setPreventAccess(false);
    }
    return Status.OK;
  }

  private @Nullable IoptArea nextArea(IoptArea before, long last) {
    return before.last() == Unsigned.MAX || before.last() == last
        ? null
        : table.areas().first(before.last() + 1, last);
  }

  private void remove(IoptArea area) {
    area.setPublished(false);
    filler.unfillDomains(area, table.domains());
    table.areas().remove(area);
    area.source().put();
  }

  /** {@code iopt_cut_iova()}: splits areas at the given addresses (type 1 version 1 semantics). */
  public Status cutIova(long... cuts) {
    for (long iova : cuts) {
      IoptArea area = table.areas().first(iova, iova);
      if (area != null && area.start() != iova) {
        Status status = split(area, iova);
        if (status.failed()) {
          return status;
        }
      }
    }
    return Status.OK;
  }

  /** {@code iopt_area_split()}. */
  private Status split(IoptArea area, long iova) {
    if (trace.isOn()) {
      trace.enter("iopt_area_split").hex("area", area.start()).hex("iova", iova);
    }
    return parts.leave(trySplit(area, iova));
  }

  private Status trySplit(IoptArea area, long iova) {
    if (!area.published() || area.locks() > 0) {
      return Status.fail(Errno.EBUSY, "the area is in use");
    }
    if ((iova & table.iovaAlignment() - 1) != 0) {
      return Status.fail(Errno.EINVAL, "the cut is not aligned");
    }
    if (area.accesses() > 0) {
      return Status.fail(Errno.EINVAL, "a kernel access uses the area");
    }
    if (area.storageDomain() != null && table.largePages()) {
      return Status.fail(Errno.EINVAL, "the area may be mapped with large pages");
    }
    for (String half : List.of("lower", "upper")) {
      Status memory = parts.allocate("struct iopt_area of the " + half + " part");
      if (memory.failed()) {
        return memory;
      }
    }
    long cut = area.byteOf(iova);
    var low =
        new IoptArea(
            table, area.start(), iova - 1, area.prot(), area.source(), area.byteOf(area.start()));
    var high = new IoptArea(table, iova, area.last(), area.prot(), area.source().get(), cut);
    PagingDomain storage = area.storageDomain();
    area.setStorageDomain(null);
    table.areas().remove(area);
    for (IoptArea half : List.of(low, high)) {
      half.setStorageDomain(storage);
      half.setPublished(true);
      table.areas().put(half);
    }
    return Status.OK;
  }
}
