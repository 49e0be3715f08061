package org.iommulab.cli;

import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.Callable;
import org.iommulab.lab.script.Presets;
import org.iommulab.words.WhyNot;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * The command line of {@code iommu-lab}: subcommands, help, messages. Results go to standard
 * output, messages to standard error; nobody sees a stack trace.
 */
@Command(
    name = "iommu-lab",
    description = {
      "A laboratory for the IOMMU: devices, a VT-d unit, the kernel above it.",
      "Without a command it opens the desktop.",
    },
    customSynopsis = {
      "iommu-lab [--preset NAME] [--open FILE] [--lang en|zh] [--theme NAME]",
      "       iommu-lab COMMAND [ARGUMENTS]",
    },
    subcommands = {
      RunCommand.class,
      ExecCommand.class,
      ReplayCommand.class,
      InspectCommand.class,
      AttachCommand.class,
      ExplainCommand.class,
      AuditCommand.class,
      CompareCommand.class,
      BenchCommand.class,
      FuzzCommand.class,
      CheckLessonCommand.class,
      GradeCommand.class,
      MendCommand.class,
      ExerciseCommand.class,
      picocli.CommandLine.HelpCommand.class
    },
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    optionListHeading = "%nOptions:%n",
    commandListHeading = "%nCommands:%n",
    footer = {
      "  render   Draw pictures of a preset without a window: render PRESET --out DIR",
      "  report   Tell a session with pictures: report JOURNAL --out DIR",
      "",
      "Desktop options:",
      "  --preset NAME   Start with a preset.",
      "  --open FILE     Open a script, a preset, a journal or a memory dump.",
      "  --lang en|zh    Language of this start.",
      "  --theme NAME    system, light, dark or contrast.",
      "",
      "Exit codes: 0 done, 1 an expectation failed, 2 the input cannot be used.",
    })
public final class CommandLine implements Runnable {

  /** Everything was done. */
  public static final int DONE = 0;

  /** An expectation of a script or preset did not hold. */
  public static final int EXPECTATION_FAILED = 1;

  /** The input cannot be used. */
  public static final int BAD_INPUT = 2;

  /** A mistake of ours; a report was saved. */
  public static final int BUG = 70;

  @Spec private CommandSpec spec = CommandSpec.create();

  private CommandLine() {}

  /** Carries out a subcommand and returns the exit code. */
  public static int run(String... args) {
    return run(new CommandLine(), args);
  }

  /** Carries out a command that is not among the subcommands here, with the same manners. */
  public static int run(Callable<Integer> command, List<String> args) {
    return run(command, args.toArray(String[]::new));
  }

  private static int run(Object command, String... args) {
    var file = new FileOutputStream(FileDescriptor.out);
    var err = new PrintWriter(System.err, false, StandardCharsets.UTF_8);
    return run(command, new StandardOutput(file, StandardOutput.isKept()), err, args);
  }

  /** Whatever cannot be kept on standard output is told. */
  static int run(Object command, StandardOutput standard, PrintWriter err, String... args) {
    var out = new PrintWriter(new BufferedOutputStream(standard), false, StandardCharsets.UTF_8);
    int code = run(command, out, err, args);
    IOException lost = standard.lost();
    if (lost == null) {
      return code;
    }
    Messages.say(err, "standard output cannot be written: " + WhyNot.written(lost));
    err.flush();
    return BAD_INPUT;
  }

  static int run(PrintWriter out, PrintWriter err, String... args) {
    return run(new CommandLine(), out, err, args);
  }

  private static int run(Object command, PrintWriter out, PrintWriter err, String... args) {
    var parser =
        new picocli.CommandLine(command)
            .setOut(out)
            .setErr(err)
            .setColorScheme(picocli.CommandLine.Help.defaultColorScheme(Ansi.OFF))
            .setUsageHelpAutoWidth(true)
            .setParameterExceptionHandler(Messages::badArguments)
            .setExecutionExceptionHandler(Messages::failed);
    int code;
    try {
      code = parser.execute(args);
    } catch (OutOfMemoryError e) {
      code = Messages.outOfMemory(err);
    } finally {
      out.flush();
      err.flush();
    }
    return code;
  }

  /** Only options that stand alone get here: the launcher opens the desktop itself. */
  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "a command is missing");
  }

  /** Names of all presets, for messages. */
  static String presets() {
    return String.join(", ", Presets.all().stream().map(preset -> preset.name()).toList());
  }
}
