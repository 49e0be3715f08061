package org.iommulab.linux.intel;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.iommulab.bus.Mmio;
import org.iommulab.bus.SourceId;
import org.iommulab.linux.boot.BootStage;
import org.iommulab.linux.boot.DmarFacts;
import org.iommulab.linux.boot.Era;
import org.iommulab.linux.boot.KernelParts;
import org.iommulab.linux.intel.queue.UnitRegisters;
import org.iommulab.linux.iommu.IommuGroup;
import org.iommulab.linux.iommu.IommuSubsystem;
import org.iommulab.linux.pci.InterruptDomain;
import org.iommulab.linux.pci.PciDevice;
import org.iommulab.linux.uapi.Status;
import org.iommulab.memory.AddressRange;
import org.iommulab.vtd.layout.CapabilityLayout;
import org.iommulab.vtd.layout.ExtendedCapabilityLayout;
import org.iommulab.vtd.layout.RegisterLayouts;
import org.jspecify.annotations.Nullable;

/**
 * The driver's way from the DMAR table to translation: {@code detect_intel_iommu()}, {@code
 * intel_iommu_init()}, {@code init_dmars()}.
 */
public final class IntelBoot {

  private final KernelParts parts;
  private final IommuSubsystem subsystem;
  private final DmarFacts facts;
  private final List<PciDevice> devices;
  private final List<IntelUnit> units = new ArrayList<>();
  private final List<IntelUnit> ignored = new ArrayList<>();
  private final DmarInterrupts interrupts;
  private @Nullable IntelIommu driver;
  private BootStage done = BootStage.PCI_IOMMU_ALLOC;
  private @Nullable InterruptRemapping remapping;
  private boolean translating;

  private IntelBoot(
      KernelParts parts, IommuSubsystem subsystem, DmarFacts facts, List<PciDevice> devices) {
    this.parts = parts;
    this.subsystem = subsystem;
    this.facts = facts;
    this.devices = devices;
    this.interrupts = new DmarInterrupts(parts);
  }

  /**
   * {@code detect_intel_iommu()}: finds the units and logs them.
   *
   * @param mmio register blocks by physical base address
   */
  public static IntelBoot detect(
      KernelParts parts,
      IommuSubsystem subsystem,
      DmarFacts facts,
      Map<Long, Mmio> mmio,
      List<PciDevice> devices) {
    var boot = new IntelBoot(parts, subsystem, facts, devices);
    boot.parseDmarTable(mmio);
    // The interrupt controllers come up long before the IOMMU core does.
    boot.remapping = InterruptRemapping.enable(parts, facts, boot.units, devices);
    return boot;
  }

  private void parseDmarTable(Map<Long, Mmio> mmio) {
    for (DmarFacts.Drhd drhd : facts.units()) {
      String wrong = validateOneDrhd(drhd, mmio.get(drhd.registerBase()));
      if (wrong != null) {
        warnInvalidDmar(drhd.registerBase(), wrong);
        return;
      }
    }
    log("Host address width " + facts.hostAddressWidth());
    for (DmarFacts.Drhd drhd : facts.units()) {
      int flags = drhd.includeAll() ? 1 : 0;
      log(String.format(Locale.ROOT, "DRHD base: 0x%014x flags: 0x%x", drhd.registerBase(), flags));
      Mmio block = mmio.get(drhd.registerBase());
      if (block != null) {
        addUnit(block, drhd);
      }
    }
    for (DmarFacts.Rmrr rmrr : facts.reserved()) {
      log(
          String.format(
              Locale.ROOT,
              "RMRR base: 0x%014x end: 0x%014x",
              rmrr.range().start(),
              rmrr.range().end() - 1));
      rmrrSanityCheck(rmrr);
    }
    for (boolean allPorts : facts.atsrs()) {
      log("ATSR flags: 0x" + (allPorts ? 1 : 0));
    }
  }

