package org.iommulab.linux.iommu;

import org.iommulab.linux.uapi.Errno;
import org.iommulab.linux.uapi.Status;
import org.jspecify.annotations.Nullable;

/**
 * A driver's part of a virtual IOMMU: a slice of the hardware that a virtual machine commands
 * itself ({@code struct iommufd_viommu_ops}).
 */
public interface ViommuOps {

  /** A driver's part, or why there is none. */
  record Made(@Nullable ViommuOps ops, Status status) {

    /** Failure. */
    public static Made fail(Errno errno, String cause) {
      return new Made(null, Status.fail(errno, cause));
    }
  }

  /** Makes a domain whose table the user writes. */
  IommuOps.Allocated<IommuDomain> allocNested(int flags, IommuOps.UserData data);

  /** Invalidates caches as the user asks. */
  IommuDomain.Invalidated invalidate(IommuDomain.UserEntries entries);

  /** Tells whether it can drive hardware queues of that type. */
  default boolean hasQueues(int type) {
    return false;
  }

  /**
   * How a hardware queue came up.
   *
   * @param dependsOn index of the queue that must outlive it, -1 for none
   */
  record QueueMade(Status status, int dependsOn) {

    /** Failure. */
    public static QueueMade fail(Errno errno, String cause) {
      return new QueueMade(Status.fail(errno, cause), -1);
    }
  }

  /** Starts the hardware queue of that index over physically contiguous memory. */
  default QueueMade initQueue(int index, long physical, long length) {
    return QueueMade.fail(Errno.EOPNOTSUPP, "the driver has no hardware queues");
  }

  /** Stops a hardware queue. */
  default void destroyQueue(int index) {}

  /** The virtual IOMMU goes. */
  default void destroy() {}
}
