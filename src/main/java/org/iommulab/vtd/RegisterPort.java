package org.iommulab.vtd;

import org.iommulab.bus.Mmio;
import org.iommulab.vtd.config.Quirk;
import org.iommulab.vtd.config.UnitConfiguration;
import org.iommulab.vtd.layout.OptionalRegisters;
import org.iommulab.vtd.layout.RegisterLayouts;
import org.jspecify.annotations.Nullable;

/** Software's way to the registers: what is read, and what a write starts. */
final class RegisterPort implements Mmio {

  private static final int GCMD = RegisterLayouts.GCMD.position();
  private static final int FSTS = RegisterLayouts.FSTS.position();
  private static final int FECTL = RegisterLayouts.FECTL.position();
  private static final int CCMD_HIGH = RegisterLayouts.CCMD.position() + 4;
  private static final int IQT = RegisterLayouts.IQT.position();
  private static final int IQA = RegisterLayouts.IQA.position();
  private static final int ICS = RegisterLayouts.ICS.position();
  private static final int IECTL = RegisterLayouts.IECTL.position();
  private static final int PRS = RegisterLayouts.PRS.position();
  private static final int PECTL = RegisterLayouts.PECTL.position();
  private static final int PMEN = RegisterLayouts.PMEN.position();
  private static final int ECMD = OptionalRegisters.ECMD.position();
  private static final int VCMD = OptionalRegisters.VCMD.position();
  private static final int PERFINTRSTS = OptionalRegisters.PERFINTRSTS.position();
  private static final int PERFINTRCTL = OptionalRegisters.PERFINTRCTL.position();
  private static final int PROTECTION_BYTES = 0x1C;

  private final RegisterFile registers;
  private final GlobalCommand globalCommand;
  private final RegisterInvalidation registerInvalidation;
  private final InvalidationQueue queue;
  private final FaultLog faults;
  private final PageRequestQueue pageRequests;
  private final EventMessage faultEvent;
  private final EventMessage completionEvent;
  private final EventMessage pageEvent;
  private final Runnable protection;
  private final PerformanceMonitor monitor;
  private final EventMessage monitorEvent;
  private final CommandRegisters commands;
  private final int iotlbHigh;
  private final boolean latchedQueueAddress;
  private @Nullable UnitWatch watch;

  RegisterPort(
      UnitConfiguration configuration,
      RegisterFile registers,
      GlobalCommand globalCommand,
      RegisterInvalidation registerInvalidation,
      InvalidationQueue queue,
      FaultLog faults,
      PageRequestQueue pageRequests,
      EventMessage faultEvent,
      EventMessage completionEvent,
      EventMessage pageEvent,
      Runnable protection,
      PerformanceMonitor monitor,
      EventMessage monitorEvent,
      CommandRegisters commands) {
    this.registers = registers;
    this.globalCommand = globalCommand;
    this.registerInvalidation = registerInvalidation;
    this.queue = queue;
    this.faults = faults;
    this.pageRequests = pageRequests;
    this.faultEvent = faultEvent;
    this.completionEvent = completionEvent;
    this.pageEvent = pageEvent;
    this.protection = protection;
    this.monitor = monitor;
    this.monitorEvent = monitorEvent;
    this.commands = commands;
    iotlbHigh = configuration.capabilities().iotlbOffset() + 12;
    latchedQueueAddress = configuration.has(Quirk.QUEUE_ADDRESS_READS_LATCHED);
  }

  @Override
  public long read(int offset, int size) {
    if (size == 8) {
      return read32(offset) & 0xFFFF_FFFFL | (long) read32(offset + 4) << 32;
    }
    return read32(offset) & 0xFFFF_FFFFL;
  }

  private int read32(int offset) {
    monitor.update();
    if (latchedQueueAddress && (offset & ~4) == IQA) {
      return (int) (queue.latchedAddress() >>> (offset & 4) * 8);
    }
    return registers.read32(offset);
  }

  /** Tells a watcher of every write, or nobody any more. */
  void setWatch(@Nullable UnitWatch watcher) {
    watch = watcher;
  }

  @Override
  public void write(int offset, int size, long value) {
    if (watch != null) {
      watch.writing(offset, size, value);
    }
    registers.write32(offset, (int) value);
    if (size == 8) {
      registers.write32(offset + 4, (int) (value >>> 32));
      written(offset);
      written(offset + 4);
    } else {
      written(offset);
    }
  }

  /** Starts what a write to this dword starts. */
  private void written(int offset) {
    if (offset == GCMD) {
      globalCommand.written();
    } else if (offset == CCMD_HIGH) {
      registerInvalidation.contextCommand(!queue.isEnabled());
    } else if (offset == iotlbHigh) {
      registerInvalidation.translationCommand(!queue.isEnabled());
    } else if (offset == IQT) {
      queue.tailWritten();
    } else if (offset == FSTS) {
      faults.statusWritten();
      queue.statusWritten();
    } else if (offset == FECTL) {
      faultEvent.controlWritten();
    } else if (offset == ICS) {
      completionStatusWritten();
    } else if (offset == IECTL) {
      completionEvent.controlWritten();
    } else if (offset == PRS) {
      pageRequests.statusWritten();
    } else if (offset == PECTL) {
      pageEvent.controlWritten();
    } else if (offset >= PMEN && offset < PMEN + PROTECTION_BYTES) {
      protection.run();
    } else if (faults.contains(offset)) {
      faults.recordWritten();
    } else {
      optionalWritten(offset);
    }
  }

  private void optionalWritten(int offset) {
    if (offset == ECMD) {
      commands.enhancedWritten();
    } else if (offset == VCMD) {
      commands.virtualWritten();
    } else if (offset == PERFINTRSTS) {
      monitor.statusWritten();
    } else if (offset == PERFINTRCTL) {
      monitorEvent.controlWritten();
    } else if (configuresCounter(offset)) {
      monitor.configurationWritten();
    }
  }

  private static boolean configuresCounter(int offset) {
    for (int i = 0; i < OptionalRegisters.PERFCFG.size(); i++) {
      if (OptionalRegisters.PERFCFG.get(i).position() == (offset & ~4)) {
        return true;
      }
    }
    return false;
  }

  private void completionStatusWritten() {
    if ((registers.get32(ICS) & 1) == 0) {
      completionEvent.conditionsGone();
    }
  }
}
