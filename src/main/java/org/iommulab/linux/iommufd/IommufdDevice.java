package org.iommulab.linux.iommufd;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.iommulab.linux.boot.KernelParts;
import org.iommulab.linux.iommu.DomainType;
import org.iommulab.linux.iommu.IommuDevice;
import org.iommulab.linux.iommu.IommuDomain;
import org.iommulab.linux.iommu.IommuOps;
import org.iommulab.linux.iommu.ReservedRegion;
import org.iommulab.linux.uapi.Errno;
import org.iommulab.linux.uapi.Status;
import org.iommulab.trace.CallTrace;
import org.jspecify.annotations.Nullable;

/** A device that a driver has bound to a context ({@code struct iommufd_device}). */
public final class IommufdDevice extends IommufdObject {

  /** Requests without a PASID. */
  static final int NO_PASID = 0;

  private static final String BINDER = "its driver";

  private final KernelParts parts;
  private final CallTrace trace;
  private final IommuDevice device;
  private final IommufdGroup group;
  private @Nullable Vdevice vdevice;
  private int ptId;

  private IommufdDevice(IommufdContext context, int id, IommuDevice device) {
    super(context, id);
    this.parts = context.parts();
    this.trace = parts.trace();
    this.device = device;
    this.group = context.group(device.group());
    hold(BINDER);
  }

  /** A bound device, or why it could not be bound. */
  record Bound(@Nullable IommufdDevice device, Status status) {}

  /** {@code iommufd_device_bind()}: claims the group's DMA and makes the object. */
  static Bound bind(IommufdContext context, IommuDevice device) {
    KernelParts parts = context.parts();
    if (parts.trace().isOn()) {
      parts.trace().enter("iommufd_device_bind").text("dev", device.toString());
    }
    IommufdDevice bound = null;
    Status status;
    if (!device.ops().capable(device, IommuOps.Capability.CACHE_COHERENCY)) {
      status = Status.fail(Errno.EINVAL, "the device's DMA is not cache coherent");
    } else {
      status = parts.allocate("struct iommufd_device");
    }
    if (!status.failed()) {
      status = context.allocateGroup(device.group());
    }
    if (!status.failed()) {
      status = device.group().claimDmaOwner(context, "an iommufd context");
    }
    if (!status.failed()) {
      bound = new IommufdDevice(context, context.nextId(), device);
      context.add(bound);
    }
    parts.leave(status);
    return new Bound(bound, status);
  }

  /** {@code iommufd_device_unbind()}. */
  void unbind() {
    if (trace.isOn()) {
      trace.enter("iommufd_device_unbind").number("id", id());
    }
    if (vdevice != null) {
      // Its owner still knows the id: it stays a hole, so that nothing else is destroyed by it.
      context().bury(vdevice);
    }
    for (int pasid : List.copyOf(group.attachments().keySet())) {
      detach(pasid);
    }
    letGo(BINDER);
    context().remove(this);
    if (trace.isOn()) {
      trace.leave();
    }
  }

  IommuDevice device() {
    return device;
  }

  /** The virtual device that stands for it on a vIOMMU, or null. */
  @Nullable Vdevice vdevice() {
    return vdevice;
  }

  void setVdevice(@Nullable Vdevice other) {
    vdevice = other;
  }

  /** The HWPT that a PASID of it is attached to, 0 for requests without one; or null. */
  @Nullable HwPagetable attachedTo(int pasid) {
    IommufdGroup.Attachment attachment = group.attachment(pasid);
    return attachment == null || !attachment.devices().contains(this) ? null : attachment.hwpt();
  }

  @Override
  String type() {
    return "DEVICE";
  }

  @Override
  void destroy() {
    device.group().releaseDmaOwner();
  }

  @Override
  List<String> facts() {
    var facts = new ArrayList<String>();
    facts.add("device: " + device);
    for (Map.Entry<Integer, IommufdGroup.Attachment> entry : group.attachments().entrySet()) {
      if (entry.getValue().devices().contains(this)) {
        String what =
            entry.getKey() == NO_PASID ? "attached to: " : "PASID " + entry.getKey() + ": ";
        facts.add(what + entry.getValue().hwpt().name());
      }
    }
    return facts;
  }

  /** Id of the HWPT that the last attach or replace settled on. */
  int ptId() {
    return ptId;
  }

  boolean attached(int pasid) {
    return attachedTo(pasid) != null;
  }

  // ---- attach and replace -----------------------------------------------------------------------

  /** {@code iommufd_device_attach()}. */
  Status attach(int pasid, int wanted) {
    return change("iommufd_device_attach", pasid, wanted, false);
  }

  /** {@code iommufd_device_replace()}. */
  Status replace(int pasid, int wanted) {
    return change("iommufd_device_replace", pasid, wanted, true);
  }

  private Status change(String function, int pasid, int wanted, boolean replacing) {
    if (trace.isOn()) {
      trace.enter(function).number("dev", id()).number("pasid", pasid).number("pt_id", wanted);
    }
    return parts.leave(changeTo(pasid, wanted, replacing));
  }

