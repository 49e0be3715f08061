package org.iommulab.vtd;

import org.iommulab.memory.PhysicalMemory;
import org.iommulab.vtd.cache.Caches;
import org.iommulab.vtd.config.Capabilities;
import org.iommulab.vtd.config.Quirk;
import org.iommulab.vtd.config.UnitConfiguration;
import org.iommulab.vtd.interrupt.InterruptRemapper;
import org.iommulab.vtd.invalidation.InvalidationQueue;
import org.iommulab.vtd.layout.CapabilityLayout;
import org.iommulab.vtd.layout.ExtendedCapabilityLayout;
import org.iommulab.vtd.layout.Register;
import org.iommulab.vtd.layout.RegisterLayouts;
import org.iommulab.vtd.register.FaultLog;
import org.iommulab.vtd.register.RegisterFile;
import org.iommulab.vtd.translate.TableMode;
import org.iommulab.vtd.translate.Translator;

/** The handshake of GCMD and GSTS. Source: vtd.md 1.4. */
final class GlobalCommand {

  private static final Register GCMD = RegisterLayouts.GCMD;
  private static final int STATUS = RegisterLayouts.GSTS.position();
  private static final long TE = GCMD.field("TE").mask();
  private static final long SRTP = GCMD.field("SRTP").mask();
  private static final long QIE = GCMD.field("QIE").mask();
  private static final long IRE = GCMD.field("IRE").mask();
  private static final long WBF = GCMD.field("WBF").mask();
  private static final long SIRTP = GCMD.field("SIRTP").mask();
  private static final long CFI = GCMD.field("CFI").mask();

  private final UnitConfiguration configuration;
  private final RegisterFile registers;
  private final PhysicalMemory memory;
  private final Translator translator;
  private final Caches caches;
  private final InvalidationQueue queue;
  private final InterruptRemapper interrupts;
  private final FaultLog faults;
  private final Capabilities capabilities;
  private final boolean emptiesCaches;
  private final long hostMask;

  GlobalCommand(
      UnitConfiguration configuration,
      PhysicalMemory memory,
      RegisterFile registers,
      FaultLog faults,
      Caches caches,
      Translator translator,
      InvalidationQueue queue,
      InterruptRemapper interrupts) {
    this.configuration = configuration;
    this.registers = registers;
    this.memory = memory;
    this.translator = translator;
    this.caches = caches;
    this.queue = queue;
    this.interrupts = interrupts;
    this.faults = faults;
    capabilities = configuration.capabilities();
    emptiesCaches = configuration.has(Quirk.TABLE_COMMANDS_EMPTY_CACHES);
    hostMask =
        configuration.has(Quirk.REGISTER_ADDRESSES_ARE_CUT)
            ? ~(-1L << capabilities.hostAddressWidth())
            : -1L;
    registers.onWrite(GCMD, this::written);
  }

  /** Software wrote GCMD; changed bits are applied in a fixed order. */
  private void written() {
    long command = registers.get32(GCMD.position()) & 0xFFFF_FFFFL;
    long status = registers.get32(STATUS) & 0xFFFF_FFFFL;
    long changed = command ^ status;
    if ((changed & TE) != 0 && capabilities.deepestLevels() > 0) {
      enableTranslation((command & TE) != 0);
    }
    if ((command & WBF) != 0) {
      // WBFS would read 1 while this runs; it is over before software can look.
      memory.drainWrites();
    }
    if ((command & SRTP) != 0) {
      setRoot();
    }
    if ((changed & QIE) != 0 && capabilities.has(ExtendedCapabilityLayout.QI)) {
      enableQueue((command & QIE) != 0);
    }
    if ((command & SIRTP) != 0) {
      setInterruptTable();
    }
    boolean remaps = capabilities.has(ExtendedCapabilityLayout.IR);
    if ((changed & IRE) != 0 && remaps) {
      interrupts.setEnabled((command & IRE) != 0);
      registers.change32(STATUS, IRE, command);
    }
    if ((changed & CFI) != 0 && remaps && hasCompatibilitySwitch()) {
      interrupts.setCompatibility((command & CFI) != 0);
      registers.change32(STATUS, CFI, command);
    }
  }

  private boolean hasInterruptTable() {
    return capabilities.has(ExtendedCapabilityLayout.IR)
        || configuration.has(Quirk.INTERRUPT_TABLE_WITHOUT_REMAPPING);
  }

  private boolean hasCompatibilitySwitch() {
    return !configuration.has(Quirk.COMPATIBILITY_SWITCH_IS_DEAD);
  }

  private void enableTranslation(boolean on) {
    translator.setEnabled(on);
    registers.change32(STATUS, TE, on ? TE : 0);
    if (!on && configuration.has(Quirk.DISABLING_RESETS_RECORD_INDEX)) {
      faults.restart();
    }
    if (emptiesCaches) {
      caches.clearTranslations();
    }
    translator.allContextsLeft();
  }

  private void setRoot() {
    long address = registers.get64(RegisterLayouts.RTADDR.position());
    long table = RegisterLayouts.RTADDR.field("RTA").get(address) & hostMask;
    translator.setRoot(table, mode((int) RegisterLayouts.RTADDR.field("TTM").get(address)));
    registers.change32(STATUS, SRTP, SRTP);
    if (emptiesCaches || capabilities.has(CapabilityLayout.ESRTPS)) {
      caches.clearTranslations();
    }
    translator.allContextsLeft();
  }

  private TableMode mode(int bits) {
    boolean scalable = capabilities.has(ExtendedCapabilityLayout.SMTS);
    if (configuration.has(Quirk.TABLE_MODE_IS_ONE_BIT)) {
      return scalable && (bits & 1) != 0 ? TableMode.SCALABLE : TableMode.LEGACY;
    }
    return switch (bits) {
      case 0 -> TableMode.LEGACY;
      case 1 -> scalable ? TableMode.SCALABLE : TableMode.INVALID;
      case 3 ->
          capabilities.has(ExtendedCapabilityLayout.ADMS) ? TableMode.ABORT : TableMode.INVALID;
      default -> TableMode.INVALID;
    };
  }

  private void enableQueue(boolean on) {
    if (on) {
      registers.change32(STATUS, QIE, QIE);
      queue.enable();
    } else if (queue.disable()) {
      registers.change32(STATUS, QIE, 0);
    }
  }

  private void setInterruptTable() {
    if (!hasInterruptTable()) {
      return;
    }
    interrupts.setTable(registers.get64(RegisterLayouts.IRTA.position()) & (hostMask | 0xFFF));
    if (capabilities.has(CapabilityLayout.ESIRTPS)) {
      caches.invalidateInterrupts();
    }
    registers.change32(STATUS, SIRTP, SIRTP);
  }
}
