package org.iommulab.linux.iommu;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
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

    /**
     * Takes one after the other until one fails.
     *
     * @param type the type that is understood; EINVAL for another
     * @param bytes the size of an entry of that type; EINVAL for another, once there is an entry
     * @param taker what an entry does
     */
    default Invalidated each(int type, int bytes, Taker taker) {
      if (type() != type) {
        return new Invalidated(Status.fail(Errno.EINVAL, "unknown type of entries"), 0);
      }
      Status status = Status.OK;
      int done = 0;
      while (!status.failed() && done < count()) {
        status = take(done, bytes, taker);
        done += status.failed() ? 0 : 1;
      }
      return new Invalidated(status, done);
    }

    private Status take(int index, int bytes, Taker taker) {
      if (entryLength() != bytes) {
        return Status.fail(Errno.EINVAL, "an entry has " + bytes + " bytes");
      }
      byte[] entry = read(index);
      return entry == null
          ? Status.fail(Errno.EFAULT, "entry " + index + " cannot be read")
          : taker.take(ByteBuffer.wrap(entry).order(ByteOrder.LITTLE_ENDIAN), index);
    }
  }

  /** What an entry of an invalidation request does. */
  interface Taker {
    /** Does it, or says why not and does nothing. */
    Status take(ByteBuffer entry, int index);
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
