package org.iommulab.linux.intel;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.iommulab.bus.SourceId;
import org.iommulab.linux.boot.DmarFacts;
import org.iommulab.linux.boot.Era;
import org.iommulab.linux.boot.KernelParts;
import org.iommulab.linux.boot.Walker;
import org.iommulab.linux.iommu.DomainType;
import org.iommulab.linux.iommu.IommuApi;
import org.iommulab.linux.iommu.IommuDevice;
import org.iommulab.linux.iommu.IommuDomain;
import org.iommulab.linux.iommu.IommuOps;
import org.iommulab.linux.iommu.IommuSubsystem;
import org.iommulab.linux.iommu.ReservedRegion;
import org.iommulab.linux.pci.PciDevice;
import org.iommulab.linux.uapi.Errno;
import org.iommulab.linux.uapi.Status;
import org.iommulab.trace.CallTrace;
import org.iommulab.vtd.layout.CapabilityLayout;
import org.iommulab.vtd.layout.ContextEntry;
import org.iommulab.vtd.layout.ExtendedCapabilityLayout;
import org.iommulab.vtd.layout.PasidEntry;
import org.jspecify.annotations.Nullable;

/** The VT-d driver's operations for devices and domains (intel/iommu.c). */
public final class IntelIommu implements IommuOps {

  private static final long MSI_START = 0xFEE0_0000L;
  private static final long MSI_LAST = 0xFEEF_FFFFL;

  private final KernelParts parts;
  private final CallTrace trace;
  private final IommuSubsystem subsystem;
  private final IommuApi api;
  private final SoftwareIdentity softwareIdentity;
  private final List<IntelUnit> units;
  private final Map<SourceId, IntelUnit> unitOf = new HashMap<>();
  private final DmarFacts facts;
  private final Map<SourceId, DmarDomain> attached = new HashMap<>();

  IntelIommu(KernelParts parts, IommuSubsystem subsystem, DmarFacts facts, List<IntelUnit> units) {
    this.parts = parts;
    this.trace = parts.trace();
    this.subsystem = subsystem;
    this.api = subsystem.api();
    this.softwareIdentity = new SoftwareIdentity(parts, subsystem);
    this.facts = facts;
    this.units = List.copyOf(units);
  }

  @Override
  public String name() {
    return "intel-iommu";
  }

  /** {@code device_lookup_iommu()}: the unit that lists the device or a bridge above it. */
  @Nullable IntelUnit lookup(PciDevice device, List<PciDevice> all) {
    for (IntelUnit unit : units) {
      DmarFacts.Drhd drhd = unit.drhd();
      boolean near = drhd.segment() == device.sid().segment();
      if (near && !drhd.includeAll() && inScope(device, drhd.scope(), all)) {
        return unit;
      }
    }
    for (IntelUnit unit : units) {
      if (unit.drhd().segment() == device.sid().segment() && unit.drhd().includeAll()) {
        return unit;
      }
    }
    return null;
  }

  private static boolean inScope(PciDevice device, List<SourceId> scope, List<PciDevice> all) {
    SourceId physical = device.physicalFunction();
    if (scope.contains(device.sid()) || (physical != null && scope.contains(physical))) {
      return true;
    }
    SourceId bridge = device.bridge();
    for (PciDevice candidate : all) {
      if (candidate.sid().equals(bridge)) {
        return inScope(candidate, scope, all);
      }
    }
    return false;
  }

  void serve(SourceId device, IntelUnit unit) {
    unitOf.put(device, unit);
  }

  private IntelUnit unit(IommuDevice device) {
    IntelUnit unit = unitOf.get(device.sid());
    if (unit == null) {
      throw new IllegalStateException(device + " is behind no unit");
    }
    return unit;
  }

  @Override
  public boolean capable(IommuDevice device, Capability capability) {
    IntelUnit unit = unit(device);
    return switch (capability) {
      case CACHE_COHERENCY, DEFERRED_FLUSH -> true;
      case ENFORCE_CACHE_COHERENCY -> unit.extended(ExtendedCapabilityLayout.SC);
      case DIRTY_TRACKING -> dirtyCapable(unit);
    };
  }

