package org.iommulab.linux.iommu;

import org.iommulab.linux.uapi.Errno;
import org.iommulab.linux.uapi.Status;

/** A domain whose table the kernel writes ({@code __IOMMU_DOMAIN_PAGING}). */
public interface PagingDomain extends IommuDomain {

  /** Page sizes as a bitmap. */
  long pageSizes();

  /** Lowest address. */
  long apertureStart();

  /** Highest address. */
  long apertureEnd();

  /** The table is written by {@code generic_pt}: whole ranges at once. */
  default boolean ranged() {
    return false;
  }

  /** Maps {@code count} pages of one size. */
  MapResult mapPages(long iova, long paddr, long pgsize, long count, int prot);

  /** Maps a whole range, choosing page sizes itself; only if {@link #ranged()}. */
  default MapResult mapRange(long iova, long paddr, long length, int prot) {
    return mapPages(iova, paddr, length, 1, prot);
  }

  /** Unmaps; returns the bytes unmapped, which may be more or less than asked. */
  long unmapPages(long iova, long pgsize, long count, IotlbGather gather);

  /** Makes new mappings visible to hardware. */
  default Status iotlbSyncMap(long iova, long size) {
    return Status.OK;
  }

  /** Tells whether {@link #iotlbSyncMap} has anything to do. */
  default boolean needsSyncMap() {
    return true;
  }

  /** Makes the hardware forget what the gather holds, then frees its tables. */
  void iotlbSync(IotlbGather gather);

  /** Makes the hardware forget the whole domain. */
  void flushIotlbAll();

  /** Physical address behind an IOVA, -1 if unmapped. */
  long iovaToPhys(long iova);

  /** Forces all DMA to snoop caches; false if a unit cannot. */
  default boolean enforceCacheCoherency() {
    return false;
  }

  /** Tells whether the domain can track which pages devices write. */
  default boolean dirtyTracking() {
    return false;
  }

  /** Switches dirty tracking on or off. */
  default Status setDirtyTracking(boolean on) {
    return Status.fail(Errno.EOPNOTSUPP, "the domain cannot track dirty pages");
  }

  /** Told of each dirty piece of memory. */
  @FunctionalInterface
  interface DirtySink {
    /** {@code length} bytes from {@code iova} on were written. */
    void dirty(long iova, long length);
  }

  /**
   * Reports the dirty pages of a range.
   *
   * @param clear makes them clean again
   */
  default void readDirty(long iova, long length, boolean clear, DirtySink sink) {}
}
