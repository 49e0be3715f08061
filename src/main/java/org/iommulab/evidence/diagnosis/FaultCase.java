package org.iommulab.evidence.diagnosis;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.iommulab.bus.Pasid;
import org.iommulab.evidence.log.FaultTally;
import org.iommulab.evidence.log.KernelLog;
import org.iommulab.evidence.log.LogFault;
import org.iommulab.evidence.log.LogPlatform;
import org.iommulab.evidence.log.LogRmrr;
import org.iommulab.evidence.log.LogSign;
import org.iommulab.words.Bilingual;
import org.jspecify.annotations.Nullable;

/** The faults of one requester in one boot, with questions about their circumstances. */
final class FaultCase {

  private static final int NEAR_LINES = 25;
  private static final double NEAR_SECONDS = 30;
  private static final double RESUME_SECONDS = 6;
  private static final double BOOT_SECONDS = 4;
  private static final double LATE_SECONDS = 300;
  private static final double PROBE_SECONDS = 3;
  private static final int MOST = 1000;
  private static final int MOST_SIGNS = 4;

  private final KernelLog log;
  private final Surroundings surroundings;
  private final List<LogFault> faults;
  private final List<FaultTally> tallies;
  private final Requester requester;
  private final Common common;
  private final LogFault first;

  /** What all cases of a log ask, looked up once: a log of many boots has thousands of cases. */
  private static final class Common {

    /** Requesters that met faults, by the bus and device they belong to. */
    final Map<String, List<String>> siblings;

    /** Where faults of a bus and device begin and end. */
    final Map<String, Set<@Nullable Long>> borders = new HashMap<>();

    /** Whose DMA was refused. */
    final Set<String> refused = new HashSet<>();

    /** Of the walk that the log shows; 0 if it shows none. */
    final long highestTable;

    /** Memory as the log tells of it. */
    final LoggedMemory memory;

    /** Signs that name a bus and device, by their kind. */
    final Map<String, Map<LogSign.Kind, List<LogSign>>> about = new HashMap<>();

    Common(KernelLog log) {
      siblings =
          log.tallies().stream()
              .flatMap(tally -> Stream.ofNullable(tally.first().bdf()))
              .distinct()
              .sorted()
              .collect(Collectors.groupingBy(bdf -> new Requester(bdf).slot()));
      for (FaultTally tally : log.tallies()) {
        LogFault fault = tally.first();
        String bdf = fault.bdf();
        if (bdf != null) {
          Set<@Nullable Long> ends =
              borders.computeIfAbsent(new Requester(bdf).slot(), slot -> new HashSet<>());
          ends.add(tally.lowest());
          ends.add(tally.highest());
        }
        if (fault.kind() != LogFault.Kind.INTERRUPT) {
          refused.add(fault.requester());
        }
      }
      highestTable = XenFacts.highestTable(log);
      memory = new LoggedMemory(log);
    }
  }

  private FaultCase(
      KernelLog log,
      Surroundings surroundings,
      List<LogFault> faults,
      List<FaultTally> tallies,
      Common common) {
    this.log = log;
    this.surroundings = surroundings;
    this.faults = faults;
    this.tallies = tallies;
    this.common = common;
    this.first = faults.getFirst();
    this.requester = new Requester(Optional.ofNullable(first.bdf()).orElse("?"));
  }

  /** All cases of a log in order of their first fault. */
  static List<FaultCase> of(KernelLog log, Surroundings surroundings) {
    Map<String, List<LogFault>> groups = new java.util.LinkedHashMap<>();
    for (LogFault fault : log.faults()) {
      List<LogFault> group = groups.computeIfAbsent(key(fault), key -> new ArrayList<>());
      if (group.size() < MOST) {
        group.add(fault);
      }
    }
    var tallies = new HashMap<String, List<FaultTally>>();
    for (FaultTally tally : log.tallies()) {
      tallies.computeIfAbsent(key(tally.first()), key -> new ArrayList<>()).add(tally);
    }
    var common = new Common(log);
    var cases = new ArrayList<FaultCase>();
    groups.forEach(
        (key, group) ->
            cases.add(
                new FaultCase(
                    log, surroundings, group, tallies.getOrDefault(key, List.of()), common)));
    return cases;
  }

