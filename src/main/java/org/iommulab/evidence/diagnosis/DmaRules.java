package org.iommulab.evidence.diagnosis;

import static org.iommulab.evidence.diagnosis.Finding.Confidence.HIGH;
import static org.iommulab.evidence.diagnosis.Finding.Confidence.LOW;
import static org.iommulab.evidence.diagnosis.Finding.Confidence.MEDIUM;

import java.util.ArrayList;
import java.util.List;
import org.iommulab.evidence.log.LogSign;
import org.jspecify.annotations.Nullable;

/** DMA that was refused, by the family of its reason. Source: diagnosis.md 2.5. */
final class DmaRules {

  private static final int SCALABLE_ROOT = 0x39;

  private DmaRules() {}

  /** What a reason is about. */
  private enum Family {
    ROOT,
    CONTEXT,
    CONTEXT_BAD,
    BEYOND,
    NOT_MAPPED,
    NEXT_TABLE,
    RESERVED,
    PASID,
    ATS,
    INTERRUPT_WINDOW,
    MODE,
    UNKNOWN
  }

  private static Family family(@Nullable Integer code) {
    if (code == null) {
      return Family.UNKNOWN;
    }
    return switch (code) {
      case 0x01, 0x08, 0x0A, 0x38, 0x39, 0x3A -> Family.ROOT;
      case 0x02, 0x41 -> Family.CONTEXT;
      case 0x03, 0x09, 0x0B, 0x40, 0x42, 0x43, 0x5B -> Family.CONTEXT_BAD;
      case 0x04, 0x74, 0x80, 0x83, 0x84 -> Family.BEYOND;
      case 0x05, 0x06, 0x71, 0x75, 0x76, 0x77, 0x79, 0x81, 0x82, 0x85, 0x86 -> Family.NOT_MAPPED;
      case 0x07, 0x70, 0x73, 0x78, 0x7B -> Family.NEXT_TABLE;
      case 0x0C, 0x72, 0x7A -> Family.RESERVED;
      case 0x45, 0x46, 0x48, 0x50, 0x51, 0x52, 0x58, 0x59, 0x5A, 0x5C, 0x5D -> Family.PASID;
      case 0x0D, 0x44, 0x47 -> Family.ATS;
      case 0x0E, 0x87 -> Family.INTERRUPT_WINDOW;
      case 0x30, 0x31, 0x32 -> Family.MODE;
      default -> Family.UNKNOWN;
    };
  }

  /** The likely cause first, then what else may be. */
  static List<Finding> explain(FaultCase all) {
    FaultCase faults = ofMainFamily(all);
    Finding special = special(faults);
    if (special != null) {
      return List.of(special);
    }
    Family family = family(faults.code());
    if (family == Family.UNKNOWN
        && ContextRules.isOneOfSeveralFunctions(faults)
        && (faults.isNearRmrr() || faults.isAtOneAddress())) {
      return List.of(ContextRules.hidden(faults));
    }
    if (family == Family.NOT_MAPPED || family == Family.UNKNOWN) {
      Finding shown = ShownRules.explain(faults);
      if (shown != null) {
        return List.of(shown);
      }
    }
    return switch (family) {
      case ROOT -> List.of(root(faults));
      case CONTEXT -> ContextRules.explain(faults);
      case CONTEXT_BAD -> List.of(faults.finding("D3", MEDIUM, List.of()));
      case BEYOND -> List.of(beyond(faults));
      case NOT_MAPPED, UNKNOWN -> MappingRules.explain(faults);
      case NEXT_TABLE -> List.of(nextTable(faults));
      case RESERVED -> reserved(faults);
      case PASID -> List.of(PasidRules.explain(faults));
      case ATS -> List.of(faults.finding("D13", MEDIUM, List.of()));
      case INTERRUPT_WINDOW -> List.of(faults.finding("D14", MEDIUM, List.of()));
      case MODE -> List.of(faults.finding("D5", MEDIUM, List.of()));
    };
  }

  /** What most of them say: a stray one of another kind at the same moment belongs to them. */
  private static FaultCase ofMainFamily(FaultCase all) {
    Family main = family(all.code());
    boolean mixed =
        main != Family.UNKNOWN
            && all.faults().stream()
                .anyMatch(
                    fault ->
                        fault.reason().code() != null && family(fault.reason().code()) != main);
    return mixed ? all.only(code -> family(code) == main) : all;
  }

