package org.iommulab.ui.casefile;

import com.google.inject.Inject;
import com.google.inject.Singleton;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import javafx.beans.property.ReadOnlyBooleanProperty;
import javafx.beans.property.ReadOnlyBooleanWrapper;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import org.iommulab.evidence.casefile.Audit;
import org.iommulab.evidence.casefile.CaseExplanation;
import org.iommulab.evidence.casefile.Comparison;
import org.iommulab.evidence.diagnosis.Diagnosis;
import org.iommulab.evidence.diagnosis.Explanation;
import org.iommulab.evidence.diagnosis.Finding;
import org.iommulab.evidence.log.FaultTally;
import org.iommulab.evidence.log.KernelLog;
import org.iommulab.evidence.log.LogFault;
import org.jspecify.annotations.Nullable;

/** The case that is open, if one is, and what of it is looked at. Knows no control. */
@Singleton
public final class CaseModel {

  private final ReadOnlyObjectWrapper<@Nullable Shown> opened = new ReadOnlyObjectWrapper<>();
  private final ReadOnlyBooleanWrapper showing = new ReadOnlyBooleanWrapper();
  private final ReadOnlyObjectWrapper<@Nullable FaultTally> chosen = new ReadOnlyObjectWrapper<>();
  private final ReadOnlyObjectWrapper<@Nullable Finding> finding = new ReadOnlyObjectWrapper<>();
  private final ReadOnlyObjectWrapper<@Nullable Differences> differences =
      new ReadOnlyObjectWrapper<>();

  @Inject
  public CaseModel() {}

  /**
   * A case with all that is found in it.
   *
   * @param explained the case, explained
   * @param exposures who reaches what nobody should
   * @param sources the files and folders it was read from
   */
  public record Shown(
      CaseExplanation explained, List<Audit.Exposure> exposures, List<Path> sources) {

    public Shown {
      exposures = List.copyOf(exposures);
      sources = List.copyOf(sources);
    }

    /** Reads all of a case that was read; takes its time. */
    public static Shown of(CaseExplanation explained, List<Path> sources) {
      return new Shown(explained, Audit.of(explained.opened()), sources);
    }

    /** The same case by another of its logs; takes its time. */
    public Shown about(KernelLog log) {
      return new Shown(explained.about(log), exposures, sources);
    }

    /** Whether a log is the one that is explained. */
    public boolean isAbout(KernelLog log) {
      return explained.log().filter(own -> own == log).isPresent();
    }

    /** A log of the case by its file; the one that is explained if no file is named. */
    public Optional<KernelLog> log(String file) {
      return explained
          .log()
          .filter(own -> file.isEmpty() || own.name().equals(file))
          .or(() -> logs().stream().filter(log -> log.name().equals(file)).findFirst());
    }

    /** Its logs; of a trace alone an empty one. */
    public List<KernelLog> logs() {
      List<KernelLog> logs = explained.opened().logs();
      return logs.isEmpty() ? explained.log().stream().toList() : logs;
    }

    /** Lines of the log that is explained on which findings rest. */
    public Set<Long> facts() {
      return diagnosis().stream()
          .flatMap(diagnosis -> diagnosis.findings().stream())
          .flatMap(found -> found.evidence().stream())
          .filter(evidence -> evidence.source().isEmpty())
          .map(Finding.Evidence::line)
          .collect(Collectors.toSet());
    }

    /** The diagnosis of its log, if there is a log. */
    public Optional<Diagnosis> diagnosis() {
      return explained.explanation().map(Explanation::diagnosis);
    }
  }

  /**
   * What differs between the case and another.
   *
   * @param with the other's name
   * @param changes in order
   */
  public record Differences(String with, List<Comparison.Change> changes) {

    public Differences {
      changes = List.copyOf(changes);
    }
  }

  /** The case; null if there is none. */
  public ReadOnlyObjectProperty<@Nullable Shown> openedProperty() {
    return opened.getReadOnlyProperty();
  }

  /** Whether it takes the window. */
  public ReadOnlyBooleanProperty showingProperty() {
    return showing.getReadOnlyProperty();
  }

  /** The faults that are looked at; null for none. */
  public ReadOnlyObjectProperty<@Nullable FaultTally> chosenProperty() {
    return chosen.getReadOnlyProperty();
  }

  /** The finding that is explained; null for none. */
  public ReadOnlyObjectProperty<@Nullable Finding> findingProperty() {
    return finding.getReadOnlyProperty();
  }

  /** What differs from another case; null if none was compared. */
  public ReadOnlyObjectProperty<@Nullable Differences> differencesProperty() {
    return differences.getReadOnlyProperty();
  }

  /** Shows another case, its answer first. */
  public void open(Shown shown) {
    differences.set(null);
    turn(shown);
    showing.set(true);
  }

  /** Shows the case by another of its logs. */
  public void turn(Shown shown) {
    opened.set(shown);
    Optional<Diagnosis> diagnosis = shown.diagnosis();
    finding.set(diagnosis.map(Diagnosis::answer).orElse(null));
    chosen.set(shown.explained().first().orElse(null));
  }

  /** Looks at some faults, and at what explains them. */
  public void choose(FaultTally tally) {
    chosen.set(tally);
    Shown shown = opened.get();
    if (shown != null) {
      shown.diagnosis().map(diagnosis -> diagnosis.cause(tally.first())).ifPresent(finding::set);
    }
  }

  /** Looks at a finding. */
  public void explain(Finding other) {
    finding.set(other);
  }

  /** Keeps what differs from another case. */
  public void compare(Differences found) {
    differences.set(found);
  }

  /** The request of the faults that are looked at, if it is one for memory. */
  public Optional<LogFault> request() {
    FaultTally tally = chosen.get();
    return Optional.ofNullable(tally).map(FaultTally::first).filter(CaseModel::isDma);
  }

  private static boolean isDma(LogFault fault) {
    return fault.kind() != LogFault.Kind.INTERRUPT
        && fault.address() != null
        && fault.bdf() != null;
  }

  /** Takes the window again. */
  public void show() {
    if (opened.get() != null) {
      showing.set(true);
    }
  }

  /** Gives the window back to the workbench. */
  public void leave() {
    showing.set(false);
  }
}
