package org.iommulab.linux.mock;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.iommulab.linux.iommu.DomainCore;
import org.iommulab.linux.iommu.DomainType;
import org.iommulab.linux.iommu.IommuOps;
import org.iommulab.linux.uapi.Errno;
import org.iommulab.linux.uapi.Status;
import org.jspecify.annotations.Nullable;

/** A nested domain whose "IOTLB" is four slots that invalidation sets to zero. */
public final class MockNestedDomain extends DomainCore {

  /** Slots of its IOTLB. */
  public static final int SLOTS = 4;

  private static final int INVALIDATE_TYPE = 0xDEADBEEF;
  private static final int ENTRY_BYTES = 8;
  private static final int FLAG_ALL = 1;

  private final IommuOps driver;
  private final MockDomain parent;
  private final @Nullable MockViommu viommu;
  private final int[] slots = new int[SLOTS];

  MockNestedDomain(
      IommuOps driver, int id, MockDomain parent, int fill, @Nullable MockViommu viommu) {
    super(id, DomainType.UNMANAGED, "nested on domain " + parent.id());
    this.driver = driver;
    this.parent = parent;
    this.viommu = viommu;
    Arrays.fill(slots, fill);
  }

  /** The domain whose table the kernel writes. */
  public MockDomain parent() {
    return parent;
  }

  /** The virtual IOMMU it was made on, or null. */
  @Nullable MockViommu viommu() {
    return viommu;
  }

  /** One slot of its IOTLB. */
  public int slot(int index) {
    return slots[index];
  }

  @Override
  public Invalidated invalidateUser(UserEntries entries) {
    if (entries.type() != INVALIDATE_TYPE) {
      return refuse(Errno.EINVAL, "unknown type of entries", 0);
    }
    for (int i = 0; i < entries.count(); i++) {
      if (entries.entryLength() != ENTRY_BYTES) {
        return refuse(Errno.EINVAL, "an entry has " + ENTRY_BYTES + " bytes", i);
      }
      byte[] bytes = entries.read(i);
      if (bytes == null) {
        return refuse(Errno.EFAULT, "entry " + i + " cannot be read", i);
      }
      ByteBuffer entry = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
      int flags = entry.getInt(0);
      int slot = entry.getInt(4);
      if ((flags & ~FLAG_ALL) != 0) {
        return refuse(Errno.EOPNOTSUPP, "unknown flags in entry " + i, i);
      }
      if (slot < 0 || slot >= slots.length) {
        return refuse(Errno.EINVAL, "there is no slot " + slot, i);
      }
      if ((flags & FLAG_ALL) != 0) {
        Arrays.fill(slots, 0);
      } else {
        slots[slot] = 0;
      }
    }
    return new Invalidated(Status.OK, entries.count());
  }

  private static Invalidated refuse(Errno errno, String cause, int done) {
    return new Invalidated(Status.fail(errno, cause), done);
  }

  @Override
  public IommuOps driver() {
    return driver;
  }

  @Override
  protected void release() {}
}
