package org.iommulab.cli;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.iommulab.bus.SourceId;
import org.iommulab.course.Report;
import org.iommulab.evidence.archive.Archive;
import org.iommulab.evidence.casefile.Case;
import org.iommulab.evidence.casefile.CaseExplanation;
import org.iommulab.evidence.casefile.CaseReport;
import org.iommulab.evidence.diagnosis.Explanation;
import org.iommulab.evidence.kind.Content;
import org.iommulab.evidence.kind.Kind;
import org.iommulab.evidence.log.KernelLog;
import org.iommulab.evidence.trace.Trace;
import org.iommulab.evidence.trace.TraceReport;
import org.iommulab.lab.script.CaseScript;
import org.iommulab.lab.script.Script;
import org.iommulab.progress.FileInput;
import org.iommulab.words.Bilingual;
import org.iommulab.words.WhyNot;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.core.JsonGenerator;

/** {@code iommu-lab explain}: reads a kernel log, a trace or a case and says what happened. */
@Command(
    name = "explain",
    description = {
      "Read a kernel log: the hardware, the faults, their cause, what to do.",
      "Read a trace: what was mapped, unmapped, flushed, and met by faults."
    },
    mixinStandardHelpOptions = true,
    versionProvider = Version.class)
final class ExplainCommand implements Callable<Integer> {

  private static final Path STANDARD_INPUT = Path.of("-");

  /** A stream whose length is not known. */
  private static final long UNKNOWN = -1;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(names = "--json", description = "Print everything as one JSON object.")
  private boolean json;

  @Option(names = "--lang", paramLabel = "en|zh", description = "Language of the explanation.")
  private Language lang = Language.en;

  @Option(
      names = "--snapshot",
      paramLabel = "NAME",
      description =
          "Of several dumps in a case, walk in those whose name has this in it; without it, in the"
              + " one whose tables refuse the request for the reason in the log.")
  private @Nullable String snapshot;

  @Option(
      names = "--log",
      paramLabel = "NAME",
      description = "Of several logs in a case, explain those only whose name has this in it.")
  private @Nullable String wanted;

  @Option(
      names = "--device",
      paramLabel = "ID",
      description = "Of a trace, show the events of this device only, such as 00:03.0.")
  private @Nullable String device;

  @Option(
      names = "--report",
      paramLabel = "FILE",
      description =
          "Write one file for a bug tracker, .html or .md: what, evidence, walk, suspicion,"
              + " commands to repeat; names of people and machines are replaced.")
  private @Nullable Path report;

  @Option(
      names = "--replay",
      paramLabel = "FILE",
      description = "Write the requests of the faults as a script for run --fork.")
  private @Nullable Path replay;

  @Parameters(
      paramLabel = "LOG",
      converter = InputFile.class,
      description =
          "What dmesg, journalctl (also -o json), syslog, xl dmesg or a mail shows, ftrace, perf or"
              + " QEMU's vtd_* events, also .gz; - is standard input. Also a folder or archive"
              + " (.tar, .tar.gz, .tar.xz, .zip) of what was collected. Several are one case.")
  private List<Path> paths = List.of(STANDARD_INPUT);

  @Override
  public Integer call() {
    if (device != null) {
      device =
          SourceId.parse(device)
              .map(SourceId::toString)
              .orElseThrow(
                  () ->
                      new ParameterException(
                          spec.commandLine(),
                          "--device must be bus:device.function such as 00:03.0, not \""
                              + device
                              + "\""));
    }
    if (paths.equals(List.of(STANDARD_INPUT))) {
      return standardInput();
    }
    if (paths.contains(STANDARD_INPUT)) {
      return complain(
          lang.of(
              new Bilingual(
                  "standard input (-) stands alone; save it to a file first",
                  "标准输入（-）只能单独使用；请先保存为文件")));
    }
    for (Path path : paths) {
      if (!Files.exists(path)) {
        return complain(lang.of(new Bilingual("there is no file " + path, "没有文件 " + path)));
      }
    }
    boolean single = paths.size() == 1 && !Case.isCollection(paths.getFirst());
    return single && report == null && replay == null && snapshot == null && wanted == null
        ? file(paths.getFirst())
        : explainCase(paths);
  }

