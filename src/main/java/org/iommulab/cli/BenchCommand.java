package org.iommulab.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.iommulab.bench.Benchmark;
import org.iommulab.bench.Limits;
import org.iommulab.bench.Measurement;
import org.iommulab.words.WhyNot;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code iommu-lab bench}: the emulator's speed on this machine. */
@Command(
    name = "bench",
    description = "Measure how fast translations, mappings and the window are on this machine.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class)
final class BenchCommand implements Callable<Integer> {

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(names = "--json", description = "Print one JSON object a line.")
  private boolean json;

  @Option(
      names = "--only",
      paramLabel = "WORKLOAD",
      description = "Measure this one; may be repeated. There are: ${COMPLETION-CANDIDATES}.",
      completionCandidates = WorkloadNames.class)
  private List<String> chosen = List.of();

  @Option(names = "--list", description = "Name the workloads, one a line, and measure nothing.")
  private boolean list;

  @Option(
      names = "--limit",
      paramLabel = "FILE",
      description =
          "The lines that limit.c printed on this machine; adds the ratio to each figure.")
  private @Nullable Path limitFile;

  /** The workloads, for the help text. */
  static final class WorkloadNames implements Iterable<String> {
    @Override
    public java.util.Iterator<String> iterator() {
      return Benchmark.names().iterator();
    }
  }

  @Override
  public Integer call() {
    for (String name : chosen) {
      if (!Benchmark.names().contains(name)) {
        throw new ParameterException(
            spec.commandLine(),
            String.format(
                Locale.ROOT,
                "there is no workload \"%s\"; workloads are %s",
                name,
                String.join(", ", Benchmark.names())));
      }
    }
    var out = spec.commandLine().getOut();
    if (list) {
      Benchmark.names().forEach(out::println);
      return CommandLine.DONE;
    }
    Limits limits = limits();
    for (String name : chosen.isEmpty() ? Benchmark.names() : chosen) {
      if (Benchmark.isOfWindow(name)) {
        Benchmark.ofWindow(name).forEach(of -> out.println(json ? of.json() : of.row()));
      } else {
        Measurement measurement = Benchmark.measure(name);
        out.println(json ? measurement.json() : row(measurement, limits));
      }
      out.flush();
    }
    return CommandLine.DONE;
  }

  private Limits limits() {
    if (limitFile == null) {
      return Limits.NONE;
    }
    try {
      return Limits.read(limitFile);
    } catch (IOException | IllegalArgumentException e) {
      throw new ParameterException(
          spec.commandLine(),
          String.format(Locale.ROOT, "cannot use what --limit names: %s", WhyNot.read(e)));
    }
  }

  private static String row(Measurement measurement, Limits limits) {
    String row =
        String.format(
            Locale.ROOT,
            "%-16s %8.2f ns   checksum %016x",
            measurement.workload(),
            measurement.nanoseconds(),
            measurement.checksum());
    return row + limits.comparison(measurement);
  }
}
