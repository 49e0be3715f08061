package org.iommulab.linux.iommufd;

import java.util.Arrays;
import org.iommulab.linux.boot.Era;
import org.iommulab.linux.iommu.IommuDevice;
import org.iommulab.linux.iommu.IommuDomain;
import org.iommulab.linux.iommu.IommuOps;
import org.iommulab.linux.process.UserStruct;
import org.iommulab.linux.uapi.Errno;
import org.iommulab.linux.uapi.Status;
import org.iommulab.linux.uapi.UapiFlags;
import org.jspecify.annotations.Nullable;

/** The ioctls of hardware page tables and devices (iommufd/hw_pagetable.c, device.c). */
final class HwptIoctls {

  /** {@code IOMMU_HWPT_INVALIDATE_ENTRY_NUM_MAX}. */
  private static final long MOST_ENTRIES = 1 << 19;

  private static final long LONGEST_ENTRY = 4096;

  /** {@code IOMMU_HW_CAP_PCI_ATS_NOT_SUPPORTED}. */
  private static final long PCI_ATS_NOT_SUPPORTED = 8;

  private static final int ALL_FLAGS =
      UapiFlags.HWPT_ALLOC_NEST_PARENT
          | UapiFlags.HWPT_ALLOC_DIRTY_TRACKING
          | UapiFlags.HWPT_FAULT_ID_VALID
          | UapiFlags.HWPT_ALLOC_PASID;

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
    if (parent instanceof Viommu viommu) {
      return allocOnViommu(arg, device, viommu);
    }
    return Status.fail(Errno.EINVAL, "pt_id names nothing a HWPT can be made from");
  }

  private Status allocPaging(UserStruct arg, IommufdDevice device, Ioas ioas) {
    int flags = arg.id("flags");
    IommuDevice hardware = device.device();
    boolean tracks = hardware.ops().capable(hardware, IommuOps.Capability.DIRTY_TRACKING);
    boolean faults = (flags & UapiFlags.HWPT_FAULT_ID_VALID) != 0;
    if ((flags & ~ALL_FLAGS) != 0 || (faults && !era().virtualIommus())) {
      return Status.fail(Errno.EOPNOTSUPP, "unknown flags");
    }
    if ((flags & UapiFlags.HWPT_ALLOC_DIRTY_TRACKING) != 0 && !tracks) {
      return Status.fail(Errno.EOPNOTSUPP, "the device's IOMMU cannot track dirty pages");
    }
    if ((flags & UapiFlags.HWPT_FAULT_ID_VALID) != 0
        && (flags & UapiFlags.HWPT_ALLOC_NEST_PARENT) != 0) {
      return Status.fail(Errno.EOPNOTSUPP, "a nest parent handles no faults");
    }
    var data = arg.get("data_len") == 0 ? null : new IoctlData.Passed(arg, arg.id("data_type"));
    HwptPaging.Allocation made =
        HwptPaging.alloc(
            context, ioas, hardware, flags & ~UapiFlags.HWPT_FAULT_ID_VALID, false, data);
    HwptPaging hwpt = made.hwpt();
    if (hwpt == null) {
      return made.status();
    }
    context.add(hwpt);
    Status status = hwpt.link();
    if (status.failed()) {
      context.remove(hwpt);
      return status;
    }
    return finish(arg, hwpt);
  }

  /** The last steps of any allocation: the fault queue, and the id for the user. */
  private Status finish(UserStruct arg, HwPagetable hwpt) {
    if ((arg.id("flags") & UapiFlags.HWPT_FAULT_ID_VALID) != 0) {
      FaultQueue fault = context.find(arg.id("fault_id"), FaultQueue.class);
      if (fault == null) {
        context.remove(hwpt);
        return IommufdContext.none("fault queue", arg.id("fault_id"));
      }
      hwpt.setFault(fault);
    }
    return context.finish(arg, "out_hwpt_id", hwpt);
  }

  private Status allocNested(UserStruct arg, IommufdDevice device, HwPagetable parent) {
    Status refused = checkNested(arg);
    if (refused.failed()) {
      return refused;
    }
    if (!(parent instanceof HwptPaging paging) || paging.auto() || !paging.nestParent()) {
      return Status.fail(Errno.EINVAL, parent.name() + " was not made as a nest parent");
    }
    Status memory = context.parts().allocate("struct iommufd_hwpt_nested");
    if (memory.failed()) {
      return memory;
    }
    int flags = arg.id("flags") & ~UapiFlags.HWPT_FAULT_ID_VALID;
    var data = new IoctlData.Passed(arg, arg.id("data_type"));
    return nested(
        arg,
        paging,
        null,
        context.iommu().allocNested(device.device(), paging.domain(), flags, data));
  }

  /** {@code iommufd_viommu_alloc_hwpt_nested()}. */
  private Status allocOnViommu(UserStruct arg, IommufdDevice device, Viommu viommu) {
    if (!viommu.serves(device)) {
      return Status.fail(Errno.EINVAL, "the device is behind another IOMMU");
    }
    Status refused = checkNested(arg);
    if (!refused.failed()) {
      refused = context.parts().allocate("struct iommufd_hwpt_nested");
    }
    if (refused.failed()) {
      return refused;
    }
    var data = new IoctlData.Passed(arg, arg.id("data_type"));
    return nested(
        arg,
        viommu.parent(),
        viommu,
        context
            .iommu()
            .allocNested(viommu.ops(), arg.id("flags") & ~UapiFlags.HWPT_FAULT_ID_VALID, data));
  }

  private static Status checkNested(UserStruct arg) {
    boolean wrongFlags =
        (arg.id("flags") & ~(UapiFlags.HWPT_FAULT_ID_VALID | UapiFlags.HWPT_ALLOC_PASID)) != 0;
    return wrongFlags || arg.get("data_len") == 0
        ? Status.fail(Errno.EOPNOTSUPP, "a nested HWPT needs data and has no such flags")
        : Status.OK;
  }

  private Status nested(
      UserStruct arg, HwptPaging parent, @Nullable Viommu viommu, IommuOps.Allocated allocated) {
    IommuDomain domain = allocated.domain();
    if (domain == null) {
      return allocated.status();
    }
    var hwpt = new HwptNested(context, context.nextId(), parent, viommu, domain, arg.id("flags"));
    context.add(hwpt);
    return finish(arg, hwpt);
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
    boolean bounded = era().boundsUserQueues();
    if (bounded && Long.compareUnsigned(arg.get("entry_num"), MOST_ENTRIES) > 0) {
      return new IommuDomain.Invalidated(
          Status.fail(Errno.EINVAL, "more than " + MOST_ENTRIES + " entries"), 0);
    }
    if (bounded && some && Long.compareUnsigned(arg.get("entry_len"), LONGEST_ENTRY) > 0) {
      return new IommuDomain.Invalidated(
          Status.fail(Errno.EINVAL, "an entry is longer than a page"), 0);
    }
    IommufdObject object = context.find(arg.id("hwpt_id"));
    if (object == null) {
      return new IommuDomain.Invalidated(
          Status.fail(Errno.ENOENT, "there is no object " + arg.id("hwpt_id")), 0);
    }
    if (!(object instanceof HwptNested) && !era().virtualIommus()) {
      return new IommuDomain.Invalidated(
          Status.fail(Errno.ENOENT, object.name() + " is no nested HWPT"), 0);
    }
    var entries = new IoctlData.Entries(arg);
    if (object instanceof HwptNested nested) {
      return nested.domain().invalidateUser(entries);
    }
    return object instanceof Viommu viommu
        ? viommu.ops().invalidate(entries)
        : new IommuDomain.Invalidated(
            Status.fail(Errno.EINVAL, object.name() + " has no caches of a user"), 0);
  }

  private Era era() {
    return context.parts().era();
  }

  Status hardwareInfo(UserStruct arg) {
    int known = era().virtualIommus() ? 1 : 0;
    if ((arg.id("flags") & ~known) != 0 || arg.get("__reserved") != 0) {
      return Status.fail(Errno.EOPNOTSUPP, "unknown flags or a reserved field is not zero");
    }
    IommufdDevice device = context.find(arg.id("dev_id"), IommufdDevice.class);
    if (device == null) {
      return Status.fail(Errno.ENOENT, "there is no device " + arg.id("dev_id"));
    }
    IommuDevice hardware = device.device();
    Status memory = context.parts().allocate("the driver's information");
    if (memory.failed()) {
      return memory;
    }
    IommuOps.HardwareInfo info = hardware.ops().hardwareInfo(hardware);
    long asked = arg.get("in_data_type");
    if ((arg.id("flags") & 1) != 0 && asked != 0 && (int) asked != info.type()) {
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
    boolean ats = hardware.pci().ats() && !hardware.pci().untrusted();
    long lacks = !ats && era().atLeast(Era.V7_3) ? PCI_ATS_NOT_SUPPORTED : 0;
    arg.put("out_capabilities", (tracks ? 1 : 0) | lacks);
    return arg.copyOut();
  }
}
