package org.iommulab.evidence.log;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.iommulab.progress.FileInput;
import org.jspecify.annotations.Nullable;

/** What a kernel log says about remapping hardware: units, firmware's table, faults, messages. */
public final class KernelLog {

  private final String name;
  private final long bytes;
  private final LogFacts facts;
  private final LogPlatform platform;
  private final List<FaultTally> tallies;
  private final List<String> walk;

  /**
   * A line as it stands in the log, without host, colours and quote marks.
   *
   * @param number from 1
   * @param seconds since boot, or NaN
   * @param clock time of day as written, or null
   * @param text the message
   */
  public record Line(long number, double seconds, @Nullable String clock, String text) {

    /** The time in front, as the kernel prints it. */
    public String words() {
      return Double.isNaN(seconds)
          ? clock == null ? text : clock + " " + text
          : String.format(Locale.ROOT, "[%12.6f] %s", seconds, text);
    }
  }

  KernelLog(String name, long bytes, LogFacts facts) {
    this.name = name;
    this.bytes = bytes;
    this.facts = facts;
    this.platform = Platforms.of(facts);
    this.walk = facts.walk.stream().map(LogFacts.WalkLine::text).toList();
    this.tallies = List.copyOf(facts.tallies.values());
  }

  /**
   * Reads a file, also {@code .gz}.
   *
   * @throws IOException if it cannot be read or unpacked
   */
  public static KernelLog read(Path path) throws IOException {
    try (InputStream in = FileInput.open(path)) {
      return LogReader.read(in, path.toString());
    }
  }

  /**
   * Reads a stream, such as standard input.
   *
   * @param name what to call it
   * @throws IOException if it cannot be read or unpacked
   */
  public static KernelLog read(InputStream in, String name) throws IOException {
    return LogReader.read(in, name);
  }

  /** A log that says nothing. */
  public static KernelLog empty(String name) {
    return new KernelLog(name, 0, new LogFacts());
  }

  LogFacts facts() {
    return facts;
  }

  /** Where it came from. */
  public String name() {
    return name;
  }

  /** How long it was, unpacked. */
  public long bytes() {
    return bytes;
  }

  /** Whose IOMMU it is about. */
  public LogPlatform platform() {
    return platform;
  }

  /** The units, in the order of the table. */
  public List<LogUnit> units() {
    return facts.units.stream().map(LogFacts.UnitDraft::unit).toList();
  }

  /** Memory that firmware reserves for devices. */
  public List<LogRmrr> rmrrs() {
    return Collections.unmodifiableList(facts.rmrrs);
  }

  /**
   * The lines about remapping, devices and memory: the first six thousand and the last two
   * thousand.
   */
  public List<Line> lines() {
    return facts.lines();
  }

  /** Names of hosts that stand in front of lines. */
  public Set<String> hosts() {
    return Collections.unmodifiableSet(facts.hosts);
  }

  /** Faults in their order, the first two hundred thousand of them. */
  public List<LogFault> faults() {
    return Collections.unmodifiableList(facts.faults);
  }

  /** How many faults there are in all. */
  public long faultCount() {
    return facts.faultCount();
  }

  /** Faults counted by boot, requester, kind and reason, in order of their first. */
  public List<FaultTally> tallies() {
    return tallies;
  }

  /** Lines beside the faults that help to understand them. */
  public List<LogSign> signs() {
    return Collections.unmodifiableList(facts.signs);
  }

  /** Lines of one kind. */
  public List<LogSign> signs(LogSign.Kind kind) {
    return Collections.unmodifiableList(facts.signsByKind.getOrDefault(kind, List.of()));
  }

  /** Texts with a meaning of their own, by their word in JSON. */
  public Set<String> messages() {
    return Collections.unmodifiableSet(facts.messages);
  }

  /** What the driver calls mistakes of firmware. */
  public List<String> firmwareBugs() {
    return Collections.unmodifiableList(facts.firmwareBugs);
  }

  /** Failed invalidations. */
  public List<InvalidationError> invalidationErrors() {
    return Collections.unmodifiableList(facts.invalidationErrors);
  }

  /** Lines of the kernel's own walk. */
  public List<String> pageWalk() {
    return walk;
  }

  /** Fault status registers as printed. */
  public List<Long> statuses() {
    return Collections.unmodifiableList(facts.statuses);
  }

  /** Numbers of messages that a limiter held back. */
  public List<Long> suppressed() {
    return Collections.unmodifiableList(facts.suppressed);
  }

  /** Options of the command line that concern remapping. */
  public List<String> kernelParameters() {
    return Collections.unmodifiableList(facts.kernelParameters);
  }

  /** The whole command line. */
  public Optional<String> commandLine() {
    return Optional.ofNullable(facts.commandLine);
  }

  /** The kernel's version. */
  public Optional<String> kernelVersion() {
    return Optional.ofNullable(facts.kernelVersion);
  }

  /** The machine. */
  public Optional<String> hardware() {
    return Optional.ofNullable(facts.hardware);
  }

  /** {@code xapic} or {@code x2apic} if interrupt remapping was enabled. */
  public Optional<String> interruptMode() {
    return Optional.ofNullable(facts.interruptMode);
  }

  /** The default domain type as printed. */
  public Optional<String> domainType() {
    return Optional.ofNullable(facts.domainType);
  }

  /** When translations are flushed, as printed. */
  public Optional<String> flushPolicy() {
    return Optional.ofNullable(facts.flushPolicy);
  }

  /** Bits of a physical address as firmware says. */
  public Optional<Integer> hostAddressWidth() {
    return Optional.ofNullable(facts.hostAddressWidth);
  }

  /** The firmware's memory map as far as the log shows it. */
  public List<MemoryMapLine> memoryMap() {
    return Collections.unmodifiableList(facts.memoryMap);
  }

  /** Trace events between the lines. */
  public List<TraceEvent> trace() {
    return Collections.unmodifiableList(facts.trace);
  }

  /** PCI devices that the log names, {@code bb:dd.f}. */
  public Set<String> devices() {
    return Collections.unmodifiableSet(facts.devices);
  }

  /** Features in which the units differ. */
  public List<String> inconsistentFeatures() {
    return Collections.unmodifiableList(facts.inconsistent);
  }

  /** Units whose interrupt table was taken over from a crashed kernel. */
  public List<String> copiedTables() {
    return Collections.unmodifiableList(facts.copiedTables);
  }

  /** Reason lines whose fault lines are missing. */
  public int orphanReasons() {
    return facts.orphanReasons;
  }

  /** What those say. */
  public Set<String> orphanTexts() {
    return Collections.unmodifiableSet(facts.orphanTexts);
  }

  /** True if the log holds anything about remapping hardware. */
  public boolean isAboutRemapping() {
    return platform != LogPlatform.NONE || !facts.faults.isEmpty() || !facts.trace.isEmpty();
  }
}
