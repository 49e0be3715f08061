package org.iommulab.linux.iommufd;

import java.util.Arrays;
import org.iommulab.linux.iommu.IommuDevice;
import org.iommulab.linux.iommu.IommuDomain;
import org.iommulab.linux.iommu.IommuOps;
import org.iommulab.linux.process.UserStruct;
import org.iommulab.linux.uapi.Errno;
import org.iommulab.linux.uapi.Status;
import org.jspecify.annotations.Nullable;

/** The ioctls of hardware page tables and devices (iommufd/hw_pagetable.c, device.c). */
final class HwptIoctls {

  private static final int NEST_PARENT = 1;
  private static final int DIRTY_TRACKING = 2;
  private static final int FAULT_ID_VALID = 4;
  private static final int PASID = 8;
  private static final int ALL_FLAGS = NEST_PARENT | DIRTY_TRACKING | FAULT_ID_VALID | PASID;

  private final IommufdContext context;

  HwptIoctls(IommufdContext context) {
    this.context = context;
  }

  Status alloc(UserStruct arg) {
    if (arg.get("__reserved") != 0) {
      return Status.fail(Errno.EOPNOTSUPP, "a reserved field is not zero");
    }
    boolean typed = arg.get("data_type") != 0;
    boolean data = arg.get("data_len") != 0;
    if (typed != data) {
      return Status.fail(Errno.EINVAL, "data_type and data_len do not fit together");
    }
    IommufdDevice device = context.find(arg.id("dev_id"), IommufdDevice.class);
    if (device == null) {
      return Status.fail(Errno.ENOENT, "there is no device " + arg.id("dev_id"));
    }
    IommufdObject parent = context.find(arg.id("pt_id"));
    if (parent instanceof Ioas ioas) {
      return allocPaging(arg, device, ioas);
    }
    if (parent instanceof HwPagetable hwpt) {
      return allocNested(arg, device, hwpt);
    }
    return Status.fail(Errno.EINVAL, "pt_id names nothing a HWPT can be made from");
  }

  private Status allocPaging(UserStruct arg, IommufdDevice device, Ioas ioas) {
    int flags = arg.id("flags");
    IommuDevice hardware = device.device();
    boolean tracks = hardware.ops().capable(hardware, IommuOps.Capability.DIRTY_TRACKING);
    if ((flags & ~ALL_FLAGS) != 0) {
      return Status.fail(Errno.EOPNOTSUPP, "unknown flags");
    }
    if ((flags & DIRTY_TRACKING) != 0 && !tracks) {
      return Status.fail(Errno.EOPNOTSUPP, "the device's IOMMU cannot track dirty pages");
    }
    if ((flags & FAULT_ID_VALID) != 0 && (flags & NEST_PARENT) != 0) {
      return Status.fail(Errno.EOPNOTSUPP, "a nest parent handles no faults");
    }
    if (arg.get("data_len") != 0) {
      return Status.fail(Errno.EOPNOTSUPP, "the driver takes no data for a paging domain");
    }
    IommufdDevice.HwptAllocation made =
        IommufdDevice.allocPaging(context, ioas, hardware, flags & ~FAULT_ID_VALID, false);
    HwptPaging hwpt = made.hwpt();
    if (hwpt == null) {
      return made.status();
    }
    context.add(hwpt);
    Status status = IommufdDevice.link(hwpt);
    if (!status.failed() && (flags & FAULT_ID_VALID) != 0) {
      status = Status.fail(Errno.ENOENT, "there is no fault queue " + arg.id("fault_id"));
    }
    if (!status.failed()) {
      arg.put("out_hwpt_id", hwpt.id());
      status = arg.copyOut();
    }
    if (status.failed()) {
      context.remove(hwpt);
    }
    return status;
  }

