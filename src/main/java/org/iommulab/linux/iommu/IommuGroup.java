package org.iommulab.linux.iommu;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.TreeMap;
import org.iommulab.bus.Pasid;
import org.iommulab.linux.boot.Era;
import org.iommulab.linux.uapi.Errno;
import org.iommulab.linux.uapi.Status;
import org.iommulab.trace.CallTrace;
import org.jspecify.annotations.Nullable;

/**
 * The smallest set of devices that can be isolated ({@code struct iommu_group}). All members share
 * one domain at any time: the default domain, another one, or none while blocked.
 */
public final class IommuGroup {

  private final int id;
  private final CallTrace trace;
  private final Era era;
  private final List<IommuDevice> devices = new ArrayList<>();
  private final TreeMap<Pasid, IommuDomain> pasids = new TreeMap<>();
  private DomainType defaultType = DomainType.DMA;
  private @Nullable PagingDomain defaultDomain;
  private @Nullable IommuDomain domain;
  private boolean blocked;
  private @Nullable Object owner;
  private String ownerName = "";
  private int ownerCount;

  IommuGroup(int id, CallTrace trace, Era era) {
    this.id = id;
    this.trace = trace;
    this.era = era;
  }

  /** Its number. */
  public int id() {
    return id;
  }

  /** Its members, in the order they were added. */
  public List<IommuDevice> devices() {
    return Collections.unmodifiableList(devices);
  }

  void add(IommuDevice device) {
    devices.add(device);
  }

  /** Type of its default domain. */
  public DomainType defaultType() {
    return defaultType;
  }

  /** The default domain, null for identity. */
  public @Nullable PagingDomain defaultDomain() {
    return defaultDomain;
  }

  /** The paging domain attached now; null while blocked or with identity. */
  public @Nullable IommuDomain domain() {
    return domain;
  }

  /** Tells whether its DMA is blocked. */
  public boolean blocked() {
    return blocked;
  }

  /** Who has claimed its DMA, for people; empty if nobody. */
  public String ownerName() {
    return ownerName;
  }

  /** Tells whether user space owns its DMA. */
  public boolean claimed() {
    return owner != null;
  }

  /** Tells whether a driver or user space uses its DMA. */
  public boolean dmaOwnerClaimed() {
    return owner != null || usedByDriver() != null;
  }

  private @Nullable IommuDevice usedByDriver() {
    for (IommuDevice device : devices) {
      if (device.usesDmaApi()) {
        return device;
      }
    }
    return null;
  }

  void setDefaultType(DomainType type) {
    defaultType = type;
  }

  void setDefault(DomainType type, @Nullable PagingDomain newDefault) {
    defaultType = type;
    defaultDomain = newDefault;
    domain = newDefault;
    blocked = false;
  }

  // ---- attaching ------------------------------------------------------------------------------

  private Status attachAll(@Nullable IommuDomain target) {
    for (int i = 0; i < devices.size(); i++) {
      Status status = attachOne(devices.get(i), target);
      if (status.failed()) {
        for (int undo = 0; undo <= i; undo++) {
          restore(devices.get(undo));
        }
        return status;
      }
    }
    return Status.OK;
  }

  private static Status attachOne(IommuDevice device, @Nullable IommuDomain target) {
    return target == null
        ? device.ops().attachIdentity(device)
        : device.ops().attach(device, target);
  }

  private void restore(IommuDevice device) {
    if (blocked) {
      device.ops().attachBlocked(device);
    } else {
      attachOne(device, domain);
    }
  }

  /** {@code __iommu_group_set_domain()}: moves every member to a domain, all or nothing. */
  public Status setDomain(IommuDomain target) {
    if (trace.isOn()) {
      trace.enter("__iommu_group_set_domain").number("group", id).number("domain", target.id());
    }
    Status status = Status.OK;
    if (domain != target || blocked) {
      status = attachAll(target);
      if (!status.failed()) {
        domain = target;
        blocked = false;
      }
    }
    status.leave(trace);
    return status;
  }

  /** {@code iommu_attach_group()}: only from the default or the blocking domain. */
  public Status attach(IommuDomain target) {
    if (trace.isOn()) {
      trace.enter("iommu_attach_group").number("domain", target.id()).number("group", id);
    }
    Status status;
    if (!blocked && domain != defaultDomain && domain != target) {
      status = Status.fail(Errno.EBUSY, "the group is attached to another domain");
    } else if (devices.getFirst().ops() != target.driver()) {
      status = Status.fail(Errno.EINVAL, "the domain belongs to another IOMMU driver");
    } else {
      status = setDomain(target);
    }
    status.leave(trace);
    return status;
  }

  /** {@code iommu_detach_group()}: back to blocked while owned, else to the default domain. */
  public void detach() {
    if (trace.isOn()) {
      trace.enter("iommu_detach_group").number("group", id);
    }
    if (owner != null) {
      block();
    } else {
      toDefault();
    }
    Status.OK.leave(trace);
  }

  private void block() {
    for (IommuDevice device : devices) {
      device.ops().attachBlocked(device);
    }
    domain = null;
    blocked = true;
  }

  /** Puts every member back on the default domain. */
  void toDefault() {
    attachAll(defaultDomain);
    domain = defaultDomain;
    blocked = false;
  }

  // ---- ownership ------------------------------------------------------------------------------

