package org.iommulab.ui.file;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.iommulab.evidence.BadEvidence;
import org.iommulab.evidence.Evidence;
import org.iommulab.evidence.Snapshot;
import org.iommulab.lab.language.Reading;
import org.iommulab.lab.script.Preset;
import org.iommulab.lab.script.Script;

/** What a file turned out to be. */
sealed interface Opened {

  /** Commands to carry out. */
  record Program(Script script) implements Opened {}

  /** Steps with words. */
  record Lesson(Preset preset) implements Opened {}

  /** Memory and registers of a machine. */
  record Dump(Snapshot snapshot) implements Opened {}

  /** A log, texts or an archive, explained. */
  record Explained(org.iommulab.evidence.casefile.CaseExplanation explained) implements Opened {}

  /** Nothing we know; the sentence says why. */
  record Unreadable(String sentence) implements Opened {}

  /** Reads one file or folder, or a memory image together with its registers. */
  static Opened read(List<Path> files) {
    if (files.size() == 2) {
      return opened(Evidence.open(files.get(0), files.get(1)));
    }
    Path file = files.getFirst();
    if (!Files.exists(file)) {
      return new Unreadable(file + " does not exist; it may have been moved or deleted.");
    }
    String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
    if (name.endsWith(".jsonl") || name.endsWith(".json") || name.endsWith(".ndjson")) {
      return switch (Script.read(file)) {
        case Reading.Good<Script>(Script script) -> new Program(script);
        case Reading.Bad<Script>(String sentence) -> new Unreadable(sentence);
      };
    }
    if (name.endsWith(".yaml") || name.endsWith(".yml")) {
      return switch (Preset.read(file)) {
        case Reading.Good<Preset>(Preset preset) -> new Lesson(preset);
        case Reading.Bad<Preset>(String sentence) -> new Unreadable(sentence);
      };
    }
    return isCase(file) ? explained(file) : opened(Evidence.open(file));
  }

  /** Logs, lists, tables as text and archives; a folder that is no dump. */
  private static boolean isCase(Path file) {
    return org.iommulab.evidence.casefile.Case.isCollection(file)
        ? !(Evidence.open(file) instanceof Snapshot)
            || org.iommulab.evidence.casefile.Case.isMixed(file)
        : org.iommulab.evidence.casefile.Case.isReport(file);
  }

  /** Reads and explains a case. */
  static Opened explained(Path file) {
    return switch (org.iommulab.evidence.casefile.Case.open(file)) {
      case org.iommulab.evidence.casefile.Case.Good(org.iommulab.evidence.casefile.Case opened) ->
          new Explained(org.iommulab.evidence.casefile.CaseExplanation.of(opened));
      case org.iommulab.evidence.casefile.Case.Bad(String sentence) -> new Unreadable(sentence);
    };
  }

  /** What the opening of evidence came to. */
  static Opened opened(Evidence evidence) {
    return switch (evidence) {
      case Snapshot snapshot -> new Dump(snapshot);
      case BadEvidence(String sentence) -> new Unreadable(sentence);
    };
  }
}
