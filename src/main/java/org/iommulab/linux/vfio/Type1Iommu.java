package org.iommulab.linux.vfio;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.iommulab.linux.boot.Era;
import org.iommulab.linux.boot.KernelParts;
import org.iommulab.linux.iommu.DomainType;
import org.iommulab.linux.iommu.IommuDevice;
import org.iommulab.linux.iommu.IommuDomain;
import org.iommulab.linux.iommu.IommuOps;
import org.iommulab.linux.iommu.IommuSubsystem;
import org.iommulab.linux.iommu.Protection;
import org.iommulab.linux.process.Process;
import org.iommulab.linux.uapi.Errno;
import org.iommulab.linux.uapi.Status;
import org.iommulab.trace.CallTrace;
import org.jspecify.annotations.Nullable;

/** The mappings and domains of a container ({@code struct vfio_iommu}, vfio_iommu_type1.c). */
final class Type1Iommu {

  private final KernelParts parts;
  private final CallTrace trace;
  private final IommuSubsystem iommu;
  private final Type1Mapper mapper;
  private final boolean version2;
  private final TreeMap<Long, VfioDma> mappings = new TreeMap<>(Long::compareUnsigned);
  private final List<Type1Domain> domains = new ArrayList<>();
  private List<IovaList.Range> valid = List.of();
  private long available;
  private boolean tracking;
  private long unmapped;

  Type1Iommu(KernelParts parts, IommuSubsystem iommu, boolean version2, long entryLimit) {
    this.parts = parts;
    this.trace = parts.trace();
    this.iommu = iommu;
    this.mapper = new Type1Mapper(parts, iommu.api());
    this.version2 = version2;
    this.available = entryLimit;
  }

  List<Type1Domain> domains() {
    return domains;
  }

  List<IovaList.Range> valid() {
    return valid;
  }

  /** Mappings that may still be made. */
  long available() {
    return available;
  }

  boolean tracking() {
    return tracking;
  }

  /** Bytes the last unmap took out. */
  long unmapped() {
    return unmapped;
  }

  boolean coherent() {
    return domains.stream().allMatch(Type1Domain::coherent);
  }

  /** Page sizes every domain has; those below a page count as a page. */
  long pageSizes() {
    long sizes = -1L;
    for (Type1Domain entry : domains) {
      sizes &= entry.domain().pageSizes();
    }
    return (sizes & 4095) != 0 ? sizes & -4096L | 4096 : sizes;
  }

  private long pageMask() {
    return Long.lowestOneBit(pageSizes()) - 1;
  }

  // ---- groups -----------------------------------------------------------------------------------

  /** {@code vfio_iommu_type1_attach_group()}: into a domain that fits, or a new one. */
  Status attachGroup(VfioGroup group) {
    if (trace.isOn()) {
      trace.enter("vfio_iommu_type1_attach_group").number("group", group.group().id());
    }
    return parts.leave(tryAttach(group));
  }

  private Status tryAttach(VfioGroup group) {
    IommuDevice first = group.group().devices().getFirst();
    IommuOps.Allocated allocated = iommu.alloc(first, DomainType.UNMANAGED, 0, "vfio container");
    IommuDomain fresh = allocated.domain();
    if (fresh == null) {
      return allocated.status();
    }
    boolean coherent =
        first.ops().capable(first, IommuOps.Capability.ENFORCE_CACHE_COHERENCY)
            && fresh.enforceCacheCoherency();
    Status status = group.group().attach(fresh);
    if (status.failed()) {
      iommu.free(fresh);
      return status;
    }
    var entry = new Type1Domain(fresh, coherent);
    entry.groups().add(group);
    domains.add(entry);
    List<IovaList.Range> ranges = IovaList.of(domains);
    for (VfioDma dma : mappings.values()) {
      if (!IovaList.holds(ranges, dma.iova(), dma.end() - 1)) {
        domains.remove(entry);
        leave(group, fresh);
        return Status.fail(
            Errno.EINVAL, "the group cannot map 0x%x as it is mapped".formatted(dma.iova()));
      }
    }
    Type1Domain shared = sharedDomain(entry);
    if (shared != null) {
      domains.remove(entry);
      group.group().detach();
      status = group.group().attach(shared.domain());
      if (!status.failed()) {
        iommu.free(fresh);
        shared.groups().add(group);
        valid = ranges;
        return Status.OK;
      }
      domains.add(entry);
      group.group().attach(fresh);
    }
    status = replay(entry);
    if (status.failed()) {
      domains.remove(entry);
      leave(group, fresh);
      return status;
    }
    valid = ranges;
    return Status.OK;
  }

