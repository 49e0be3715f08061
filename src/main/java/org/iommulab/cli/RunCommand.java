package org.iommulab.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.Stack;
import java.util.concurrent.Callable;
import org.iommulab.evidence.Snapshot;
import org.iommulab.evidence.casefile.Case;
import org.iommulab.lab.Laboratory;
import org.iommulab.lab.language.Reading;
import org.iommulab.lab.language.Result;
import org.iommulab.lab.language.Trait;
import org.iommulab.lab.script.Script;
import org.iommulab.vtd.config.Profiles;
import org.iommulab.words.Bilingual;
import org.iommulab.words.WhyNot;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.IParameterConsumer;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code iommu-lab run}: each program on a fresh machine, results as JSON Lines. */
@Command(
    name = "run",
    description = "Run scripts or presets, each on a fresh machine; results as JSON Lines.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class)
final class RunCommand implements Callable<Integer> {

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--profile",
      paramLabel = "NAME",
      description =
          "spec, qemu-7.2, qemu-11.1 or a real unit such as skylake-sp, for machines that name"
              + " none; a wrong name lists them all.")
  private String profile = Profiles.SPEC;

  @Option(
      names = "--fork",
      paramLabel = "CASE",
      converter = InputFile.class,
      description =
          "Begin where this dump, debugfs text or case ends instead of on a fresh machine; the"
              + " files stay as they are.")
  private @Nullable Path fork;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "Write one result file for each program, with the program's name.")
  private @Nullable Path out;

  @Option(
      names = "--trace",
      description = "Print the kernel and VMM functions each operation calls, on standard error.")
  private boolean trace;

  @Option(
      names = "--advise",
      arity = "0..1",
      parameterConsumer = How.class,
      paramLabel = "HOW",
      description =
          "Let the advisor look on: a line of results for each thing it has to say, behind the"
              + " operation that shows it. HOW is default or review; review says hints as well.")
  private @Nullable String advise;

  @Parameters(
      paramLabel = "FILE",
      arity = "1..*",
      description =
          "Scripts (JSON Lines), presets (YAML), names of presets, or break-it/NAME for a broken"
              + " driver.")
  private List<String> words = List.of();

  /** Takes the next word only if it says how: {@code --advise FILE} is about a file. */
  static final class How implements IParameterConsumer {

    @Override
    public void consumeParameters(Stack<String> words, ArgSpec option, CommandSpec command) {
      boolean said = !words.isEmpty() && List.of("default", "review").contains(words.peek());
      option.setValue(said ? words.pop() : "default");
    }
  }

  private final Set<Path> written = new HashSet<>();
  private @Nullable Snapshot ground;

  @Override
  public Integer call() {
    if (!Profiles.names().contains(profile)) {
      throw new ParameterException(
          spec.commandLine(),
          String.format(
              Locale.ROOT,
              "there is no profile \"%s\"; profiles are %s",
              profile,
              String.join(", ", Profiles.names())));
    }
    if (fork != null) {
      switch (Case.open(fork)) {
        case Case.Bad(Bilingual sentence) -> {
          return complain(Messages.plain(sentence.english()));
        }
        case Case.Good(Case opened) -> {
          if (opened.snapshots().isEmpty()) {
            return complain(
                "there are no tables in " + fork + " to go on from: give a dump or debugfs texts");
          }
          ground = opened.snapshots().getFirst();
        }
      }
    }
    int worst = CommandLine.DONE;
    for (String word : words) {
      worst = Math.max(worst, one(word));
    }
    return worst;
  }

  private int one(String word) {
    return switch (Program.find(word)) {
      case Reading.Bad<Program>(Bilingual sentence) -> complain(sentence.english());
      case Reading.Good<Program>(Program program) ->
          program.script().commands().isEmpty()
              ? complain(program.script().name() + " holds no operation: nothing was run")
              : run(program);
    };
  }

  private int complain(String sentence) {
    Messages.say(spec.commandLine().getErr(), sentence);
    return CommandLine.BAD_INPUT;
  }

  private int run(Program program) {
    Path folder = out;
    if (folder == null) {
      return execute(program.script(), spec.commandLine().getOut());
    }
    Path file = folder.resolve(program.file());
    if (!written.add(file)) {
      return complain(file + " would be written twice; run programs of the same name apart");
    }
    try {
      Files.createDirectories(folder);
      try (var writer = new PrintWriter(Files.newBufferedWriter(file))) {
        int code = execute(program.script(), writer);
        if (writer.checkError()) {
          throw new IOException("it is incomplete; is the disk full?");
        }
        return code;
      }
    } catch (IOException e) {
      return complain(
          String.format(
              Locale.ROOT, "the results cannot be written to %s: %s", file, WhyNot.written(e)));
    }
  }

  private void printCalls(Laboratory laboratory, int index, String op) {
    var view = laboratory.view();
    boolean isNew = view.last().filter(entry -> !entry.command().is(Trait.OBSERVES)).isPresent();
    if (isNew && !view.lastCalls().isEmpty()) {
      PrintWriter err = spec.commandLine().getErr();
      err.println("operation " + index + " (" + op + ")");
      new CallTree(err).print(view.lastCalls());
    }
  }

  private int execute(Script script, PrintWriter results) {
    var laboratory = new Laboratory(profile);
    if (ground != null) {
      laboratory.open(ground);
      if (laboratory.fork() instanceof Result.Refused(Bilingual sentence)) {
        return complain(ground.source() + ": " + sentence);
      }
    }
    laboratory.setAdvised(advise != null);
    var advised = new Advised("review".equals(advise));
    int code = CommandLine.DONE;
    for (int i = 0; i < script.commands().size(); i++) {
      var command = script.commands().get(i);
      Result result = laboratory.execute(command);
      if (trace) {
        printCalls(laboratory, i, command.op());
      }
      String line = result.line(i, command.op());
      if (!line.isEmpty()) {
        results.println(line);
      }
      advised.news(laboratory.advice(), i).forEach(results::println);
      if (result instanceof Result.Refused(Bilingual sentence)) {
        return complain(
            String.format(
                Locale.ROOT,
                "%s, operation %d (%s): %s",
                script.name(),
                i,
                command.op(),
                sentence));
      }
      if (result instanceof Result.Checked check && !check.holds()) {
        code = CommandLine.EXPECTATION_FAILED;
        Messages.say(
            spec.commandLine().getErr(),
            String.format(
                Locale.ROOT,
                "%s, operation %d: expected %s to be %s, but it is %s",
                script.name(),
                i,
                check.fields().get("path"),
                check.fields().get("expected"),
                check.fields().get("actual")));
      }
    }
    int last = script.commands().size() - 1;
    advised.news(laboratory.adviceAtEnd(), last).forEach(results::println);
    return code;
  }
}