  private Status allocNested(UserStruct arg, IommufdDevice device, HwPagetable parent) {
    boolean wrongFlags = (arg.id("flags") & ~(FAULT_ID_VALID | PASID)) != 0;
    if (wrongFlags || arg.get("data_len") == 0) {
      return Status.fail(Errno.EOPNOTSUPP, "a nested HWPT needs data and has no such flags");
    }
    if (!(parent instanceof HwptPaging paging) || paging.auto() || !paging.nestParent()) {
      return Status.fail(Errno.EINVAL, parent.name() + " was not made as a nest parent");
    }
    IommuOps.Allocated allocated =
        context
            .iommu()
            .allocNested(device.device(), paging.domain(), arg.id("flags"), new Data(arg));
    IommuDomain domain = allocated.domain();
    if (domain == null) {
      return allocated.status();
    }
    var hwpt = new HwptNested(context, context.nextId(), paging, domain, arg.id("flags"));
    context.add(hwpt);
    Status status = Status.OK;
    if ((arg.id("flags") & FAULT_ID_VALID) != 0) {
      status = Status.fail(Errno.ENOENT, "there is no fault queue " + arg.id("fault_id"));
    } else {
      arg.put("out_hwpt_id", hwpt.id());
      status = arg.copyOut();
    }
    if (status.failed()) {
      context.remove(hwpt);
    }
    return status;
  }

  /** The data a user passes with an allocation. */
  private record Data(UserStruct arg) implements IommuOps.UserData {

    @Override
    public int type() {
      return arg.id("data_type");
    }

    @Override
    public int length() {
      return arg.id("data_len");
    }

    @Override
    public byte @Nullable [] read(int size) {
      byte[] bytes = new byte[size];
      return arg.process().read(arg.get("data_uptr"), bytes) ? bytes : null;
    }
  }

  /** The entries of an invalidation. */
  private record Entries(UserStruct arg) implements IommuDomain.UserEntries {

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

  Status invalidate(UserStruct arg) {
    if (arg.get("__reserved") != 0) {
      return Status.fail(Errno.EOPNOTSUPP, "a reserved field is not zero");
    }
    IommuDomain.Invalidated result = invalidated(arg);
    arg.put("entry_num", result.done());
    Status written = arg.copyOut();
    return result.status().failed() ? result.status() : written;
  }

  private IommuDomain.Invalidated invalidated(UserStruct arg) {
    boolean some = arg.get("entry_num") != 0;
    if (some && (arg.get("data_uptr") == 0 || arg.get("entry_len") == 0)) {
      return new IommuDomain.Invalidated(
          Status.fail(Errno.EINVAL, "entries have an address and a length"), 0);
    }
    IommufdObject object = context.find(arg.id("hwpt_id"));
    if (object == null) {
      return new IommuDomain.Invalidated(
          Status.fail(Errno.ENOENT, "there is no object " + arg.id("hwpt_id")), 0);
    }
    if (!(object instanceof HwptNested nested)) {
      return new IommuDomain.Invalidated(
          Status.fail(Errno.EINVAL, object.name() + " is not nested"), 0);
    }
    return nested.domain().invalidateUser(new Entries(arg));
  }

  Status hardwareInfo(UserStruct arg) {
    if ((arg.id("flags") & ~1) != 0 || arg.get("__reserved") != 0) {
      return Status.fail(Errno.EOPNOTSUPP, "unknown flags or a reserved field is not zero");
    }
    IommufdDevice device = context.find(arg.id("dev_id"), IommufdDevice.class);
    if (device == null) {
      return Status.fail(Errno.ENOENT, "there is no device " + arg.id("dev_id"));
    }
    IommuDevice hardware = device.device();
    IommuOps.HardwareInfo info = hardware.ops().hardwareInfo(hardware);
    long asked = arg.get("in_data_type");
    if ((arg.id("flags") & 1) != 0 && asked != 0 && asked != info.type()) {
      return Status.fail(Errno.EOPNOTSUPP, "the driver has no data of that type");
    }
    long room = arg.get("data_len");
    byte[] copy = Arrays.copyOf(info.data(), (int) Math.min(room, 65536));
    if (room > 0 && !arg.process().write(arg.get("data_uptr"), copy)) {
      return Status.fail(Errno.EFAULT, "data_uptr cannot be written");
    }
    arg.put("data_len", info.data().length);
    arg.put("out_data_type", info.type());
    int pasids = hardware.ops().maxPasids(hardware);
    arg.put("out_max_pasid_log2", pasids == 0 ? 0 : Integer.numberOfTrailingZeros(pasids));
    boolean tracks = hardware.ops().capable(hardware, IommuOps.Capability.DIRTY_TRACKING);
    arg.put("out_capabilities", tracks ? 1 : 0);
    return arg.copyOut();
  }
}