  private void leave(VfioGroup group, IommuDomain domain) {
    group.group().detach();
    iommu.free(domain);
  }

  private @Nullable Type1Domain sharedDomain(Type1Domain entry) {
    for (Type1Domain other : domains) {
      boolean fits =
          other != entry
              && other.domain().driver() == entry.domain().driver()
              && other.coherent() == entry.coherent()
              && other.domain().pageSizes() == entry.domain().pageSizes();
      if (fits) {
        return other;
      }
    }
    return null;
  }

  /** {@code vfio_iommu_replay()}: a domain that comes late gets every mapping. */
  private Status replay(Type1Domain entry) {
    for (VfioDma dma : mappings.values()) {
      Status status = mapper.replay(dma, domains, entry.domain());
      if (status.failed()) {
        return status;
      }
    }
    return Status.OK;
  }

  /** {@code vfio_iommu_type1_detach_group()}: the last group of a domain takes it along. */
  void detachGroup(VfioGroup group) {
    if (trace.isOn()) {
      trace.enter("vfio_iommu_type1_detach_group").number("group", group.group().id());
    }
    for (Type1Domain entry : List.copyOf(domains)) {
      if (entry.groups().remove(group)) {
        if (entry.groups().isEmpty()) {
          if (domains.size() == 1) {
            removeAll();
          }
          domains.remove(entry);
          group.group().detach();
          iommu.free(entry.domain());
        } else {
          group.group().detach();
        }
      }
    }
    valid = IovaList.of(domains);
    if (trace.isOn()) {
      trace.leave();
    }
  }

  private void removeAll() {
    for (VfioDma dma : List.copyOf(mappings.values())) {
      remove(dma);
    }
  }

  private void remove(VfioDma dma) {
    mapper.unmapUnpin(dma, domains);
    mappings.remove(dma.iova());
    available++;
  }

  // ---- map --------------------------------------------------------------------------------------

  /** Mappings that touch a range, ascending. */
  private Collection<VfioDma> in(long start, long last) {
    Map.Entry<Long, VfioDma> before = mappings.floorEntry(start);
    boolean reaches =
        before != null && Long.compareUnsigned(before.getValue().end() - 1, start) >= 0;
    return mappings.subMap(reaches ? before.getKey() : start, true, last, true).values();
  }

