package org.iommulab.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.iommulab.evidence.BadEvidence;
import org.iommulab.evidence.Snapshot;
import org.iommulab.evidence.casefile.Comparison;
import org.iommulab.evidence.live.AttachedQemu;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code iommu-lab attach}: looks at the unit of a QEMU that runs. */
@Command(
    name = "attach",
    description = {
      "Look at the unit of a running QEMU: units, contexts, tables, every mapped range.",
      "The guest goes on, and nothing in it is changed."
    },
    mixinStandardHelpOptions = true,
    versionProvider = Version.class)
final class AttachCommand implements Callable<Integer> {

  @Spec private CommandSpec spec = CommandSpec.create();

  @Mixin private SnapshotOptions options = new SnapshotOptions();

  @Option(
      names = "--watch",
      paramLabel = "SECONDS",
      description = "Look again and again, and print what has changed.")
  private @Nullable Double watch;

  @Option(
      names = "--count",
      paramLabel = "N",
      description = "With --watch: end after so many looks.")
  private int count = Integer.MAX_VALUE;

  @Parameters(
      paramLabel = "SOCKET",
      description = "QEMU's QMP socket, as -qmp unix:SOCKET,server=on,wait=off makes one.")
  private Path socket = Path.of("");

  @Override
  public Integer call() {
    Double seconds = watch;
    if (seconds != null && !(seconds >= 0.01 && seconds <= 86_400)) {
      throw new ParameterException(
          spec.commandLine(), "--watch must be 0.01 to 86400 seconds, not " + seconds);
    }
    options.check(spec);
    return switch (AttachedQemu.to(socket)) {
      case AttachedQemu.Failed(String sentence) -> options.complain(spec, sentence);
      case AttachedQemu.Attached(AttachedQemu qemu) -> {
        try (qemu) {
          yield look(qemu);
        }
      }
    };
  }

  private int look(AttachedQemu qemu) {
    return switch (qemu.look()) {
      case BadEvidence(String sentence) -> options.complain(spec, sentence);
      case Snapshot snapshot -> {
        int done = options.print(spec, snapshot);
        // What was not read any more is missing in what was printed.
        String lost = qemu.lost().orElse(null);
        Double seconds = watch;
        if (lost != null) {
          yield options.complain(spec, lost);
        }
        yield seconds == null || done != CommandLine.DONE ? done : follow(qemu, snapshot, seconds);
      }
    };
  }

  /** Ends with a sentence when QEMU does: a guest that is shut down is nothing bad. */
  private int follow(AttachedQemu qemu, Snapshot first, double seconds) {
    PrintWriter out = spec.commandLine().getOut();
    Duration pause = Duration.ofMillis(Math.round(1000 * seconds));
    Snapshot before = first;
    long start = System.nanoTime();
    for (int looks = 1; looks < count && !out.checkError(); looks++) {
      try {
        Thread.sleep(pause);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return CommandLine.DONE;
      }
      switch (qemu.look()) {
        case BadEvidence(String sentence) -> {
          Messages.say(spec.commandLine().getErr(), Messages.decapitalize(sentence));
          return CommandLine.DONE;
        }
        case Snapshot now -> {
          List<Comparison.Change> changes = Comparison.of(before, now);
          double after = (System.nanoTime() - start) / 1e9;
          for (Comparison.Change change : changes) {
            out.println(
                String.format(Locale.ROOT, "%8.2f s  %s", after, change.line(options.isChinese())));
          }
          out.flush();
          before = now;
        }
      }
    }
    return CommandLine.DONE;
  }
}
