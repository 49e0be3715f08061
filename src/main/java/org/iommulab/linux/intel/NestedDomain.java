package org.iommulab.linux.intel;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.iommulab.bus.Pasid;
import org.iommulab.linux.intel.table.StageOne;
import org.iommulab.linux.iommu.DomainType;
import org.iommulab.linux.iommu.IommuOps;
import org.iommulab.linux.uapi.Errno;
import org.iommulab.linux.uapi.Status;
import org.iommulab.memory.Page;

/**
 * A domain whose first-stage table the user writes, in memory that the parent's second stage
 * translates (intel/nested.c).
 */
public final class NestedDomain extends IntelDomain {

  /** Number of the invalidation entries' type: {@code IOMMU_HWPT_INVALIDATE_DATA_VTD_S1}. */
  private static final int ENTRY_TYPE = 0;

  private static final int ENTRY_BYTES = 24;
  private static final int LEAF = 1;
  private static final long EVERYTHING = -1;

  private final PasidEntries entries;
  private final DmarDomain parent;
  private final StageOne user;

  NestedDomain(PasidEntries entries, IommuOps driver, int id, DmarDomain parent, StageOne user) {
    super(parent.parts(), driver, id, DomainType.NESTED, "nested on domain " + parent.id(), true);
    this.entries = entries;
    this.parent = parent;
    this.user = user;
    parent.nested().add(this);
  }

  /** The domain whose second stage translates the user's table and its output. */
  public DmarDomain parent() {
    return parent;
  }

  /** The table can do without a compatible parent no more than a device can. */
  @Override
  Status compatible(IntelUnit unit) {
    return parent.compatible(unit);
  }

  @Override
  Status program(DeviceInfo info, Pasid pasid, boolean replacing) {
    return entries.nested(
        info, pasid, user, parent.secondLevel(id(info.unit())), parent.snoop(), replacing);
  }

  @Override
  void assignTags(DeviceInfo info, Pasid pasid) {
    super.assignTags(info, pasid);
    parent.tags().assign(info, id(info.unit()), pasid, true);
  }

  @Override
  void unassignTags(DeviceInfo info, Pasid pasid) {
    super.unassignTags(info, pasid);
    parent.tags().unassign(info, id(info.unit()), pasid, true);
  }

  /** Guest-physical address of the user's top table. */
  @Override
  public long root() {
    return user.table();
  }

  @Override
  public int levels() {
    return user.addressWidth() == StageOne.FIVE_LEVELS ? 5 : 4;
  }

  @Override
  public int addressBits() {
    return user.addressWidth();
  }

  /** {@code intel_nested_cache_invalidate_user()}: stops at the first bad entry. */
  @Override
  public Invalidated invalidateUser(UserEntries array) {
    var trace = parts().trace();
    if (trace.isOn()) {
      trace.enter("intel_nested_cache_invalidate_user").number("entry_num", array.count());
    }
    Status status = Status.OK;
    int done = 0;
    if (array.type() != ENTRY_TYPE) {
      status = Status.fail(Errno.EINVAL, "unknown type of entries");
    }
    while (!status.failed() && done < array.count()) {
      status = invalidate(array, done);
      done += status.failed() ? 0 : 1;
    }
    return new Invalidated(parts().leave(status), done);
  }

  private Status invalidate(UserEntries array, int index) {
    if (array.entryLength() != ENTRY_BYTES) {
      return Status.fail(Errno.EINVAL, "an entry has " + ENTRY_BYTES + " bytes");
    }
    byte[] bytes = array.read(index);
    if (bytes == null) {
      return Status.fail(Errno.EFAULT, "entry " + index + " cannot be read");
    }
    ByteBuffer entry = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    long address = entry.getLong(0);
    long pages = entry.getLong(8);
    int flags = entry.getInt(16);
    if ((flags & ~LEAF) != 0 || entry.getInt(20) != 0) {
      return Status.fail(Errno.EOPNOTSUPP, "unknown flags or a reserved field in entry " + index);
    }
    if (!Page.isWhole(address) || (pages == EVERYTHING && address != 0)) {
      return Status.fail(Errno.EINVAL, "the range of entry " + index + " is misaligned");
    }
    boolean all = pages >>> 52 != 0;
    tags()
        .flushRange(
            all ? 0 : address, all ? -1 : address + Page.address(pages) - 1, (flags & LEAF) != 0);
    return Status.OK;
  }

  @Override
  public long pageSizes() {
    return parent.pageSizes();
  }

  @Override
  protected void release() {
    parent.nested().remove(this);
  }
}
