package org.iommulab.app;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.iommulab.bench.Benchmark;
import org.iommulab.bench.Reading;
import org.iommulab.lab.LabSession;
import org.iommulab.lab.Laboratory;
import org.iommulab.peer.exec.ProgramMachine;
import org.iommulab.peer.exec.ProgramRun;
import org.iommulab.peer.exec.RunningProgram;
import org.iommulab.peer.host.Host;

/**
 * Measures what a real program waits for its calls, seen from the program: {@link CallingProgram}
 * runs under {@code exec} and takes the time. {@code program-calls} is the command line's way, in
 * {@code program-journal} each call is a command in the journal, as in the window.
 */
final class CallBench {

  private static final int CALLS = 20_000;

  private CallBench() {}

  /** Makes the workloads known. */
  static void add() {
    Benchmark.add("program-calls", () -> measured("program-calls", false));
    Benchmark.add("program-journal", () -> measured("program-journal", true));
  }

  private static List<Reading> measured(String workload, boolean journal) {
    var laboratory = new Laboratory("spec");
    ProgramMachine.setUp(laboratory, null, ProgramMachine.ERA)
        .ifPresent(
            problem -> {
              throw new IllegalStateException(problem);
            });
    try {
      Path figures = Files.createTempFile("iommu-lab", ".txt");
      try {
        List<String> command = command(figures);
        double before = usedMib();
        RunningProgram.End end =
            journal ? journaled(laboratory, command) : direct(laboratory, command);
        if (end.code() != 0) {
          String why = end.problem().isEmpty() ? "exit code " + end.code() : end.problem();
          System.err.println("iommu-lab: " + workload + " was not measured: " + why);
          return List.of();
        }
        List<Reading> readings = readings(workload, Files.readAllLines(figures));
        if (journal) {
          double each = (usedMib() - before) / laboratory.journal().size();
          readings.add(new Reading(workload, "memory for 100,000 calls", each * 100_000, "MiB"));
        }
        return readings;
      } finally {
        Files.delete(figures);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static double usedMib() {
    System.gc();
    Runtime runtime = Runtime.getRuntime();
    return (runtime.totalMemory() - runtime.freeMemory()) / 0x1p20;
  }

  /** Every figure is a line: value, unit, what it is. */
  private static List<Reading> readings(String workload, List<String> lines) {
    var readings = new ArrayList<Reading>();
    for (String line : lines) {
      String[] words = line.split(" ", 3);
      readings.add(new Reading(workload, words[2], Double.parseDouble(words[0]), words[1]));
    }
    return readings;
  }

  private static RunningProgram.End direct(Laboratory laboratory, List<String> command) {
    try {
      return new RunningProgram.End(ProgramRun.run(laboratory, command, null), "", "");
    } catch (ProgramRun.Failure e) {
      return new RunningProgram.End(-1, "", String.valueOf(e.getMessage()));
    }
  }

  private static RunningProgram.End journaled(Laboratory laboratory, List<String> command) {
    try (var session = new LabSession(laboratory)) {
      CompletableFuture<RunningProgram.End> end =
          RunningProgram.start(session, command, null, false, List.of()).end();
      return end.join();
    }
  }

  private static List<String> command(Path figures) {
    return List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "--enable-native-access=ALL-UNNAMED",
        "-XX:+UseSerialGC",
        "-cp",
        place(CallingProgram.class) + ":" + place(Host.class),
        CallingProgram.class.getName(),
        figures.toString(),
        Integer.toString(CALLS));
  }

  /** The folder or archive that a class was loaded from. */
  private static String place(Class<?> of) {
    try {
      return Path.of(of.getProtectionDomain().getCodeSource().getLocation().toURI()).toString();
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }
}
