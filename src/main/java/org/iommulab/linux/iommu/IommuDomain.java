package org.iommulab.linux.iommu;

import org.iommulab.linux.uapi.Errno;
import org.iommulab.linux.uapi.Status;
import org.jspecify.annotations.Nullable;

/**
 * An address space for devices ({@code struct iommu_domain}) with the operations its driver gave
 * it.
 */
public abstract class IommuDomain {

  private final int id;
  private DomainType type;
  private String owner;
  private @Nullable IopfHandler iopfHandler;
  private boolean freed;

  /**
   * @param id running number
   * @param type what it is for
   * @param owner who made it, for people
   */
  protected IommuDomain(int id, DomainType type, String owner) {
    this.id = id;
    this.type = type;
    this.owner = owner;
  }

  /** Running number. */
  public final int id() {
    return id;
  }

  /** What it is for. */
  public final DomainType type() {
    return type;
  }

  /** A strict domain of the DMA API becomes lazy while devices use it. */
  final void becomeLazy() {
    type = DomainType.DMA_FQ;
  }

  /** Who made it, for people. */
  public final String owner() {
    return owner;
  }

  /** Names who made it. */
  public final void setOwner(String text) {
    owner = text;
  }

  /** Who takes page requests of devices attached to it; null if they are refused. */
  public final @Nullable IopfHandler iopfHandler() {
    return iopfHandler;
  }

  /** Names who takes page requests; must be set before a device is attached. */
  public final void setIopfHandler(@Nullable IopfHandler handler) {
    iopfHandler = handler;
  }

  /** The driver that made it; only devices of that driver can be attached. */
  public abstract IommuOps driver();

  /** Page sizes as a bitmap. */
  public abstract long pageSizes();

  /** Lowest address. */
  public abstract long apertureStart();

  /** Highest address. */
  public abstract long apertureEnd();

  /** The table is written by {@code generic_pt}: whole ranges at once. */
  public boolean ranged() {
    return false;
  }

  /** Maps {@code count} pages of one size; {@code progress} says how much was done. */
  public abstract Status mapPages(
      long iova, long paddr, long pgsize, long count, int prot, MapProgress progress);

  /** Maps a whole range, choosing page sizes itself; only if {@link #ranged()}. */
  public Status mapRange(long iova, long paddr, long length, int prot, MapProgress progress) {
    return mapPages(iova, paddr, length, 1, prot, progress);
  }

  /** Unmaps; returns the bytes unmapped, which may be more or less than asked. */
  public abstract long unmapPages(long iova, long pgsize, long count, IotlbGather gather);

  /** Makes new mappings visible to hardware. */
  public Status iotlbSyncMap(long iova, long size) {
    return Status.OK;
  }

  /** Tells whether {@link #iotlbSyncMap} has anything to do. */
  public boolean needsSyncMap() {
    return true;
  }

  /** Makes the hardware forget what the gather holds, then frees its tables. */
  public abstract void iotlbSync(IotlbGather gather);

  /** Makes the hardware forget the whole domain. */
  public abstract void flushIotlbAll();

  /** Physical address behind an IOVA, -1 if unmapped. */
  public abstract long iovaToPhys(long iova);

  /** Forces all DMA to snoop caches; false if a unit cannot. */
  public boolean enforceCacheCoherency() {
    return false;
  }

  /** Tells whether the domain can track which pages devices write. */
  public boolean dirtyTracking() {
    return false;
  }

  /** Switches dirty tracking on or off. */
  public Status setDirtyTracking(boolean on) {
    return Status.fail(Errno.EOPNOTSUPP, "the domain cannot track dirty pages");
  }

  /** Told of each dirty piece of memory. */
  @FunctionalInterface
  public interface DirtySink {
    /** {@code length} bytes from {@code iova} on were written. */
    void dirty(long iova, long length);
  }

  /**
   * Reports the dirty pages of a range.
   *
   * @param clear makes them clean again
   */
  public void readDirty(long iova, long length, boolean clear, DirtySink sink) {}

  /** Entries of a user's invalidation request. */
  public interface UserEntries {
    /** Number of the entries' type. */
    int type();

    /** Bytes of one entry. */
    int entryLength();

    /** How many. */
    int count();

    /** One entry, or null if it cannot be read. */
    byte @Nullable [] read(int index);
  }

  /** How an invalidation ended and how many entries were done. */
  public record Invalidated(Status status, int done) {}

  /** Invalidates caches of a nested domain as its user asks. */
  public Invalidated invalidateUser(UserEntries entries) {
    return new Invalidated(Status.fail(Errno.EINVAL, "the domain is not nested"), 0);
  }

  /** Frees the domain's tables. */
  protected abstract void release();

  /** Frees the domain. */
  public final void free() {
    if (freed) {
      throw new IllegalStateException("domain " + id + " was freed twice");
    }
    freed = true;
    release();
  }
}
