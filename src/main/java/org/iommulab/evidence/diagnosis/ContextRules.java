package org.iommulab.evidence.diagnosis;

import static org.iommulab.evidence.diagnosis.Finding.Confidence.HIGH;
import static org.iommulab.evidence.diagnosis.Finding.Confidence.LOW;
import static org.iommulab.evidence.diagnosis.Finding.Confidence.MEDIUM;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.iommulab.evidence.log.LogSign;

/** Requests for which there is no context entry. Source: diagnosis.md 2.5, CTX. */
final class ContextRules {

  private static final int VIRTUAL_FUNCTIONS = 0x10;

  private ContextRules() {}

  static List<Finding> explain(FaultCase faults) {
    Requester requester = faults.requester();
    if (requester.isManagementEngine()) {
      return List.of(faults.finding("D2c", MEDIUM, List.of()));
    }
    List<LogSign> switched = faults.about(LogSign.Kind.DOMAIN_CHANGE);
    if (!switched.isEmpty()) {
      return List.of(faults.finding("D2g", HIGH, switched));
    }
    List<LogSign> removed = faults.about(LogSign.Kind.REMOVED);
    if (!removed.isEmpty()) {
      return List.of(faults.finding("D2k", HIGH, removed));
    }
    if (requester.isGraphics()) {
      return List.of(graphics(faults));
    }
    List<LogSign> bridges = faults.any(LogSign.Kind.NON_TRANSPARENT);
    if (!bridges.isEmpty()) {
      return List.of(faults.finding("D2f", MEDIUM, bridges));
    }
    if (isOneOfSeveralFunctions(faults)) {
      return List.of(hidden(faults));
    }
    Finding cause = other(faults);
    boolean lent = cause.rule().equals("D2b") && requester.device() > 0 && requester.function() > 0;
    return lent
        ? List.of(cause, faults.finding("D2f", LOW, List.of()).as(Finding.Role.CANDIDATE))
        : List.of(cause);
  }

  private static Finding graphics(FaultCase faults) {
    if (faults.isBoot() && !DeviceAddress.isZero(faults.address())) {
      return faults.finding("N3", MEDIUM, List.of());
    }
    var firmware = new ArrayList<LogSign>(faults.near(LogSign.Kind.GPU_FIRMWARE));
    firmware.addAll(faults.near(LogSign.Kind.GPU_HANG));
    return DeviceAddress.isZero(faults.address())
        ? faults.finding("D2h", MEDIUM, firmware)
        : faults.finding("D2i", LOW, firmware);
  }

  private static Finding other(FaultCase faults) {
    Requester requester = faults.requester();
    Set<String> listed = faults.log().devices();
    String sibling = requester.function(requester.function() == 0 ? 1 : 0);
    boolean known = faults.ids(sibling).filter(KnownDevices::usesOtherFunctions).isPresent();
    if (known && !faults.isListedDevice()) {
      return faults.finding("D2a", HIGH, storage(faults));
    }
    boolean ghost =
        requester.function() > 0
            && !isListed(faults)
            && !faults.isListedDevice()
            && (listed.contains(requester.function(0))
                || faults.device(requester.function(0)).isPresent()
                || !storage(faults).isEmpty());
    boolean alike =
        requester.function() == 1
            && !isListed(faults)
            && !faults.isListedDevice()
            && requester.device() == 0;
    boolean graphicsCard =
        requester.device() == 0 && !faults.about(LogSign.Kind.GPU_DRIVER).isEmpty();
    if ((ghost || alike) && graphicsCard) {
      // Sound, USB and the like are real functions of such a card.
      return faults.finding("D2i", LOW, faults.about(LogSign.Kind.GPU_DRIVER));
    }
    if (ghost || alike) {
      return faults.finding("D2a", ghost ? HIGH : MEDIUM, storage(faults));
    }
    if (faults.ids(requester.name()).filter(KnownDevices::isAliasingBridge).isPresent()) {
      return faults.finding("D2b", HIGH, List.of());
    }
    if (requester.isChipsetBridge()) {
      return faults.finding(faults.isNearRmrr() ? "N8b" : "D2b", MEDIUM, List.of());
    }
    boolean conventional =
        requester.bus() > 0
            && requester.device() > 0
            && requester.device() < VIRTUAL_FUNCTIONS
            && faults.about(LogSign.Kind.VIRTUAL_FUNCTION).isEmpty();
    if (conventional) {
      return faults.finding("D2b", MEDIUM, faults.about(LogSign.Kind.DEVICE));
    }
    if (DeviceAddress.isAboveFourGib(faults.address()) && isListed(faults)) {
      return faults.finding("D1e", MEDIUM, faults.about(LogSign.Kind.DEVICE));
    }
    boolean alone =
        requester.bus() > 0
            && requester.device() == 0
            && requester.function() == 0
            && othersOnBus(faults)
            && !isListed(faults);
    return alone
        ? faults.finding("D2b", MEDIUM, List.of())
        : faults.finding("D2i", LOW, faults.about(LogSign.Kind.DEVICE));
  }

  /** A message in its own name, other than of its faults. */
  private static boolean isListed(FaultCase faults) {
    return faults.log().devices().contains(faults.requester().name())
        && faults.about(LogSign.Kind.DEVICE).stream()
            .anyMatch(sign -> sign.text().contains(faults.requester().name()));
  }

  private static boolean othersOnBus(FaultCase faults) {
    String bus = String.format(Locale.ROOT, "%02x:", faults.requester().bus());
    return faults.log().devices().stream()
        .anyMatch(device -> device.startsWith(bus) && !device.startsWith(bus + "00."));
  }

  private static List<LogSign> storage(FaultCase faults) {
    return speaksOf(faults, "softreset failed", "qc timeout", "ata", "sata");
  }

  private static List<LogSign> speaksOf(FaultCase faults, String... words) {
    var found = new ArrayList<LogSign>();
    for (LogSign.Kind kind : List.of(LogSign.Kind.DRIVER_ERROR, LogSign.Kind.DEVICE)) {
      for (LogSign sign : faults.near(kind)) {
        String text = sign.text().toLowerCase(Locale.ROOT);
        for (String word : words) {
          if (text.startsWith(word) || text.contains(" " + word)) {
            found.add(sign);
            break;
          }
        }
      }
    }
    return found;
  }

  /** Functions of one device that the bus does not show; said once for all of them. */
  static Finding hidden(FaultCase faults) {
    return faults.finding("D2e", MEDIUM, List.of(), "dev", String.join(", ", faults.functions()));
  }

  /** Several functions of one device that the bus does not show. */
  static boolean isOneOfSeveralFunctions(FaultCase faults) {
    return faults.requester().function() > 1 && faults.functions().size() > 1;
  }
}
