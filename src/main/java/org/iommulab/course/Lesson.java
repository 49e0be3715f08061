package org.iommulab.course;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.iommulab.lab.language.Command;
import org.iommulab.lab.language.Complaint;
import org.iommulab.lab.script.Preset;
import org.iommulab.lab.script.TextFile;
import org.iommulab.words.Bilingual;
import org.jspecify.annotations.Nullable;

/**
 * A preset with didactics.
 *
 * @param name file name without its ending, such as {@code stale-iotlb}
 * @param title one line
 * @param goal what somebody can do afterwards
 * @param corrects the misconception it corrects, or null
 * @param terms words of the trade that it explains
 * @param minutes how long it takes, 0 if it does not say
 * @param intro words before the first step, or null
 * @param steps in order
 * @param languages those that every text of it has
 */
public record Lesson(
    String name,
    Bilingual title,
    Bilingual goal,
    @Nullable Bilingual corrects,
    List<Bilingual> terms,
    int minutes,
    @Nullable Bilingual intro,
    List<Step> steps,
    Set<String> languages) {

  /** As much as a preset may be. */
  private static final int MOST_MIB = 4;

  public Lesson {
    terms = List.copyOf(terms);
    steps = List.copyOf(steps);
    languages = Set.copyOf(languages);
  }

  /**
   * Commands that belong together, and what to say once they are carried out.
   *
   * @param id unique in the lesson
   * @param title one line
   * @param note what to look at, why, what if; or null
   * @param show what to look at
   * @param commands in order
   * @param asks questions about what is seen, or about what the next step will do
   * @param why what it comes down to, told once the questions are answered; or null
   * @param line where it stands in the file
   */
  public record Step(
      String id,
      Bilingual title,
      @Nullable Bilingual note,
      List<Show> show,
      List<Command> commands,
      List<Question> asks,
      @Nullable Bilingual why,
      int line) {
    public Step {
      show = List.copyOf(show);
      commands = List.copyOf(commands);
      asks = List.copyOf(asks);
    }
  }

  /**
   * What came of reading a lesson.
   *
   * @param lesson the lesson, empty if it cannot be used
   * @param faults what is wrong with it
   */
  public record Read(Optional<Lesson> lesson, List<Fault> faults) {
    public Read {
      faults = List.copyOf(faults);
    }
  }

  /** Reads a lesson from YAML. */
  public static Read parse(String name, String yaml) {
    return LessonReader.read(name, yaml);
  }

  /** Reads a lesson file. */
  public static Read read(Path file) {
    String name = String.valueOf(file.getFileName()).replaceFirst("\\.ya?ml$", "");
    if (Files.notExists(file)) {
      return bad("there is no such file");
    }
    try {
      return parse(name, TextFile.read(file, "this", MOST_MIB));
    } catch (Complaint e) {
      return bad(e.sentence());
    }
  }

  private static Read bad(String sentence) {
    return new Read(Optional.empty(), List.of(new Fault(0, sentence)));
  }

  /** All questions, in order. */
  public List<Question> questions() {
    return steps.stream().flatMap(step -> step.asks().stream()).toList();
  }

  /** The number of the step that asks a question, counted from 0; −1 if none does. */
  public int stepOf(String question) {
    for (int i = 0; i < steps.size(); i++) {
      if (steps.get(i).asks().stream().anyMatch(ask -> ask.id().equals(question))) {
        return i;
      }
    }
    return -1;
  }

  /** The question with that id. */
  public Optional<Question> question(String id) {
    return questions().stream().filter(question -> question.id().equals(id)).findFirst();
  }

  /** The checkpoint that stands in the journal behind a step's commands. */
  public String mark(int step) {
    return name + "/" + steps.get(step).id();
  }

  /** The step behind whose commands that checkpoint stands; −1 if it is none of the lesson's. */
  public int stepMarked(String checkpoint) {
    for (int i = 0; i < steps.size(); i++) {
      if (mark(i).equals(checkpoint)) {
        return i;
      }
    }
    return -1;
  }

  /** Its commands and plain words, as a preset. */
  public Preset preset() {
    return new Preset(
        name,
        title,
        goal,
        intro == null ? goal : intro,
        steps.stream()
            .map(step -> new Preset.Step(step.title(), step.note(), step.commands()))
            .toList());
  }
}
