package org.iommulab.linux.vfio;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.iommulab.linux.boot.Era;
import org.iommulab.linux.boot.KernelParts;
import org.iommulab.linux.iommu.IommuSubsystem;
import org.iommulab.linux.process.Process;
import org.iommulab.linux.uapi.Errno;
import org.iommulab.linux.uapi.Status;
import org.iommulab.memory.Page;
import org.iommulab.trace.CallTrace;
import org.jspecify.annotations.Nullable;

/** The mappings and domains of a container ({@code struct vfio_iommu}, vfio_iommu_type1.c). */
final class Type1Iommu {

  private final KernelParts parts;
  private final CallTrace trace;
  private final Type1Mapper mapper;
  private final boolean version2;
  private final DmaTree mappings = new DmaTree();
  private final Type1Domains domains;
  private long available;
  private boolean tracking;

  Type1Iommu(KernelParts parts, IommuSubsystem iommu, boolean version2, Type1Limits limits) {
    this.parts = parts;
    this.trace = parts.trace();
    this.mapper = new Type1Mapper(parts, iommu.api());
    this.version2 = version2;
    this.available = limits.dmaEntryLimit();
    this.domains = new Type1Domains(parts, iommu, mapper, mappings, limits, this::removeAll);
  }

  /** Its domains, and the groups that join and leave. */
  Type1Domains domains() {
    return domains;
  }

  /** Mappings that may still be made. */
  long available() {
    return available;
  }

  boolean tracking() {
    return tracking;
  }

  private long pageMask() {
    return Long.lowestOneBit(domains.pageSizes()) - 1;
  }

  // ---- map --------------------------------------------------------------------------------------

  private void removeAll() {
    for (VfioDma dma : mappings.snapshot()) {
      remove(dma);
    }
  }

  private void remove(VfioDma dma) {
    mapper.unmapUnpin(dma, domains.list());
    mappings.remove(dma);
    available++;
  }

  /**
   * {@code vfio_dma_do_map()}.
   *
   * @param setsAddress the VADDR flag: gives a suspended mapping its user address back
   */
  Status map(Process process, long iova, long vaddr, long size, int prot, boolean setsAddress) {
    if (trace.isOn()) {
      trace
          .enter("vfio_dma_do_map")
          .hex("iova", iova)
          .hex("vaddr", vaddr)
          .hex("size", size)
          .hex("prot", prot);
    }
    return parts.leave(tryMap(process, iova, vaddr, size, prot, setsAddress));
  }

  private Status tryMap(
      Process process, long iova, long vaddr, long size, int prot, boolean setsAddress) {
    if ((prot != 0) == setsAddress) {
      return Status.fail(Errno.EINVAL, "READ and WRITE go without VADDR, VADDR without them");
    }
    if (size == 0 || ((size | iova | vaddr) & pageMask()) != 0) {
      return Status.fail(Errno.EINVAL, "size is 0, or something is not aligned to a page");
    }
    if (wraps(iova, size) || wraps(vaddr, size)) {
      return wrapped("iova or vaddr wraps");
    }
    VfioDma present = null;
    for (VfioDma dma : mappings.in(iova, iova + size - 1)) {
      present = dma;
      break;
    }
    if (setsAddress) {
      return giveAddress(present, iova, vaddr, size);
    }
    if (present != null) {
      return Status.fail(
          Errno.EEXIST,
          String.format(Locale.ROOT, "0x%x to 0x%x is mapped", present.iova(), present.end() - 1));
    }
    if (available == 0) {
      return Status.fail(Errno.ENOSPC, "dma_entry_limit is reached");
    }
    if (!IovaList.holds(domains.valid(), iova, iova + size - 1)) {
      return Status.fail(Errno.EINVAL, "the range is not in the container's valid IOVA ranges");
    }
    var dma = new VfioDma(process, iova, vaddr, prot);
    mappings.add(dma);
    available--;
    Status status = mapper.pinMap(dma, size, domains.list());
    if (status.failed()) {
      remove(dma);
    } else if (tracking) {
      dma.setDirty(new DirtyBits(Page.number(size)));
    }
    return status;
  }

  private static Status giveAddress(@Nullable VfioDma present, long iova, long vaddr, long size) {
    if (present == null) {
      return Status.fail(Errno.ENOENT, "nothing is mapped there");
    }
    boolean fits = present.userAddressInvalid() && present.iova() == iova && present.size() == size;
    if (!fits) {
      return Status.fail(Errno.EINVAL, "no mapping of that range has lost its user address");
    }
    present.setUserAddress(vaddr);
    return Status.OK;
  }

  private Status wrapped(String cause) {
    return Status.fail(parts.era().atLeast(Era.V7_1) ? Errno.EOVERFLOW : Errno.EINVAL, cause);
  }

  private static boolean wraps(long start, long size) {
    return Long.compareUnsigned(start + size - 1, start) < 0;
  }

  // ---- unmap ------------------------------------------------------------------------------------

  /**
   * What an unmap asks for.
   *
   * @param all the whole space, iova and size must be 0
   * @param suspend only the user addresses are taken away
   * @param bitmap where dirty bits go, or null
   */
  record Unmap(long iova, long size, boolean all, boolean suspend, @Nullable DirtyRequest bitmap) {}

  /** Where dirty bits go, and how many bytes one of them stands for. */
  record DirtyRequest(long address, long page) {}

  /** How an unmap ended, and bytes unmapped. */
  record Unmapped(Status status, long bytes) {}

