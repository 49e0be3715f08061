package org.iommulab.linux.intel;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.iommulab.bus.MessageSink;
import org.iommulab.bus.SourceId;
import org.iommulab.linux.boot.CommandLine;
import org.iommulab.linux.boot.DmarFacts;
import org.iommulab.linux.boot.KernelParts;
import org.iommulab.linux.pci.InterruptDomain;
import org.iommulab.linux.pci.MsiMessage;
import org.iommulab.linux.pci.PciDevice;
import org.iommulab.vtd.layout.ExtendedCapabilityLayout;
import org.iommulab.vtd.layout.Irte;
import org.iommulab.vtd.layout.RegisterLayouts;
import org.jspecify.annotations.Nullable;

/**
 * Interrupt remapping (intel/irq_remapping.c): devices send an index, the unit's table says which
 * processor gets which vector, and who may send that index.
 */
final class InterruptRemapping implements InterruptDomain {

  /** Validates the whole requester id. */
  private static final int BY_ID = 1;

  /** Validates that the requester's bus lies in a range. */
  private static final int BY_BUS = 2;

  private static final long REMAPPABLE = 1 << 4;
  private static final long HAS_SUBHANDLE = 1 << 3;

  private final KernelParts parts;
  private final List<PciDevice> devices;
  private final UnitLookup lookup;
  private final Map<IntelUnit, RemappingTable> tables = new HashMap<>();
  private final boolean wideIds;

  private InterruptRemapping(
      KernelParts parts, List<IntelUnit> units, List<PciDevice> devices, boolean wideIds) {
    this.parts = parts;
    this.devices = devices;
    this.lookup = new UnitLookup(units);
    this.wideIds = wideIds;
  }

  // ---- boot -------------------------------------------------------------------------------------

  /**
   * {@code intel_prepare_irq_remapping()} and {@code intel_enable_irq_remapping()}.
   *
   * @return null if firmware, a unit or the command line is against it
   */
  static @Nullable InterruptRemapping enable(
      KernelParts parts, DmarFacts facts, List<IntelUnit> units, List<PciDevice> devices) {
    CommandLine line = parts.commandLine();
    boolean able = units.stream().allMatch(unit -> unit.extended(ExtendedCapabilityLayout.IR));
    // Every PC has an I/O APIC: if no unit lists it, its interrupts would be lost.
    able &= units.stream().anyMatch(unit -> !unit.drhd().ioApics().isEmpty());
    if (!line.interruptRemapping() || !facts.interruptRemapping() || !able) {
      return null;
    }
    if (parts.trace().isOn()) {
      parts.trace().enter("intel_enable_irq_remapping");
    }
    for (IntelUnit unit : units) {
      for (int id : unit.drhd().ioApics()) {
        log(
            parts,
            String.format(
                Locale.ROOT,
                "IOAPIC id %d under DRHD base  0x%x IOMMU %d",
                id,
                unit.drhd().registerBase(),
                units.indexOf(unit)));
      }
    }
    InterruptRemapping made =
        new InterruptRemapping(parts, units, devices, extendedMode(parts, facts, units));
    for (IntelUnit unit : units) {
      if (!made.setUp(unit)) {
        log(parts, "Failed to setup irq remapping for " + unit.name());
        made = null;
        break;
      }
    }
    if (made != null) {
      units.forEach(unit -> unit.registers().command("IRE", true));
      log(parts, "Enabled IRQ remapping in " + (made.wideIds ? "x2apic" : "xapic") + " mode");
      if (facts.x2apic()) {
        parts
            .log()
            .print(
                made.wideIds
                    ? "x2apic enabled"
                    : "x2apic: IRQ remapping doesn't support X2APIC mode");
      }
    }
    if (parts.trace().isOn()) {
      parts.trace().leave();
    }
    return made;
  }