  private Status changeTo(int pasid, int wanted, boolean replacing) {
    IommufdObject target = context().find(wanted);
    if (target == null) {
      return Status.fail(Errno.ENOENT, "there is no object " + wanted);
    }
    if (target instanceof HwPagetable hwpt) {
      return settle(pasid, hwpt, replacing);
    }
    if (target instanceof Ioas ioas) {
      return autoDomain(pasid, ioas, replacing);
    }
    return Status.fail(Errno.EINVAL, target.name() + " is neither an IOAS nor a HWPT");
  }

  /** {@code iommufd_device_auto_get_domain()}: an automatic domain that fits, or a new one. */
  private Status autoDomain(int pasid, Ioas ioas, boolean replacing) {
    for (HwptPaging hwpt : List.copyOf(ioas.hwpts())) {
      if (hwpt.auto()) {
        Status status = settle(pasid, hwpt, replacing);
        if (!status.is(Errno.EINVAL)) {
          return status;
        }
      }
    }
    if (replacing && !attached(pasid)) {
      return Status.fail(Errno.EINVAL, "the device is attached to nothing");
    }
    HwptAllocation made = allocPaging(context(), ioas, device, 0, true);
    HwptPaging hwpt = made.hwpt();
    if (hwpt == null) {
      return made.status();
    }
    context().add(hwpt);
    // Some drivers complete a domain when a device comes, so that it is filled after an attach; a
    // replacement must be complete before it takes over.
    Status status = replacing ? link(hwpt) : settle(pasid, hwpt, false);
    if (!status.failed()) {
      status = replacing ? settle(pasid, hwpt, true) : link(hwpt);
    }
    if (status.failed()) {
      if (attachedTo(pasid) == hwpt) {
        detach(pasid);
      } else {
        context().remove(hwpt);
      }
    }
    return status;
  }

  /** A new paging HWPT that is not yet in the IOAS's list, or why there is none. */
  record HwptAllocation(@Nullable HwptPaging hwpt, Status status) {}

  /** {@code iommufd_hwpt_paging_alloc()} without its last step, see {@link #link}. */
  static HwptAllocation allocPaging(
      IommufdContext context, Ioas ioas, IommuDevice device, int flags, boolean auto) {
    KernelParts parts = context.parts();
    if (parts.trace().isOn()) {
      parts
          .trace()
          .enter("iommufd_hwpt_paging_alloc")
          .number("ioas", ioas.id())
          .text("dev", device.toString())
          .hex("flags", flags);
    }
    int id = context.nextId();
    Status memory = parts.allocate("struct iommufd_hwpt_paging");
    IommuOps.Allocated allocated =
        memory.failed()
            ? new IommuOps.Allocated(null, memory)
            : context.iommu().alloc(device, DomainType.UNMANAGED, flags, "iommufd hwpt " + id);
    IommuDomain domain = allocated.domain();
    HwptPaging hwpt = null;
    if (domain != null) {
      boolean coherent =
          device.ops().capable(device, IommuOps.Capability.ENFORCE_CACHE_COHERENCY)
              && enforceCoherency(parts, domain);
      hwpt = new HwptPaging(context, id, ioas, domain, flags, auto, coherent);
    }
    parts.leave(allocated.status());
    return new HwptAllocation(hwpt, allocated.status());
  }

  private static boolean enforceCoherency(KernelParts parts, IommuDomain domain) {
    if (parts.trace().isOn()) {
      parts.trace().enter("enforce_cache_coherency").number("domain", domain.id());
    }
    boolean done = domain.enforceCacheCoherency();
    if (parts.trace().isOn()) {
      parts.trace().leave(done ? "true" : "false");
    }
    return done;
  }

  /** Writes every area of the IOAS into the new domain. */
  static Status link(HwptPaging hwpt) {
    Status status = hwpt.ioas().table().addDomain(hwpt.domain());
    if (!status.failed()) {
      hwpt.setLinked();
    }
    return status;
  }

  private Status settle(int pasid, HwPagetable hwpt, boolean replacing) {
    Status status = replacing ? replaceHwpt(pasid, hwpt) : attachHwpt(pasid, hwpt);
    if (!status.failed()) {
      ptId = hwpt.id();
    }
    return status;
  }

  private String holder(int pasid) {
    return pasid == NO_PASID ? name() : name() + " PASID " + pasid;
  }

  /** {@code iommufd_hw_pagetable_attach()}. */
  private Status attachHwpt(int pasid, HwPagetable hwpt) {
    IommufdGroup.Attachment present = group.attachment(pasid);
    if (present != null && present.hwpt() != hwpt) {
      return present.devices().contains(this)
          ? Status.fail(Errno.EBUSY, "the device is attached to " + present.hwpt().name())
          : Status.fail(Errno.EINVAL, "the group is attached to " + present.hwpt().name());
    }
    if (present != null && present.devices().contains(this)) {
      return Status.fail(Errno.EBUSY, "the device is attached to it already");
    }
    Status status = pasidRules(pasid, hwpt);
    if (!status.failed() && present == null) {
      status = parts.allocate("struct iommufd_attach");
    }
    if (status.failed()) {
      return status;
    }
    if (pasid == NO_PASID) {
      status = enforceReservedRegions(hwpt.paging().ioas().table());
      if (status.failed()) {
        return status;
      }
    }
    if (present == null) {
      status = parts.allocate("struct iommufd_attach_handle");
      if (!status.failed()) {
        status = attachDriver(pasid, hwpt.domain());
      }
      if (status.failed()) {
        if (pasid == NO_PASID) {
          hwpt.paging().ioas().table().removeReserved(device);
        }
        return status;
      }
      present = new IommufdGroup.Attachment(hwpt);
      group.attachments().put(pasid, present);
    }
    present.devices().add(this);
    hwpt.hold(holder(pasid));
    hold(hwpt.name());
    return Status.OK;
  }

