package org.iommulab.evidence.diagnosis;

import static org.iommulab.evidence.diagnosis.Finding.Confidence.HIGH;
import static org.iommulab.evidence.diagnosis.Finding.Confidence.MEDIUM;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.iommulab.evidence.log.LogSign;
import org.jspecify.annotations.Nullable;

/**
 * What tables and traces of the same machine show: no guess is needed where they decide. Source:
 * diagnosis.md 2.0 (EDGE), N13 to N15, N19, P8.
 */
final class ShownRules {

  private static final long EDGE = 0x1000;
  private static final Pattern DUMP = Pattern.compile("entries for IOVA 0x([0-9a-f]{1,16})");
  private static final Pattern ENTRY =
      Pattern.compile("pte level: (\\d), pte value: 0x([0-9a-f]{1,16})");

  /** Read and write of a second-stage entry; present and write of a first-stage one. */
  private static final long READ = 1;

  private static final long WRITE = 1 << 1;
  private static final long LARGE = 1 << 7;

  private ShownRules() {}

  /** The cause, if tables or a trace decide it. */
  static @Nullable Finding explain(FaultCase faults) {
    Optional<Surroundings.Unmapped> unmapped = faults.unmapped();
    if (unmapped.isPresent()) {
      return faults.shown(
          "P8",
          HIGH,
          List.of(unmapped.get().proof()),
          "t1",
          seconds(unmapped.get().seconds()),
          "t2",
          seconds(faults.first().seconds()));
    }
    String entry = allowed(faults);
    if (entry != null) {
      return faults.shown("D16", HIGH, List.of(new Finding.Evidence("", 0, entry)));
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

  /** The last entry of the kernel's own walk to the first address, if it gives the right. */
  private static @Nullable String allowed(FaultCase faults) {
    List<String> walk = faults.log().pageWalk();
    int start = -1;
    for (int i = 0; i < walk.size() && start < 0; i++) {
      Matcher dump = DUMP.matcher(walk.get(i));
      if (dump.find() && Long.parseUnsignedLong(dump.group(1), 16) == faults.address()) {
        start = i;
      }
    }
    for (int i = start + 1; start >= 0 && i < walk.size(); i++) {
      Matcher entry = ENTRY.matcher(walk.get(i));
      if (DUMP.matcher(walk.get(i)).find()) {
        return null;
      }
      if (entry.find()) {
        long value = Long.parseUnsignedLong(entry.group(2), 16);
        boolean leaf = entry.group(1).equals("1") || (value & LARGE) != 0;
        long right = faults.writes() ? WRITE : READ;
        if (leaf) {
          return (value & right) != 0 && (faults.reads() || faults.writes()) ? walk.get(i) : null;
        }
      }
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
