package org.iommulab.ui.file;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.iommulab.evidence.BadEvidence;
import org.iommulab.evidence.Evidence;
import org.iommulab.evidence.Snapshot;
import org.iommulab.evidence.casefile.Case;
import org.iommulab.evidence.casefile.CaseExplanation;
import org.iommulab.lab.language.Reading;
import org.iommulab.lab.script.Preset;
import org.iommulab.lab.script.Script;
import org.iommulab.ui.casefile.CaseModel;
import org.iommulab.words.Bilingual;

/** What a file turned out to be. */
sealed interface Opened {

  /** Commands to carry out. */
  record Program(Script script) implements Opened {}

  /** Steps with words. */
  record Lesson(Preset preset) implements Opened {}

  /** Memory and registers of a machine. */
  record Dump(Snapshot snapshot) implements Opened {}

  /** A log, texts or an archive, explained. */
  record Explained(CaseModel.Shown shown) implements Opened {}

  /** Nothing we know; the sentence says why. */
  record Unreadable(Bilingual sentence) implements Opened {

    /** What is said in one language only. */
    Unreadable(String sentence) {
      this(Bilingual.same(sentence));
    }
  }

  /**
   * Reads one file or folder, a memory image together with its registers, or several files of one
   * case.
   *
   * @param sources of the case that is on show; evidence is added to them
   */
  static Opened read(List<Path> files, List<Path> sources) {
    Path file = files.getFirst();
    if (!Files.exists(file)) {
      return new Unreadable(
          Bilingual.of(
              "%s does not exist; it may have been moved or deleted.", "%s 不存在；它可能已被移动或删除。", file));
    }
    String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
    if (name.endsWith(".jsonl") || name.endsWith(".json") || name.endsWith(".ndjson")) {
      switch (Script.read(file)) {
        case Reading.Good<Script>(Script script) -> {
          return new Program(script);
        }
        case Reading.Bad<Script>(Bilingual sentence) -> {
          // The journal writes JSON as well.
          return Case.isReport(file)
              ? explained(together(sources, files))
              : new Unreadable(sentence);
        }
      }
    }
    if (name.endsWith(".yaml") || name.endsWith(".yml")) {
      return switch (Preset.read(file)) {
        case Reading.Good<Preset>(Preset preset) -> new Lesson(preset);
        case Reading.Bad<Preset>(Bilingual sentence) -> new Unreadable(sentence);
      };
    }
    if (!sources.isEmpty()) {
      return explained(together(sources, files));
    }
    if (files.size() == 2
        && Evidence.open(files.get(0), files.get(1)) instanceof Snapshot snapshot) {
      return new Dump(snapshot);
    }
    return files.size() > 1 || isCase(file) ? explained(files) : opened(Evidence.open(file));
  }

  private static List<Path> together(List<Path> sources, List<Path> files) {
    return Stream.concat(sources.stream(), files.stream()).distinct().toList();
  }

  /** Logs, lists, tables as text and archives; a folder that is no dump. */
  private static boolean isCase(Path file) {
    return Case.isCollection(file)
        ? !(Evidence.open(file) instanceof Snapshot) || Case.isMixed(file)
        : Case.isReport(file);
  }

  /** Reads and explains a case. */
  static Opened explained(List<Path> files) {
    return switch (Case.open(files)) {
      case Case.Good(Case opened) ->
          new Explained(CaseModel.Shown.of(CaseExplanation.of(opened), files));
      case Case.Bad(Bilingual sentence) -> new Unreadable(sentence);
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
