package org.iommulab.linux.iommu;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.iommulab.bus.Pasid;
import org.iommulab.linux.boot.KernelParts;
import org.iommulab.linux.mm.AddressSpace;
import org.iommulab.linux.uapi.Errno;
import org.iommulab.linux.uapi.Status;
import org.iommulab.trace.CallTrace;
import org.jspecify.annotations.Nullable;

/**
 * Shared virtual addressing: devices use the page tables of a process, under a PASID that is the
 * process' own everywhere (drivers/iommu/iommu-sva.c).
 */
public final class IommuSva {

  /** What an address space has in this: {@code struct iommu_mm_data}. */
  private static final class Space {
    private final Pasid pasid;
    private final List<IommuDomain> domains = new ArrayList<>();

    Space(Pasid pasid) {
      this.pasid = pasid;
    }
  }

  /**
   * A device that shares an address space ({@code struct iommu_sva}).
   *
   * @param device the device
   * @param space whose memory
   */
  private record Bond(IommuDevice device, AddressSpace space) {}

  /** A bond's PASID, or why there is none. */
  public record Bound(Pasid pasid, Status status) {}

  private final KernelParts parts;
  private final CallTrace trace;
  private final IommuSubsystem subsystem;
  private final BitSet pasids = new BitSet();
  private final Map<AddressSpace, Space> spaces = new HashMap<>();
  private final Map<Bond, Integer> users = new HashMap<>();

  IommuSva(KernelParts parts, IommuSubsystem subsystem) {
    this.parts = parts;
    this.trace = parts.trace();
    this.subsystem = subsystem;
    pasids.set(Pasid.OF_REQUESTER.value());
  }

  // ---- bind -------------------------------------------------------------------------------------

  /** {@code iommu_sva_bind_device()}: the second time it only counts. */
  public Bound bind(IommuDevice device, AddressSpace space) {
    if (trace.isOn()) {
      trace.enter("iommu_sva_bind_device").text("dev", device.toString());
    }
    Bound bound = tryBind(device, space);
    parts.leave(bound.status());
    return bound;
  }

  private Bound tryBind(IommuDevice device, AddressSpace space) {
    Space known = spaces.get(space);
    int most = device.ops().maxPasids(device);
    if (known != null && known.pasid.value() >= most) {
      return refuse(Errno.EOVERFLOW, "the process' PASID is too large for " + device);
    }
    Space data = known == null ? newSpace(most) : known;
    if (data == null) {
      return refuse(Errno.ENOSPC, "no PASID below " + most + " is free for " + device);
    }
    var bond = new Bond(device, space);
    Integer count = users.get(bond);
    if (count != null) {
      users.put(bond, count + 1);
      return new Bound(data.pasid, Status.OK);
    }
    Status status = attach(device, space, data);
    if (status.failed()) {
      drop(space, data);
      return new Bound(Pasid.OF_REQUESTER, status);
    }
    spaces.put(space, data);
    users.put(bond, 1);
    return new Bound(data.pasid, Status.OK);
  }

  private static Bound refuse(Errno errno, String cause) {
    return new Bound(Pasid.OF_REQUESTER, Status.fail(errno, cause));
  }

  /** {@code iommu_alloc_global_pasid()}. */
  private @Nullable Space newSpace(int most) {
    int pasid = pasids.nextClearBit(1);
    if (pasid >= most) {
      return null;
    }
    pasids.set(pasid);
    return new Space(new Pasid(pasid));
  }

  private void drop(AddressSpace space, Space data) {
    if (data.domains.isEmpty()) {
      pasids.clear(data.pasid.value());
      spaces.remove(space);
    }
  }

  /** A domain that serves the address space elsewhere may fit; else there is a new one. */
  private Status attach(IommuDevice device, AddressSpace space, Space data) {
    for (IommuDomain domain : data.domains) {
      if (!device.group().attachPasid(data.pasid, domain).failed()) {
        return Status.OK;
      }
    }
    IommuOps.Allocated<IommuDomain> allocated = subsystem.allocSva(device, space);
    IommuDomain domain = allocated.domain();
    if (domain == null) {
      return allocated.status();
    }
    domain.setIopfHandler(group -> handleFaults(group, space));
    Status status = device.group().attachPasid(data.pasid, domain);
    if (status.failed()) {
      subsystem.free(domain);
    } else {
      data.domains.add(domain);
    }
    return status;
  }

  /** {@code iommu_sva_unbind_device()}: the last one takes the PASID from the device. */
  public Status unbind(IommuDevice device, AddressSpace space) {
    var bond = new Bond(device, space);
    Integer count = users.get(bond);
    Space data = spaces.get(space);
    if (count == null || data == null) {
      return Status.fail(Errno.EINVAL, device + " does not share the process' memory");
    }
    if (trace.isOn()) {
      trace.enter("iommu_sva_unbind_device").text("dev", device.toString());
    }
    if (count > 1) {
      users.put(bond, count - 1);
    } else {
      users.remove(bond);
      detach(device, data);
      drop(space, data);
    }
    return parts.leave(Status.OK);
  }

  private void detach(IommuDevice device, Space data) {
    boolean siblingShares =
        users.keySet().stream()
            .anyMatch(
                bond ->
                    bond.device().group() == device.group() && spaces.get(bond.space()) == data);
    if (siblingShares) {
      return;
    }
    IommuDomain domain = device.group().pasidDomain(data.pasid);
    device.group().detachPasid(data.pasid);
    boolean used =
        subsystem.devices().stream()
            .anyMatch(other -> other.group().pasidDomain(data.pasid) == domain);
    if (domain != null && !used) {
      data.domains.remove(domain);
      subsystem.free(domain);
    }
  }

  /** The PASID of an address space, 0 if no device shares it. */
  public Pasid pasid(AddressSpace space) {
    Space data = spaces.get(space);
    return data == null ? Pasid.OF_REQUESTER : data.pasid;
  }

  // ---- page requests ----------------------------------------------------------------------------

  /** {@code iommu_sva_handle_iopf()}: brings in every page of the group, then answers. */
  private Status handleFaults(IopfGroup group, AddressSpace space) {
    if (trace.isOn()) {
      trace.enter("iommu_sva_handle_iopf").number("pasid", group.last().pasid().value());
    }
    PageResponse answer = PageResponse.SUCCESS;
    for (FaultPageRequest request : group.requests()) {
      if (answer == PageResponse.SUCCESS) {
        answer = handleMm(request, space);
      }
    }
    group.respond(answer);
    if (trace.isOn()) {
      trace.leave(answer.name());
    }
    return Status.OK;
  }

  /** {@code iommu_sva_handle_mm()}. */
  private PageResponse handleMm(FaultPageRequest request, AddressSpace space) {
    boolean write = (request.permissions() & FaultPageRequest.WRITE) != 0;
    if (trace.isOn()) {
      trace
          .enter("handle_mm_fault")
          .hex("address", request.address())
          .text("access", write ? "write" : "read");
    }
    AddressSpace.Fault fault =
        (request.permissions() & FaultPageRequest.EXECUTE) != 0
            ? AddressSpace.Fault.BAD_AREA
            : space.handleFault(request.address(), write);
    if (trace.isOn()) {
      trace.leave(fault.name());
    }
    return fault == AddressSpace.Fault.DONE ? PageResponse.SUCCESS : PageResponse.INVALID;
  }
}