  /** Requester and address decide, whatever the reason. */
  private static @Nullable Finding special(FaultCase faults) {
    Requester requester = faults.requester();
    long address = faults.address();
    if (faults.writes()
        && DeviceAddress.isZero(address)
        && requester.isInterruptController()
        && !requester.isChipsetBridge()) {
      return faults.finding("D2d", HIGH, faults.near(LogSign.Kind.RESUME));
    }
    if (faults.isXen() && requester.isGraphics()) {
      if (XenFacts.isAboveRam(faults)) {
        return faults.finding("N2", MEDIUM, List.of());
      }
      boolean inRegion = faults.rmrr().isPresent();
      boolean cluster = faults.reads() && DeviceAddress.isStolen(address);
      if (inRegion || cluster) {
        return faults.finding("N1", inRegion ? HIGH : MEDIUM, List.of());
      }
    }
    if (DeviceAddress.isInterruptWindow(address)
        && family(faults.code()) != Family.INTERRUPT_WINDOW) {
      return faults.finding("D14i", MEDIUM, faults.about(LogSign.Kind.DEVICE));
    }
    if (DeviceAddress.isKernelPointer(address)) {
      return faults.finding("D4c", HIGH, faults.about(LogSign.Kind.DEVICE));
    }
    return null;
  }

  private static Finding root(FaultCase faults) {
    Requester requester = faults.requester();
    int code = faults.code() == null ? 0 : faults.code();
    if (code == 0x0A || code == 0x3A) {
      return faults.finding("D1d", LOW, faults.about(LogSign.Kind.DEVICE));
    }
    if (requester.isGraphics() && faults.isBoot()) {
      return faults.finding("D1b", MEDIUM, List.of());
    }
    List<LogSign> crash = faults.any(LogSign.Kind.KDUMP);
    boolean upper = requester.device() >= 0x10;
    if (upper && !crash.isEmpty()) {
      return faults.finding("D1a", HIGH, crash);
    }
    if (upper && code == SCALABLE_ROOT && requester.bus() > 0) {
      // Only the copy for a crash kernel is known to lose half an entry of scalable mode.
      return faults.finding("D1a", MEDIUM, List.of());
    }
    if (requester.isGraphics()) {
      return faults.finding("D1b", LOW, List.of());
    }
    if (DeviceAddress.isAboveFourGib(faults.address())) {
      return faults.finding("D1e", MEDIUM, faults.about(LogSign.Kind.DEVICE));
    }
    return faults.finding("D1c", LOW, faults.about(LogSign.Kind.DEVICE));
  }

  private static Finding beyond(FaultCase faults) {
    int width =
        faults.log().units().stream()
            .filter(unit -> unit.cap() != null)
            .mapToInt(unit -> (int) (unit.cap() >> 16 & 0x3F) + 1)
            .min()
            .orElse(0);
    return width == 0
        ? faults.finding("D4a", HIGH, List.of())
        : faults.finding("D4a", HIGH, List.of(), "w", String.valueOf(width));
  }

  private static Finding nextTable(FaultCase faults) {
    if (!faults.requester().isGraphics()) {
      return faults.finding("D7b", LOW, List.of());
    }
    if (faults.isBoot()) {
      return faults.finding("N3", MEDIUM, List.of());
    }
    var beside = new ArrayList<LogSign>(faults.near(LogSign.Kind.GPU_HANG));
    beside.addAll(faults.near(LogSign.Kind.GPU_FIRMWARE));
    return faults.finding("D7a", beside.isEmpty() ? LOW : MEDIUM, beside, "why", why(beside));
  }

  static String why(List<LogSign> signs) {
    return signs.isEmpty() ? "" : " (" + shortened(signs.getFirst().text()) + ")";
  }

  static String shortened(String text) {
    return text.length() > 90 ? text.substring(0, 90) + "…" : text;
  }

  private static List<Finding> reserved(FaultCase faults) {
    boolean graphics = faults.requester().isGraphics();
    if (graphics && faults.isBoot()) {
      return List.of(faults.finding("N3", MEDIUM, List.of()));
    }
    boolean small =
        DeviceAddress.isFirstAllocated(faults.lowest())
            && !DeviceAddress.isLargePage(faults.lowest());
    Finding entry = faults.finding(small ? "D8b" : "D8a", MEDIUM, List.of());
    if (graphics && DeviceAddress.isBeyondUsualRam(faults.address())) {
      // The walk ended at a reserved bit, but the address was wrong in the first place.
      return List.of(
          faults.finding("D7a", LOW, faults.near(LogSign.Kind.GPU_HANG), "why", ""),
          entry.as(Finding.Role.CANDIDATE));
    }
    return List.of(entry);
  }
}
