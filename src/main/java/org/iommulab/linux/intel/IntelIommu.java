package org.iommulab.linux.intel;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.iommulab.bus.MessageSink;
import org.iommulab.bus.Pasid;
import org.iommulab.bus.SourceId;
import org.iommulab.linux.boot.DmarFacts;
import org.iommulab.linux.boot.Era;
import org.iommulab.linux.boot.KernelParts;
import org.iommulab.linux.intel.queue.UnitRegisters;
import org.iommulab.linux.iommu.DomainType;
import org.iommulab.linux.iommu.FaultPageRequest;
import org.iommulab.linux.iommu.IommuDevice;
import org.iommulab.linux.iommu.IommuDomain;
import org.iommulab.linux.iommu.IommuOps;
import org.iommulab.linux.iommu.IommuSubsystem;
import org.iommulab.linux.iommu.PageResponse;
import org.iommulab.linux.iommu.PagingDomain;
import org.iommulab.linux.iommu.ReservedRegion;
import org.iommulab.linux.mm.AddressSpace;
import org.iommulab.linux.uapi.Errno;
import org.iommulab.linux.uapi.Status;
import org.iommulab.trace.CallTrace;
import org.iommulab.vtd.layout.ExtendedCapabilityLayout;
import org.jspecify.annotations.Nullable;

/** The VT-d driver's operations for devices and domains ({@code intel_iommu_ops}). */
public final class IntelIommu implements IommuOps {

  private static final int HARDWARE_INFO_TYPE = 1;

  private final KernelParts parts;
  private final CallTrace trace;
  private final SoftwareIdentity softwareIdentity;
  private final DmarFacts facts;
  private final boolean interruptsRemapped;
  private final ScalableContexts contexts;
  private final DomainAttachments attachments;
  private final BlockingTables blockingTables;
  private final DomainAllocator allocator;
  private final Map<SourceId, DeviceInfo> devices = new HashMap<>();

  IntelIommu(
      KernelParts parts, IommuSubsystem subsystem, DmarFacts facts, boolean interruptsRemapped) {
    this.parts = parts;
    this.interruptsRemapped = interruptsRemapped;
    this.trace = parts.trace();
    this.softwareIdentity = new SoftwareIdentity(parts, subsystem);
    this.facts = facts;
    this.contexts = new ScalableContexts(parts);
    var entries = new PasidEntries(parts);
    this.attachments = new DomainAttachments(parts, entries);
    this.blockingTables = new BlockingTables(subsystem);
    this.allocator = new DomainAllocator(parts, subsystem, this, entries);
  }

  @Override
  public String name() {
    return "intel-iommu";
  }

  /** {@code intel_iommu_probe_device()}: takes a device behind a unit into care. */
  Status probe(IommuDevice device, IntelUnit unit) {
    var info = new DeviceInfo(device, unit);
    devices.put(device.sid(), info);
    unit.add(info);
    return unit.scalable() ? contexts.setUp(info) : Status.OK;
  }

  private DeviceInfo info(IommuDevice device) {
    DeviceInfo info = devices.get(device.sid());
    if (info == null) {
      throw new IllegalStateException(device + " is behind no unit");
    }
    return info;
  }

  private IntelUnit unit(IommuDevice device) {
    return info(device).unit();
  }

  // ---- what a device can do ---------------------------------------------------------------------

  @Override
  public boolean capable(IommuDevice device, Capability capability) {
    IntelUnit unit = unit(device);
    return switch (capability) {
      case CACHE_COHERENCY, DEFERRED_FLUSH -> true;
      case ENFORCE_CACHE_COHERENCY -> unit.extended(ExtendedCapabilityLayout.SC);
      case DIRTY_TRACKING -> unit.dirtySupported();
    };
  }

  @Override
  public int maxPasids(IommuDevice device) {
    return info(device).maxPasids();
  }

  @Override
  public HardwareInfo hardwareInfo(IommuDevice device) {
    UnitRegisters registers = unit(device).registers();
    ByteBuffer data = ByteBuffer.allocate(24).order(ByteOrder.LITTLE_ENDIAN);
    data.putInt(0).putInt(0).putLong(registers.cap()).putLong(registers.ecap());
    return new HardwareInfo(HARDWARE_INFO_TYPE, data.array());
  }

  @Override
  public @Nullable DomainType requiredType(IommuDevice device) {
    boolean identityPossible =
        unit(device).extended(ExtendedCapabilityLayout.PT) || !parts.era().atLeast(Era.V6_12);
    return identityPossible ? null : DomainType.DMA;
  }

  @Override
  public List<ReservedRegion> reservedRegions(IommuDevice device) {
    var regions = new ArrayList<ReservedRegion>();
    for (DmarFacts.Rmrr rmrr : facts.reserved()) {
      if (rmrr.scope().contains(device.sid())) {
        regions.add(
            new ReservedRegion(rmrr.range().start(), rmrr.range().end() - 1, directType(device)));
      }
    }
    regions.add(new ReservedRegion(MessageSink.FIRST, MessageSink.LAST, ReservedRegion.Type.MSI));
    return regions;
  }

  /** {@code device_rmrr_is_relaxable()}: firmware needs these only until a driver takes over. */
  private static ReservedRegion.Type directType(IommuDevice device) {
    return switch (device.pci().kind()) {
      case DISPLAY, USB -> ReservedRegion.Type.DIRECT_RELAXABLE;
      case ENDPOINT, BRIDGE -> ReservedRegion.Type.DIRECT;
    };
  }

