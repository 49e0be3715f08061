package org.iommulab.evidence.diagnosis;

import static org.iommulab.evidence.diagnosis.Finding.Confidence.HIGH;
import static org.iommulab.evidence.diagnosis.Finding.Confidence.LOW;
import static org.iommulab.evidence.diagnosis.Finding.Confidence.MEDIUM;

import java.util.List;
import org.iommulab.evidence.log.LogSign;
import org.jspecify.annotations.Nullable;

/** Interrupts that were refused. Source: diagnosis.md 2.4. */
final class InterruptRules {

  private static final int NOT_PRESENT = 0x22;
  private static final int COMPATIBILITY = 0x25;
  private static final int SOURCE = 0x26;

  /** Remapping is switched on in the first seconds, whatever the machine. */
  private static final double BOOT_SECONDS = 60;

  private InterruptRules() {}

  static Finding explain(FaultCase faults) {
    Requester requester = faults.requester();
    @Nullable Integer code = faults.code();
    boolean noise =
        code != null && (code == COMPATIBILITY || code == NOT_PRESENT || code == SOURCE);
    List<LogSign> dead = faults.any(LogSign.Kind.DEAD_TIMER);
    if (noise && !dead.isEmpty()) {
      return faults.finding("I11", HIGH, dead);
    }
    if (noise && requester.isInterruptController()) {
      if (faults.isResume()) {
        return faults.finding("I2", HIGH, faults.near(LogSign.Kind.RESUME));
      }
      boolean atBoot = faults.span() < BOOT_SECONDS && !(faults.first().seconds() > BOOT_SECONDS);
      return atBoot
          ? faults.finding("I1", faults.count() > 4 ? MEDIUM : HIGH, List.of())
          : faults.finding("I2", MEDIUM, List.of());
    }
    if (code == null) {
      return faults.finding("I8", LOW, List.of());
    }
    return switch (code) {
      case COMPATIBILITY -> compatibility(faults);
      case NOT_PRESENT -> faults.finding("I7", MEDIUM, faults.about(LogSign.Kind.DEVICE));
      case SOURCE -> source(faults);
      default -> faults.finding("I8", LOW, List.of());
    };
  }

  private static Finding compatibility(FaultCase faults) {
    List<LogSign> virtual = faults.about(LogSign.Kind.VIRTUAL_FUNCTION);
    List<LogSign> volumes = faults.any(LogSign.Kind.VMD);
    List<LogSign> guests = faults.any(LogSign.Kind.VFIO);
    if (!guests.isEmpty() && virtual.isEmpty() && volumes.isEmpty()) {
      return faults.finding("I10", MEDIUM, guests);
    }
    boolean known =
        !virtual.isEmpty() && faults.requester().function() > 0
            || !volumes.isEmpty() && faults.requester().isVolumeManagement();
    return faults.finding("I3", known ? HIGH : MEDIUM, virtual.isEmpty() ? volumes : virtual);
  }

  private static Finding source(FaultCase faults) {
    if (faults.requester().name().equals("00:00.0")) {
      return faults.finding("I4", MEDIUM, List.of());
    }
    if (faults.requester().isRootPort()) {
      return faults.finding("I5", MEDIUM, List.of());
    }
    return faults.finding("I6", MEDIUM, faults.about(LogSign.Kind.DEVICE));
  }
}
