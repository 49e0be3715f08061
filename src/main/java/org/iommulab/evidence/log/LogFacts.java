package org.iommulab.evidence.log;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What has been gathered from a log so far. Every list has an end; what did not fit is counted. */
final class LogFacts {

  static final int MOST_FAULTS = 200_000;
  private static final int MOST = 10_000;
  private static final int MOST_SIGNS = 400;
  private static final int REASON_DISTANCE = 12;
  private static final int BORDER_LINES = 4;
  private static final int MOST_HOSTS = 64;
  private static final int MOST_FIRST_LINES = 6000;
  private static final int MOST_LAST_LINES = 2000;

  boolean driver;
  boolean table;
  boolean xenVtd;
  boolean amdReal;
  boolean amdText;
  boolean amdHint;
  boolean intelHint;
  int boots;
  @Nullable Integer hostAddressWidth;
  @Nullable String interruptMode;
  @Nullable String domainType;
  @Nullable String flushPolicy;
  @Nullable String commandLine;
  @Nullable String kernelVersion;
  @Nullable String hardware;
  @Nullable Bios bios;
  final List<UnitDraft> units = new ArrayList<>();
  private final Map<Long, List<UnitDraft>> unitsByBase = new HashMap<>();
  final List<LogRmrr> rmrrs = new ArrayList<>();
  private final Set<Reserved> reserved = new HashSet<>();
  final List<LogFault> faults = new ArrayList<>();
  final Map<FaultTally.Key, FaultTally> tallies = new LinkedHashMap<>();
  final List<Long> statuses = new ArrayList<>();
  final List<Long> suppressed = new ArrayList<>();
  final Set<String> messages = new LinkedHashSet<>();
  final List<String> kernelParameters = new ArrayList<>();
  final List<String> firmwareBugs = new ArrayList<>();
  final List<InvalidationError> invalidationErrors = new ArrayList<>();
  final List<WalkLine> walk = new ArrayList<>();
  final List<String> inconsistent = new ArrayList<>();
  final List<String> queuedUnits = new ArrayList<>();
  final List<String> copiedTables = new ArrayList<>();
  final List<Placed> ioapics = new ArrayList<>();
  final List<Placed> hpets = new ArrayList<>();
  final List<Placed> affinities = new ArrayList<>();
  final List<Long> atsrFlags = new ArrayList<>();
  final List<Long> satcFlags = new ArrayList<>();
  final List<Named> namespaceDevices = new ArrayList<>();
  final List<IdentityMap> identityMaps = new ArrayList<>();
  final List<MemoryMapLine> memoryMap = new ArrayList<>();
  final List<TraceEvent> trace = new ArrayList<>();
  final List<LogSign> signs = new ArrayList<>();
  final Map<LogSign.Kind, List<LogSign>> signsByKind = new EnumMap<>(LogSign.Kind.class);
  final Set<String> devices = new LinkedHashSet<>();
  final Set<String> hosts = new LinkedHashSet<>();
  private final List<KernelLog.Line> firstLines = new ArrayList<>();
  private final ArrayDeque<KernelLog.Line> lastLines = new ArrayDeque<>();
  int orphanReasons;
  final Set<String> orphanTexts = new LinkedHashSet<>();
  int gaps;
  private long faultCount;
  private double lastSeconds = Double.NaN;
  private long borderLine = -BORDER_LINES - 1L;

  /** Firmware, as a bug line names it. */
  record Bios(String vendor, String version, String productVersion) {}

  /** From the first byte to the last. */
  private record Reserved(long base, long end) {}

  /** A number and the unit it belongs to: I/O APIC, HPET, NUMA domain. */
  record Placed(long id, long unit) {}

  /** A device that is not PCI, with its number in the table. */
  record Named(long number, String name) {}

  /** Memory mapped one to one for a device. */
  record IdentityMap(String device, String range) {}

  /** A line of the kernel's or hypervisor's own walk. */
  record WalkLine(long line, String text) {}

  /** A unit whose lines are still coming. */
  static final class UnitDraft {
    final long line;
    final long base;

    /** Its place in the list; -1 if the list was full. */
    final int index;

    @Nullable String name;
    @Nullable String version;
    @Nullable Long cap;
    @Nullable Long ecap;
    @Nullable Integer flags;
    final List<String> scope = new ArrayList<>();

    UnitDraft(long line, long base, int index) {
      this.line = line;
      this.base = base;
      this.index = index;
    }

