package org.iommulab.evidence.casefile;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeSet;
import org.iommulab.evidence.Snapshot;
import org.iommulab.evidence.diagnosis.Explanation;
import org.iommulab.evidence.diagnosis.Finding;
import org.iommulab.evidence.log.FaultTally;
import org.iommulab.evidence.log.KernelLog;
import org.iommulab.evidence.log.LogFault;
import org.iommulab.evidence.log.LogUnit;
import org.iommulab.evidence.trace.Trace;
import org.iommulab.evidence.trace.TraceReport;

/**
 * A case as one Markdown text for a bug tracker: what happened, what it rests on, the way through
 * the tables, the suspicion, and the commands that show it again. Names of people and machines are
 * replaced.
 */
public final class CaseReport {

  private static final int MOST_FAULTS = 40;
  private static final int MOST_LINES = 60;
  private static final int MOST_DEVICES = 40;
  private static final long AROUND = 2;

  private final CaseExplanation explained;
  private final Case opened;
  private final boolean chinese;
  private final StringBuilder out = new StringBuilder();

  private CaseReport(CaseExplanation explained, boolean chinese) {
    this.explained = explained;
    this.opened = explained.opened();
    this.chinese = chinese;
  }

  /** The report in Markdown. */
  public static String markdown(CaseExplanation explained, boolean chinese) {
    var report = new CaseReport(explained, chinese);
    report.write();
    return Privacy.of(report.opened).hide(report.out.toString());
  }

  /** Its title: the answer, or what the case is about. */
  public static String title(CaseExplanation explained, boolean chinese) {
    return Privacy.of(explained.opened())
        .hide(
            explained
                .explanation()
                .map(found -> found.diagnosis().answer().sentence(chinese))
                .orElse(name(explained.opened())));
  }

  private static String name(Case opened) {
    Path file = Path.of(opened.name()).getFileName();
    return file == null ? opened.name() : file.toString();
  }

  private String word(String english, String other) {
    return chinese ? other : english;
  }

  private void line(String text) {
    out.append(text).append('\n');
  }

  private void heading(String english, String other) {
    line("");
    line("## " + word(english, other));
    line("");
  }

  private void code(String text) {
    line("```");
    line(text.stripTrailing().replace("```", "'''"));
    line("```");
  }

  private void write() {
    line("# " + title(explained, chinese));
    line("");
    explained.explanation().ifPresent(this::log);
    walks();
    reach();
    traces();
    files();
    repeat();
  }

  private void log(Explanation explanation) {
    KernelLog log = explanation.log();
    explained.others().ifPresent(others -> line("- " + others.in(chinese)));
    machine(log);
    faults(log);
    suspicion(explanation, log);
    lines(explanation, log);
  }

  private void machine(KernelLog log) {
    log.kernelVersion().ifPresent(version -> line("- Linux " + version));
    log.hardware().ifPresent(hardware -> line("- " + hardware));
    line("- " + word("platform ", "平台 ") + log.platform().word());
    for (LogUnit unit : log.units()) {
      line(
          String.format(
              Locale.ROOT,
              "- %s 0x%x%s%s%s",
              unit.name() == null ? word("unit", "单元") : unit.name(),
              unit.base(),
              unit.version() == null ? "" : " " + unit.version(),
              hex(" cap ", unit.cap()),
              hex(" ecap ", unit.ecap())));
    }
    log.rmrrs()
        .forEach(
            rmrr -> line(String.format(Locale.ROOT, "- RMRR 0x%x-0x%x", rmrr.base(), rmrr.end())));
    if (!log.kernelParameters().isEmpty()) {
      line("- " + String.join(" ", log.kernelParameters()));
    }
  }

  private static String hex(String lead, @org.jspecify.annotations.Nullable Long value) {
    return value == null ? "" : lead + "0x" + Long.toHexString(value);
  }

  private void faults(KernelLog log) {
    if (log.faultCount() == 0) {
      return;
    }
    heading("What happened", "发生了什么");
    line(
        word(
            "| times | request | device | address | reason | lines |",
            "| 次数 | 请求 | 设备 | 地址 | 原因 | 行 |"));
    line("|---:|---|---|---|---|---|");
    List<FaultTally> tallies = log.tallies();
    for (FaultTally tally : tallies.subList(0, Math.min(MOST_FAULTS, tallies.size()))) {
      LogFault first = tally.first();
      Integer code = first.reason().code();
      Long lowest = tally.lowest();
      Long highest = tally.highest();
      String where =
          lowest == null || highest == null
              ? "?"
              : lowest.equals(highest)
                  ? Reach.hex(lowest)
                  : Reach.hex(lowest) + " … " + Reach.hex(highest);
      line(
          String.format(
              Locale.ROOT,
              "| %d | %s%s | %s | %s | %s %s | %d … %d |",
              tally.count(),
              first.kind().word(),
              first.pasid() == null ? "" : " PASID " + first.pasid(),
              first.bdf() == null ? "?" : cell(opened.device(first.bdf())),
              where,
              code == null ? "?" : String.format(Locale.ROOT, "0x%02x", code),
              cell(String.valueOf(first.reason().text() == null ? "" : first.reason().text())),
              first.line(),
              tally.last().line()));
    }
    if (tallies.size() > MOST_FAULTS) {
      line("");
      line(word("… and more.", "……等。"));
    }
  }