  private int standardInput() {
    String name = "standard input";
    try {
      InputStream in = looked(InputFile.standardInput());
      byte[] head = head(in);
      Kind kind = Content.of(head, head.length);
      boolean isCase = report != null || replay != null || kind == Kind.TAR || kind == Kind.ZIP;
      if (isCase) {
        return explainCase(List.of(InputFile.kept(in, "standard input")));
      }
      if (isTrace(kind)) {
        return print(null, Trace.read(in, name));
      }
      return told(name, in, head, UNKNOWN, null);
    } catch (IOException e) {
      return unreadable(name, e);
    }
  }

  private static boolean isTrace(Kind kind) {
    return kind == Kind.FTRACE || kind == Kind.QEMU_TRACE;
  }

  private int file(Path path) {
    try (InputStream in = looked(FileInput.open(path))) {
      Trace trace = Case.isTrace(path) ? Trace.read(path) : null;
      return told(InputFile.asGiven(path.toString()), in, head(in), Files.size(path), trace);
    } catch (IOException e) {
      return unreadable(path.toString(), e);
    }
  }

  /** A stream, unpacked, whose beginning can be looked at. */
  private static InputStream looked(InputStream raw) throws IOException {
    return new BufferedInputStream(Archive.plain(raw), 2 * Content.ENOUGH);
  }

  private static byte[] head(InputStream in) throws IOException {
    in.mark(Content.ENOUGH);
    byte[] head = in.readNBytes(Content.ENOUGH);
    in.reset();
    return head;
  }

  /** Explains a log, unless it is no text and nothing in it looks like a kernel's message. */
  private int told(String name, InputStream in, byte[] head, long size, @Nullable Trace trace)
      throws IOException {
    long bytes = head.length < Content.ENOUGH ? head.length : size;
    Kind kind = Content.of(head, bytes);
    return switch (kind) {
      case EMPTY -> complain(name + " is empty: copy it again");
      case ELF_CORE, LIME_IMAGE, KDUMP ->
          complain(
              name
                  + " looks like "
                  + kind.words().english()
                  + ", not like a log: look into it with \"iommu-lab inspect\"");
      default -> {
        KernelLog log = KernelLog.read(in, name);
        boolean text = kind.isText() || kind == Kind.REGISTERS || log.isAboutRemapping();
        yield text
            ? print(log, trace)
            : complain(
                name
                    + " looks like "
                    + Content.describe(head, bytes)
                    + ", not like a text: give a kernel log, a trace or what was collected");
      }
    };
  }

  private int unreadable(String what, IOException e) {
    return complain(what + " cannot be read: " + WhyNot.read(e));
  }

  private int explainCase(List<Path> paths) {
    return switch (Case.open(paths)) {
      case Case.Bad(Bilingual sentence) -> complain(Messages.plain(lang.of(sentence)));
      case Case.Good(Case whole) -> {
        Case walked = snapshot == null ? whole : whole.withSnapshots(snapshot);
        Case opened = wanted == null ? walked : walked.withLogs(wanted);
        if (wanted != null && opened.logs().isEmpty()) {
          yield complain(
              "no log of "
                  + whole.name()
                  + " has \""
                  + wanted
                  + "\" in its name; there are: "
                  + String.join(", ", whole.logs().stream().map(KernelLog::name).toList()));
        }
        if (snapshot != null && opened.snapshots().isEmpty()) {
          yield complain(
              "no snapshot of "
                  + whole.name()
                  + " has \""
                  + snapshot
                  + "\" in its name; there are: "
                  + String.join(
                      ", ", whole.snapshots().stream().map(one -> one.source()).toList()));
        }
        CaseExplanation explained = CaseExplanation.of(opened);
        int code = written(explained);
        if (code == CommandLine.DONE && report == null && replay == null) {
          code = print(explained);
        }
        yield code;
      }
    };
  }

