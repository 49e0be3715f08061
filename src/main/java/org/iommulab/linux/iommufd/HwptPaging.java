package org.iommulab.linux.iommufd;

import java.util.List;
import org.iommulab.linux.boot.KernelParts;
import org.iommulab.linux.iommu.DomainType;
import org.iommulab.linux.iommu.IommuDevice;
import org.iommulab.linux.iommu.IommuOps;
import org.iommulab.linux.iommu.PagingDomain;
import org.iommulab.linux.uapi.Status;
import org.jspecify.annotations.Nullable;

/** A domain that shows an IOAS to devices ({@code struct iommufd_hwpt_paging}). */
final class HwptPaging extends HwPagetable {

  private final Ioas ioas;
  private final PagingDomain domain;
  private final int flags;
  private final boolean auto;
  private final boolean coherent;
  private boolean linked;

  /**
   * @param flags as given to HWPT_ALLOC
   * @param auto made by attaching a device to an IOAS, and destroyed with the last attachment
   * @param coherent DMA through it snoops caches
   */
  private HwptPaging(
      IommufdContext context,
      int id,
      Ioas ioas,
      PagingDomain domain,
      int flags,
      boolean auto,
      boolean coherent) {
    super(context, id);
    this.ioas = ioas;
    this.domain = domain;
    this.flags = flags;
    this.auto = auto;
    this.coherent = coherent;
    ioas.hold(name());
  }

  /** A new paging HWPT that is not yet in the IOAS's list, or why there is none. */
  record Allocation(@Nullable HwptPaging hwpt, Status status) {}

  /** {@code iommufd_hwpt_paging_alloc()} without its last step, see {@link #link}. */
  static Allocation alloc(
      IommufdContext context, Ioas ioas, IommuDevice device, int flags, boolean auto) {
    return alloc(context, ioas, device, flags, auto, null);
  }

  /** The same with data for the driver. */
  static Allocation alloc(
      IommufdContext context,
      Ioas ioas,
      IommuDevice device,
      int flags,
      boolean auto,
      IommuOps.@Nullable UserData data) {
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
    IommuOps.Allocated<PagingDomain> allocated =
        memory.failed()
            ? new IommuOps.Allocated<>(null, memory)
            : domain(context, device, flags, "iommufd hwpt " + id, data);
    PagingDomain domain = allocated.domain();
    HwptPaging hwpt = null;
    if (domain != null) {
      boolean coherent =
          device.ops().capable(device, IommuOps.Capability.ENFORCE_CACHE_COHERENCY)
              && enforceCoherency(parts, domain);
      hwpt = new HwptPaging(context, id, ioas, domain, flags, auto, coherent);
    }
    parts.leave(allocated.status());
    return new Allocation(hwpt, allocated.status());
  }

  private static IommuOps.Allocated<PagingDomain> domain(
      IommufdContext context,
      IommuDevice device,
      int flags,
      String owner,
      IommuOps.@Nullable UserData data) {
    return data == null
        ? context.iommu().alloc(device, DomainType.UNMANAGED, flags, owner)
        : context.iommu().alloc(device, DomainType.UNMANAGED, flags, owner, data);
  }

  private static boolean enforceCoherency(KernelParts parts, PagingDomain domain) {
    if (parts.trace().isOn()) {
      parts.trace().enter("enforce_cache_coherency").number("domain", domain.id());
    }
    boolean done = domain.enforceCacheCoherency();
    if (parts.trace().isOn()) {
      parts.trace().leave(done ? "true" : "false");
    }
    return done;
  }

  Ioas ioas() {
    return ioas;
  }

  @Override
  PagingDomain domain() {
    return domain;
  }

  @Override
  HwptPaging paging() {
    return this;
  }

  boolean auto() {
    return auto;
  }

  boolean coherent() {
    return coherent;
  }

  boolean nestParent() {
    return (flags & IommuOps.NEST_PARENT) != 0;
  }

  boolean dirtyTracking() {
    return (flags & IommuOps.DIRTY_TRACKING) != 0;
  }

  @Override
  boolean pasidCompatible() {
    return (flags & IommuOps.PASID) != 0;
  }

  /** Writes every area of the IOAS into the domain, which follows the IOAS from now on. */
  Status link() {
    Status status = ioas.table().addDomain(domain);
    if (!status.failed()) {
      linked = true;
      ioas.hwpts().add(this);
    }
    return status;
  }

  @Override
  String type() {
    return "HWPT_PAGING";
  }

  @Override
  void destroy() {
    dropFault();
    if (linked) {
      ioas.hwpts().remove(this);
      ioas.table().removeDomain(domain);
    }
    context().iommu().free(domain);
    ioas.letGo(name());
  }

  @Override
  List<String> facts() {
    return List.of(
        "ioas: " + ioas.id(),
        "domain: " + domain.id(),
        "auto: " + (auto ? "yes" : "no"),
        "enforces coherency: " + (coherent ? "yes" : "no"));
  }
}
