package org.iommulab.linux.iommufd;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.iommulab.bus.Pasid;
import org.iommulab.linux.boot.KernelParts;
import org.iommulab.linux.iommu.IommuDevice;
import org.iommulab.linux.iommu.IommuDomain;
import org.iommulab.linux.iommu.ReservedRegion;
import org.iommulab.linux.iommufd.IommufdFile.Attached;
import org.iommulab.linux.iommufd.pages.IoPageTable;
import org.iommulab.linux.uapi.Errno;
import org.iommulab.linux.uapi.Status;
import org.iommulab.trace.CallTrace;
import org.jspecify.annotations.Nullable;

/** What a device and its PASIDs are attached to (the attach half of iommufd/device.c). */
final class Attachments {

  private final IommufdDevice device;
  private final IommuDevice hardware;
  private final IommufdGroup group;
  private final KernelParts parts;
  private final CallTrace trace;

  Attachments(IommufdDevice device, IommufdGroup group) {
    this.device = device;
    this.hardware = device.device();
    this.group = group;
    this.parts = device.context().parts();
    this.trace = parts.trace();
  }

  /** One line for each attachment. */
  List<String> facts() {
    var facts = new ArrayList<String>();
    for (Map.Entry<Pasid, IommufdGroup.Attachment> entry : group.attachments().entrySet()) {
      if (entry.getValue().devices().contains(device)) {
        String what =
            entry.getKey().equals(Pasid.OF_REQUESTER)
                ? "attached to: "
                : "PASID " + entry.getKey() + ": ";
        facts.add(what + entry.getValue().hwpt().name());
      }
    }
    return facts;
  }

  /** Detaches the device and all its PASIDs. */
  void detachAll() {
    List.copyOf(group.attachments().keySet()).forEach(this::detach);
  }

  /** The HWPT that a PASID of it is attached to, 0 for requests without one; or null. */
  @Nullable HwPagetable attachedTo(Pasid pasid) {
    IommufdGroup.Attachment attachment = group.attachment(pasid);
    return attachment == null || !attachment.devices().contains(device) ? null : attachment.hwpt();
  }

  boolean attached(Pasid pasid) {
    return attachedTo(pasid) != null;
  }

  // ---- attach and replace -----------------------------------------------------------------------

  /** {@code iommufd_device_attach()}. */
  Attached attach(Pasid pasid, int wanted) {
    return change("iommufd_device_attach", pasid, wanted, false);
  }

  /** {@code iommufd_device_replace()}. */
  Attached replace(Pasid pasid, int wanted) {
    return change("iommufd_device_replace", pasid, wanted, true);
  }

  private Attached change(String function, Pasid pasid, int wanted, boolean replacing) {
    if (trace.isOn()) {
      trace
          .enter(function)
          .number("dev", device.id())
          .number("pasid", pasid.value())
          .number("pt_id", wanted);
    }
    Attached result = changeTo(pasid, wanted, replacing);
    parts.leave(result.status());
    return result;
  }

  private Attached changeTo(Pasid pasid, int wanted, boolean replacing) {
    IommufdObject target = device.context().find(wanted);
    if (target == null) {
      return Attached.fail(Status.fail(Errno.ENOENT, "there is no object " + wanted));
    }
    if (target instanceof HwPagetable hwpt) {
      return settle(pasid, hwpt, replacing);
    }
    if (target instanceof Ioas ioas) {
      return autoDomain(pasid, ioas, replacing);
    }
    return Attached.fail(
        Status.fail(Errno.EINVAL, target.name() + " is neither an IOAS nor a HWPT"));
  }

  /** {@code iommufd_device_auto_get_domain()}: an automatic domain that fits, or a new one. */
  private Attached autoDomain(Pasid pasid, Ioas ioas, boolean replacing) {
    for (HwptPaging hwpt : List.copyOf(ioas.hwpts())) {
      if (hwpt.auto()) {
        Attached result = settle(pasid, hwpt, replacing);
        if (!result.status().is(Errno.EINVAL)) {
          return result;
        }
      }
    }
    if (replacing && !attached(pasid)) {
      return Attached.fail(Status.fail(Errno.EINVAL, "the device is attached to nothing"));
    }
    HwptPaging.Allocation made = HwptPaging.alloc(device.context(), ioas, hardware, 0, true);
    HwptPaging hwpt = made.hwpt();
    if (hwpt == null) {
      return Attached.fail(made.status());
    }
    device.context().add(hwpt);
    // Some drivers complete a domain when a device comes, so that it is filled after an attach; a
    // replacement must be complete before it takes over.
    Status status = replacing ? hwpt.link() : settle(pasid, hwpt, false).status();
    if (!status.failed()) {
      status = replacing ? settle(pasid, hwpt, true).status() : hwpt.link();
    }
    if (status.failed()) {
      if (attachedTo(pasid) == hwpt) {
        detach(pasid);
      } else {
        device.context().remove(hwpt);
      }
    }
    return new Attached(status, hwpt.id());
  }

  private Attached settle(Pasid pasid, HwPagetable hwpt, boolean replacing) {
    Status status = replacing ? replaceHwpt(pasid, hwpt) : attachHwpt(pasid, hwpt);
    return new Attached(status, hwpt.id());
  }

  private String holder(Pasid pasid) {
    return pasid.equals(Pasid.OF_REQUESTER) ? device.name() : device.name() + " PASID " + pasid;
  }

