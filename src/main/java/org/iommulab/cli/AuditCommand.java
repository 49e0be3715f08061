package org.iommulab.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.iommulab.evidence.Snapshot;
import org.iommulab.evidence.casefile.Access;
import org.iommulab.evidence.casefile.Audit;
import org.iommulab.evidence.casefile.Case;
import org.iommulab.evidence.casefile.Target;
import org.iommulab.words.Bilingual;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.StreamWriteFeature;
import tools.jackson.core.json.JsonFactory;

/** {@code iommu-lab audit}: who reaches what that nobody should. */
@Command(
    name = "audit",
    description = {
      "Say which devices reach what they should not: kernel, tables, interrupts, others' memory.",
      "Exit code 1 if a device reaches what it must never reach, or with --reach, if any does."
    },
    mixinStandardHelpOptions = true,
    versionProvider = Version.class)
final class AuditCommand implements Callable<Integer> {

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(names = "--json", description = "Print the findings as one JSON object.")
  private boolean json;

  @Option(names = "--lang", paramLabel = "en|zh", description = "Language of the findings.")
  private Language lang = Language.en;

  @Option(
      names = "--reach",
      paramLabel = "MEMORY",
      description =
          "Say for every device whether it reaches this physical memory: an address, START-END,"
              + " START+SIZE, or a name of /proc/iomem such as \"Kernel code\".")
  private @Nullable String reach;

  @Parameters(
      paramLabel = "CASE",
      converter = InputFile.class,
      description = "A folder, an archive (.tar, .tar.gz, .tar.xz, .zip), or a dump.")
  private Path path = Path.of("");

  @Override
  public Integer call() {
    return switch (Case.open(path)) {
      case Case.Bad(Bilingual sentence) -> complain(lang.of(sentence));
      case Case.Good(Case opened) -> print(opened);
    };
  }

  private String weight(Audit.Weight weight) {
    return switch (weight) {
      case INFORMATION -> lang.of("information: ", "信息：");
      case WARNING -> lang.of("warning: ", "警告：");
      case ERROR -> lang.of("error: ", "错误：");
    };
  }

  private int complain(String sentence) {
    Messages.say(spec.commandLine().getErr(), Messages.plain(sentence));
    return CommandLine.BAD_INPUT;
  }

  private int print(Case opened) {
    opened.notes().forEach(note -> Messages.say(spec.commandLine().getErr(), lang.of(note)));
    if (opened.snapshots().isEmpty() && opened.groups().isEmpty() && opened.dmar().isEmpty()) {
      return complain(
          lang.of(
              "There are neither tables nor groups in " + path + ": give a dump or debugfs texts.",
              path + " 中既没有页表也没有 IOMMU 组：请给出转储或 debugfs 文本。"));
    }
    if (reach != null) {
      return reach(opened, reach);
    }
    List<Audit.Exposure> found = Audit.of(opened);
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      write(found, out);
    } else if (found.isEmpty()) {
      out.println(lang.of("No device reaches what it should not.", "没有设备能访问它不该访问的内存。"));
    } else {
      for (Audit.Exposure exposure : found) {
        out.println(weight(exposure.weight()) + lang.of(exposure.sentence()));
        exposure.proof().forEach(proof -> out.println("    " + lang.of(proof)));
      }
    }
    boolean grave = found.stream().anyMatch(one -> one.weight() == Audit.Weight.ERROR);
    return grave ? CommandLine.EXPECTATION_FAILED : CommandLine.DONE;
  }

  /** Exit code 1 if any device gets there. */
  private int reach(Case opened, String memory) {
    if (opened.snapshots().isEmpty()) {
      return complain(
          lang.of(
              "There are no tables in " + path + ": give a dump or debugfs texts.",
              path + " 中没有页表：请给出转储或 debugfs 文本。"));
    }
    return switch (Target.parse(memory, opened)) {
      case Target.Unclear(var sentence) -> complain(lang.of(sentence));
      case Target.Meant(List<Target> targets) -> {
        boolean any = false;
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
          any = writeReach(opened, targets, out);
        } else {
          for (Snapshot snapshot : opened.snapshots()) {
            for (Target target : targets) {
              out.println(
                  snapshot.source()
                      + ": "
                      + target.name()
                      + String.format(Locale.ROOT, " (0x%x-0x%x)", target.start(), target.end()));
              for (Access access : Access.of(opened, snapshot, target)) {
                any |= access.reaches();
                out.printf(
                    Locale.ROOT,
                    "  %-3s  %s: %s%n",
                    access.reaches() ? lang.of("yes", "能") : lang.of("no", "否"),
                    access.pasid().value() > 0
                        ? access.who()
                        : opened.device(access.source().toString()),
                    lang.of(access.proof()));
              }
            }
          }
        }
        yield any ? CommandLine.EXPECTATION_FAILED : CommandLine.DONE;
      }
    };
  }

  private static boolean writeReach(Case opened, List<Target> targets, PrintWriter print) {
    boolean any = false;
    var factory = JsonFactory.builder().disable(StreamWriteFeature.AUTO_CLOSE_TARGET).build();
    try (JsonGenerator out = factory.createGenerator(ObjectWriteContext.empty(), print)) {
      out.writeStartObject();
      out.writeArrayPropertyStart("reach");
      for (Snapshot snapshot : opened.snapshots()) {
        for (Target target : targets) {
          for (Access access : Access.of(opened, snapshot, target)) {
            any |= access.reaches();
            out.writeStartObject();
            out.writeStringProperty("snapshot", snapshot.source());
            out.writeStringProperty("memory", target.name());
            out.writeStringProperty("start", "0x" + Long.toHexString(target.start()));
            out.writeStringProperty("end", "0x" + Long.toHexString(target.end()));
            out.writeStringProperty("device", access.source().toString());
            if (access.pasid().value() > 0) {
              out.writeNumberProperty("pasid", access.pasid().value());
            }
            out.writeBooleanProperty("reaches", access.reaches());
            out.writeStringProperty("proof", access.proof().english());
            out.writeEndObject();
          }
        }
      }
      out.writeEndArray();
      out.writeEndObject();
    }
    print.println();
    return any;
  }

  private static void write(List<Audit.Exposure> found, PrintWriter target) {
    var factory = JsonFactory.builder().disable(StreamWriteFeature.AUTO_CLOSE_TARGET).build();
    try (JsonGenerator out = factory.createGenerator(ObjectWriteContext.empty(), target)) {
      out.writeStartObject();
      out.writeArrayPropertyStart("findings");
      for (Audit.Exposure exposure : found) {
        out.writeStartObject();
        out.writeStringProperty("weight", exposure.weight().name().toLowerCase(Locale.ROOT));
        out.writeStringProperty("rule", exposure.rule());
        out.writeStringProperty("sentence", exposure.sentence().english());
        out.writeStringProperty("sentence_zh", exposure.sentence().chinese());
        out.writeArrayPropertyStart("proof");
        exposure.proof().forEach(proof -> out.writeString(proof.english()));
        out.writeEndArray();
        out.writeEndObject();
      }
      out.writeEndArray();
      out.writeEndObject();
    }
    target.println();
  }
}
