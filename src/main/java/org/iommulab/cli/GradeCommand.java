package org.iommulab.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.iommulab.course.Journal;
import org.iommulab.course.Key;
import org.iommulab.course.Lesson;
import org.iommulab.course.Lessons;
import org.iommulab.course.Mark;
import org.iommulab.course.MarkTable;
import org.iommulab.course.PracticeMark;
import org.iommulab.lab.language.Reading;
import org.iommulab.words.Bilingual;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code iommu-lab grade}: marks sessions of a lesson by replay. */
@Command(
    name = "grade",
    description = {
      "Mark sessions of a lesson by replaying them.",
      "A question is worth one point; a wrong answer takes half a point off, a hint a quarter;",
      "a prediction that was made after its result was shown is worth nothing.",
      "\"practice\" instead of a lesson marks the exercises and repairs in the sessions.",
      "A folder stands for all sessions (*.jsonl) in it.",
      "Exit 1 if a journal is no session of the lesson, with the line where it departs from it.",
    },
    mixinStandardHelpOptions = true,
    versionProvider = Version.class)
final class GradeCommand implements Callable<Integer> {

  @Spec private CommandSpec spec = CommandSpec.create();

  /** How marks are printed. */
  static final class Form {
    @Option(names = "--csv", description = "Comma-separated values, one line a session.")
    private boolean csv;

    @Option(
        names = "--json",
        description = "The results.json form that Gradescope reads, one object a session.")
    private boolean json;

    @Option(
        names = "--hands",
        description = "How many gave which answer at first, question by question.")
    private boolean hands;
  }

  @ArgGroup private Form form = new Form();

  @Option(names = "--lang", paramLabel = "en|zh", description = "Language of texts; default en.")
  private Language lang = Language.en;

  @Parameters(
      index = "0",
      paramLabel = "LESSON",
      description = "A lesson's name or file, or practice.")
  private String lesson = "";

  @Parameters(
      index = "1..*",
      arity = "1..*",
      paramLabel = "JOURNAL",
      converter = InputFile.class,
      description = "Saved sessions (JSON Lines), or folders of them.")
  private List<Path> journals = List.of();

  /** What stands in the lesson's place for exercises and repairs. */
  private static final String PRACTICE = "practice";

  @Override
  public Integer call() {
    if (lesson.equals(PRACTICE)) {
      return practice();
    }
    return switch (lesson(lesson).thenRead(Key::of)) {
      case Reading.Bad<Key>(Bilingual sentence) -> complain(sentence.english());
      case Reading.Good<Key>(Key key) -> grade(key);
    };
  }

  /** Finds a lesson: in a file, or by its name. */
  static Reading<Lesson> lesson(String word) {
    return InputFile.named(word).thenRead(path -> lesson(word, path));
  }

  private static Reading<Lesson> lesson(String word, Path path) {
    if (Files.exists(path)) {
      Lesson.Read read = Lesson.read(path);
      return read.lesson().isPresent() && read.faults().isEmpty()
          ? new Reading.Good<>(read.lesson().get())
          : new Reading.Bad<>(read.faults().stream().findFirst().map(f -> f.in(word)).orElse(word));
    }
    return Lessons.named(word)
        .<Reading<Lesson>>map(Reading.Good::new)
        .orElseGet(
            () ->
                new Reading.Bad<>(
                    String.format(
                        Locale.ROOT,
                        "there is no file and no lesson \"%s\"; lessons are %s",
                        word,
                        String.join(", ", Lessons.all().stream().map(Lesson::name).toList()))));
  }

  private int grade(Key key) {
    int code = CommandLine.DONE;
    var marks = new ArrayList<Mark>();
    for (Path file : sessions()) {
      switch (Journal.read(file)) {
        case Reading.Bad<Journal>(Bilingual sentence) -> {
          code = complain(file + ": " + sentence);
          if (Files.isRegularFile(file)) {
            // Somebody handed it in: a class's table without a line for it would lose them.
            marks.add(Mark.unreadable(key, Journal.nameOf(file), sentence.english()));
          }
        }
        case Reading.Good<Journal>(Journal journal) -> {
          Mark mark = Mark.of(key, journal);
          marks.add(mark);
          if (mark.problem().isPresent()) {
            Messages.say(spec.commandLine().getErr(), file + ", " + mark.problem().get());
            code = Math.max(code, CommandLine.EXPECTATION_FAILED);
          }
        }
      }
    }
    if (!marks.isEmpty()) {
      print(key, marks);
    }
    return code;
  }

  /** The files that were given, and those of folders by name. */
  private List<Path> sessions() {
    var files = new ArrayList<Path>();
    for (Path given : journals) {
      if (!Files.isDirectory(given)) {
        files.add(given);
        continue;
      }
      try (Stream<Path> inside = Files.list(given)) {
        List<Path> found =
            inside.filter(file -> file.toString().endsWith(".jsonl")).sorted().toList();
        // A folder without any is told like a file that is not there.
        files.addAll(found.isEmpty() ? List.of(given) : found);
      } catch (IOException closed) {
        files.add(given);
      }
    }
    return files;
  }

  private int practice() {
    int code = CommandLine.DONE;
    if (form.hands) {
      return complain("--hands is about the questions of a lesson; practice has none");
    }
    var marks = new ArrayList<PracticeMark>();
    for (Path file : sessions()) {
      switch (Journal.read(file)) {
        case Reading.Bad<Journal>(Bilingual sentence) -> {
          code = complain(file + ": " + sentence);
          if (Files.isRegularFile(file)) {
            marks.add(PracticeMark.unreadable(Journal.nameOf(file), sentence.english()));
          }
        }
        case Reading.Good<Journal>(Journal journal) -> marks.add(PracticeMark.of(journal));
      }
    }
    var out = spec.commandLine().getOut();
    if (form.csv) {
      out.print(PracticeMark.csv(marks));
    } else if (form.json) {
      marks.forEach(mark -> out.println(mark.json(lang.name())));
    } else {
      out.print(PracticeMark.text(marks, lang.name()));
    }
    return code;
  }

  private void print(Key key, List<Mark> marks) {
    var out = spec.commandLine().getOut();
    if (form.csv) {
      out.print(MarkTable.csv(key.lesson(), marks));
    } else if (form.json) {
      marks.forEach(mark -> out.println(MarkTable.json(key, mark, lang.name())));
    } else if (form.hands) {
      out.print(MarkTable.hands(key, marks, lang.name()));
    } else {
      out.print(MarkTable.text(marks, lang.name()));
    }
  }

  private int complain(String sentence) {
    Messages.say(spec.commandLine().getErr(), sentence);
    return CommandLine.BAD_INPUT;
  }
}
