package org.iommulab.linux.iommufd;

import java.util.Locale;
import org.iommulab.linux.iommu.IommuDevice;
import org.iommulab.linux.iommu.ViommuOps;
import org.iommulab.linux.iommufd.pages.Unsigned;
import org.iommulab.linux.process.UserStruct;
import org.iommulab.linux.uapi.Errno;
import org.iommulab.linux.uapi.Status;

/** The ioctls of virtual IOMMUs and what belongs to them (iommufd/viommu.c). */
final class VirtualIoctls {

  /** {@code VEVENTQ_MAX_DEPTH}. */
  private static final long DEEPEST = 1 << 19;

  private final IommufdContext context;

  VirtualIoctls(IommufdContext context) {
    this.context = context;
  }

  private static Status unsupported() {
    return Status.fail(Errno.EOPNOTSUPP, "unknown flags, type 0, or a reserved field is set");
  }

  private static Status noViommu(UserStruct arg) {
    return Status.fail(Errno.ENOENT, "there is no vIOMMU " + arg.id("viommu_id"));
  }

  Status allocViommu(UserStruct arg) {
    if (arg.get("flags") != 0 || arg.get("type") == 0 || arg.get("__reserved") != 0) {
      return unsupported();
    }
    IommufdDevice device = context.find(arg.id("dev_id"), IommufdDevice.class);
    if (device == null) {
      return IommufdContext.none("device", arg.id("dev_id"));
    }
    IommuDevice hardware = device.device();
    if (!hardware.ops().hasViommu(hardware, arg.id("type"))) {
      return Status.fail(Errno.EOPNOTSUPP, "the device's driver has no vIOMMU of that type");
    }
    HwptPaging parent = context.find(arg.id("hwpt_id"), HwptPaging.class);
    if (parent == null) {
      return IommufdContext.none("paging HWPT", arg.id("hwpt_id"));
    }
    if (!parent.nestParent()) {
      return Status.fail(Errno.EINVAL, parent.name() + " was not made as a nest parent");
    }
    Status memory = context.parts().allocate("struct iommufd_viommu");
    if (memory.failed()) {
      return memory;
    }
    var viommu = new Viommu(context, context.nextId(), parent, hardware.ops());
    context.add(viommu);
    var data = new IoctlData.Passed(arg, arg.id("type"));
    ViommuOps.Made made =
        hardware.ops().allocViommu(hardware, arg.id("type"), parent.domain(), data, viommu);
    ViommuOps ops = made.ops();
    if (ops == null) {
      context.remove(viommu);
      return made.status();
    }
    viommu.setOps(ops);
    return context.finish(arg, "out_viommu_id", viommu);
  }

  Status allocVdevice(UserStruct arg) {
    Viommu viommu = context.find(arg.id("viommu_id"), Viommu.class);
    if (viommu == null) {
      return noViommu(arg);
    }
    IommufdDevice device = context.find(arg.id("dev_id"), IommufdDevice.class);
    if (device == null) {
      return IommufdContext.none("device", arg.id("dev_id"));
    }
    if (!viommu.serves(device)) {
      return Status.fail(Errno.EINVAL, "the device is behind another IOMMU");
    }
    if (device.vdevice() != null) {
      return Status.fail(Errno.EEXIST, device.name() + " has a virtual device already");
    }
    long virtId = arg.get("virt_id");
    Status memory = context.parts().allocate("struct iommufd_vdevice");
    if (memory.failed()) {
      return memory;
    }
    if (viommu.devices().containsKey(virtId)) {
      return Status.fail(
          Errno.EEXIST, String.format(Locale.ROOT, "the virtual id 0x%x is taken", virtId));
    }
    var vdevice = new Vdevice(context, context.nextId(), viommu, device, virtId);
    context.add(vdevice);
    return context.finish(arg, "out_vdevice_id", vdevice);
  }

  Status allocEventQueue(UserStruct arg) {
    if (arg.get("flags") != 0 || arg.get("type") == 0 || arg.get("__reserved") != 0) {
      return unsupported();
    }
    if (arg.get("veventq_depth") == 0) {
      return Status.fail(Errno.EINVAL, "the depth is 0");
    }
    boolean bounded = context.parts().era().boundsUserQueues();
    if (bounded && arg.get("veventq_depth") > DEEPEST) {
      return Status.fail(Errno.EINVAL, "the depth is above " + DEEPEST);
    }
    Viommu viommu = context.find(arg.id("viommu_id"), Viommu.class);
    if (viommu == null) {
      return noViommu(arg);
    }
    int type = arg.id("type");
    if (viommu.eventQueue(type) != null) {
      return Status.fail(Errno.EEXIST, "the vIOMMU has a queue of that type already");
    }
    Status memory = context.parts().allocate("struct iommufd_veventq");
    if (memory.failed()) {
      return memory;
    }
    var queue =
        new VirtualEventQueue(context, context.nextId(), viommu, type, arg.get("veventq_depth"));
    context.add(queue);
    return context.finishWithFile(arg, "out_veventq_id", "out_veventq_fd", queue);
  }

  Status allocHardwareQueue(UserStruct arg) {
    if (arg.get("flags") != 0 || arg.get("type") == 0) {
      return unsupported();
    }
    long iova = arg.get("nesting_parent_iova");
    long length = arg.get("length");
    if (length == 0) {
      return Status.fail(Errno.EINVAL, "length is 0");
    }
    if (Unsigned.wraps(iova, length)) {
      return Status.fail(Errno.EOVERFLOW, "the queue wraps");
    }
    Viommu viommu = context.find(arg.id("viommu_id"), Viommu.class);
    if (viommu == null) {
      return noViommu(arg);
    }
    if (!viommu.ops().hasQueues(arg.id("type"))) {
      return Status.fail(Errno.EOPNOTSUPP, "the driver has no hardware queues of that type");
    }
    Status memory = context.parts().allocate("struct iommufd_hw_queue");
    if (memory.failed()) {
      return memory;
    }
    var queue = new HardwareQueue(context, context.nextId(), viommu, arg.id("index"));
    context.add(queue);
    Status status = queue.start(iova, length);
    if (status.failed()) {
      context.remove(queue);
      return status;
    }
    return context.finish(arg, "out_hw_queue_id", queue);
  }

  /** {@code iommufd_fault_alloc()}. */
  Status allocFaultQueue(UserStruct arg) {
    if (arg.get("flags") != 0) {
      return Status.fail(Errno.EOPNOTSUPP, "unknown flags");
    }
    Status memory = context.parts().allocate("struct iommufd_fault");
    if (memory.failed()) {
      return memory;
    }
    var queue = new FaultQueue(context, context.nextId());
    context.add(queue);
    return context.finishWithFile(arg, "out_fault_id", "out_fault_fd", queue);
  }
}
