package org.iommulab.evidence.diagnosis;

import static org.iommulab.evidence.diagnosis.Finding.Confidence.HIGH;
import static org.iommulab.evidence.diagnosis.Finding.Confidence.LOW;
import static org.iommulab.evidence.diagnosis.Finding.Confidence.MEDIUM;
import static org.iommulab.evidence.diagnosis.Finding.Role.CANDIDATE;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.iommulab.evidence.log.LogFault;
import org.iommulab.evidence.log.LogSign;
import org.jspecify.annotations.Nullable;

/**
 * Addresses that no mapping covers, or not with that right: the most special rule first. Source:
 * diagnosis.md 2.5, NOMAP.
 */
final class MappingRules {

  private static final double GUEST_SECONDS = 300;
  private static final double FRAME = 0.0167;
  private static final double FRAME_TOLERANCE = 0.0015;
  private static final long BUFFER = 128L << 20;
  private static final List<String> CONTROLLERS =
      List.of(
          "megaraid",
          "mpt",
          "hpsa",
          "aacraid",
          "smartpqi",
          "nvme",
          "ahci",
          "xhci",
          "ehci",
          "uhci",
          "igb",
          "ixgbe",
          "i40e",
          "ice ",
          "e1000",
          "tg3",
          "bnx",
          "mlx",
          "qla",
          "lpfc",
          "arcmsr");

  private static final Pattern NAMED =
      Pattern.compile("\\b[0-9a-f]{4,5}:[0-9a-f]{2}:[0-9a-f]{2}\\.[0-7]\\b");

  private static final Pattern RANGE =
      Pattern.compile("\\[mem 0x([0-9a-f]{1,16})-0x([0-9a-f]{1,16})\\]");

  private MappingRules() {}

  static List<Finding> explain(FaultCase faults) {
    long address = faults.address();
    Requester requester = faults.requester();
    Long pasid = faults.first().pasid();
    if (pasid != null && pasid > 0 && (DeviceAddress.isUser(address) || isFirstStage(faults))) {
      return List.of(faults.finding("N17", MEDIUM, faults.near(LogSign.Kind.DRIVER_ERROR)));
    }
    if (isEmulated(faults)) {
      return List.of(faults.finding("N21", MEDIUM, faults.any(LogSign.Kind.VIRTUAL_MACHINE)));
    }
    if (requester.isGraphics()) {
      return graphics(faults);
    }
    if (requester.isManagementEngine()) {
      return engine(faults);
    }
    List<LogSign> children = faults.any(LogSign.Kind.PLATFORM_GROUP);
    if (requester.isLowSpeedController() && (!children.isEmpty() || !requester.isChipsetBridge())) {
      return List.of(faults.finding("N18", children.isEmpty() ? LOW : MEDIUM, children));
    }
    if (DeviceAddress.isZero(address)) {
      return List.of(faults.finding("N9", MEDIUM, faults.about(LogSign.Kind.DEVICE)));
    }
    List<LogSign> platform = faults.near(LogSign.Kind.PLATFORM_ERROR);
    if (requester.isChipsetBridge() && (faults.isNearRmrr() || !platform.isEmpty())) {
      return List.of(faults.finding("N8b", MEDIUM, platform));
    }
    if (faults.rmrr().isPresent()) {
      return List.of(faults.finding("N8", MEDIUM, faults.about(LogSign.Kind.DEVICE)));
    }
    Finding known = byMap(faults);
    if (known != null) {
      return List.of(known);
    }
    if (address == DeviceAddress.UNKNOWN) {
      return List.of(faults.finding("N22.none", LOW, faults.about(LogSign.Kind.DEVICE)));
    }
    if (faults.isXen()) {
      return List.of(faults.finding("N24", MEDIUM, List.of()));
    }
    if (DeviceAddress.isUser(address)) {
      return List.of(faults.finding("N26", MEDIUM, faults.any(LogSign.Kind.VFIO)));
    }
    if (DeviceAddress.isDeviceMemory(address)) {
      return List.of(faults.finding("N20.shape", MEDIUM, faults.about(LogSign.Kind.DEVICE)));
    }
    int top = DeviceAddress.topOf(address);
    if (top > 0) {
      return List.of(
          faults.finding(
              "N16", MEDIUM, faults.near(LogSign.Kind.IO_ERROR), "w", String.valueOf(top)));
    }
    boolean lone =
        DeviceAddress.isFarFromTop(address)
            && faults.lowest() == faults.highest()
            && trouble(faults).isEmpty();
    return DeviceAddress.isAllocated(address) && !lone ? allocated(faults) : elsewhere(faults);
  }