  /** {@code arch_rmrr_sanity_check()}, since 5.7 no reason to give up: is the memory reserved? */
  private void rmrrSanityCheck(DmarFacts.Rmrr rmrr) {
    AddressRange range = rmrr.range();
    boolean covered =
        rmrr.mapped()
            || parts.commandLine().reservedMemory().stream()
                .anyMatch(one -> one.start() <= range.start() && range.end() <= one.end());
    if (covered || !parts.era().atLeast(Era.V5_7)) {
      return;
    }
    String where = String.format(Locale.ROOT, "[0x%016x-0x%016x]", range.start(), range.end() - 1);
    log(
        "[Firmware Bug]: No firmware reserved region can cover this RMRR "
            + where
            + ", contact BIOS vendor for fixes");
    log("[Firmware Bug]: Your BIOS is broken; bad RMRR " + where);
    parts.log().print("BIOS vendor: (null); Ver: (null); Product Version: (null)");
  }

  /** {@code dmar_validate_one_drhd()}: how the complaint about a unit ends; null if it is there. */
  private static @Nullable String validateOneDrhd(DmarFacts.Drhd drhd, @Nullable Mmio block) {
    if (drhd.registerBase() == 0) {
      return "";
    }
    boolean answers =
        block != null
            && (block.read(RegisterLayouts.CAP.position(), 8) != -1L
                || block.read(RegisterLayouts.ECAP.position(), 8) != -1L);
    return answers ? null : " returns all ones";
  }

  /** {@code warn_invalid_dmar()}; this machine's firmware has no DMI strings. */
  private void warnInvalidDmar(long base, String message) {
    log(
        String.format(
            Locale.ROOT,
            "[Firmware Bug]: Your BIOS is broken; DMAR reported at address %x%s!",
            base,
            message));
    parts.log().print("BIOS vendor: (null); Ver: (null); Product Version: (null)");
  }

  private void addUnit(Mmio block, DmarFacts.Drhd drhd) {
    long base = drhd.registerBase();
    var registers = new UnitRegisters(block, base);
    var unit = new IntelUnit(parts, "dmar" + units.size(), registers, drhd);
    long version = registers.read(RegisterLayouts.VER);
    log(
        String.format(
            Locale.ROOT,
            "%s: reg_base_addr %x ver %d:%d cap %x ecap %x",
            unit.name(),
            base,
            version >>> 4 & 15,
            version & 15,
            registers.cap(),
            registers.ecap()));
    units.add(unit);
  }

  /** Tells whether any unit was found. */
  public boolean found() {
    return !units.isEmpty();
  }

  /** The driver's operations, null before {@link #init}. */
  public @Nullable IntelIommu driver() {
    return driver;
  }

  /** Who composes devices' interrupt messages: remapping if it is on. */
  public InterruptDomain interruptDomain() {
    return remapping == null ? InterruptDomain.DIRECT : remapping;
  }

  /** Tells whether translation is on. */
  public boolean translating() {
    return translating;
  }

  /**
   * {@code intel_iommu_init()}, or a part of it: goes on from the stage it had come to.
   *
   * @param last stage to come to
   * @return null if all went well so far, else why translation cannot be had
   */
  public @Nullable String init(BootStage last) {
    if (parts.trace().isOn()) {
      parts.trace().enter("intel_iommu_init");
    }
    String problem = initUnits(last);
    if (parts.trace().isOn()) {
      parts.trace().leave(problem == null ? "0" : problem);
    }
    return problem;
  }

  /** Tells whether a stage is to be done now, and counts it as done. */
  private boolean due(BootStage stage, BootStage last) {
    if (done.compareTo(stage) >= 0 || last.compareTo(stage) < 0) {
      return false;
    }
    done = stage;
    return true;
  }

