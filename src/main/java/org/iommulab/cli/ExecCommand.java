package org.iommulab.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.iommulab.lab.JournalEntry;
import org.iommulab.lab.Laboratory;
import org.iommulab.lab.language.Command;
import org.iommulab.lab.language.Complaint;
import org.iommulab.lab.language.Reading;
import org.iommulab.lab.language.Result;
import org.iommulab.lab.script.Script;
import org.iommulab.peer.exec.ProgramMachine;
import org.iommulab.peer.exec.ProgramRun;
import org.iommulab.peer.exec.RecordReplay;
import org.iommulab.words.Bilingual;
import org.iommulab.words.WhyNot;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code iommu-lab exec}: a real program meets our kernel instead of the machine's. */
@picocli.CommandLine.Command(
    name = "exec",
    description =
        "Run a program whose /dev/iommu and /dev/vfio are the laboratory's; its exit code is the"
            + " program's.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class)
final class ExecCommand implements Callable<Integer> {

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--machine",
      paramLabel = "FILE",
      description = "A script or preset that sets up machine and kernel.")
  private @Nullable String machine;

  @Option(
      names = "--era",
      paramLabel = "VERSION",
      description = "Which Linux the kernel is, for a machine without linux.boot; 7.3 by itself.")
  private String era = ProgramMachine.ERA;

  @Option(
      names = "--record",
      paramLabel = "LOG",
      description = "Write every request with what was learned, for \"replay\"; also .gz.")
  private @Nullable Path record;

  /** Told by the help only: with it the desktop is started instead of this command. */
  @Option(names = "--window", description = "Watch the program in the window, call by call.")
  private boolean window;

  @Parameters(
      paramLabel = "PROGRAM",
      arity = "1..*",
      description = "The program and its arguments, after --.")
  private List<String> command = List.of();

  @Override
  public Integer call() {
    var laboratory = new Laboratory("spec");
    Script script = null;
    if (machine != null) {
      switch (Program.find(machine)) {
        case Reading.Bad<Program>(Bilingual sentence) -> {
          return complain(sentence.english());
        }
        case Reading.Good<Program>(Program program) -> script = program.script();
      }
    }
    try {
      ProgramMachine.standIn(era)
          .ifPresent(note -> Messages.say(spec.commandLine().getErr(), note));
    } catch (Complaint e) {
      return complain("--era: " + e.sentence());
    }
    Optional<String> problem = ProgramMachine.setUp(laboratory, script, era);
    if (problem.isPresent()) {
      return complain(problem.get());
    }
    for (JournalEntry entry : laboratory.journal()) {
      if (entry.result() instanceof Result.Returned boot
          && boot.fields().get("note") instanceof String note) {
        Messages.say(spec.commandLine().getErr(), note);
      }
    }
    Path log = record;
    try (Writer writer = log == null ? null : RecordReplay.writer(log)) {
      if (writer != null) {
        writer.write(RecordReplay.HEAD + "\n");
        for (Command one : laboratory.toScript("record").commands()) {
          writer.write(one.toJson() + "\n");
        }
      }
      return ProgramRun.run(laboratory, command, writer);
    } catch (IOException | UncheckedIOException e) {
      return complain("the record cannot be written to " + log + ": " + WhyNot.written(e));
    } catch (ProgramRun.Failure e) {
      return complain(String.valueOf(e.getMessage()));
    }
  }

  private int complain(String sentence) {
    Messages.say(spec.commandLine().getErr(), sentence);
    return CommandLine.BAD_INPUT;
  }
}