  private @Nullable VfioDma at(long iova) {
    for (VfioDma dma : in(iova, iova)) {
      return dma;
    }
    return null;
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
      Errno errno = parts.era() == Era.V7_1 ? Errno.EOVERFLOW : Errno.EINVAL;
      return Status.fail(errno, "iova or vaddr wraps");
    }
    VfioDma present = null;
    for (VfioDma dma : in(iova, iova + size - 1)) {
      present = dma;
      break;
    }
    if (setsAddress) {
      return giveAddress(present, iova, vaddr, size);
    }
    if (present != null) {
      return Status.fail(
          Errno.EEXIST, "0x%x to 0x%x is mapped".formatted(present.iova(), present.end() - 1));
    }
    if (available == 0) {
      return Status.fail(Errno.ENOSPC, "dma_entry_limit is reached");
    }
    if (!IovaList.holds(valid, iova, iova + size - 1)) {
      return Status.fail(Errno.EINVAL, "the range is not in the container's valid IOVA ranges");
    }
    var dma = new VfioDma(process, iova, vaddr, prot);
    mappings.put(iova, dma);
    available--;
    Status status = mapper.pinMap(dma, size, domains);
    if (status.failed()) {
      remove(dma);
    } else if (tracking) {
      dma.setDirty(new DirtyBits(size >>> 12));
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

  private static boolean wraps(long start, long size) {
    return Long.compareUnsigned(start + size - 1, start) < 0;
  }

  // ---- unmap ------------------------------------------------------------------------------------

  /**
   * {@code vfio_dma_do_unmap()}.
   *
   * @param all the whole space, iova and size must be 0
   * @param suspend only the user addresses are taken away
   * @param bitmap where dirty bits go, 0 for nowhere
   * @param bitmapPage page size of the bitmap
   */
  Status unmap(
      Process process,
      long iova,
      long size,
      boolean all,
      boolean suspend,
      long bitmap,
      long bitmapPage,
      boolean wantsBitmap) {
    if (trace.isOn()) {
      trace.enter("vfio_dma_do_unmap").hex("iova", iova).hex("size", size);
    }
    unmapped = 0;
    return parts.leave(
        tryUnmap(process, iova, size, all, suspend, bitmap, bitmapPage, wantsBitmap));
  }

  private Status tryUnmap(
      Process process,
      long iova,
      long size,
      boolean all,
      boolean suspend,
      long bitmap,
      long bitmapPage,
      boolean wantsBitmap) {
    long mask = pageMask();
    if ((iova & mask) != 0) {
      return Status.fail(Errno.EINVAL, "iova is not aligned to a page");
    }
    if (all && (iova != 0 || size != 0)) {
      return Status.fail(Errno.EINVAL, "ALL goes with iova 0 and size 0 only");
    }
    if (!all && (size == 0 || (size & mask) != 0 || wraps(iova, size))) {
      return Status.fail(Errno.EINVAL, "size is 0, not aligned, or wraps");
    }
    if (wantsBitmap && (!tracking || bitmapPage != mask + 1)) {
      return Status.fail(Errno.EINVAL, "dirty tracking is off, or has another page size");
    }
    long last = all ? -1L : iova + size - 1;
    if (version2 && !all) {
      VfioDma first = at(iova);
      VfioDma tail = at(last);
      boolean cuts =
          (first != null && first.iova() != iova) || (tail != null && tail.end() != last + 1);
      if (cuts) {
        return Status.fail(Errno.EINVAL, "the range would cut a mapping");
      }
    }
    for (VfioDma dma : List.copyOf(in(iova, last))) {
      if (!version2 && Long.compareUnsigned(iova, dma.iova()) > 0) {
        break;
      }
      if (suspend) {
        if (dma.userAddressInvalid()) {
          return Status.fail(Errno.EINVAL, "a mapping has no user address already");
        }
        dma.suspendUserAddress();
        unmapped += dma.size();
        continue;
      }
      DirtyBits dirty = dma.dirty();
      if (wantsBitmap
          && dirty != null
          && !dirty.copyTo(process, bitmap, dma.iova() - iova >>> 12)) {
        return Status.fail(Errno.EFAULT, "the bitmap cannot be written");
      }
      unmapped += dma.size();
      remove(dma);
    }
    return Status.OK;
  }

  // ---- dirty pages ------------------------------------------------------------------------------

  /** Starts tracking; nothing happens if it is on. */
  void startTracking() {
    if (!tracking) {
      tracking = true;
      mappings.values().forEach(dma -> dma.setDirty(new DirtyBits(dma.size() >>> 12)));
    }
  }

  /** Stops tracking; nothing happens if it is off. */
  void stopTracking() {
    tracking = false;
    mappings.values().forEach(dma -> dma.setDirty(null));
  }

  /** {@code vfio_iova_dirty_bitmap()} with the checks before it. */
  Status dirtyBitmap(
      Process process, long iova, long size, long page, long bitmapBytes, long bitmap) {
    if (!tracking) {
      return Status.fail(Errno.EINVAL, "dirty tracking is off");
    }
    if (size == 0 || wraps(iova, size)) {
      return Status.fail(Errno.EINVAL, "size is 0 or wraps");
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
    VfioDma first = at(iova);
    VfioDma tail = at(iova + size - 1);
    if ((first != null && first.iova() != iova) || (tail != null && tail.end() != iova + size)) {
      return Status.fail(Errno.EINVAL, "the range would cut a mapping");
    }
    for (VfioDma dma : in(iova, iova + size - 1)) {
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

  /** Rights of VFIO's flags as the core's. */
  static int prot(long flags) {
    return ((flags & 1) != 0 ? Protection.READ : 0) | ((flags & 2) != 0 ? Protection.WRITE : 0);
  }
}