  /** {@code iommufd_hw_pagetable_attach()}. */
  private Status attachHwpt(Pasid pasid, HwPagetable hwpt) {
    IommufdGroup.Attachment present = group.attachment(pasid);
    if (present != null && present.hwpt() != hwpt) {
      return present.devices().contains(device)
          ? Status.fail(Errno.EBUSY, "the device is attached to " + present.hwpt().name())
          : Status.fail(Errno.EINVAL, "the group is attached to " + present.hwpt().name());
    }
    if (present != null && present.devices().contains(device)) {
      return Status.fail(Errno.EBUSY, "the device is attached to it already");
    }
    Status status = pasidRules(pasid, hwpt);
    if (!status.failed() && present == null) {
      status = parts.allocate("struct iommufd_attach");
    }
    if (status.failed()) {
      return status;
    }
    if (pasid.equals(Pasid.OF_REQUESTER)) {
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
        if (pasid.equals(Pasid.OF_REQUESTER)) {
          hwpt.paging().ioas().table().removeReserved(hardware);
        }
        return status;
      }
      present = new IommufdGroup.Attachment(hwpt);
      group.attachments().put(pasid, present);
    }
    present.devices().add(device);
    hwpt.hold(holder(pasid));
    device.hold(hwpt.name());
    return Status.OK;
  }

  private Status attachDriver(Pasid pasid, IommuDomain domain) {
    return pasid.equals(Pasid.OF_REQUESTER)
        ? group.group().attach(domain)
        : group.group().attachPasid(pasid, domain);
  }

  private Status pasidRules(Pasid pasid, HwPagetable hwpt) {
    if (!pasid.equals(Pasid.OF_REQUESTER)) {
      IommufdGroup.Attachment rid = group.attachment(Pasid.OF_REQUESTER);
      if (!hwpt.pasidCompatible() || (rid != null && !rid.hwpt().pasidCompatible())) {
        return Status.fail(Errno.EINVAL, "the HWPT was not allocated for PASIDs");
      }
    } else if (!hwpt.pasidCompatible()) {
      for (Pasid other : group.attachments().keySet()) {
        if (!other.equals(Pasid.OF_REQUESTER)) {
          return Status.fail(Errno.EINVAL, "a PASID is attached, the HWPT is not for PASIDs");
        }
      }
    }
    return Status.OK;
  }

  /** {@code iopt_table_enforce_dev_resv_regions()}. */
  private Status enforceReservedRegions(IoPageTable table) {
    for (ReservedRegion region : hardware.ops().reservedRegions(hardware)) {
      if (region.type() != ReservedRegion.Type.DIRECT_RELAXABLE) {
        Status status = table.reserve(region.start(), region.last(), hardware);
        if (status.failed()) {
          table.removeReserved(hardware);
          return status;
        }
      }
    }
    return Status.OK;
  }

  /** {@code iommufd_device_do_replace()}: the old attachment stays if anything fails. */
  private Status replaceHwpt(Pasid pasid, HwPagetable hwpt) {
    IommufdGroup.Attachment present = group.attachment(pasid);
    if (present == null || !present.devices().contains(device)) {
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
    boolean moves = pasid.equals(Pasid.OF_REQUESTER) && oldIoas != newIoas;
    if (moves) {
      for (IommufdDevice member : present.devices()) {
        status = member.attachments().enforceReservedRegions(newIoas.table());
        if (status.failed()) {
          present.devices().forEach(m -> newIoas.table().removeReserved(m.device()));
          return status;
        }
      }
    }
    status =
        pasid.equals(Pasid.OF_REQUESTER)
            ? group.group().setDomain(hwpt.domain())
            : group.group().replacePasid(pasid, hwpt.domain());
    if (status.failed()) {
      if (moves) {
        present.devices().forEach(m -> newIoas.table().removeReserved(m.device()));
      }
      return status;
    }
    for (IommufdDevice member : present.devices()) {
      if (moves) {
        oldIoas.table().removeReserved(member.device());
      }
      old.answerFaults(member.device(), pasid);
      old.letGo(member.attachments().holder(pasid));
      hwpt.hold(member.attachments().holder(pasid));
      member.letGo(old.name());
      member.hold(hwpt.name());
    }
    present.setHwpt(hwpt);
    dropIfAutomatic(old);
    return Status.OK;
  }

  /** {@code iommufd_device_detach()}; nothing happens if it is not attached. */
  void detach(Pasid pasid) {
    IommufdGroup.Attachment present = group.attachment(pasid);
    if (present == null || !present.devices().contains(device)) {
      return;
    }
    if (trace.isOn()) {
      trace
          .enter("iommufd_device_detach")
          .number("dev", device.id())
          .number("pasid", pasid.value());
    }
    HwPagetable hwpt = present.hwpt();
    present.devices().remove(device);
    if (present.devices().isEmpty()) {
      group.attachments().remove(pasid);
      if (pasid.equals(Pasid.OF_REQUESTER)) {
        group.group().detach();
      } else {
        group.group().detachPasid(pasid);
      }
    }
    if (pasid.equals(Pasid.OF_REQUESTER)) {
      hwpt.paging().ioas().table().removeReserved(hardware);
    }
    hwpt.answerFaults(hardware, pasid);
    hwpt.letGo(holder(pasid));
    device.letGo(hwpt.name());
    dropIfAutomatic(hwpt);
    if (trace.isOn()) {
      trace.leave();
    }
  }

  private void dropIfAutomatic(HwPagetable hwpt) {
    if (hwpt instanceof HwptPaging paging && paging.auto() && paging.users() == 1) {
      device.context().remove(paging);
    }
  }
}
