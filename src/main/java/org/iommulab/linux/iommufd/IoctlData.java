package org.iommulab.linux.iommufd;

import org.iommulab.linux.iommu.IommuDomain;
import org.iommulab.linux.iommu.IommuOps;
import org.iommulab.linux.process.UserStruct;
import org.jspecify.annotations.Nullable;

/** Driver-specific data behind an ioctl's {@code data_uptr}. */
final class IoctlData {

  private IoctlData() {}

  /**
   * The data that comes with an allocation; its type is in the field {@code data_type}, if there is
   * one.
   */
  record Passed(UserStruct arg, int type) implements IommuOps.UserData {

    @Override
    public int length() {
      return arg.id("data_len");
    }

    @Override
    public byte @Nullable [] read(int size) {
      byte[] bytes = new byte[size];
      return arg.process().read(arg.get("data_uptr"), bytes) ? bytes : null;
    }

    @Override
    public boolean write(byte[] bytes) {
      return arg.process().write(arg.get("data_uptr"), bytes);
    }
  }

  /** The entries of an invalidation. */
  record Entries(UserStruct arg) implements IommuDomain.UserEntries {

    @Override
    public int type() {
      return arg.id("data_type");
    }

    @Override
    public int entryLength() {
      return arg.id("entry_len");
    }

    @Override
    public int count() {
      return arg.id("entry_num");
    }

    @Override
    public byte @Nullable [] read(int index) {
      byte[] bytes = new byte[entryLength()];
      long at = arg.get("data_uptr") + (long) index * entryLength();
      return arg.process().read(at, bytes) ? bytes : null;
    }
  }
}
