package org.iommulab.linux.mock;

import java.util.Arrays;
import org.iommulab.linux.iommu.DomainCore;
import org.iommulab.linux.iommu.DomainType;
import org.iommulab.linux.iommu.IommuOps;
import org.iommulab.linux.uapi.Status;
import org.jspecify.annotations.Nullable;

/** A nested domain whose "IOTLB" is four slots that invalidation sets to zero. */
public final class MockNestedDomain extends DomainCore {

  /** Slots of its IOTLB. */
  public static final int SLOTS = 4;

  private static final int ENTRY_BYTES = 8;

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
    return MockInvalidation.run(
        entries,
        ENTRY_BYTES,
        SLOTS,
        (_, _, slot) -> {
          if (slot == MockInvalidation.ALL) {
            Arrays.fill(slots, 0);
          } else {
            slots[slot] = 0;
          }
          return Status.OK;
        });
  }

  @Override
  public IommuOps driver() {
    return driver;
  }

  @Override
  protected void release() {}
}