  private @Nullable String initUnits(BootStage last) {
    if (due(BootStage.DMAR_TABLE_INIT, last)) {
      ignoreGraphicsUnits();
      if (!parts.policy().driverOn()) {
        units.forEach(IntelUnit::disableTranslation);
        return parts.commandLine().iommuOff()
            ? "the command line has iommu=off"
            : "intel_iommu=on is not on the command line";
      }
      announceScopes();
    }
    String problem = initDmars(last);
    if (problem != null) {
      log("Initialization failed");
      return problem;
    }
    if (due(BootStage.BUS_IOMMU_PROBE, last)) {
      var ops = new IntelIommu(parts, subsystem, facts, remapping != null);
      driver = ops;
      problem = probeDevices(ops);
    }
    if (problem == null && due(BootStage.IOMMU_ENABLE_TRANSLATION, last)) {
      problem = enableTranslation();
    }
    return problem;
  }

  private void announceScopes() {
    if (facts.reserved().isEmpty()) {
      log("No RMRR found");
    }
    if (facts.atsrs().isEmpty()) {
      log("No ATSR found");
    }
    if (parts.era().atLeast(Era.V5_15)) {
      log("No SATC found");
    }
  }

  /** Last of all: every device has a context by now. */
  private @Nullable String enableTranslation() {
    log("Intel(R) Virtualization Technology for Directed I/O");
    for (IntelUnit unit : units) {
      if (!unit.enableTranslation()) {
        return unit.name() + " did not switch translation on";
      }
      if (unit.capable(CapabilityLayout.PLMR) || unit.capable(CapabilityLayout.PHMR)) {
        unit.registers().write(RegisterLayouts.PMEN, 0);
      }
    }
    translating = true;
    return null;
  }

  /** {@code init_no_remapping_devices()}: {@code igfx_off} leaves units for graphics alone out. */
  private void ignoreGraphicsUnits() {
    if (parts.commandLine().gfxMapped()) {
      return;
    }
    for (IntelUnit unit : List.copyOf(units)) {
      List<SourceId> scope = unit.drhd().scope();
      boolean graphicsOnly =
          !unit.drhd().includeAll()
              && !scope.isEmpty()
              && devices.stream()
                  .filter(device -> scope.contains(device.sid()))
                  .allMatch(device -> device.kind() == PciDevice.Kind.DISPLAY);
      if (graphicsOnly) {
        unit.disableTranslation();
        units.remove(unit);
        ignored.add(unit);
      }
    }
  }

  private @Nullable String initDmars(BootStage last) {
    if (done.compareTo(BootStage.DMAR_SET_INTERRUPT) >= 0) {
      return null;
    }
    if (parts.trace().isOn()) {
      parts.trace().enter("init_dmars");
    }
    String problem = passes(last);
    if (parts.trace().isOn()) {
      parts.trace().leave(problem == null ? "0" : problem);
    }
    return problem;
  }

  private @Nullable String passes(BootStage last) {
    if (due(BootStage.INTEL_IOMMU_INIT_QI, last)) {
      for (IntelUnit unit : units) {
        String problem = firstPass(unit);
        if (problem != null) {
          return problem;
        }
      }
    }
    if (due(BootStage.IOMMU_SET_ROOT_ENTRY, last)) {
      for (IntelUnit unit : units) {
        unit.flushWriteBuffer();
        unit.setRootEntry();
      }
    }
    if (due(BootStage.DMAR_SET_INTERRUPT, last)) {
      for (IntelUnit unit : units) {
        unit.flushWriteBuffer();
        interrupts.enablePageRequests(unit);
        interrupts.setFaultInterrupt(unit);
      }
    }
    return null;
  }