  /** {@code vfio_dma_do_unmap()}. */
  Unmapped unmap(Process process, Unmap wanted) {
    if (trace.isOn()) {
      trace.enter("vfio_dma_do_unmap").hex("iova", wanted.iova()).hex("size", wanted.size());
    }
    Unmapped result = tryUnmap(process, wanted);
    parts.leave(result.status());
    return result;
  }

  private Unmapped tryUnmap(Process process, Unmap wanted) {
    Status allowed = mayUnmap(wanted);
    if (allowed.failed()) {
      return new Unmapped(allowed, 0);
    }
    long last = wanted.all() ? -1L : wanted.iova() + wanted.size() - 1;
    return wanted.suspend()
        ? suspend(wanted.iova(), last)
        : remove(process, wanted.iova(), last, wanted.bitmap());
  }

  private Status mayUnmap(Unmap wanted) {
    long iova = wanted.iova();
    long size = wanted.size();
    boolean all = wanted.all();
    DirtyRequest bitmap = wanted.bitmap();
    long mask = pageMask();
    if ((iova & mask) != 0) {
      return Status.fail(Errno.EINVAL, "iova is not aligned to a page");
    }
    if (all && (iova != 0 || size != 0)) {
      return Status.fail(Errno.EINVAL, "ALL goes with iova 0 and size 0 only");
    }
    if (!all && (size == 0 || (size & mask) != 0)) {
      return Status.fail(Errno.EINVAL, "size is 0 or not aligned");
    }
    if (!all && wraps(iova, size)) {
      return wrapped("the range wraps");
    }
    if (bitmap != null && (!tracking || bitmap.page() != mask + 1)) {
      return Status.fail(Errno.EINVAL, "dirty tracking is off, or has another page size");
    }
    if (version2 && !all && mappings.cuts(iova, iova + size - 1)) {
      return Status.fail(Errno.EINVAL, "the range would cut a mapping");
    }
    return Status.OK;
  }

  private Unmapped remove(Process process, long iova, long last, @Nullable DirtyRequest bitmap) {
    long unmapped = 0;
    for (VfioDma dma : List.copyOf(mappings.in(iova, last))) {
      if (!version2 && Long.compareUnsigned(iova, dma.iova()) > 0) {
        break;
      }
      DirtyBits dirty = dma.dirty();
      if (bitmap != null
          && dirty != null
          && !dirty.copyTo(process, bitmap.address(), dma.iova() - iova >>> 12)) {
        return new Unmapped(Status.fail(Errno.EFAULT, "the bitmap cannot be written"), unmapped);
      }
      unmapped += dma.size();
      remove(dma);
    }
    return new Unmapped(Status.OK, unmapped);
  }

  /** Takes user addresses away; one that has none already gives those before it theirs back. */
  private Unmapped suspend(long iova, long last) {
    long unmapped = 0;
    var done = new ArrayList<VfioDma>();
    for (VfioDma dma : List.copyOf(mappings.in(iova, last))) {
      if (!version2 && Long.compareUnsigned(iova, dma.iova()) > 0) {
        break;
      }
      if (dma.userAddressInvalid()) {
        done.forEach(VfioDma::resumeUserAddress);
        return new Unmapped(Status.fail(Errno.EINVAL, "a mapping has no user address already"), 0);
      }
      dma.suspendUserAddress();
      done.add(dma);
      unmapped += dma.size();
    }
    return new Unmapped(Status.OK, unmapped);
  }

  // ---- dirty pages ------------------------------------------------------------------------------

  /** Starts tracking; nothing happens if it is on. */
  void startTracking() {
    if (!tracking) {
      tracking = true;
      mappings.all().forEach(dma -> dma.setDirty(new DirtyBits(Page.number(dma.size()))));
    }
  }

  /** Stops tracking; nothing happens if it is off. */
  void stopTracking() {
    tracking = false;
    mappings.all().forEach(dma -> dma.setDirty(null));
  }

  /** {@code vfio_iova_dirty_bitmap()} with the checks before it. */
  Status dirtyBitmap(
      Process process, long iova, long size, long page, long bitmapBytes, long bitmap) {
    if (!tracking) {
      return Status.fail(Errno.EINVAL, "dirty tracking is off");
    }
    if (size == 0) {
      return Status.fail(Errno.EINVAL, "size is 0");
    }
    if (wraps(iova, size)) {
      return wrapped("the range wraps");
    }
    long smallest = pageMask() + 1;
    boolean aligned = page == smallest && ((iova | size) & smallest - 1) == 0;
    if (!aligned) {
      return Status.fail(Errno.EINVAL, "the range or page size is not the container's");
    }
    long needed = (size / smallest + 63 >>> 6) * 8;
    if (bitmapBytes < needed) {
      return Status.fail(Errno.EINVAL, "the bitmap has less than " + needed + " bytes");
    }
    if (mappings.cuts(iova, iova + size - 1)) {
      return Status.fail(Errno.EINVAL, "the range would cut a mapping");
    }
    for (VfioDma dma : mappings.in(iova, iova + size - 1)) {
      DirtyBits dirty = dma.dirty();
      if (dirty != null) {
        if (!dirty.copyTo(process, bitmap, dma.iova() - iova >>> 12)) {
          return Status.fail(Errno.EFAULT, "the bitmap cannot be written");
        }
        dirty.clear();
      }
    }
    return Status.OK;
  }
}