  /** {@code iommu_device_claim_dma_owner()}: takes the group's DMA away from kernel drivers. */
  public Status claimDmaOwner(Object newOwner, String name) {
    if (trace.isOn()) {
      trace.enter("iommu_group_claim_dma_owner").number("group", id).text("owner", name);
    }
    Status status = claim(newOwner, name);
    status.leave(trace);
    return status;
  }

  private Status claim(Object newOwner, String name) {
    if (owner != null) {
      if (owner != newOwner) {
        return Status.fail(Errno.EPERM, "the group belongs to " + ownerName);
      }
      ownerCount++;
      return Status.OK;
    }
    IommuDevice user = usedByDriver();
    if (user != null) {
      return Status.fail(
          Errno.EPERM, user + " of the group is bound to the driver " + user.boundDriver());
    }
    if (!pasids.isEmpty() || (!blocked && domain != defaultDomain)) {
      return Status.fail(Errno.EBUSY, "the group is not on its default domain");
    }
    for (IommuDevice device : devices) {
      Status status = mayBeBlocked(device);
      if (status.failed()) {
        return status;
      }
    }
    owner = newOwner;
    ownerName = name;
    ownerCount = 1;
    block();
    return Status.OK;
  }

  /** A device that firmware keeps using must never be without its one-to-one mapping. */
  private Status mayBeBlocked(IommuDevice device) {
    if (!era.atLeast(Era.V6_2)) {
      // The group's empty domain is one that the driver refuses.
      return device.ops().mayBeAssigned(device);
    }
    boolean direct =
        device.ops().reservedRegions(device).stream()
            .anyMatch(region -> region.type() == ReservedRegion.Type.DIRECT);
    if (!direct || !era.atLeast(Era.V6_6)) {
      return Status.OK;
    }
    device.print(
        "Firmware has requested this device have a 1:1 IOMMU mapping, rejecting configuring the"
            + " device without a 1:1 mapping. Contact your platform vendor.");
    return Status.fail(Errno.EINVAL, device + " must keep reaching firmware memory (RMRR)");
  }

  /** {@code iommu_device_release_dma_owner()}: the last one brings the default domain back. */
  public void releaseDmaOwner() {
    if (trace.isOn()) {
      trace.enter("iommu_group_release_dma_owner").number("group", id);
    }
    if (--ownerCount == 0) {
      owner = null;
      ownerName = "";
      toDefault();
    }
    Status.OK.leave(trace);
  }

  // ---- PASIDs ---------------------------------------------------------------------------------

  /** The domain attached to a PASID, or null. */
  public @Nullable IommuDomain pasidDomain(Pasid pasid) {
    return pasids.get(pasid);
  }

  /** {@code iommu_attach_device_pasid()}: every member that sends PASIDs, or none. */
  public Status attachPasid(Pasid pasid, IommuDomain target) {
    if (trace.isOn()) {
      trace
          .enter("iommu_attach_device_pasid")
          .number("domain", target.id())
          .number("group", id)
          .number("pasid", pasid.value());
    }
    Status status = checkPasid(pasid, target);
    if (!status.failed() && pasids.containsKey(pasid)) {
      status = Status.fail(Errno.EBUSY, "PASID " + pasid + " is attached already");
    }
    if (!status.failed()) {
      status = setPasid(pasid, target, null);
    }
    return status.leave(trace);
  }

  /** {@code iommu_replace_device_pasid()}: the old domain stays if it fails. */
  public Status replacePasid(Pasid pasid, IommuDomain target) {
    if (trace.isOn()) {
      trace
          .enter("iommu_replace_device_pasid")
          .number("domain", target.id())
          .number("group", id)
          .number("pasid", pasid.value());
    }
    Status status = checkPasid(pasid, target);
    IommuDomain old = pasids.get(pasid);
    if (!status.failed() && old == null) {
      status = Status.fail(Errno.EINVAL, "PASID " + pasid + " is not attached");
    }
    if (!status.failed() && old != target) {
      status = setPasid(pasid, target, old);
    }
    return status.leave(trace);
  }

  private Status checkPasid(Pasid pasid, IommuDomain target) {
    if (devices.getFirst().ops() != target.driver()) {
      return Status.fail(Errno.EINVAL, "the domain belongs to another IOMMU driver");
    }
    for (IommuDevice device : devices) {
      if (pasid.value() <= 0 || pasid.value() >= device.ops().maxPasids(device)) {
        return Status.fail(Errno.EINVAL, device + " cannot send PASID " + pasid);
      }
    }
    return Status.OK;
  }

  private Status setPasid(Pasid pasid, IommuDomain target, @Nullable IommuDomain old) {
    for (int i = 0; i < devices.size(); i++) {
      Status status = devices.get(i).ops().attachPasid(devices.get(i), pasid, target);
      if (status.failed()) {
        for (IommuDevice undo : devices.subList(0, i)) {
          if (old == null) {
            undo.ops().removePasid(undo, pasid);
          } else {
            undo.ops().attachPasid(undo, pasid, old);
          }
        }
        return status;
      }
    }
    pasids.put(pasid, target);
    return Status.OK;
  }

  /** {@code iommu_detach_device_pasid()}. */
  public void detachPasid(Pasid pasid) {
    if (trace.isOn()) {
      trace.enter("iommu_detach_device_pasid").number("group", id).number("pasid", pasid.value());
    }
    devices.forEach(device -> device.ops().removePasid(device, pasid));
    pasids.remove(pasid);
    Status.OK.leave(trace);
  }
}
