package org.iommulab.linux.mock;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.iommulab.linux.iommu.IommuDomain.Invalidated;
import org.iommulab.linux.iommu.IommuDomain.UserEntries;
import org.iommulab.linux.uapi.Errno;
import org.iommulab.linux.uapi.Status;
import org.jspecify.annotations.Nullable;

/**
 * How both kinds of the mock's invalidation entries are gone through: flags first, the slot last,
 * whatever says where the slot is between them. Stops at the first bad entry. Source: selftest.c,
 * mock_domain_cache_invalidate_user() and mock_viommu_cache_invalidate().
 */
final class MockInvalidation {

  /** Every slot, in place of one. */
  static final int ALL = -1;

  private static final int TYPE = 0xDEADBEEF;
  private static final int FLAG_ALL = 1;

  private MockInvalidation() {}

  /** Drops what one entry names; a status that failed refuses the entry. */
  interface Drop {
    /**
     * Drops one slot or {@link #ALL}.
     *
     * @param entry the entry, for fields of its kind
     * @param index which one it is
     */
    Status drop(ByteBuffer entry, int index, int slot);
  }

  /**
   * Carries out all entries.
   *
   * @param entryBytes bytes of an entry of this kind; the slot is its last field
   * @param slots how many there are
   */
  static Invalidated run(UserEntries entries, int entryBytes, int slots, Drop drop) {
    if (entries.type() != TYPE) {
      return new Invalidated(Status.fail(Errno.EINVAL, "unknown type of entries"), 0);
    }
    for (int i = 0; i < entries.count(); i++) {
      Status status = one(entries, i, entryBytes, slots, drop);
      if (status.failed()) {
        return new Invalidated(status, i);
      }
    }
    return new Invalidated(Status.OK, entries.count());
  }

  private static Status one(UserEntries entries, int index, int entryBytes, int slots, Drop drop) {
    if (entries.entryLength() != entryBytes) {
      return Status.fail(Errno.EINVAL, "an entry has " + entryBytes + " bytes");
    }
    byte @Nullable [] bytes = entries.read(index);
    if (bytes == null) {
      return Status.fail(Errno.EFAULT, "entry " + index + " cannot be read");
    }
    ByteBuffer entry = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    int flags = entry.getInt(0);
    int slot = entry.getInt(entryBytes - Integer.BYTES);
    if ((flags & ~FLAG_ALL) != 0) {
      return Status.fail(Errno.EOPNOTSUPP, "unknown flags in entry " + index);
    }
    if (slot < 0 || slot >= slots) {
      return Status.fail(Errno.EINVAL, "there is no slot " + slot);
    }
    return drop.drop(entry, index, (flags & FLAG_ALL) != 0 ? ALL : slot);
  }
}
