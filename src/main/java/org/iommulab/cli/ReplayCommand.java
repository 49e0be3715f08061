package org.iommulab.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.iommulab.evidence.Evidence;
import org.iommulab.evidence.Snapshot;
import org.iommulab.lab.Laboratory;
import org.iommulab.lab.language.Reading;
import org.iommulab.lab.replay.CallLog;
import org.iommulab.lab.replay.CallReplay;
import org.iommulab.lab.replay.ReplayedCall;
import org.iommulab.lab.replay.SnapshotCheck;
import org.iommulab.peer.exec.RecordReplay;
import org.iommulab.words.Bilingual;
import org.iommulab.words.WhyNot;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code iommu-lab replay}: a program's calls on real Linux, once more, compared one by one. */
@Command(
    name = "replay",
    description = "Repeat the system calls that a program made on real Linux and compare each.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class)
final class ReplayCommand implements Callable<Integer> {

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(names = "--scalable", description = "The log was made in scalable mode.")
  private boolean scalable;

  @Option(
      names = "--snapshots",
      paramLabel = "DIR",
      description =
          "Compare the tables with the dumps in DIR, one folder snap-NAME for each mark of the"
              + " log.")
  private @Nullable Path snapshots;

  @Option(
      names = "--script",
      paramLabel = "FILE",
      description = "Write the same as a script for \"run\".")
  private @Nullable Path script;

  @Option(
      names = "--advise",
      description =
          "Say what the advisor has to say of the calls; command N is the N-th line of --script.")
  private boolean advise;

  @Parameters(
      paramLabel = "LOG",
      converter = InputFile.class,
      description = "A call log (JSON Lines, also .gz).")
  private Path file = Path.of("");

  @Override
  public Integer call() {
    if (isRecord()) {
      return advise
          ? complain(
              file
                  + " is a record of \"exec\", requests without commands: the advisor looks at call"
                  + " logs and scripts only")
          : repeat();
    }
    return switch (CallLog.read(file).thenRead(log -> CallReplay.of(log, scalable))) {
      case Reading.Bad<CallReplay>(Bilingual sentence) -> complain(sentence.english());
      case Reading.Good<CallReplay>(CallReplay replay) -> report(replay);
    };
  }

  private boolean isRecord() {
    try (BufferedReader lines = RecordReplay.reader(file)) {
      char[] head = new char[RecordReplay.HEAD.length()];
      return lines.read(head) == head.length && RecordReplay.isRecord(new String(head));
    } catch (IOException e) {
      // CallLog says what is wrong with the file.
      return false;
    }
  }

  /** A session that "exec" has recorded. */
  private int repeat() {
    try (BufferedReader lines = RecordReplay.reader(file)) {
      return switch (RecordReplay.of(lines)) {
        case Reading.Bad<RecordReplay>(Bilingual sentence) -> complain(file + ", " + sentence);
        case Reading.Good<RecordReplay>(RecordReplay replay) -> {
          PrintWriter out = spec.commandLine().getOut();
          replay.differences().forEach(out::println);
          out.println(
              replay.same()
                  + " requests end as recorded, "
                  + replay.differences().size()
                  + " do not");
          yield replay.differences().isEmpty() ? CommandLine.DONE : CommandLine.EXPECTATION_FAILED;
        }
      };
    } catch (IOException e) {
      return complain(file + " cannot be read: " + WhyNot.read(e));
    }
  }

  private int complain(String sentence) {
    Messages.say(spec.commandLine().getErr(), sentence);
    return CommandLine.BAD_INPUT;
  }

  private int report(CallReplay replay) {
    PrintWriter out = spec.commandLine().getOut();
    int same = 0;
    int different = 0;
    for (ReplayedCall call : replay.calls()) {
      switch (call.outcome()) {
        case SAME -> same++;
        case DIFFERENT -> {
          different++;
          out.println(call.line());
        }
        case SKIPPED -> out.println(call.line());
      }
    }
    out.printf(
        Locale.ROOT,
        "%d calls end as logged, %d do not, %d were not compared%n",
        same,
        different,
        replay.calls().size() - same - different);
    if (script != null) {
      try {
        Files.writeString(script, replay.script().toText());
      } catch (IOException e) {
        return complain(script + " cannot be written: " + WhyNot.written(e));
      }
    }
    if (advise) {
      var laboratory = new Laboratory();
      laboratory.setAdvised(true);
      laboratory.load(replay.script());
      Advised.print(laboratory.adviceAtEnd(), false, out);
    }
    int tables = snapshots == null ? 0 : compare(replay, snapshots);
    return tables < 0 || different + tables > 0
        ? tables < 0 ? CommandLine.BAD_INPUT : CommandLine.EXPECTATION_FAILED
        : CommandLine.DONE;
  }

  /** Compares with every dump that is there; -1 if one cannot be read. */
  private int compare(CallReplay replay, Path folder) {
    PrintWriter out = spec.commandLine().getOut();
    int different = 0;
    int compared = 0;
    for (String mark : replay.snapshots()) {
      Path dump = folder.resolve("snap-" + mark);
      if (!Files.exists(dump)) {
        continue;
      }
      if (!(Evidence.open(dump) instanceof Snapshot there)) {
        complain(dump + " is no dump with registers");
        return -1;
      }
      compared++;
      for (String difference : SnapshotCheck.differences(replay, mark, there.tables())) {
        different++;
        out.println(mark + ": " + difference);
      }
    }
    out.printf(
        Locale.ROOT, "the tables were compared with %d dumps; %d differ%n", compared, different);
    return different;
  }
}