  /** Queue, then root table: some units hang when the root pointer comes before the queue. */
  private @Nullable String firstPass(IntelUnit unit) {
    if (unit.agaw() < 0) {
      return unit.name() + " supports no page-table width (CAP.SAGAW is empty)";
    }
    if (unit.registers().status("TES")) {
      log(unit.name() + ": Translation was enabled by firmware, switching it off");
      unit.disableTranslation();
    }
    unit.setScalable(
        parts.policy().scalable()
            && unit.extended(ExtendedCapabilityLayout.SMTS)
            && (unit.extended(ExtendedCapabilityLayout.SSTS)
                || unit.extended(ExtendedCapabilityLayout.FSTS)));
    if (parts.trace().isOn()) {
      parts.trace().enter("intel_iommu_init_qi").text("iommu", unit.name());
    }
    boolean queued = unit.initInvalidation();
    log(unit.name() + ": Using " + (queued ? "Queued" : "Register based") + " invalidation");
    if (parts.trace().isOn()) {
      parts.trace().leave();
    }
    unit.checkSharing();
    if (!unit.allocRootTable()) {
      return "no page frame is left for the root table of " + unit.name();
    }
    boolean firstStage = unit.scalable() && unit.extended(ExtendedCapabilityLayout.FSTS);
    boolean shadowed = unit.cachingMode() && !firstStage;
    if (shadowed && !subsystem.strict() && parts.era().atLeast(Era.V5_12)) {
      boolean now = parts.era().atLeast(Era.V5_15);
      log("IOMMU batching " + (now ? "disallowed" : "is disabled") + " due to virtualization");
      subsystem.setStrict();
    }
    return null;
  }

  private @Nullable String probeDevices(IntelIommu ops) {
    if (parts.trace().isOn()) {
      parts.trace().enter("bus_iommu_probe");
    }
    String problem = null;
    var all = new ArrayList<>(units);
    all.addAll(ignored);
    var lookup = new UnitLookup(all);
    for (PciDevice device : devices) {
      IntelUnit unit = lookup.unit(device, devices);
      if (unit != null && !ignored.contains(unit)) {
        Status status = ops.probe(subsystem.probe(device, ops, devices), unit);
        if (status.failed() && problem == null) {
          problem = device.address() + " could not be probed: " + status.cause();
        }
      }
    }
    if (problem == null) {
      problem = setupDefaultDomains();
    }
    if (parts.trace().isOn()) {
      parts.trace().leave();
    }
    return problem;
  }

  private @Nullable String setupDefaultDomains() {
    String problem = null;
    for (IommuGroup group : subsystem.groups()) {
      Status status = subsystem.setupDefaultDomain(group);
      if (status.failed() && problem == null) {
        problem = "group " + group.id() + " got no default domain: " + status.cause();
      }
    }
    return problem;
  }

  /**
   * {@code qi_flush_iotlb()} on every unit, so that the driver's own position in the queue holds.
   *
   * @param granularity 1 global, 2 domain, 3 page
   * @param order log2 of the number of pages
   */
  public void flushIotlb(int granularity, int did, long address, int order) {
    units.forEach(unit -> unit.flusher().iotlb(granularity, did, address, order, false));
  }

  /**
   * {@code qi_flush_context()} on every unit.
   *
   * @param granularity 1 global, 2 domain, 3 device
   */
  public void flushContext(int granularity, int did, int source) {
    units.forEach(unit -> unit.flusher().context(granularity, did, source, 0));
  }

  /** Gives an interrupt message to the unit it belongs to; false if it is nobody's. */
  public boolean interrupt(long address, int data) {
    return interrupts.handle(address, data);
  }

  private void log(String text) {
    parts.log().print("DMAR: " + text);
  }

  /** Domain ids given away, of all units together. */
  public int domainIdsInUse() {
    return units.stream().mapToInt(IntelUnit::domainIdsInUse).sum();
  }

  /** Empty tables of groups that were claimed, which stay with the group. */
  public int blockingTables() {
    return driver == null ? 0 : driver.blockingTables();
  }

  /** PASID tables that exist; a device keeps them for the next user. */
  public int pasidTablesInUse() {
    return units.stream()
        .flatMap(unit -> unit.devices().stream())
        .filter(DeviceInfo::hasTable)
        .mapToInt(info -> info.table().tables())
        .sum();
  }
}
