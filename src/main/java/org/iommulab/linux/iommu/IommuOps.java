package org.iommulab.linux.iommu;

import java.util.List;
import org.iommulab.bus.Pasid;
import org.iommulab.linux.mm.AddressSpace;
import org.iommulab.linux.uapi.Errno;
import org.iommulab.linux.uapi.Status;
import org.iommulab.linux.uapi.UapiFlags;
import org.jspecify.annotations.Nullable;

/** What an IOMMU driver offers the core ({@code struct iommu_ops}). */
public interface IommuOps {

  /** Flag for {@link #allocPaging}: parent of nested domains. */
  int NEST_PARENT = UapiFlags.HWPT_ALLOC_NEST_PARENT;

  /** Flag for {@link #allocPaging}: dirty tracking is wanted. */
  int DIRTY_TRACKING = UapiFlags.HWPT_ALLOC_DIRTY_TRACKING;

  /** Flag for {@link #allocPaging}: usable with PASIDs. */
  int PASID = UapiFlags.HWPT_ALLOC_PASID;

  /** Things a device behind this driver can or cannot do. */
  enum Capability {
    CACHE_COHERENCY,
    ENFORCE_CACHE_COHERENCY,
    DEFERRED_FLUSH,
    DIRTY_TRACKING
  }

  /** A new domain, or why there is none. */
  record Allocated<D extends IommuDomain>(@Nullable D domain, Status status) {}

  /** What GET_HW_INFO copies to the user: type, bytes. */
  record HardwareInfo(int type, byte[] data) {}

  /** The driver's name. */
  String name();

  /** Tells whether a device has a capability. */
  boolean capable(IommuDevice device, Capability capability);

  /** Makes a paging domain that fits a device. */
  Allocated<PagingDomain> allocPaging(IommuDevice device, DomainType type, int flags);

  /** As {@link #allocPaging(IommuDevice, DomainType, int)}, with data of the user. */
  default Allocated<PagingDomain> allocPaging(
      IommuDevice device, DomainType type, int flags, UserData data) {
    return new Allocated<>(
        null, Status.fail(Errno.EOPNOTSUPP, "the driver takes no data for a paging domain"));
  }

  /** A user's data that comes with an allocation. */
  interface UserData {
    /** Number of its type. */
    int type();

    /** Its length in bytes. */
    int length();

    /** The first {@code size} bytes, or null if they cannot be read. */
    byte @Nullable [] read(int size);

    /** Writes over its beginning; false if it cannot be written. */
    boolean write(byte[] bytes);
  }

  /** Makes a domain that translates through a parent. */
  default Allocated<IommuDomain> allocNested(
      IommuDevice device, IommuDomain parent, int flags, UserData data) {
    return new Allocated<>(null, Status.fail(Errno.EOPNOTSUPP, "the unit cannot nest"));
  }

  /** Makes a domain that shares the page tables of a process. */
  default Allocated<IommuDomain> allocSva(IommuDevice device, AddressSpace space) {
    return new Allocated<>(null, Status.fail(Errno.EOPNOTSUPP, "the driver shares no page tables"));
  }

  /** Tells whether the driver has virtual IOMMUs of that type for a device. */
  default boolean hasViommu(IommuDevice device, int type) {
    return false;
  }

  /**
   * Makes the driver's part of a virtual IOMMU; only asked for if {@link #hasViommu}.
   *
   * @param parent the nest parent that its nested domains translate through
   */
  default ViommuOps.Made allocViommu(
      IommuDevice device, int type, IommuDomain parent, UserData data, ViommuCore core) {
    return ViommuOps.Made.fail(Errno.EOPNOTSUPP, "the device's driver has no vIOMMU of that type");
  }

  /** Attaches a device to a domain of this driver, in place of whatever it had. */
  Status attach(IommuDevice device, IommuDomain domain);

  /** Lets a device's DMA through untranslated. */
  Status attachIdentity(IommuDevice device);

  /** Blocks a device's DMA. */
  void attachBlocked(IommuDevice device);

  /** Attaches one PASID of a device to a domain. */
  Status attachPasid(IommuDevice device, Pasid pasid, IommuDomain domain);

  /** Blocks one PASID of a device. */
  void removePasid(IommuDevice device, Pasid pasid);

  /** PASIDs that are not attached themselves belong to the nested domain of the device. */
  default boolean userPasidTable() {
    return false;
  }

  /** Sends the answer to a page request, or to the group that it ended, to the device. */
  default void pageResponse(IommuDevice device, FaultPageRequest request, PageResponse code) {}

  /** How many PASIDs a device can use; 0 if none. */
  default int maxPasids(IommuDevice device) {
    int bits = device.pci().maxPasidBits();
    return bits == 0 ? 0 : 1 << bits;
  }

  /**
   * Tells whether a device may get a domain of user space, as far as the driver has a say; up to
   * Linux 6.5 it refused those with firmware memory itself.
   */
  default Status mayBeAssigned(IommuDevice device) {
    return Status.OK;
  }

  /** Interrupts of a device cannot reach processors without a table that the kernel owns. */
  default boolean isolatedInterrupts(IommuDevice device) {
    return true;
  }

  /** Address ranges that a device's mappings must leave out. */
  List<ReservedRegion> reservedRegions(IommuDevice device);

  /** Default domain type this device must have, or null if the driver does not care. */
  @Nullable DomainType requiredType(IommuDevice device);

  /** What userspace may know about the unit behind a device. */
  HardwareInfo hardwareInfo(IommuDevice device);
}