  /** The map of memory decides between firmware's buffer, a physical address and a peer. */
  private static @Nullable Finding byMap(FaultCase faults) {
    boolean guest = !faults.any(LogSign.Kind.VFIO).isEmpty();
    Surroundings.Memory memory = faults.memory().orElse(Surroundings.Memory.NOTHING);
    boolean earlier =
        !faults.any(LogSign.Kind.KDUMP).isEmpty() || !faults.any(LogSign.Kind.LEFT_ON).isEmpty();
    return switch (memory) {
      // The chipset's own windows up there are reserved as well, where device addresses begin.
      case RESERVED ->
          DeviceAddress.isTopOfFourGib(faults.address()) ? null : faults.byMemory("N7", HIGH);
      case DEVICE ->
          faults.byMemory("N20", MEDIUM, "other", faults.owner().orElse("another device"));
      case RAM ->
          guest || earlier || DeviceAddress.isAllocated(faults.address())
              ? null
              : faults.byMemory(
                  "N14", DeviceAddress.isTopOfNarrowMask(faults.address()) ? MEDIUM : HIGH);
      case NOTHING -> null;
    };
  }

  /** The management engine: touch controllers have drivers, what is hidden has firmware only. */
  private static List<Finding> engine(FaultCase faults) {
    List<LogSign> chip = faults.near(LogSign.Kind.SECURITY_CHIP);
    boolean firmware = faults.requester().isHiddenInEngine() || !chip.isEmpty();
    if (firmware) {
      return List.of(
          faults.finding("N7", MEDIUM, chip), faults.finding("N14", LOW, List.of()).as(CANDIDATE));
    }
    if (DeviceAddress.isAllocated(faults.address())) {
      return allocated(faults);
    }
    boolean above = DeviceAddress.isAboveFourGib(faults.address());
    return List.of(
        faults.finding("N14", above ? HIGH : MEDIUM, faults.near(LogSign.Kind.DRIVER_ERROR)));
  }

  private static boolean isFirstStage(FaultCase faults) {
    Integer code = faults.code();
    return code != null && (code == 0x71 || code == 0x81 || code == 0x82);
  }

  private static boolean isEmulated(FaultCase faults) {
    return DeviceAddress.isTyped(faults.address())
        || !faults.any(LogSign.Kind.VIRTUAL_MACHINE).isEmpty();
  }

  private static List<Finding> graphics(FaultCase faults) {
    if (faults.ids("00:00.0").filter(KnownDevices::isHostOfOldGraphics).isPresent()) {
      return List.of(faults.finding("N6", HIGH, List.of()));
    }
    if (faults.isBoot() && faults.reads()) {
      return List.of(faults.finding("N3", MEDIUM, List.of()));
    }
    if (faults.isResume()) {
      return List.of(faults.finding("N5", MEDIUM, faults.near(LogSign.Kind.RESUME)));
    }
    for (LogSign stolen : faults.any(LogSign.Kind.STOLEN)) {
      Matcher range = RANGE.matcher(stolen.text());
      if (range.find() && holds(range, faults.address())) {
        String words = "0x" + range.group(1) + "-0x" + range.group(2);
        return List.of(faults.finding("N8", MEDIUM, List.of(stolen), "range", words));
      }
    }
    List<LogSign> guests = faults.any(LogSign.Kind.VFIO);
    if (!guests.isEmpty() && faults.reads()) {
      boolean own = guests.stream().anyMatch(sign -> sign.text().contains("00:02."));
      return List.of(faults.finding("N4", own ? HIGH : MEDIUM, guests));
    }
    boolean zero = DeviceAddress.isZero(faults.highest());
    boolean oneBuffer =
        !DeviceAddress.isAboveFourGib(faults.highest())
            && faults.highest() - faults.lowest() <= BUFFER
            && (faults.count() > 1
                || faults.isStorm()
                || DeviceAddress.isLargePage(faults.address()));
    if (faults.reads() && !zero && (isScanOut(faults) || oneBuffer)) {
      return List.of(faults.finding("N4", MEDIUM, List.of()));
    }
    var beside = new ArrayList<LogSign>(faults.near(LogSign.Kind.GPU_HANG));
    beside.addAll(faults.near(LogSign.Kind.GPU_FIRMWARE));
    if (beside.isEmpty() && zero) {
      return List.of(faults.finding("N9", LOW, faults.about(LogSign.Kind.DEVICE)));
    }
    return List.of(
        faults.finding(
            "N25", beside.isEmpty() ? LOW : MEDIUM, beside, "why", DmaRules.why(beside)));
  }