  private static boolean dirtyCapable(IntelUnit unit) {
    return unit.scalable()
        && unit.extended(ExtendedCapabilityLayout.SSADS)
        && unit.extended(ExtendedCapabilityLayout.SMPWCS);
  }

  // ---- domains ----------------------------------------------------------------------------------

  @Override
  public Allocated allocPaging(IommuDevice device, DomainType type, int flags) {
    IntelUnit unit = unit(device);
    if (trace.isOn()) {
      trace
          .enter("intel_iommu_domain_alloc_paging_flags")
          .text("dev", device.toString())
          .hex("flags", flags);
    }
    Allocated result = alloc(unit, type, flags);
    if (trace.isOn()) {
      IommuDomain domain = result.domain();
      if (domain instanceof DmarDomain made) {
        trace.effect(
            "domain %d, %d levels, PGD at 0x%x".formatted(made.id(), made.levels(), made.root()));
        trace.leave("domain " + domain.id());
      } else {
        parts.leave(result.status());
      }
    }
    return result;
  }

  private Allocated alloc(IntelUnit unit, DomainType type, int flags) {
    if ((flags & ~(NEST_PARENT | DIRTY_TRACKING | PASID)) != 0) {
      return refuse(Errno.EOPNOTSUPP, "unknown domain flags");
    }
    boolean nestParent = (flags & NEST_PARENT) != 0;
    boolean nesting = unit.scalable() && unit.extended(ExtendedCapabilityLayout.NEST);
    if (nestParent && !nesting) {
      return refuse(Errno.EOPNOTSUPP, unit.name() + " cannot nest");
    }
    if ((flags & DIRTY_TRACKING) != 0 && !dirtyCapable(unit)) {
      return refuse(Errno.EOPNOTSUPP, unit.name() + " keeps no dirty bits");
    }
    long root = parts.frames().allocate();
    if (root < 0) {
      return refuse(Errno.ENOMEM, "no page frame for the top table");
    }
    int tableBits = 30 + 9 * unit.agaw();
    int bits = Math.min(tableBits, (int) CapabilityLayout.MGAW.get(unit.registers().cap()) + 1);
    long sizes = unit.pageSizes();
    int superpages = sizes >= 1L << 30 ? 2 : sizes >= 1L << 21 ? 1 : 0;
    var table =
        new ClassicPageTable(parts, root, unit.agaw() + 2, superpages, false, unit.coherent());
    GenericPageTable generic =
        parts.walker() == Walker.GENERIC_PT
            ? new GenericPageTable(parts, root, unit.agaw() + 2, sizes, unit.coherent())
            : null;
    var domain =
        new DmarDomain(
            parts,
            api,
            this,
            subsystem.nextDomainId(),
            type,
            "",
            table,
            generic,
            sizes,
            bits,
            nestParent);
    return new Allocated(domain, Status.OK);
  }

  private static Allocated refuse(Errno errno, String cause) {
    return new Allocated(null, Status.fail(errno, cause));
  }

  // ---- attach -----------------------------------------------------------------------------------

  @Override
  public Status attach(IommuDevice device, IommuDomain target) {
    if (trace.isOn()) {
      trace
          .enter("intel_iommu_attach_device")
          .number("domain", target.id())
          .text("dev", device.toString());
    }
    Status status = attachDomain(device, target);
    return parts.leave(status);
  }

  private Status attachDomain(IommuDevice device, IommuDomain target) {
    if (!(target instanceof DmarDomain domain)) {
      return Status.fail(Errno.EINVAL, "the domain belongs to another driver");
    }
    IntelUnit unit = unit(device);
    Status compatible = compatible(unit, domain);
    if (compatible.failed()) {
      return compatible;
    }
    blockTranslation(device, unit);
    Status linked = domain.attachUnit(unit);
    if (linked.failed()) {
      return linked;
    }
    DmarDomain.UnitLink link = domain.link(unit);
    if (link == null) {
      throw new IllegalStateException("no link to " + unit.name());
    }
    domain.add(device);
    attached.put(device.sid(), domain);
    for (SourceId alias : aliases(device)) {
      Status status = contextMapping(unit, domain, link.domainId(), device, alias);
      if (status.failed()) {
        blockTranslation(device, unit);
        return status;
      }
    }
    domain.tags().assign(unit, link.domainId(), null, 0);
    if (usesDeviceTlb(unit, device)) {
      domain.tags().assign(unit, link.domainId(), device.sid(), 0);
    }
    return Status.OK;
  }