  private int print(CaseExplanation explained) {
    PrintWriter out = spec.commandLine().getOut();
    if (explained.explanation().isEmpty() && explained.opened().traces().isEmpty()) {
      return complain(
          "there is no kernel log and no trace in "
              + explained.opened().name()
              + ": look into tables with \"iommu-lab inspect\" or \"audit\"");
    }
    if (!json) {
      out.print(explained.text(device, lang.isChinese()));
      return CommandLine.DONE;
    }
    Explanation explanation =
        explained
            .explanation()
            .orElseGet(() -> Explanation.of(KernelLog.empty(explained.opened().name())));
    explanation.writeJson(out, more -> explained.writeJson(more, device));
    out.println();
    return CommandLine.DONE;
  }

  /** The files that were asked for. */
  private int written(CaseExplanation explained) {
    try {
      if (report != null) {
        String name = report.toString().toLowerCase(Locale.ROOT);
        String text = CaseReport.markdown(explained, lang.isChinese());
        if (name.endsWith(".html") || name.endsWith(".htm")) {
          text = Report.html(CaseReport.title(explained, lang.isChinese()), text);
        } else if (!name.endsWith(".md")) {
          return complain("--report takes a name that ends in .html or .md, not " + report);
        }
        Files.writeString(report, text);
        spec.commandLine().getOut().println(report);
      }
      return replay == null ? CommandLine.DONE : script(explained, replay);
    } catch (IOException e) {
      Path target = report != null ? report : replay;
      return complain(target + " cannot be written: " + WhyNot.written(e));
    }
  }

  private int script(CaseExplanation explained, Path file) throws IOException {
    Script script =
        explained
            .explanation()
            .map(found -> CaseScript.of(found.log()))
            .orElse(new Script("", List.of()));
    if (script.commands().isEmpty()) {
      return complain("there is no fault in " + explained.opened().name() + " to send again");
    }
    Files.writeString(file, script.toText());
    spec.commandLine().getOut().println(file);
    if (explained.opened().snapshots().isEmpty()) {
      Messages.say(
          spec.commandLine().getErr(),
          lang.of(
              "there are no tables in "
                  + explained.opened().name()
                  + ": alone, the requests meet a machine without this device; for the same faults"
                  + " add a dump or debugfs texts, and send them with \"run --fork CASE\"",
              explained.opened().name()
                  + " 中没有页表：单独运行时，请求遇到的是没有该设备的机器；要再现同样的故障，请加上转储或 debugfs"
                  + " 文本，并用 \"run --fork CASE\" 发送"));
    }
    return CommandLine.DONE;
  }

  private int complain(String sentence) {
    Messages.say(spec.commandLine().getErr(), sentence);
    return CommandLine.BAD_INPUT;
  }

  private int print(@Nullable KernelLog log, @Nullable Trace trace) {
    PrintWriter out = spec.commandLine().getOut();
    Explanation explanation = Explanation.of(log == null ? KernelLog.empty("standard input") : log);
    if (json) {
      explanation.writeJson(out, more -> trace(trace, more));
      out.println();
      return CommandLine.DONE;
    }
    if (trace == null || explanation.log().faultCount() > 0 || explanation.hasUseAfterUnmap()) {
      out.print(explanation.text(lang.isChinese()));
    }
    if (trace != null) {
      out.print(TraceReport.text(trace, device, lang.isChinese()));
    }
    return CommandLine.DONE;
  }

  private void trace(@Nullable Trace trace, JsonGenerator out) {
    if (trace != null) {
      out.writeObjectPropertyStart("trace");
      TraceReport.json(trace, device, out);
      out.writeEndObject();
    }
  }
}
