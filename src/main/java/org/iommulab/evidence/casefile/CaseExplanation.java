package org.iommulab.evidence.casefile;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.iommulab.bus.Pasid;
import org.iommulab.bus.SourceId;
import org.iommulab.evidence.Snapshot;
import org.iommulab.evidence.diagnosis.Explanation;
import org.iommulab.evidence.diagnosis.Surroundings;
import org.iommulab.evidence.inspection.WalkReport;
import org.iommulab.evidence.log.FaultTally;
import org.iommulab.evidence.log.KernelLog;
import org.iommulab.evidence.log.LogFault;
import org.iommulab.evidence.trace.Trace;
import org.iommulab.evidence.trace.TraceReport;
import org.iommulab.vtd.tables.MappedRange;
import org.iommulab.words.Bilingual;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/** What a case says: its log explained, and the way of each faulting request through its tables. */
public final class CaseExplanation {

  private static final int MOST_WALKS = 12;

  /** More than anybody reads at once; the others are named. */
  private static final int MOST_LOGS = 8;

  private final Case opened;
  private final Optional<Explanation> explanation;
  private final List<Walk> walks = new ArrayList<>();

  private CaseExplanation(Case opened, Optional<KernelLog> about) {
    this.opened = opened;
    Surroundings surroundings = opened.surroundings();
    this.explanation =
        about
            .or(() -> traceAlone(opened, surroundings))
            .map(log -> Explanation.of(log, surroundings));
    about.ifPresent(this::walk);
  }

  /** A trace that shows a mistake is explained without a log. */
  private static Optional<KernelLog> traceAlone(Case opened, Surroundings surroundings) {
    return surroundings.late().isEmpty()
        ? Optional.empty()
        : Optional.of(KernelLog.empty(opened.traces().getFirst().name()));
  }

  /**
   * A request of a fault, walked in the tables of a snapshot.
   *
   * @param fault the fault
   * @param snapshot whose tables
   * @param report every entry on the way and where it ends
   * @param found where the address lies among what the requester's tables map
   */
  public record Walk(LogFault fault, String snapshot, Bilingual report, Whereabouts found) {}

  /** Explains a case by the first of its logs. */
  public static CaseExplanation of(Case opened) {
    return new CaseExplanation(opened, opened.logs().stream().findFirst());
  }

  /** The same case by another of its logs. */
  public CaseExplanation about(KernelLog log) {
    return new CaseExplanation(opened, Optional.of(log));
  }

  /** The case itself. */
  public Case opened() {
    return opened;
  }

  /** The log explained, if there is a log. */
  public Optional<Explanation> explanation() {
    return explanation;
  }

  /** The log that is explained; empty for a trace alone. */
  public Optional<KernelLog> log() {
    return explanation.map(Explanation::log);
  }

  /** Which logs of the case this one does not explain, in one sentence; empty if there are none. */
  public Optional<Bilingual> others() {
    String names = named(rest().stream());
    return names.isEmpty()
        ? Optional.empty()
        : log()
            .map(
                own ->
                    Bilingual.of(
                        "This is about %s. Other logs here, with their faults: %s.",
                        "以上说的是 %s。这里的其他日志及其故障数：%s。", own.name(), names));
  }

  private static String named(Stream<KernelLog> logs) {
    return logs.map(log -> log.name() + " (" + log.faultCount() + ")")
        .collect(Collectors.joining(", "));
  }

  /** The logs that this one does not explain, those with most faults first. */
  private List<KernelLog> rest() {
    return opened.logs().stream().filter(log -> log().filter(own -> own == log).isEmpty()).toList();
  }

  /** The other logs of the case explained as well, those with most faults first. */
  private List<CaseExplanation> further() {
    return rest().stream().limit(MOST_LOGS - 1L).map(this::about).toList();
  }

  /** Which logs are too many to be explained with the others; empty if all are. */
  private Optional<Bilingual> left() {
    String names = named(rest().stream().skip(MOST_LOGS - 1L));
    return names.isEmpty()
        ? Optional.empty()
        : Optional.of(
            Bilingual.of(
                "Not explained here, with their faults: %s; name one with --log.",
                "此处未解释的日志及其故障数：%s；可用 --log 指定其中一个。", names));
  }

  /** The walks, at most a dozen. */
  public List<Walk> walks() {
    return List.copyOf(walks);
  }

  private void walk(KernelLog log) {
    var done = new LinkedHashSet<String>();
    for (FaultTally tally : log.tallies()) {
      LogFault fault = tally.first();
      if (walks.size() < MOST_WALKS && done.add(fault.requester() + fault.address())) {
        opened.snapshot(fault).flatMap(snapshot -> walk(snapshot, fault)).ifPresent(walks::add);
      }
    }
  }

  /** With its unit, where it has several. */
  static String named(Snapshot snapshot) {
    return snapshot.units().size() == 1
        ? snapshot.source()
        : snapshot.source() + " " + snapshot.unit().name();
  }

  /** The faults to look at first: those that the answer explains, or else the first of all. */
  public Optional<FaultTally> first() {
    return explanation.flatMap(
        found ->
            found.log().tallies().stream()
                .filter(
                    tally -> found.diagnosis().cause(tally.first()) == found.diagnosis().answer())
                .findFirst()
                .or(() -> found.log().tallies().stream().findFirst()));
  }

  /**
   * The snapshot to look at first: that of these faults, with the unit of their device in front.
   */
  public Optional<Snapshot> front() {
    return first()
        .flatMap(tally -> opened.snapshot(tally.first()))
        .or(() -> opened.snapshots().stream().findFirst());
  }

