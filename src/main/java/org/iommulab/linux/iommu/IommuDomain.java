package org.iommulab.linux.iommu;

import org.iommulab.linux.uapi.Errno;
import org.iommulab.linux.uapi.Status;
import org.jspecify.annotations.Nullable;

/**
 * An address space for devices ({@code struct iommu_domain}): one whose table the kernel writes,
 * see {@link PagingDomain}, a process' own, or one nested on another whose table a user writes.
 */
public interface IommuDomain {

  /** Running number. */
  int id();

  /** What it is for. */
  DomainType type();

  /** A strict domain of the DMA API becomes lazy while devices use it. */
  void becomeLazy();

  /** Who made it, for people. */
  String owner();

  /** Names who made it. */
  void setOwner(String text);

  /** Who takes page requests of devices attached to it; null if they are refused. */
  @Nullable IopfHandler iopfHandler();

  /** Names who takes page requests; must be set before a device is attached. */
  void setIopfHandler(@Nullable IopfHandler handler);

  /** The driver that made it; only devices of that driver can be attached. */
  IommuOps driver();

  /** Entries of a user's invalidation request. */
  interface UserEntries {
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
  record Invalidated(Status status, int done) {}

  /** Invalidates caches of a nested domain as its user asks. */
  default Invalidated invalidateUser(UserEntries entries) {
    return new Invalidated(Status.fail(Errno.EINVAL, "the domain is not nested"), 0);
  }

  /** Frees the domain; once. */
  void free();
}