  private static Status compatible(IntelUnit unit, DmarDomain domain) {
    if ((domain.pageSizes() & ~unit.pageSizes()) != 0) {
      return Status.fail(Errno.EINVAL, "the domain uses page sizes " + unit.name() + " lacks");
    }
    if (domain.levels() != unit.agaw() + 2) {
      return Status.fail(Errno.EINVAL, "the domain's table has another depth than " + unit.name());
    }
    if (domain.snoop() && !unit.extended(ExtendedCapabilityLayout.SC)) {
      return Status.fail(Errno.EINVAL, "the domain forces snooping, " + unit.name() + " cannot");
    }
    return Status.OK;
  }

  private static boolean usesDeviceTlb(IntelUnit unit, IommuDevice device) {
    return device.pci().ats() && unit.extended(ExtendedCapabilityLayout.DT);
  }

  private static List<SourceId> aliases(IommuDevice device) {
    var all = new ArrayList<SourceId>();
    all.add(device.sid());
    all.addAll(device.pci().aliases());
    return all;
  }

  /** {@code domain_context_mapping_one()}. */
  private Status contextMapping(
      IntelUnit unit, DmarDomain domain, int did, IommuDevice device, SourceId sid) {
    if (trace.isOn()) {
      trace
          .enter("domain_context_mapping_one")
          .number("domain", domain.id())
          .text("iommu", unit.name())
          .text("sid", sid.toString());
    }
    int type =
        usesDeviceTlb(unit, device)
            ? ContextEntry.TRANSLATE_WITH_DEVICE_TLB
            : ContextEntry.TRANSLATE;
    return parts.leave(program(unit, sid, type, domain.root(), did));
  }

  private Status program(IntelUnit unit, SourceId sid, int type, long root, int did) {
    if (unit.scalable()) {
      return programPasid(unit, sid, type, root, did);
    }
    long entry = unit.contexts().entry(sid, true);
    if (entry < 0) {
      return Status.fail(Errno.ENOMEM, "no page frame for a context table");
    }
    if (ContextEntry.P.isSet(parts.memory().readQword(entry))) {
      return Status.OK;
    }
    long low = ContextEntry.TT.with(ContextEntry.P.mask() | root, type);
    long high = ContextEntry.DID.with(ContextEntry.AW.with(0, unit.agaw()), did);
    unit.contexts().set(sid, entry, low, high);
    contextPresentCacheFlush(unit, did, sid);
    return Status.OK;
  }

  private static Status programPasid(IntelUnit unit, SourceId sid, int type, long root, int did) {
    long entry = unit.pasids().entry(sid, true);
    if (entry < 0) {
      return Status.fail(Errno.ENOMEM, "no page frame for a PASID table");
    }
    int kind = type == ContextEntry.PASS_THROUGH ? 4 : 2;
    unit.pasids().set(sid, entry, kind, root, did);
    return Status.OK;
  }

  /** Caching mode remembers the absent entry under DID 0; other units at most need RWBF. */
  private static void contextPresentCacheFlush(IntelUnit unit, int did, SourceId sid) {
    if (unit.cachingMode()) {
      unit.flusher().context(Descriptors.DEVICE_OR_PAGE, 0, sid.value(), 0);
      unit.flusher().iotlb(Descriptors.DOMAIN, did, 0, 0, false);
    } else {
      unit.flushWriteBuffer();
    }
  }

  @Override
  public Status attachIdentity(IommuDevice device) {
    IntelUnit unit = unit(device);
    if (trace.isOn()) {
      trace.enter("identity_domain_attach_dev").text("dev", device.toString());
    }
    if (!unit.extended(ExtendedCapabilityLayout.PT)) {
      return parts.leave(softwareIdentity.attach(device));
    }
    blockTranslation(device, unit);
    Status status = Status.OK;
    for (SourceId alias : aliases(device)) {
      status = program(unit, alias, ContextEntry.PASS_THROUGH, 0, 1);
      if (status.failed()) {
        break;
      }
    }
    return parts.leave(status);
  }