  /** The way of a fault's request through tables; empty for interrupts and unreadable faults. */
  private static Optional<Walk> walk(Snapshot snapshot, LogFault fault) {
    Long address = fault.address();
    String bdf = fault.bdf();
    if (fault.kind() == LogFault.Kind.INTERRUPT || address == null || bdf == null) {
      return Optional.empty();
    }
    Pasid pasid = Pasid.of(fault.pasid());
    return SourceId.parse(bdf)
        .map(
            source ->
                new Walk(
                    fault,
                    named(snapshot),
                    WalkReport.inBoth(snapshot.tables(), source, pasid, address),
                    Whereabouts.of(snapshot.tables(), source, pasid, address)));
  }

  /**
   * What the case adds to the facts of its log, as members of the object that is open.
   *
   * @param device whose events of traces are wanted, or null for all
   */
  public void writeJson(JsonGenerator out, @Nullable String device) {
    log().ifPresent(log -> out.writeStringProperty("log", log.name()));
    writeWalks(out);
    if (!rest().isEmpty()) {
      writeLogs(out);
    }
    out.writeArrayPropertyStart("traces");
    for (Trace trace : opened.traces()) {
      out.writeStartObject();
      out.writeStringProperty("file", trace.name());
      TraceReport.json(trace, device, out);
      out.writeEndObject();
    }
    out.writeEndArray();
  }

  /** The other logs, each as an object like that of the first; of those left out the names. */
  private void writeLogs(JsonGenerator out) {
    out.writeArrayPropertyStart("other_logs");
    for (CaseExplanation one : further()) {
      out.writeStartObject();
      one.log().ifPresent(log -> out.writeStringProperty("log", log.name()));
      one.explanation.ifPresent(found -> found.writeMembers(out));
      one.writeWalks(out);
      out.writeEndObject();
    }
    for (KernelLog log : rest().stream().skip(MOST_LOGS - 1L).toList()) {
      out.writeStartObject();
      out.writeStringProperty("log", log.name());
      out.writeNumberProperty("faults_total", log.faultCount());
      out.writeEndObject();
    }
    out.writeEndArray();
  }

  private void writeWalks(JsonGenerator out) {
    out.writeArrayPropertyStart("walks");
    for (Walk walk : walks) {
      Whereabouts found = walk.found();
      out.writeStartObject();
      out.writeNumberProperty("line", walk.fault().line());
      out.writeStringProperty("device", found.source().toString());
      if (!found.pasid().isNone()) {
        out.writeNumberProperty("pasid", found.pasid().value());
      }
      out.writeStringProperty("address", Reach.hex(found.address()));
      out.writeStringProperty("snapshot", walk.snapshot());
      out.writeBooleanProperty("reached", found.end().reached());
      out.writeStringProperty("end", found.end().sentence().english());
      if (found.end().address() >= 0) {
        out.writeStringProperty("entry", found.end().entry());
        out.writeStringProperty("entry_address", Reach.hex(found.end().address()));
      }
      if (found.domain() >= 0) {
        out.writeNumberProperty("domain", found.domain());
        out.writeNumberProperty("ranges", found.ranges());
        range("at", found.at(), out);
        range("below", found.below(), out);
        range("above", found.above(), out);
        range("alias", found.alias(), out);
      }
      out.writeEndObject();
    }
    out.writeEndArray();
  }

  private static void range(String name, Optional<MappedRange> range, JsonGenerator out) {
    range.ifPresent(
        found -> {
          out.writeObjectPropertyStart(name);
          out.writeStringProperty("iova", Reach.hex(found.iova()));
          out.writeNumberProperty("size", found.size());
          out.writeStringProperty("phys", Reach.hex(found.physical()));
          out.writeStringProperty("perm", found.rights().toString());
          out.writeEndObject();
        });
  }

  /** The log's name over what is said of it, where there are several. */
  private void heading(StringBuilder out) {
    log()
        .ifPresent(
            log ->
                out.append("== ").append(log.name()).append(" ==").append(System.lineSeparator()));
  }

  private void explain(StringBuilder out, boolean chinese) {
    explanation.ifPresent(found -> out.append(found.text(chinese)));
    for (Walk walk : walks) {
      out.append(System.lineSeparator())
          .append(walk.snapshot())
          .append(':')
          .append(System.lineSeparator())
          .append(walk.report().in(chinese));
    }
  }

  /**
   * For a person at a terminal: every log of the case, those with most faults first.
   *
   * @param device whose events of traces are wanted, or null for all
   */
  public String text(@Nullable String device, boolean chinese) {
    var out = new StringBuilder();
    List<CaseExplanation> further = further();
    if (!further.isEmpty()) {
      heading(out);
    }
    explain(out, chinese);
    for (CaseExplanation one : further) {
      out.append(System.lineSeparator());
      one.heading(out);
      one.explain(out, chinese);
    }
    left()
        .ifPresent(
            line ->
                out.append(System.lineSeparator())
                    .append(line.in(chinese))
                    .append(System.lineSeparator()));
    for (Trace trace : opened.traces()) {
      out.append(out.isEmpty() ? "" : System.lineSeparator())
          .append(TraceReport.text(trace, device, chinese));
    }
    if (explanation.isEmpty() && opened.traces().isEmpty()) {
      out.append(chinese ? "案例中没有内核日志。" : "There is no kernel log in this case.")
          .append(System.lineSeparator());
    }
    opened.notes().forEach(note -> out.append(note.in(chinese)).append(System.lineSeparator()));
    return out.toString();
  }
}