  private static boolean extendedMode(KernelParts parts, DmarFacts facts, List<IntelUnit> units) {
    if (!facts.x2apic()) {
      return false;
    }
    boolean wide = !facts.x2apicOptOut() || parts.commandLine().ignoresX2apicOptOut();
    if (!wide) {
      log(parts, "x2apic is disabled because BIOS sets x2apic opt out bit.");
      log(parts, "Use 'intremap=no_x2apic_optout' to override the BIOS setting.");
    }
    for (IntelUnit unit : units) {
      if (wide && !unit.extended(ExtendedCapabilityLayout.EIM)) {
        log(parts, unit.name() + " does not support EIM");
        wide = false;
      }
    }
    if (wide) {
      log(parts, "Queued invalidation will be enabled to support x2apic and Intr-remapping.");
    }
    return wide;
  }

  /** {@code intel_setup_irq_remapping()}: table, queue, table pointer. */
  private boolean setUp(IntelUnit unit) {
    if (parts.trace().isOn()) {
      parts.trace().enter("intel_setup_irq_remapping").text("iommu", unit.name());
    }
    RemappingTable table = RemappingTable.make(parts, unit);
    boolean done = table != null && unit.initInvalidation();
    if (table != null && done) {
      tables.put(unit, table);
      long address = RegisterLayouts.IRTA.field("IRTA").with(0, table.base());
      address = RegisterLayouts.IRTA.field("EIME").with(address, wideIds ? 1 : 0);
      address = RegisterLayouts.IRTA.field("S").with(address, RemappingTable.SIZE_CODE);
      unit.registers().write(RegisterLayouts.IRTA, address);
      unit.registers().command("SIRTP", true);
      unit.flusher().allInterruptEntries();
    }
    if (parts.trace().isOn()) {
      parts.trace().leave(done ? 0 : -1);
    }
    return done;
  }

  private static void log(KernelParts parts, String text) {
    parts.log().print("DMAR-IR: " + text);
  }

  // ---- devices' interrupts ----------------------------------------------------------------------

  private @Nullable RemappingTable table(PciDevice device) {
    IntelUnit unit = lookup.unit(device, devices);
    return unit == null ? null : tables.get(unit);
  }

  @Override
  public int allocate(PciDevice device, int count) {
    RemappingTable table = table(device);
    if (table == null) {
      return 0;
    }
    if (parts.trace().isOn()) {
      parts.trace().enter("intel_irq_remapping_alloc").number("nr_irqs", count);
    }
    int index = table.allocate(count);
    if (parts.trace().isOn()) {
      parts.trace().leave(index);
    }
    return index;
  }

  /** The message names the entry only; processor and vector stand in the entry. */
  @Override
  public MsiMessage compose(PciDevice device, int handle, int sub, int vector, int cpu) {
    RemappingTable table = table(device);
    if (table == null) {
      return InterruptDomain.DIRECT.compose(device, handle, sub, vector, cpu);
    }
    long low = Irte.P.with(0, 1);
    low = Irte.RH.with(low, 1);
    low = Irte.V.with(low, vector);
    low = Irte.DST.with(low, wideIds ? cpu : (long) cpu << 8);
    table.modify(handle + sub, low, validation(device));
    long address = MessageSink.FIRST | REMAPPABLE | HAS_SUBHANDLE;
    address |= (handle & 0x7FFFL) << 5 | (handle >>> 15 & 1) << 2;
    return new MsiMessage(address, sub);
  }

  /** {@code set_msi_sid()}: bridges may put their own id, or any of their bus, on a message. */
  private long validation(PciDevice device) {
    if (!parts.commandLine().validatesInterruptSources()) {
      return 0;
    }
    List<SourceId> aliases = device.aliases();
    if (aliases.isEmpty()) {
      return verify(BY_ID, device.sid().value());
    }
    SourceId alias = aliases.getLast();
    boolean bridge = devices.stream().anyMatch(other -> other.sid().equals(alias));
    return bridge
        ? verify(BY_ID, alias.value())
        : verify(BY_BUS, alias.bus() << 8 | device.sid().bus());
  }

  private static long verify(int type, int id) {
    return Irte.SVT.with(Irte.SID.with(0, id), type);
  }

  @Override
  public void free(PciDevice device, int handle, int count) {
    RemappingTable table = table(device);
    for (int i = 0; table != null && i < count; i++) {
      table.clear(handle + i);
    }
  }

  /** Entries in use on all units. */
  int used() {
    return tables.values().stream().mapToInt(RemappingTable::used).sum();
  }
}