  @Override
  public void attachBlocked(IommuDevice device) {
    if (trace.isOn()) {
      trace.enter("blocking_domain_attach_dev").text("dev", device.toString());
    }
    blockTranslation(device, unit(device));
    parts.leave(Status.OK);
  }

  /** {@code device_block_translation()}: clears the entries and lets the caches forget them. */
  private void blockTranslation(IommuDevice device, IntelUnit unit) {
    if (trace.isOn()) {
      trace.enter("device_block_translation").text("dev", device.toString());
    }
    for (SourceId alias : aliases(device)) {
      clearContext(unit, alias);
    }
    DmarDomain domain = attached.remove(device.sid());
    if (domain != null) {
      DmarDomain.UnitLink link = domain.link(unit);
      if (link != null) {
        domain.tags().unassign(unit, link.domainId(), null, 0);
        if (usesDeviceTlb(unit, device)) {
          domain.tags().unassign(unit, link.domainId(), device.sid(), 0);
        }
      }
      domain.remove(device);
      domain.detachUnit(unit);
    }
    if (trace.isOn()) {
      trace.leave();
    }
  }

  private void clearContext(IntelUnit unit, SourceId sid) {
    if (unit.scalable()) {
      long pasid = unit.pasids().entry(sid, false);
      if (pasid > 0 && PasidEntry.P.isSet(parts.memory().readQword(pasid))) {
        unit.pasids().clear(sid, pasid);
      }
      return;
    }
    long entry = unit.contexts().entry(sid, false);
    if (entry <= 0) {
      return;
    }
    long low = parts.memory().readQword(entry);
    if (!ContextEntry.P.isSet(low)) {
      return;
    }
    int did = (int) ContextEntry.DID.get(parts.memory().readQword(entry + 8));
    if (trace.isOn()) {
      trace
          .enter("domain_context_clear_one")
          .text("iommu", unit.name())
          .text("sid", sid.toString());
    }
    unit.contexts().clear(sid, entry);
    unit.flusher().context(Descriptors.DEVICE_OR_PAGE, did, sid.value(), 0);
    unit.flusher().iotlb(Descriptors.DOMAIN, did, 0, 0, false);
    if (trace.isOn()) {
      trace.leave();
    }
  }

  @Override
  public Status attachPasid(IommuDevice device, int pasid, IommuDomain domain) {
    return Status.fail(Errno.EOPNOTSUPP, "legacy mode knows no PASIDs");
  }

  @Override
  public void removePasid(IommuDevice device, int pasid) {}

  // ---- facts ------------------------------------------------------------------------------------

  @Override
  public List<ReservedRegion> reservedRegions(IommuDevice device) {
    var regions = new ArrayList<ReservedRegion>();
    for (DmarFacts.Rmrr rmrr : facts.reserved()) {
      if (rmrr.scope().contains(device.sid())) {
        regions.add(
            new ReservedRegion(
                rmrr.range().start(), rmrr.range().end() - 1, ReservedRegion.Type.DIRECT));
      }
    }
    regions.add(new ReservedRegion(MSI_START, MSI_LAST, ReservedRegion.Type.MSI));
    return regions;
  }

  @Override
  public @Nullable DomainType requiredType(IommuDevice device) {
    boolean identityPossible =
        unit(device).extended(ExtendedCapabilityLayout.PT) || !parts.era().atLeast(Era.V6_12);
    return identityPossible ? null : DomainType.DMA;
  }

  @Override
  public HardwareInfo hardwareInfo(IommuDevice device) {
    UnitRegisters registers = unit(device).registers();
    ByteBuffer data = ByteBuffer.allocate(24).order(ByteOrder.LITTLE_ENDIAN);
    data.putInt(0).putInt(0).putLong(registers.cap()).putLong(registers.ecap());
    return new HardwareInfo(1, data.array());
  }

  /** Units this driver runs. */
  List<IntelUnit> units() {
    return units;
  }
}
