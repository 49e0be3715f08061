package org.iommulab.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.iommulab.evidence.casefile.Case;
import org.iommulab.evidence.casefile.CaseExplanation;
import org.iommulab.evidence.diagnosis.Explanation;
import org.iommulab.evidence.log.KernelLog;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code iommu-lab explain}: reads a kernel log and says what happened. */
@Command(
    name = "explain",
    description = "Read a kernel log: the hardware, the faults, their cause, what to do.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class)
final class ExplainCommand implements Callable<Integer> {

  private static final String STANDARD_INPUT = "-";

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(names = "--json", description = "Print everything as one JSON object.")
  private boolean json;

  @Option(names = "--lang", paramLabel = "en|zh", description = "Language of the explanation.")
  private Language lang = Language.en;

  @Parameters(
      paramLabel = "LOG",
      description =
          "What dmesg, journalctl (also -o json), syslog, xl dmesg or a mail shows, also .gz; - is"
              + " standard input. Also a folder or archive (.tar, .tar.gz, .tar.xz, .zip) of what"
              + " was collected.")
  private String log = STANDARD_INPUT;

  /** As on the command line. */
  private enum Language {
    en,
    zh
  }

  @Override
  public Integer call() {
    try {
      if (log.equals(STANDARD_INPUT)) {
        return print(KernelLog.read(System.in, "standard input"));
      }
      Path path = Path.of(log);
      if (!Files.exists(path)) {
        return complain("there is no file %s".formatted(path));
      }
      if (Case.isCollection(path)) {
        return explainCase(path);
      }
      try (InputStream in = Files.newInputStream(path)) {
        return print(KernelLog.read(in, path.toString()));
      }
    } catch (IOException e) {
      String reason = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
      return complain("%s cannot be read (%s): copy it again".formatted(log, reason));
    }
  }

  private int explainCase(Path path) {
    return switch (Case.open(path)) {
      case Case.Bad(String sentence) ->
          complain(Messages.decapitalize(sentence.substring(0, sentence.length() - 1)));
      case Case.Good(Case opened) -> {
        CaseExplanation explained = CaseExplanation.of(opened);
        if (json && explained.explanation().isPresent()) {
          explained.explanation().get().writeJson(spec.commandLine().getOut());
          spec.commandLine().getOut().println();
        } else if (json) {
          yield complain("there is no kernel log in " + path);
        } else {
          spec.commandLine().getOut().print(explained.text(lang == Language.zh));
        }
        yield CommandLine.DONE;
      }
    };
  }

  private int complain(String sentence) {
    Messages.say(spec.commandLine().getErr(), sentence);
    return CommandLine.BAD_INPUT;
  }

  private int print(KernelLog read) {
    PrintWriter out = spec.commandLine().getOut();
    Explanation explanation = Explanation.of(read);
    if (json) {
      explanation.writeJson(out);
      out.println();
    } else {
      out.print(explanation.text(lang == Language.zh));
    }
    return CommandLine.DONE;
  }
}