  /** The highest table of the walk that the log shows; 0 if it shows none. */
  long highestTable() {
    return common.highestTable;
  }

  private static String key(LogFault fault) {
    boolean interrupt = fault.kind() == LogFault.Kind.INTERRUPT;
    return fault.boot() + " " + fault.requester() + (interrupt ? " i" : "");
  }

  KernelLog log() {
    return log;
  }

  /** What lies at the first address, if a map of memory is known or the boot printed one. */
  Optional<Surroundings.Memory> memory() {
    return surroundings.memory(address()).or(() -> common.memory.at(address()));
  }

  /** A finding that rests on what lies at the first address. */
  Finding byMemory(String rule, Finding.Confidence confidence, String... more) {
    List<Finding.Evidence> proof =
        new ArrayList<>(common.memory.proof(address()).map(List::of).orElse(List.of()));
    about(LogSign.Kind.DEVICE).stream()
        .limit(MOST_SIGNS)
        .map(sign -> new Finding.Evidence("", sign.line(), sign.text()))
        .forEach(proof::add);
    return shown(rule, confidence, proof, more);
  }

  /** Only the faults whose reason is of a kind. */
  FaultCase only(java.util.function.IntPredicate kind) {
    return new FaultCase(
        log,
        surroundings,
        faults.stream().filter(fault -> is(fault, kind)).toList(),
        tallies.stream().filter(tally -> is(tally.first(), kind)).toList(),
        common);
  }

  private static boolean is(LogFault fault, java.util.function.IntPredicate kind) {
    Integer code = fault.reason().code();
    return code != null && kind.test(code);
  }

  /** What tables of the case show about the first request. */
  Optional<Surroundings.Mapped> mapped() {
    return surroundings.mapped(refused());
  }

  /** The end of a mapping that a trace shows before the first request. */
  Optional<Surroundings.Unmapped> unmapped() {
    return surroundings.unmapped(refused());
  }

  private Surroundings.Refused refused() {
    return new Surroundings.Refused(
        requester.name(), Pasid.of(first.pasid()), address(), first.seconds());
  }

  /** True if a list of devices is known and holds the requester. */
  boolean isListedDevice() {
    return surroundings.device(requester.name()).isPresent();
  }

  /** Messages in the requester's own name shortly before its first fault, as while it is set up. */
  List<LogSign> justBefore() {
    return about(LogSign.Kind.DEVICE).stream()
        .filter(
            sign ->
                sign.boot() == first.boot()
                    && (sign.line() < first.line() || sign.moment() < first.moment())
                    && sign.text().contains(requester.name())
                    && (Double.isNaN(sign.moment())
                        ? first.line() - sign.line() < NEAR_LINES
                        : first.moment() - sign.moment() < PROBE_SECONDS))
        .toList();
  }

  /** Vendor and device number of any device, if a list has it. */
  Optional<String> ids(String bdf) {
    return surroundings.ids(bdf);
  }

  /** Whose registers the first address lies in, if a map of memory says it. */
  Optional<String> owner() {
    return surroundings.owner(address()).or(() -> common.memory.owner(address()));
  }

  /** What another requester id is called, if a list of devices holds it. */
  Optional<String> device(String bdf) {
    return surroundings.device(bdf);
  }

  Requester requester() {
    return requester;
  }

  LogFault first() {
    return first;
  }

  List<LogFault> faults() {
    return faults;
  }

  long count() {
    return tallies.stream().mapToLong(FaultTally::count).sum();
  }

  boolean isInterrupt() {
    return first.kind() == LogFault.Kind.INTERRUPT;
  }

  boolean isXen() {
    return log.platform() == LogPlatform.XEN_VTD || first.form() == LogFault.Form.XEN;
  }

  /** The reason that most of them have; the family decides. */
  @Nullable Integer code() {
    FaultTally most = null;
    for (FaultTally tally : tallies) {
      boolean known = tally.first().reason().code() != null;
      if (known && (most == null || tally.count() > most.count())) {
        most = tally;
      }
    }
    return most == null ? first.reason().code() : most.first().reason().code();
  }