  private static String cell(String text) {
    return text.replace("|", "\\|");
  }

  private void suspicion(Explanation explanation, KernelLog log) {
    heading("Suspicion", "推断");
    for (Finding finding : explanation.diagnosis().findings()) {
      if (finding.role() == Finding.Role.NOTE) {
        line("- " + finding.sentence(chinese));
        continue;
      }
      line("");
      line(
          "**"
              + finding.sentence(chinese)
              + "** ("
              + finding.role().name().toLowerCase(Locale.ROOT)
              + ", "
              + word("confidence ", "把握 ")
              + finding.confidence().name().toLowerCase(Locale.ROOT)
              + ", "
              + finding.rule()
              + ")");
      line("");
      finding
          .evidence()
          .forEach(
              evidence ->
                  line(
                      "- `" + evidence.place(file(log)) + tick(evidence.text().in(chinese)) + "`"));
      points(word("check: ", "检查："), finding.check(chinese));
      points(word("try: ", "尝试："), finding.advice(chinese));
      points(word("not: ", "不要："), finding.warnings(chinese));
    }
  }

  private static String tick(String text) {
    return text.replace('`', '\'');
  }

  private static String file(KernelLog log) {
    Path file = Path.of(log.name()).getFileName();
    return file == null ? log.name() : file.toString();
  }

  private void points(String lead, List<String> points) {
    points.forEach(point -> line("- " + lead + point));
  }

  /** The lines that the findings rest on, with those beside them. */
  private void lines(Explanation explanation, KernelLog log) {
    var wanted = new TreeSet<Long>();
    for (Finding finding : explanation.diagnosis().findings()) {
      for (Finding.Evidence evidence : finding.evidence()) {
        if (evidence.source().isEmpty() && evidence.line() > 0) {
          for (long near = -AROUND; near <= AROUND; near++) {
            wanted.add(evidence.line() + near);
          }
        }
      }
    }
    List<String> shown =
        log.lines().stream()
            .filter(kept -> wanted.contains(kept.number()))
            .limit(MOST_LINES)
            .map(kept -> String.format(Locale.ROOT, "%6d  %s", kept.number(), kept.words()))
            .toList();
    if (!shown.isEmpty()) {
      heading("Log", "日志");
      code(String.join("\n", shown));
    }
  }

  private void walks() {
    if (explained.walks().isEmpty()) {
      return;
    }
    heading("The way through the tables", "页表中的路径");
    for (CaseExplanation.Walk walk : explained.walks()) {
      if (opened.snapshots().size() > 1 || walk.snapshot().contains(" ")) {
        line(walk.snapshot());
        line("");
      }
      code(walk.report().in(chinese));
      Whereabouts found = walk.found();
      if (found.domain() >= 0) {
        var facts = new ArrayList<String>();
        found
            .below()
            .ifPresent(range -> facts.add(word("below: ", "其前：") + Reach.words(range).in(chinese)));
        found
            .above()
            .ifPresent(range -> facts.add(word("above: ", "其后：") + Reach.words(range).in(chinese)));
        found
            .alias()
            .ifPresent(
                range ->
                    facts.add(word("the same memory: ", "同一内存：") + Reach.words(range).in(chinese)));
        facts.forEach(fact -> line("- " + fact));
      }
    }
  }

  private void reach() {
    Optional<CaseExplanation.Walk> walk = explained.walks().stream().findFirst();
    Snapshot snapshot = walk.flatMap(one -> opened.snapshot(one.fault())).orElse(null);
    if (walk.isEmpty() || snapshot == null) {
      return;
    }
    long page = walk.get().found().address() & -4096L;
    heading("Who reaches this page", "谁能访问该页");
    line(Reach.hex(page));
    line("");
    for (Access access :
        Access.of(opened, snapshot, new Target(page, page + 4095, Reach.hex(page))).stream()
            .limit(MOST_DEVICES)
            .toList()) {
      line(
          "- "
              + opened.device(access.source().toString())
              + ": "
              + (access.reaches() ? word("yes", "能") : word("no", "否"))
              + ", "
              + access.proof().in(chinese));
    }
  }

  private void traces() {
    for (Trace trace : opened.traces()) {
      heading("Trace", "跟踪");
      code(TraceReport.text(trace, null, chinese));
    }
  }

  private void files() {
    heading("Evidence", "证据");
    opened.files().stream()
        .limit(200)
        .forEach(file -> line("- " + file.name() + ": " + file.kind().words().in(chinese)));
    opened.notes().forEach(note -> line("- " + note.in(chinese)));
  }

  private void repeat() {
    heading("To see it again", "重现");
    var commands = new ArrayList<String>();
    commands.add("iommu-lab explain CASE");
    for (CaseExplanation.Walk walk : explained.walks().stream().limit(3).toList()) {
      String address = Reach.hex(walk.found().address());
      commands.add("iommu-lab inspect CASE --rid " + walk.found().source() + " --iova " + address);
      commands.add("iommu-lab audit CASE --reach " + address);
    }
    if (!explained.walks().isEmpty()) {
      commands.add("iommu-lab explain CASE --replay faults.jsonl");
      commands.add("iommu-lab run --fork CASE faults.jsonl");
    }
    code(String.join("\n", commands));
  }
}
