package org.iommulab.linux.mock;

import java.nio.ByteBuffer;
import org.iommulab.linux.iommu.IommuDevice;
import org.iommulab.linux.iommu.IommuDomain;
import org.iommulab.linux.iommu.IommuOps;
import org.iommulab.linux.iommu.ViommuCore;
import org.iommulab.linux.iommu.ViommuOps;
import org.iommulab.linux.mm.FrameAllocator;
import org.iommulab.linux.mm.KernelPages;
import org.iommulab.linux.uapi.Errno;
import org.iommulab.linux.uapi.Status;
import org.iommulab.memory.AddressRange;
import org.iommulab.memory.Page;
import org.iommulab.memory.PhysicalMemory;

/** A virtual IOMMU of the mock: caches by virtual device, two hardware queues, one event. */
final class MockViommu implements ViommuOps {

  /** Type of its events, of its queues and of itself. */
  static final int EVENT_TYPE = 0xBEEFBEEF;

  static final int TYPE = 0xDEADBEEF;

  private static final int ENTRY_BYTES = 12;
  private static final int QUEUES = 2;

  private final MockIommu driver;
  private final MockDomain parent;
  private final ViommuCore core;
  private static final int SHOWN_ORDER = 1;
  private static final long SHOWN_BYTES = Page.BYTES << SHOWN_ORDER;

  private long shown = -1;
  private final boolean[] queues = new boolean[QUEUES];

  MockViommu(MockIommu driver, MockDomain parent, ViommuCore core) {
    this.driver = driver;
    this.parent = parent;
    this.core = core;
  }

  /**
   * Takes two pages that the user can map, with what he has given at their beginning.
   *
   * @param data {@code iommu_viommu_selftest}, which is told where
   */
  Status show(ByteBuffer data) {
    Status status = driver.parts().allocate("the pages of the mock's vIOMMU");
    long first = status.failed() ? -1 : KernelPages.allocate(frames(), memory(), SHOWN_ORDER);
    if (first < 0) {
      return status.failed() ? status : Status.fail(Errno.ENOMEM, "no pages for the vIOMMU");
    }
    shown = first;
    memory().write(Page.address(first), data.array(), 0, Integer.BYTES);
    data.putLong(8, core.allocMmap(AddressRange.ofSize(Page.address(first), SHOWN_BYTES)));
    data.putLong(16, SHOWN_BYTES);
    return Status.OK;
  }

  @Override
  public void destroy() {
    if (shown >= 0) {
      frames().release(shown, 1 << SHOWN_ORDER);
      shown = -1;
    }
  }

  private FrameAllocator frames() {
    return driver.parts().frames();
  }

  private PhysicalMemory memory() {
    return driver.parts().memory();
  }

  ViommuCore core() {
    return core;
  }

  @Override
  public IommuOps.Allocated<IommuDomain> allocNested(int flags, IommuOps.UserData data) {
    return driver.allocNested(parent, data, this);
  }

  @Override
  public IommuDomain.Invalidated invalidate(IommuDomain.UserEntries entries) {
    return MockInvalidation.run(
        entries,
        ENTRY_BYTES,
        MockDevice.SLOTS,
        (entry, index, slot) -> {
          IommuDevice device = core.findDevice(entry.getInt(4) & 0xFFFF_FFFFL);
          if (device == null) {
            return Status.fail(Errno.EINVAL, "no virtual device has the id of entry " + index);
          }
          driver.device(device).dropCache(slot);
          return Status.OK;
        });
  }

  @Override
  public boolean hasQueues(int type) {
    return type == TYPE;
  }

  @Override
  public QueueMade initQueue(int index, long physical, long length) {
    if (index < 0 || index >= QUEUES) {
      return QueueMade.fail(Errno.EINVAL, "the mock has " + QUEUES + " queues");
    }
    if (queues[index]) {
      return QueueMade.fail(Errno.EEXIST, "queue " + index + " runs already");
    }
    if (index > 0 && !queues[index - 1]) {
      return QueueMade.fail(Errno.EIO, "queue " + (index - 1) + " must run first");
    }
    queues[index] = true;
    return new QueueMade(Status.OK, index - 1);
  }

  @Override
  public void destroyQueue(int index) {
    queues[index] = false;
  }
}
