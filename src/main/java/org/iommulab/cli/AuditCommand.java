package org.iommulab.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.iommulab.evidence.casefile.Audit;
import org.iommulab.evidence.casefile.Case;
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
      "Exit code 1 if a device reaches what it must never reach."
    },
    mixinStandardHelpOptions = true,
    versionProvider = Version.class)
final class AuditCommand implements Callable<Integer> {

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(names = "--json", description = "Print the findings as one JSON object.")
  private boolean json;

  @Parameters(
      paramLabel = "CASE",
      description = "A folder, an archive (.tar, .tar.gz, .tar.xz, .zip), or a dump.")
  private Path path = Path.of("");

  @Override
  public Integer call() {
    return switch (Case.open(path)) {
      case Case.Bad(String sentence) -> complain(sentence);
      case Case.Good(Case opened) -> print(opened);
    };
  }

  private int complain(String sentence) {
    String plain = sentence.endsWith(".") ? sentence.substring(0, sentence.length() - 1) : sentence;
    Messages.say(spec.commandLine().getErr(), Messages.decapitalize(plain));
    return CommandLine.BAD_INPUT;
  }

  private int print(Case opened) {
    opened.notes().forEach(note -> Messages.say(spec.commandLine().getErr(), note));
    if (opened.snapshots().isEmpty() && opened.groups().isEmpty() && opened.dmar().isEmpty()) {
      return complain(
          "There are neither tables nor groups in " + path + ": give a dump or debugfs texts.");
    }
    List<Audit.Exposure> found = Audit.of(opened);
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      write(found, out);
    } else if (found.isEmpty()) {
      out.println("No device reaches what it should not.");
    } else {
      for (Audit.Exposure exposure : found) {
        out.println(exposure.weight().name().toLowerCase(Locale.ROOT) + ": " + exposure.sentence());
        exposure.proof().forEach(proof -> out.println("    " + proof));
      }
    }
    boolean grave = found.stream().anyMatch(one -> one.weight() == Audit.Weight.ERROR);
    return grave ? CommandLine.EXPECTATION_FAILED : CommandLine.DONE;
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
        out.writeStringProperty("sentence", exposure.sentence());
        out.writeArrayPropertyStart("proof");
        exposure.proof().forEach(out::writeString);
        out.writeEndArray();
        out.writeEndObject();
      }
      out.writeEndArray();
      out.writeEndObject();
    }
    target.println();
  }
}