    LogUnit unit() {
      return new LogUnit(line, name, base, version, cap, ecap, flags, scope);
    }
  }

  long faultCount() {
    return faultCount;
  }

  /** The unit with that base whose capabilities are not known to differ. */
  UnitDraft unit(long line, long base, @Nullable Long cap) {
    List<UnitDraft> alike = unitsByBase.getOrDefault(base, List.of());
    for (UnitDraft unit : alike) {
      if (cap == null || unit.cap == null || Objects.equals(unit.cap, cap)) {
        return unit;
      }
    }
    boolean kept = units.size() < MOST;
    var unit = new UnitDraft(line, base, kept ? units.size() : -1);
    if (kept) {
      units.add(unit);
      unitsByBase.computeIfAbsent(base, key -> new ArrayList<>()).add(unit);
    }
    return unit;
  }

  void rmrr(LogRmrr found) {
    if (rmrrs.size() < MOST && reserved.add(new Reserved(found.base(), found.end()))) {
      rmrrs.add(found);
    }
  }

  void fault(LogFault fault) {
    faultCount++;
    tallies.computeIfAbsent(FaultTally.key(fault), key -> new FaultTally(fault)).count(fault);
    if (faults.size() < MOST_FAULTS) {
      faults.add(fault);
    }
  }

  /** The reason line of an older form belongs to the last fault that has none. */
  void reason(long line, Reason reason) {
    for (int i = faults.size() - 1; i >= 0; i--) {
      LogFault fault = faults.get(i);
      if (fault.boot() != boots || line - fault.line() > REASON_DISTANCE) {
        break;
      }
      if (fault.reason() == Reason.NONE) {
        LogFault complete = fault.because(reason);
        faults.set(i, complete);
        FaultTally old = tallies.get(FaultTally.key(fault));
        if (old != null) {
          old.uncount();
          if (old.count() == 0) {
            tallies.remove(FaultTally.key(fault));
          }
        }
        tallies
            .computeIfAbsent(FaultTally.key(complete), key -> new FaultTally(complete))
            .count(complete);
        return;
      }
    }
    orphanReasons++;
    String words = reason.text() != null ? reason.text() : reason.full();
    if (words != null && orphanTexts.size() < MOST_HOSTS) {
      orphanTexts.add(words);
    }
  }

  /** Keeps a line that says something: the first ones and the last ones. */
  void keep(LogLine line) {
    if (line.text().isBlank()) {
      return;
    }
    if (line.host() != null && hosts.size() < MOST_HOSTS) {
      hosts.add(line.host());
    }
    var kept = new KernelLog.Line(line.number(), line.seconds(), line.clock(), line.text());
    if (firstLines.size() < MOST_FIRST_LINES) {
      firstLines.add(kept);
    } else {
      if (lastLines.size() >= MOST_LAST_LINES) {
        lastLines.removeFirst();
      }
      lastLines.addLast(kept);
    }
  }

  List<KernelLog.Line> lines() {
    var lines = new ArrayList<>(firstLines);
    lines.addAll(lastLines);
    return lines;
  }

  void sign(LogSign.Kind kind, LogLine line) {
    List<LogSign> alike = signsByKind.computeIfAbsent(kind, key -> new ArrayList<>());
    if (alike.size() < MOST_SIGNS) {
      var sign = new LogSign(kind, line.number(), boots, line.seconds(), line.clock(), line.text());
      alike.add(sign);
      signs.add(sign);
    }
  }

  /** A boot ends where time jumps back, or where the journal says so. */
  void time(LogLine line) {
    if (line.text().startsWith("-- Boot ") || line.text().startsWith("-- Reboot --")) {
      announced(line.number());
    }
    double seconds = line.seconds();
    if (!Double.isNaN(seconds)) {
      if (!Double.isNaN(lastSeconds) && seconds < lastSeconds - 5) {
        border(line.number());
      }
      lastSeconds = seconds;
    }
  }

  /** A line says that a boot begins; the first of a log needs no border before it. */
  void announced(long line) {
    if (faultCount > 0 || !units.isEmpty() || kernelVersion != null) {
      border(line);
    }
  }

  /** Several signs of one beginning stand close together. */
  private void border(long line) {
    if (line - borderLine > BORDER_LINES) {
      boots++;
    }
    borderLine = line;
  }

  static <T> void add(List<T> list, T item) {
    if (list.size() < MOST) {
      list.add(item);
    }
  }
}
