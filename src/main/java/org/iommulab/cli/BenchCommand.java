package org.iommulab.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.iommulab.bench.Benchmark;
import org.iommulab.bench.Measurement;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code iommu-lab bench}: the emulator's speed on this machine. */
@Command(
    name = "bench",
    description = "Measure how fast translations and mappings are on this machine.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class)
final class BenchCommand implements Callable<Integer> {

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(names = "--json", description = "Print one JSON object a line.")
  private boolean json;

  @Parameters(
      paramLabel = "WORKLOAD",
      arity = "0..*",
      description = "Which to measure; all by default: ${COMPLETION-CANDIDATES}.",
      completionCandidates = WorkloadNames.class)
  private List<String> chosen = List.of();

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
            "there is no workload \"%s\"; workloads are %s"
                .formatted(name, String.join(", ", Benchmark.names())));
      }
    }
    var out = spec.commandLine().getOut();
    for (String name : chosen.isEmpty() ? new ArrayList<>(Benchmark.names()) : chosen) {
      Measurement measurement = Benchmark.measure(name);
      out.println(json ? measurement.json() : row(measurement));
      out.flush();
    }
    return CommandLine.DONE;
  }

  private static String row(Measurement measurement) {
    return "%-16s %8.2f ns   %,12d operations   checksum %016x"
        .formatted(
            measurement.workload(),
            measurement.nanoseconds(),
            measurement.operations(),
            measurement.checksum());
  }
}