  long address() {
    Long address = first.address();
    return address == null ? DeviceAddress.UNKNOWN : address;
  }

  long lowest() {
    return tallies.stream()
        .flatMap(tally -> Stream.ofNullable(tally.lowest()))
        .min(Long::compareUnsigned)
        .orElse(address());
  }

  long highest() {
    return tallies.stream()
        .flatMap(tally -> Stream.ofNullable(tally.highest()))
        .max(Long::compareUnsigned)
        .orElse(address());
  }

  boolean writes() {
    return faults.stream().allMatch(fault -> fault.kind() == LogFault.Kind.DMA_WRITE);
  }

  boolean reads() {
    return faults.stream().allMatch(fault -> fault.kind() == LogFault.Kind.DMA_READ);
  }

  /** The kernel held messages back. */
  boolean isStorm() {
    return !log.suppressed().isEmpty();
  }

  /** Before translation was on, or shortly after; or simply very early. */
  boolean isBoot() {
    double moment = first.moment();
    for (LogSign on : log.signs(LogSign.Kind.TRANSLATION_ON)) {
      if (on.boot() == first.boot() && !Double.isNaN(on.moment()) && !Double.isNaN(moment)) {
        return moment < on.moment() + 2;
      }
    }
    return first.seconds() < BOOT_SECONDS;
  }

  boolean isResume() {
    for (LogSign sign : log.signs(LogSign.Kind.RESUME)) {
      boolean timed = !Double.isNaN(sign.moment()) && !Double.isNaN(first.moment());
      double after = first.moment() - sign.moment();
      if (timed
          ? after >= -2 && after < RESUME_SECONDS
          : Math.abs(sign.line() - first.line()) < NEAR_LINES) {
        return true;
      }
    }
    return false;
  }

  /** Signs of a kind near the first or last of the faults, in lines or in time. */
  List<LogSign> near(LogSign.Kind kind) {
    LogFault last = faults.getLast();
    return log.signs(kind).stream()
        .filter(sign -> sign.boot() == first.boot())
        .filter(
            sign ->
                sign.line() >= first.line() - NEAR_LINES && sign.line() <= last.line() + NEAR_LINES
                    || sign.moment() >= first.moment() - NEAR_SECONDS
                        && sign.moment() <= last.moment() + NEAR_SECONDS)
        .toList();
  }

  /** Signs of a kind anywhere in the log. */
  List<LogSign> any(LogSign.Kind kind) {
    return log.signs(kind);
  }

  /** Signs that name the requester, or its other functions. */
  List<LogSign> about(LogSign.Kind kind) {
    String slot = requester.slot();
    return common
        .about
        .computeIfAbsent(slot, key -> new EnumMap<>(LogSign.Kind.class))
        .computeIfAbsent(
            kind,
            key ->
                log.signs(kind).stream().filter(sign -> names(sign.text(), ":" + slot)).toList());
  }

  /** As {@code contains}, whatever the case of letters. */
  private static boolean names(String text, String part) {
    for (int at = text.indexOf(':'); at >= 0; at = text.indexOf(':', at + 1)) {
      if (text.regionMatches(true, at, part, 0, part.length())) {
        return true;
      }
    }
    return false;
  }

  /** The functions of the requester's device that met faults, in order. */
  List<String> functions() {
    return common.siblings.getOrDefault(requester.slot(), List.of());
  }

  /** The reserved region that the first address lies in. */
  Optional<LogRmrr> rmrr() {
    return log.rmrrs().stream().filter(rmrr -> rmrr.holds(address())).findFirst();
  }

  /** Within 64 KiB of a reserved region. */
  boolean isNearRmrr() {
    return log.rmrrs().stream()
        .anyMatch(
            rmrr -> address() >= rmrr.base() - 0x1_0000 && address() <= rmrr.end() + 0x1_0000);
  }

  /** Long after the boot, if the log tells: whatever ran before this kernel has had its end. */
  boolean isLate() {
    return first.seconds() > LATE_SECONDS;
  }

  /** Other devices met such faults as well. */
  boolean hasCompany() {
    return common.refused.size() > (common.refused.contains(first.requester()) ? 1 : 0);
  }

