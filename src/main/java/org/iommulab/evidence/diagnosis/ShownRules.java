package org.iommulab.evidence.diagnosis;

import static org.iommulab.evidence.diagnosis.Finding.Confidence.HIGH;
import static org.iommulab.evidence.diagnosis.Finding.Confidence.MEDIUM;

import java.util.Locale;
import java.util.Optional;
import org.iommulab.evidence.log.LogSign;
import org.jspecify.annotations.Nullable;

/**
 * What tables and traces of the same machine show: no guess is needed where they decide. Source:
 * diagnosis.md 2.0 (EDGE), N13 to N15, N19, P8.
 */
final class ShownRules {

  private static final long EDGE = 0x1000;

  private ShownRules() {}

  /** The cause, if tables or a trace decide it. */
  static @Nullable Finding explain(FaultCase faults) {
    Optional<Surroundings.Unmapped> unmapped = faults.unmapped();
    if (unmapped.isPresent()) {
      return faults.shown(
          "P8",
          HIGH,
          java.util.List.of(unmapped.get().proof()),
          "t1",
          seconds(unmapped.get().seconds()),
          "t2",
          seconds(faults.first().seconds()));
    }
    Surroundings.Mapped mapped = faults.mapped().orElse(null);
    if (mapped == null) {
      return null;
    }
    boolean some = mapped.readable() || mapped.writable();
    boolean refused = faults.reads() && !mapped.readable() || faults.writes() && !mapped.writable();
    if (some && refused) {
      return faults.shown("N19", HIGH, mapped.proof());
    }
    boolean guest = !faults.any(LogSign.Kind.VFIO).isEmpty() || faults.requester().isGraphics();
    if (!some && mapped.alias() && !guest) {
      return faults.shown("N14", HIGH, mapped.proof());
    }
    if (!some && mapped.behind() >= 0 && mapped.behind() < EDGE) {
      return faults.shown(faults.reads() ? "N15" : "N15b", MEDIUM, mapped.proof());
    }
    return null;
  }

  /** A use after unmap that a trace alone shows. */
  static Finding late(Surroundings.Late late) {
    return new Finding(
        "P8",
        Finding.Role.CAUSE,
        HIGH,
        java.util.Map.of(
            "dev", late.bdf(),
            "addr", FaultCase.hex(late.address()),
            "t1", seconds(late.unmapped()),
            "t2", seconds(late.used())),
        late.proof());
  }

  private static String seconds(double seconds) {
    return String.format(Locale.ROOT, "%.6f", seconds);
  }
}