  // ---- domains ----------------------------------------------------------------------------------

  @Override
  public Allocated<PagingDomain> allocPaging(IommuDevice device, DomainType type, int flags) {
    if (trace.isOn()) {
      trace
          .enter("intel_iommu_domain_alloc_paging_flags")
          .text("dev", device.toString())
          .hex("flags", flags);
    }
    return leave(allocator.paging(unit(device), type, flags));
  }

  @Override
  public Allocated<IommuDomain> allocNested(
      IommuDevice device, IommuDomain parent, int flags, UserData data) {
    if (trace.isOn()) {
      trace
          .enter("intel_iommu_domain_alloc_nested")
          .text("dev", device.toString())
          .number("parent", parent.id())
          .hex("flags", flags);
    }
    return leave(allocator.nested(unit(device), parent, flags, data));
  }

  @Override
  public Allocated<IommuDomain> allocSva(IommuDevice device, AddressSpace space) {
    if (trace.isOn()) {
      trace.enter("intel_svm_domain_alloc").text("dev", device.toString());
    }
    return leave(allocator.sva(info(device), space));
  }

  private Allocated leave(Allocated result) {
    if (trace.isOn()) {
      if (result.domain() instanceof IntelDomain made) {
        trace.effect(
            String.format(
                Locale.ROOT,
                "domain %d, %d levels, PGD at 0x%x",
                made.id(),
                made.levels(),
                made.root()));
        trace.leave("domain " + made.id());
      } else {
        parts.leave(result.status());
      }
    }
    return result;
  }

  // ---- attach -----------------------------------------------------------------------------------

  @Override
  public Status attach(IommuDevice device, IommuDomain target) {
    if (trace.isOn()) {
      boolean nested = target instanceof NestedDomain;
      trace
          .enter(nested ? "intel_nested_attach_dev" : "intel_iommu_attach_device")
          .number("domain", target.id())
          .text("dev", device.toString());
    }
    if (!(target instanceof IntelDomain domain)) {
      return parts.leave(foreign());
    }
    Status allowed = target.type() == DomainType.UNMANAGED ? mayBeAssigned(device) : Status.OK;
    return parts.leave(allowed.failed() ? allowed : attachments.attach(info(device), domain));
  }

  /** {@code device_is_rmrr_locked()}. */
  @Override
  public Status mayBeAssigned(IommuDevice device) {
    boolean locked =
        !parts.era().atLeast(Era.V6_6)
            && reservedRegions(device).stream()
                .anyMatch(region -> region.type() == ReservedRegion.Type.DIRECT);
    if (!locked) {
      return Status.OK;
    }
    device.print(
        "Device is ineligible for IOMMU domain attach due to platform RMRR requirement.  Contact"
            + " your platform vendor.");
    return Status.fail(Errno.EPERM, device + " must keep reaching firmware memory (RMRR)");
  }

  @Override
  public boolean isolatedInterrupts(IommuDevice device) {
    return interruptsRemapped;
  }

  /** Tables of blocked groups that stay for the next time. */
  int blockingTables() {
    return blockingTables.size();
  }

  private static Status foreign() {
    return Status.fail(Errno.EINVAL, "the domain belongs to another driver");
  }

  @Override
  public Status attachIdentity(IommuDevice device) {
    if (trace.isOn()) {
      trace.enter("identity_domain_attach_dev").text("dev", device.toString());
    }
    boolean hardware = unit(device).extended(ExtendedCapabilityLayout.PT);
    return parts.leave(
        hardware ? attachments.attachIdentity(info(device)) : softwareIdentity.attach(device));
  }

  @Override
  public void attachBlocked(IommuDevice device) {
    if (trace.isOn()) {
      trace.enter("blocking_domain_attach_dev").text("dev", device.toString());
    }
    Status status = parts.era().atLeast(Era.V6_2) ? Status.OK : blockingTables.attach(device);
    // Without memory for tables, no entry at all blocks as well.
    if (parts.era().atLeast(Era.V6_2) || status.failed()) {
      attachments.block(info(device));
    }
    parts.leave(Status.OK);
  }

  @Override
  public Status attachPasid(IommuDevice device, Pasid pasid, IommuDomain target) {
    if (trace.isOn()) {
      String function =
          switch (target) {
            case NestedDomain nested -> "intel_nested_set_dev_pasid";
            case SvaDomain sva -> "intel_svm_set_dev_pasid";
            default -> "intel_iommu_set_dev_pasid";
          };
      trace
          .enter(function)
          .number("domain", target.id())
          .text("dev", device.toString())
          .number("pasid", pasid.value());
    }
    return parts.leave(
        target instanceof IntelDomain domain
            ? attachments.attachPasid(info(device), pasid, domain)
            : foreign());
  }

  @Override
  public void removePasid(IommuDevice device, Pasid pasid) {
    if (trace.isOn()) {
      trace
          .enter("blocking_domain_set_dev_pasid")
          .text("dev", device.toString())
          .number("pasid", pasid.value());
    }
    attachments.removePasid(info(device), pasid);
    parts.leave(Status.OK);
  }

  // ---- page requests ----------------------------------------------------------------------------

  /** The nested domain of a device serves the PASIDs that its user manages. */
  @Override
  public boolean userPasidTable() {
    return false;
  }

  @Override
  public void pageResponse(IommuDevice device, FaultPageRequest request, PageResponse code) {
    Prq queue = unit(device).pageRequests();
    if (queue != null) {
      queue.respond(device.sid(), request, code);
    }
  }
}
