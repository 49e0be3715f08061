package org.iommulab.evidence.casefile;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.iommulab.acpi.Dmar;
import org.iommulab.evidence.Snapshot;
import org.iommulab.evidence.context.Groups;
import org.iommulab.evidence.context.Interrupts;
import org.iommulab.evidence.context.IoMemory;
import org.iommulab.evidence.context.KernelConfig;
import org.iommulab.evidence.context.PciList;
import org.iommulab.evidence.diagnosis.Surroundings;
import org.iommulab.evidence.kind.Kind;
import org.iommulab.evidence.log.KernelLog;
import org.iommulab.evidence.log.LogFault;
import org.iommulab.evidence.trace.Trace;
import org.iommulab.words.Bilingual;

/**
 * What was collected about one machine.
 *
 * @param name of the folder, archive or file
 * @param files what was found, in order
 * @param texts of small files about the machine, by their name
 * @param snapshots moments of a unit's tables and registers
 * @param logs kernel logs, the longest first
 * @param traces of a kernel or of QEMU
 * @param dmar the firmware's table, if one was found
 * @param devices names of PCI devices
 * @param memory the map of physical memory
 * @param groups IOMMU groups
 * @param interrupts that the kernel expects
 * @param config what the kernel was built with
 * @param commandLine of the kernel
 * @param notes what could not be read, each one sentence
 */
public record Case(
    String name,
    List<SourceFile> files,
    Map<String, String> texts,
    List<Snapshot> snapshots,
    List<KernelLog> logs,
    List<Trace> traces,
    Optional<Dmar> dmar,
    Optional<PciList> devices,
    Optional<IoMemory> memory,
    Optional<Groups> groups,
    Optional<Interrupts> interrupts,
    Optional<KernelConfig> config,
    Optional<String> commandLine,
    List<Bilingual> notes) {

  /**
   * A file of the case.
   *
   * @param name below the case
   * @param kind what it is
   * @param bytes its size, unpacked as far as was looked
   */
  public record SourceFile(String name, Kind kind, long bytes) {}

  /** A case, or one sentence why not. */
  public sealed interface Reading {}

  /** It was read. */
  public record Good(Case opened) implements Reading {}

  /** It was not. */
  public record Bad(Bilingual sentence) implements Reading {}

  public Case {
    files = List.copyOf(files);
    texts = Map.copyOf(texts);
    snapshots = List.copyOf(snapshots);
    logs = List.copyOf(logs);
    traces = List.copyOf(traces);
    notes = List.copyOf(notes);
  }

  /**
   * Reads a folder, an archive ({@code .tar}, {@code .tar.gz}, {@code .tar.xz}, {@code .zip}) or
   * one file.
   */
  public static Reading open(Path path) {
    return open(List.of(path));
  }

  /** Reads several of them as one case. */
  public static Reading open(List<Path> paths) {
    return new CaseReader(paths).read();
  }

  /** Tells whether a path is a folder or archive, of many files. */
  public static boolean isCollection(Path path) {
    return CaseReader.isCollection(path);
  }

  /** Tells whether a folder holds a kernel log beside whatever else. */
  public static boolean isMixed(Path path) {
    return CaseReader.holdsLog(path);
  }

  /** Tells whether a file is a log, a list or a table as text: told of, not forked. */
  public static boolean isReport(Path path) {
    return CaseReader.isReport(path);
  }

  /** Tells whether a file is a trace of a kernel or of QEMU. */
  public static boolean isTrace(Path path) {
    return CaseReader.isTrace(path);
  }

  /** What is known of the machine beside its log. */
  public Surroundings surroundings() {
    return new CaseSurroundings(this);
  }

  /**
   * The snapshot that shows a fault as it happened, with the unit of its requester in front; empty
   * if there is none.
   */
  public Optional<Snapshot> snapshot(LogFault fault) {
    return Witness.of(this, fault);
  }

  /** The same with those snapshots only whose name holds a word. */
  public Case withSnapshots(String word) {
    return with(
        snapshots.stream().filter(snapshot -> snapshot.source().contains(word)).toList(), logs);
  }

  /**
   * The same with those logs only that are called by a name; if none is, with those whose name
   * holds it.
   */
  public Case withLogs(String word) {
    List<KernelLog> named = logs.stream().filter(log -> log.name().equals(word)).toList();
    return with(
        snapshots,
        named.isEmpty() ? logs.stream().filter(log -> log.name().contains(word)).toList() : named);
  }

  private Case with(List<Snapshot> snapshots, List<KernelLog> logs) {
    return new Case(
        name,
        files,
        texts,
        snapshots,
        logs,
        traces,
        dmar,
        devices,
        memory,
        groups,
        interrupts,
        config,
        commandLine,
        notes);
  }

  /** The first file of a kind; empty if there is none. */
  public Optional<String> file(Kind kind) {
    return files.stream().filter(file -> file.kind() == kind).map(SourceFile::name).findFirst();
  }

  /** What a device is called, with its number. */
  public String device(String bdf) {
    return devices.flatMap(list -> list.name(bdf)).map(name -> bdf + " " + name).orElse(bdf);
  }
}