  private Status attachDriver(int pasid, IommuDomain domain) {
    return pasid == NO_PASID
        ? group.group().attach(domain)
        : group.group().attachPasid(pasid, domain);
  }

  private Status pasidRules(int pasid, HwPagetable hwpt) {
    if (pasid != NO_PASID) {
      IommufdGroup.Attachment rid = group.attachment(NO_PASID);
      if (!hwpt.pasidCompatible() || (rid != null && !rid.hwpt().pasidCompatible())) {
        return Status.fail(Errno.EINVAL, "the HWPT was not allocated for PASIDs");
      }
    } else if (!hwpt.pasidCompatible()) {
      for (int other : group.attachments().keySet()) {
        if (other != NO_PASID) {
          return Status.fail(Errno.EINVAL, "a PASID is attached, the HWPT is not for PASIDs");
        }
      }
    }
    return Status.OK;
  }

  /** {@code iopt_table_enforce_dev_resv_regions()}. */
  private Status enforceReservedRegions(IoPageTable table) {
    for (ReservedRegion region : device.ops().reservedRegions(device)) {
      if (region.type() != ReservedRegion.Type.DIRECT_RELAXABLE) {
        Status status = table.reserve(region.start(), region.last(), device);
        if (status.failed()) {
          table.removeReserved(device);
          return status;
        }
      }
    }
    return Status.OK;
  }

  /** {@code iommufd_device_do_replace()}: the old attachment stays if anything fails. */
  private Status replaceHwpt(int pasid, HwPagetable hwpt) {
    IommufdGroup.Attachment present = group.attachment(pasid);
    if (present == null || !present.devices().contains(this)) {
      return Status.fail(Errno.EINVAL, "the device is attached to nothing");
    }
    HwPagetable old = present.hwpt();
    if (old == hwpt) {
      return Status.OK;
    }
    Status status = pasidRules(pasid, hwpt);
    if (!status.failed()) {
      status = parts.allocate("struct iommufd_attach_handle");
    }
    if (status.failed()) {
      return status;
    }
    Ioas oldIoas = old.paging().ioas();
    Ioas newIoas = hwpt.paging().ioas();
    boolean moves = pasid == NO_PASID && oldIoas != newIoas;
    if (moves) {
      for (IommufdDevice member : present.devices()) {
        status = member.enforceReservedRegions(newIoas.table());
        if (status.failed()) {
          present.devices().forEach(m -> newIoas.table().removeReserved(m.device));
          return status;
        }
      }
    }
    status =
        pasid == NO_PASID
            ? group.group().setDomain(hwpt.domain())
            : group.group().replacePasid(pasid, hwpt.domain());
    if (status.failed()) {
      if (moves) {
        present.devices().forEach(m -> newIoas.table().removeReserved(m.device));
      }
      return status;
    }
    for (IommufdDevice member : present.devices()) {
      if (moves) {
        oldIoas.table().removeReserved(member.device);
      }
      old.answerFaults(member.device, pasid);
      old.letGo(member.holder(pasid));
      hwpt.hold(member.holder(pasid));
      member.letGo(old.name());
      member.hold(hwpt.name());
    }
    present.setHwpt(hwpt);
    dropIfAutomatic(old);
    return Status.OK;
  }

  /** {@code iommufd_device_detach()}; nothing happens if it is not attached. */
  void detach(int pasid) {
    IommufdGroup.Attachment present = group.attachment(pasid);
    if (present == null || !present.devices().contains(this)) {
      return;
    }
    if (trace.isOn()) {
      trace.enter("iommufd_device_detach").number("dev", id()).number("pasid", pasid);
    }
    HwPagetable hwpt = present.hwpt();
    present.devices().remove(this);
    if (present.devices().isEmpty()) {
      group.attachments().remove(pasid);
      if (pasid == NO_PASID) {
        group.group().detach();
      } else {
        group.group().detachPasid(pasid);
      }
    }
    if (pasid == NO_PASID) {
      hwpt.paging().ioas().table().removeReserved(device);
    }
    hwpt.answerFaults(device, pasid);
    hwpt.letGo(holder(pasid));
    letGo(hwpt.name());
    dropIfAutomatic(hwpt);
    if (trace.isOn()) {
      trace.leave();
    }
  }

  private void dropIfAutomatic(HwPagetable hwpt) {
    if (hwpt instanceof HwptPaging paging && paging.auto() && paging.users() == 1) {
      context().remove(paging);
    }
  }
}
