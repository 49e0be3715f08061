package org.iommulab.linux.vfio;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.iommulab.linux.boot.KernelParts;
import org.iommulab.linux.iommu.DomainType;
import org.iommulab.linux.iommu.IommuDevice;
import org.iommulab.linux.iommu.IommuOps;
import org.iommulab.linux.iommu.IommuSubsystem;
import org.iommulab.linux.iommu.PagingDomain;
import org.iommulab.linux.uapi.Errno;
import org.iommulab.linux.uapi.Status;
import org.iommulab.memory.Page;
import org.iommulab.trace.CallTrace;
import org.jspecify.annotations.Nullable;

/** The domains of a container and the groups on them: who joins, who leaves, what all can map. */
final class Type1Domains {

  private final KernelParts parts;
  private final CallTrace trace;
  private final IommuSubsystem iommu;
  private final Type1Mapper mapper;
  private final DmaTree mappings;
  private final Type1Limits limits;
  private final Runnable lastLeaves;
  private final List<Type1Domain> domains = new ArrayList<>();
  private List<IovaList.Range> valid = List.of();

  /**
   * No group yet.
   *
   * @param mappings what a domain that comes late has to map
   * @param limits whether interrupts that are not remapped are taken
   * @param lastLeaves what happens before the last domain goes
   */
  Type1Domains(
      KernelParts parts,
      IommuSubsystem iommu,
      Type1Mapper mapper,
      DmaTree mappings,
      Type1Limits limits,
      Runnable lastLeaves) {
    this.parts = parts;
    this.trace = parts.trace();
    this.iommu = iommu;
    this.mapper = mapper;
    this.mappings = mappings;
    this.limits = limits;
    this.lastLeaves = lastLeaves;
  }

  List<Type1Domain> list() {
    return domains;
  }

  /** IOVAs that every domain and device can use. */
  List<IovaList.Range> valid() {
    return valid;
  }

  boolean coherent() {
    return domains.stream().allMatch(Type1Domain::coherent);
  }

  /** Page sizes every domain has; those below a page count as a page. */
  long pageSizes() {
    long sizes = -1L;
    for (Type1Domain entry : domains) {
      sizes &= entry.domain().pageSizes();
    }
    return !Page.isWhole(sizes) ? Page.start(sizes) | 4096 : sizes;
  }

  /** {@code vfio_iommu_type1_attach_group()}: into a domain that fits, or a new one. */
  Status attachGroup(VfioGroup group) {
    if (trace.isOn()) {
      trace.enter("vfio_iommu_type1_attach_group").number("group", group.group().id());
    }
    return parts.leave(tryAttach(group));
  }

  private Status tryAttach(VfioGroup group) {
    IommuDevice first = group.group().devices().getFirst();
    IommuOps.Allocated<PagingDomain> allocated =
        iommu.alloc(first, DomainType.UNMANAGED, 0, "vfio container");
    PagingDomain fresh = allocated.domain();
    if (fresh == null) {
      return allocated.status();
    }
    boolean coherent =
        first.ops().capable(first, IommuOps.Capability.ENFORCE_CACHE_COHERENCY)
            && fresh.enforceCacheCoherency();
    Status status = group.group().attach(fresh);
    if (status.failed()) {
      iommu.free(fresh);
      return status;
    }
    var entry = new Type1Domain(fresh, coherent);
    entry.groups().add(group);
    domains.add(entry);
    List<IovaList.Range> ranges = IovaList.of(domains);
    for (VfioDma dma : mappings.all()) {
      if (!IovaList.holds(ranges, dma.iova(), dma.end() - 1)) {
        domains.remove(entry);
        leave(group, fresh);
        return Status.fail(
            Errno.EINVAL,
            String.format(Locale.ROOT, "the group cannot map 0x%x as it is mapped", dma.iova()));
      }
    }
    boolean isolated =
        group.group().devices().stream()
            .allMatch(device -> device.ops().isolatedInterrupts(device));
    if (!isolated && !limits.unsafeInterrupts()) {
      parts
          .log()
          .print(
              "vfio_iommu_type1_attach_group: No interrupt remapping support.  Use the module param"
                  + " \"allow_unsafe_interrupts\" to enable VFIO IOMMU support on this platform");
      domains.remove(entry);
      leave(group, fresh);
      return Status.fail(Errno.EPERM, "interrupts are not remapped");
    }
    Type1Domain shared = sharedDomain(entry);
    if (shared != null) {
      domains.remove(entry);
      group.group().detach();
      status = group.group().attach(shared.domain());
      if (!status.failed()) {
        iommu.free(fresh);
        shared.groups().add(group);
        valid = ranges;
        return Status.OK;
      }
      domains.add(entry);
      group.group().attach(fresh);
    }
    status = replay(entry);
    if (status.failed()) {
      domains.remove(entry);
      leave(group, fresh);
      return status;
    }
    valid = ranges;
    return Status.OK;
  }

  private void leave(VfioGroup group, PagingDomain domain) {
    group.group().detach();
    iommu.free(domain);
  }

  private @Nullable Type1Domain sharedDomain(Type1Domain entry) {
    for (Type1Domain other : domains) {
      boolean fits =
          other != entry
              && other.domain().driver() == entry.domain().driver()
              && other.coherent() == entry.coherent()
              && other.domain().pageSizes() == entry.domain().pageSizes();
      if (fits) {
        return other;
      }
    }
    return null;
  }

  /** {@code vfio_iommu_replay()}: a domain that comes late gets every mapping. */
  private Status replay(Type1Domain entry) {
    for (VfioDma dma : mappings.all()) {
      Status status = mapper.replay(dma, domains, entry.domain());
      if (status.failed()) {
        return status;
      }
    }
    return Status.OK;
  }

  /** {@code vfio_iommu_type1_detach_group()}: the last group of a domain takes it along. */
  void detachGroup(VfioGroup group) {
    if (trace.isOn()) {
      trace.enter("vfio_iommu_type1_detach_group").number("group", group.group().id());
    }
    for (Type1Domain entry : List.copyOf(domains)) {
      if (entry.groups().remove(group)) {
        if (entry.groups().isEmpty()) {
          if (domains.size() == 1) {
            lastLeaves.run();
          }
          domains.remove(entry);
          group.group().detach();
          iommu.free(entry.domain());
        } else {
          group.group().detach();
        }
      }
    }
    valid = IovaList.of(domains);
    if (trace.isOn()) {
      trace.leave();
    }
  }
}