  private static boolean holds(Matcher range, long address) {
    return address >= Long.parseUnsignedLong(range.group(1), 16)
        && address <= Long.parseUnsignedLong(range.group(2), 16);
  }

  /** Faults come with the pictures: sixty or thirty a second. */
  private static boolean isScanOut(FaultCase faults) {
    List<LogFault> all = faults.faults();
    for (int i = 1; i < all.size(); i++) {
      double gap = all.get(i).seconds() - all.get(i - 1).seconds();
      boolean picture =
          Math.abs(gap - FRAME) < FRAME_TOLERANCE || Math.abs(gap - 2 * FRAME) < FRAME_TOLERANCE;
      if (picture) {
        return true;
      }
    }
    return false;
  }

  /** Addresses as the kernel's allocator hands them out: mapped once, and no longer. */
  private static List<Finding> allocated(FaultCase faults) {
    List<LogSign> guests = faults.any(LogSign.Kind.VFIO);
    List<LogSign> crash = new ArrayList<>(faults.any(LogSign.Kind.KDUMP));
    crash.addAll(faults.any(LogSign.Kind.LEFT_ON));
    if (!guests.isEmpty() && faults.near(LogSign.Kind.DRIVER_ERROR).isEmpty()) {
      return List.of(faults.finding("N11", MEDIUM, guests));
    }
    if (!crash.isEmpty()) {
      return List.of(faults.finding("N12", MEDIUM, crash));
    }
    List<LogSign> trouble = trouble(faults);
    List<LogSign> probe = faults.justBefore();
    boolean fresh =
        DeviceAddress.isFirstAllocated(faults.lowest()) && !faults.isStorm() && !probe.isEmpty();
    if (fresh && trouble.isEmpty()) {
      return List.of(
          faults.finding("N18.first", MEDIUM, probe),
          faults.finding("N13", LOW, List.of(), "why", "").as(CANDIDATE));
    }
    String slot = faults.requester().slot();
    boolean own = trouble.stream().anyMatch(sign -> sign.text().contains(slot));
    Finding unmapped =
        faults.finding("N13", own ? HIGH : MEDIUM, trouble, "why", DmaRules.why(trouble));
    boolean sameAgain =
        faults.lowest() == faults.highest() && (faults.count() > 2 || faults.isStorm());
    if (trouble.isEmpty() && sameAgain && !faults.isLate()) {
      return List.of(faults.finding("N12", MEDIUM, List.of()), unmapped.as(CANDIDATE));
    }
    return List.of(unmapped);
  }

  /** Storage, network and USB controllers have drivers in firmware that may leave them running. */
  private static boolean isController(List<LogSign> lines) {
    return lines.stream()
        .map(sign -> sign.text().toLowerCase(Locale.ROOT))
        .anyMatch(text -> CONTROLLERS.stream().anyMatch(text::startsWith));
  }