  /** All faults of the requester's functions are at one address. */
  boolean isAtOneAddress() {
    return common.borders.getOrDefault(requester.slot(), Set.of()).size() == 1;
  }

  /** From the first fault to the last, in seconds; 0 if the log has no times. */
  double span() {
    double seconds = faults.getLast().moment() - first.moment();
    return Double.isNaN(seconds) ? 0 : seconds;
  }

  /** A finding about this case that rests on lines of the log. */
  Finding finding(String rule, Finding.Confidence confidence, List<LogSign> signs, String... more) {
    return shown(
        rule,
        confidence,
        signs.stream()
            .limit(MOST_SIGNS)
            .map(sign -> new Finding.Evidence("", sign.line(), sign.text()))
            .toList(),
        more);
  }

  /** A finding about this case that rests on tables or a trace. */
  Finding shown(
      String rule, Finding.Confidence confidence, List<Finding.Evidence> proof, String... more) {
    var values = new HashMap<String, String>();
    if (first.bdf() != null) {
      values.put(
          "dev",
          surroundings
              .device(requester.name())
              .map(name -> first.requester() + " (" + name + ")")
              .orElse(first.requester()));
    }
    if (first.address() != null) {
      values.put("addr", hex(address()));
      values.put("index", hex(address()));
    }
    values.put("bus", String.format(Locale.ROOT, "%02x", requester.bus()));
    values.put("fn", String.valueOf(requester.function()));
    values.put("slot", requester.slot());
    values.put("n", String.valueOf(count()));
    values.put("group", surroundings.group(requester.name()).map(String::valueOf).orElse("GROUP"));
    values.put("pasid", first.pasid() == null ? "?" : String.valueOf(first.pasid()));
    rmrr().ifPresent(rmrr -> values.put("range", hex(rmrr.base()) + "-" + hex(rmrr.end())));
    for (int i = 0; i + 1 < more.length; i += 2) {
      values.put(more[i], more[i + 1]);
    }
    var evidence = new ArrayList<Finding.Evidence>();
    evidence.add(new Finding.Evidence("", first.line(), text(first)));
    if (count() > 1) {
      LogFault last =
          tallies.stream()
              .map(FaultTally::last)
              .max((a, b) -> Long.compare(a.line(), b.line()))
              .orElse(first);
      evidence.add(
          new Finding.Evidence(
              "",
              last.line(),
              Bilingual.of("the last of %d: %s", "共 %d 条，最后一条：%s", count(), text(last))));
    }
    rmrr()
        .ifPresent(
            rmrr ->
                evidence.add(
                    new Finding.Evidence(
                        "", rmrr.line(), "RMRR " + hex(rmrr.base()) + "-" + hex(rmrr.end()))));
    evidence.addAll(proof);
    if (first.bdf() != null) {
      evidence.addAll(surroundings.facts(refused()));
    }
    return new Finding(rule, Finding.Role.CAUSE, confidence, values, evidence);
  }

  static String hex(long value) {
    return "0x" + Long.toHexString(value);
  }

  static Bilingual text(LogFault fault) {
    Bilingual kind =
        switch (fault.kind()) {
          case DMA_READ -> Bilingual.of("dma-read", "DMA 读");
          case DMA_WRITE -> Bilingual.of("dma-write", "DMA 写");
          case INTERRUPT -> Bilingual.of("interrupt", "中断");
        };
    Long address = fault.address();
    Bilingual where = Bilingual.same("");
    if (address != null) {
      where =
          fault.kind() == LogFault.Kind.INTERRUPT
              ? Bilingual.of(" index %s", " 索引 %s", hex(address))
              : Bilingual.of(" address %s", " 地址 %s", hex(address));
    }
    Integer code = fault.reason().code();
    Bilingual why =
        code == null ? Bilingual.same("") : Bilingual.of(" reason 0x%02x", " 原因 0x%02x", code);
    String words = fault.reason().text() != null ? fault.reason().text() : fault.reason().full();
    return Bilingual.of(
        "%s %s%s%s%s",
        "%s %s%s%s%s", kind, fault.requester(), where, why, words == null ? "" : " " + words);
  }
}
