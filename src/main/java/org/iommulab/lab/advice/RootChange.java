package org.iommulab.lab.advice;

import java.util.List;
import org.iommulab.bits.Field;
import org.iommulab.vtd.RemappingUnit;
import org.iommulab.vtd.layout.CapabilityLayout;
import org.iommulab.vtd.layout.RegisterLayouts;

/** Root and interrupt table addresses: H15 and H16. */
final class RootChange {

  private static final Field TES = RegisterLayouts.GSTS.field("TES");

  private final int number;
  private final RemappingUnit unit;
  private final boolean empties;
  private int loadedAt = -1;
  private boolean contexts;
  private boolean translations;
  private int rootWrittenAt = -1;
  private long rootWritten;
  private int interruptsWrittenAt = -1;
  private long interruptsWritten;
  private long interruptsLoaded;

  RootChange(int number, RemappingUnit unit) {
    this.number = number;
    this.unit = unit;
    empties = unit.configuration().capabilities().has(CapabilityLayout.ESRTPS);
  }

  void clear() {
    loadedAt = -1;
    rootWrittenAt = -1;
    interruptsWrittenAt = -1;
  }

  void written(Step step, Seen.Write write) {
    if (write.offset() == RegisterLayouts.RTADDR.position() && write.size() == 8) {
      rootWritten = write.value();
      rootWrittenAt = write.value() == write.root() ? -1 : step.number();
    } else if (write.offset() == RegisterLayouts.IRTA.position() && write.size() == 8) {
      interruptsWritten = write.value();
      interruptsWrittenAt = write.value() == interruptsLoaded ? -1 : step.number();
    } else if (write.offset() == RegisterLayouts.GCMD.position()) {
      command(step, write);
    }
  }

  private void command(Step step, Seen.Write write) {
    if (RegisterLayouts.GCMD.field("SIRTP").isSet(write.value())) {
      interruptsLoaded = unit.read(RegisterLayouts.IRTA.position(), 8);
      interruptsWrittenAt = -1;
    }
    if (RegisterLayouts.GCMD.field("SRTP").isSet(write.value())) {
      boolean cached = !unit.iotlb().isEmpty() || !unit.contextCache().isEmpty();
      boolean other = unit.read(RegisterLayouts.RTADDR.position(), 8) != write.root();
      rootWrittenAt = -1;
      if (other && !empties && (TES.isSet(write.status()) || cached)) {
        loadedAt = step.number();
        contexts = false;
        translations = false;
      }
    }
  }

  void invalidated(Descriptor d) {
    if (loadedAt < 0 || d.granularity() != 1) {
      return;
    }
    switch (d.type()) {
      case CONTEXT_CACHE -> contexts = true;
      case IOTLB -> translations = contexts;
      default -> {}
    }
    if (contexts && translations) {
      loadedAt = -1;
    }
  }

  void served(Step step, Seen.Request request) {
    if (loadedAt >= 0) {
      raiseCaches(step);
    }
    if (rootWrittenAt >= 0) {
      raiseUnloaded(step);
    }
  }

  private void raiseCaches(Step step) {
    Wording left =
        contexts
            ? Wording.IOTLB_WAS
            : translations ? Wording.CONTEXT_CACHE_WAS : Wording.CACHES_WERE;
    step.raise(
        "H15",
        loadedAt,
        List.of(Evidence.command(loadedAt), Evidence.register("RTADDR", 0x20)),
        Remedy.queue(step.rig(), number, 0x11, 0, 0x12, 0),
        loadedAt,
        left.with());
  }

  private void raiseUnloaded(Step step) {
    step.raise(
        "H16",
        rootWrittenAt,
        List.of(Evidence.command(rootWrittenAt), Evidence.register("RTADDR", 0x20)),
        List.of(Remedy.register(0x18, 4, status() | 0x4000_0000L, number)),
        "RTADDR",
        Digits.bare(rootWritten),
        rootWrittenAt,
        Digits.bare(unit.latchedRootAddress()),
        "GCMD.SRTP");
  }

  private long status() {
    return unit.read(RegisterLayouts.GSTS.position(), 4) & 0x96FF_FFFFL;
  }

  void atEnd(Step step) {
    if (loadedAt >= 0 && TES.isSet(unit.read(RegisterLayouts.GSTS.position(), 4))) {
      raiseCaches(step);
    }
    if (rootWrittenAt >= 0) {
      raiseUnloaded(step);
    }
    if (interruptsWrittenAt >= 0) {
      step.raise(
          "H16",
          interruptsWrittenAt,
          List.of(Evidence.command(interruptsWrittenAt), Evidence.register("IRTA", 0xB8)),
          List.of(Remedy.register(0x18, 4, status() | 0x0100_0000L, number)),
          "IRTA",
          Digits.bare(interruptsWritten),
          interruptsWrittenAt,
          Digits.bare(interruptsLoaded),
          "GCMD.SIRTP");
    }
  }
}