  private static List<LogSign> trouble(FaultCase faults) {
    var signs = new ArrayList<LogSign>();
    for (LogSign.Kind kind :
        List.of(
            LogSign.Kind.DRIVER_ERROR,
            LogSign.Kind.LINK,
            LogSign.Kind.DEVICE_FIRMWARE,
            LogSign.Kind.IO_ERROR)) {
      signs.addAll(faults.near(kind));
    }
    String slot = faults.requester().slot();
    // What another device complains of proves nothing; a port above this one may speak of its link.
    signs.removeIf(
        sign ->
            sign.kind() != LogSign.Kind.LINK
                && NAMED.matcher(sign.text()).find()
                && !sign.text().contains(slot));
    signs.sort(Comparator.comparing(sign -> !sign.text().contains(slot)));
    return signs;
  }

  private static List<Finding> elsewhere(FaultCase faults) {
    List<LogSign> guests = faults.any(LogSign.Kind.VFIO);
    boolean same = faults.lowest() == faults.highest();
    boolean bothWays = !faults.reads() && !faults.writes();
    if (!guests.isEmpty()) {
      // A driver of the guest that never got going had no memory of the guest to work with.
      List<LogSign> failed = faults.any(LogSign.Kind.PROBE_FAILED);
      guests = new ArrayList<>(guests);
      guests.addAll(failed);
      boolean never = same && (bothWays || !failed.isEmpty());
      return List.of(faults.finding(never ? "N10" : "N11", MEDIUM, guests));
    }
    if (DeviceAddress.isAboveFourGib(faults.address())) {
      return List.of(faults.finding("N14", MEDIUM, faults.about(LogSign.Kind.DEVICE)));
    }
    if (DeviceAddress.isLow(faults.address())) {
      return List.of(faults.finding("N14", MEDIUM, faults.about(LogSign.Kind.DEVICE)));
    }
    boolean again = faults.count() > 1 && !faults.isLate();
    if (same && (faults.isBoot() || again || isRunByFirmware(faults))) {
      return List.of(
          faults.finding("N7", MEDIUM, faults.about(LogSign.Kind.DEVICE)),
          faults.finding("N14", LOW, List.of()).as(CANDIDATE));
    }
    List<LogSign> probe = faults.justBefore();
    if (faults.isBoot() || !probe.isEmpty() && trouble(faults).isEmpty() && isController(probe)) {
      return List.of(
          faults.finding("N23", MEDIUM, faults.about(LogSign.Kind.DEVICE)),
          faults.finding("N14", LOW, List.of()).as(CANDIDATE));
    }
    if (same && bothWays) {
      return List.of(
          faults.finding("N10", LOW, List.of()),
          faults.finding("N14", LOW, List.of()).as(CANDIDATE));
    }
    if (same && faults.reads() && DeviceAddress.isLargePage(faults.address())) {
      return List.of(faults.finding("N15", LOW, List.of()));
    }
    List<LogSign> trouble = trouble(faults);
    if (!trouble.isEmpty()) {
      return List.of(
          faults.finding("N22", LOW, trouble), faults.finding("N14", LOW, List.of()).as(CANDIDATE));
    }
    Finding physical = faults.finding("N14", LOW, List.of());
    Finding guest = faults.finding("N11", LOW, List.of());
    double seconds = faults.first().seconds();
    boolean bare = same && Double.isNaN(faults.first().moment()) && !faults.hasCompany();
    if (bare && faults.requester().bus() > 0) {
      // Nothing but an address under 4 GiB that the allocator hardly reaches: firmware's, mostly.
      return List.of(faults.finding("N7", LOW, List.of()), physical.as(CANDIDATE));
    }
    if (seconds < GUEST_SECONDS) {
      return List.of(physical);
    }
    // One driver may be wrong; several, late and without a word of their own, are a guest's.
    boolean several = faults.isLate() && faults.hasCompany();
    return several
        ? List.of(guest, physical.as(CANDIDATE))
        : List.of(physical, guest.as(CANDIDATE));
  }

  /** USB and Thunderbolt controllers, which firmware uses on its own. */
  private static boolean isRunByFirmware(FaultCase faults) {
    return faults.requester().isUsbController()
        || faults.near(LogSign.Kind.DEVICE).stream()
            .anyMatch(sign -> sign.text().toLowerCase(Locale.ROOT).startsWith("thunderbolt"));
  }
}
