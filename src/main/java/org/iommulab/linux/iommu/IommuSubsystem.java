package org.iommulab.linux.iommu;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.iommulab.bus.SourceId;
import org.iommulab.linux.boot.Era;
import org.iommulab.linux.boot.KernelParts;
import org.iommulab.linux.mm.AddressSpace;
import org.iommulab.linux.pci.PciDevice;
import org.iommulab.linux.uapi.Errno;
import org.iommulab.linux.uapi.Status;
import org.jspecify.annotations.Nullable;

/** Groups, default domains and the kernel-wide policy behind them. */
public final class IommuSubsystem {

  private final KernelParts parts;
  private final IommuApi api;
  private final List<IommuGroup> groups = new ArrayList<>();
  private final List<IommuDevice> devices = new ArrayList<>();
  private final List<IommuDomain> domains = new ArrayList<>();
  private final IommuSva sva;
  private boolean strict;
  private int lastDomainId;

  /** The subsystem of one kernel, before any driver has come. */
  public IommuSubsystem(KernelParts parts) {
    this.parts = parts;
    this.api = new IommuApi(parts);
    this.sva = new IommuSva(parts, this);
    this.strict = parts.policy().strict();
  }

  /** Map and unmap. */
  public IommuApi api() {
    return api;
  }

  /** Number for the next domain. */
  public int nextDomainId() {
    return ++lastDomainId;
  }

  /** {@code iommu_set_dma_strict()}. */
  public void setStrict() {
    strict = true;
  }

  /** Tells whether unmapping flushes at once. */
  public boolean strict() {
    return strict;
  }

  // ---- devices and groups -----------------------------------------------------------------------

  /** {@code iommu_probe_device()}: gives a device its group. */
  public IommuDevice probe(PciDevice pci, IommuOps ops, List<PciDevice> all) {
    IommuGroup group = groupFor(pci);
    var device = new IommuDevice(pci, ops, group, parts);
    group.add(device);
    devices.add(device);
    parts.log().print("pci " + pci.address() + ": Adding to iommu group " + group.id());
    return device;
  }

  /** {@code pci_device_group()}: devices that cannot be kept apart share a group. */
  private IommuGroup groupFor(PciDevice pci) {
    SourceId bridge = pci.bridge();
    IommuDevice above = bridge == null ? null : device(bridge);
    if (above != null && pci.isolation() == PciDevice.Isolation.PATH) {
      return above.group();
    }
    for (IommuDevice other : devices) {
      if (sharesId(other.pci(), pci) || sharesSlot(other.pci(), pci)) {
        return other.group();
      }
    }
    return newGroup();
  }

  /** A group with the lowest free number. */
  private IommuGroup newGroup() {
    int id = 0;
    while (id < groups.size() && groups.get(id).id() == id) {
      id++;
    }
    var group = new IommuGroup(id, parts.trace(), parts.era());
    groups.add(id, group);
    return group;
  }

  private static boolean sharesId(PciDevice one, PciDevice other) {
    return one.aliases().contains(other.sid())
        || other.aliases().contains(one.sid())
        || !Collections.disjoint(one.aliases(), other.aliases());
  }

  private static boolean sharesSlot(PciDevice one, PciDevice other) {
    return one.sid().sharesDeviceWith(other.sid())
        && one.isolation() != PciDevice.Isolation.FULL
        && other.isolation() != PciDevice.Isolation.FULL;
  }

  /** {@code iommu_setup_default_domain()}: makes and attaches a group's default domain. */
  public Status setupDefaultDomain(IommuGroup group) {
    if (parts.trace().isOn()) {
      parts.trace().enter("iommu_setup_default_domain").number("group", group.id());
    }
    return parts.leave(setUp(group, defaultType(group)));
  }

  private Status setUp(IommuGroup group, DomainType type) {
    PagingDomain old = group.defaultDomain();
    PagingDomain domain = null;
    if (type != DomainType.IDENTITY) {
      IommuDevice first = group.devices().getFirst();
      IommuOps.Allocated<PagingDomain> allocated = first.ops().allocPaging(first, type, 0);
      domain = allocated.domain();
      if (domain == null) {
        return allocated.status();
      }
      domain.setOwner("group " + group.id());
      domains.add(domain);
      Status mapped = mapDirectRegions(group, domain);
      if (mapped.failed()) {
        return mapped;
      }
    }
    for (IommuDevice device : group.devices()) {
      Status status =
          domain == null
              ? device.ops().attachIdentity(device)
              : device.ops().attach(device, domain);
      if (status.failed()) {
        return status;
      }
    }
    group.setDefault(type, domain);
    if (old != null) {
      free(old);
    }
    return Status.OK;
  }

  /** Firmware keeps using its reserved memory: it is mapped one to one before the attach. */
  private Status mapDirectRegions(IommuGroup group, PagingDomain domain) {
    for (IommuDevice device : group.devices()) {
      for (ReservedRegion region : device.ops().reservedRegions(device)) {
        boolean direct =
            region.type() == ReservedRegion.Type.DIRECT
                || region.type() == ReservedRegion.Type.DIRECT_RELAXABLE;
        if (direct && domain.iovaToPhys(region.start()) < 0) {
          Status status =
              api.map(
                  domain,
                  region.start(),
                  region.start(),
                  region.last() - region.start() + 1,
                  Protection.READ | Protection.WRITE);
          if (status.failed()) {
            return status;
          }
        }
      }
    }
    return Status.OK;
  }

  /** The default domain's type for a group: driver, untrusted port, command line. */
  public DomainType defaultType(IommuGroup group) {
    DomainType translated = strict ? DomainType.DMA : DomainType.DMA_FQ;
    for (IommuDevice device : group.devices()) {
      if (device.pci().untrusted()) {
        return DomainType.DMA;
      }
      if (device.ops().requiredType(device) != null) {
        return translated;
      }
    }
    return parts.policy().passthrough() ? DomainType.IDENTITY : translated;
  }

  /** Changes a group's default domain, as the driver itself may do. */
  public Status changeDefaultType(IommuGroup group, DomainType type) {
    return setUp(group, type);
  }

  /**
   * {@code iommu_group_store_type()}: a strict domain gets its flush queue while it is in use; all
   * else needs a group that nobody uses.
   */
  public Status storeType(IommuGroup group, DomainType type) {
    PagingDomain present = group.defaultDomain();
    if (present != null && type == DomainType.DMA_FQ && present.type() == DomainType.DMA) {
      present.becomeLazy();
      group.setDefaultType(type);
      return Status.OK;
    }
    if (group.dmaOwnerClaimed()) {
      Errno errno = parts.era().atLeast(Era.V6_12) ? Errno.EPERM : Errno.EBUSY;
      return Status.fail(errno, "a driver or user space uses the group");
    }
    return type == group.defaultType() ? Status.OK : changeDefaultType(group, type);
  }

  // ---- looking up -------------------------------------------------------------------------------

  /** The device with that requester id, or null. */
  public @Nullable IommuDevice device(SourceId sid) {
    for (IommuDevice device : devices) {
      if (device.sid().equals(sid)) {
        return device;
      }
    }
    return null;
  }

  /** All devices behind an IOMMU. */
  public List<IommuDevice> devices() {
    return Collections.unmodifiableList(devices);
  }

  /** All groups by number. */
  public List<IommuGroup> groups() {
    return Collections.unmodifiableList(groups);
  }

  /** Domains, oldest first. */
  public List<IommuDomain> domains() {
    return Collections.unmodifiableList(domains);
  }

  /** {@code iommu_paging_domain_alloc_flags()}. */
  public IommuOps.Allocated<PagingDomain> alloc(
      IommuDevice device, DomainType type, int flags, String owner) {
    return owned(device.ops().allocPaging(device, type, flags), owner);
  }

  /** The same for a user who gives data of a driver's own with it. */
  public IommuOps.Allocated<PagingDomain> alloc(
      IommuDevice device, DomainType type, int flags, String owner, IommuOps.UserData data) {
    return owned(device.ops().allocPaging(device, type, flags, data), owner);
  }

  private IommuOps.Allocated<PagingDomain> owned(
      IommuOps.Allocated<PagingDomain> allocated, String owner) {
    PagingDomain domain = allocated.domain();
    if (domain != null) {
      domain.setOwner(owner);
      domains.add(domain);
    }
    return allocated;
  }

  /** A domain that translates through a parent domain. */
  public IommuOps.Allocated<IommuDomain> allocNested(
      IommuDevice device, IommuDomain parent, int flags, IommuOps.UserData data) {
    return kept(device.ops().allocNested(device, parent, flags, data));
  }

  /** {@code iommu_sva_domain_alloc()}. */
  IommuOps.Allocated<IommuDomain> allocSva(IommuDevice device, AddressSpace space) {
    return kept(device.ops().allocSva(device, space));
  }

  /** Page tables of processes that devices share. */
  public IommuSva sva() {
    return sva;
  }

  /** A device that firmware does not list, in a group of its own; its DMA is blocked at first. */
  public IommuDevice addDevice(PciDevice pci, IommuOps ops) {
    IommuGroup group = newGroup();
    var device = new IommuDevice(pci, ops, group, parts);
    group.add(device);
    devices.add(device);
    return device;
  }

  /** Takes away a device that {@link #addDevice} added, with its group. */
  public void removeDevice(IommuDevice device) {
    device.discardPartialFaults();
    devices.remove(device);
    groups.remove(device.group());
  }

  /** A nested domain on a virtual IOMMU. */
  public IommuOps.Allocated<IommuDomain> allocNested(
      ViommuOps viommu, int flags, IommuOps.UserData data) {
    return kept(viommu.allocNested(flags, data));
  }

  private IommuOps.Allocated<IommuDomain> kept(IommuOps.Allocated<IommuDomain> allocated) {
    IommuDomain domain = allocated.domain();
    if (domain != null) {
      domains.add(domain);
    }
    return allocated;
  }

  /** {@code iommu_domain_free()}. */
  public void free(IommuDomain domain) {
    if (parts.trace().isOn()) {
      parts.trace().enter("iommu_domain_free").number("domain", domain.id());
    }
    domains.remove(domain);
    domain.free();
    parts.leave(Status.OK);
  }
}
