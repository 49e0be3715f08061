package org.iommulab.app;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import org.iommulab.cli.CommandLine;
import org.iommulab.cli.InputFile;
import org.iommulab.cli.Version;
import org.iommulab.course.Journal;
import org.iommulab.course.Key;
import org.iommulab.course.Lesson;
import org.iommulab.course.Lessons;
import org.iommulab.course.Report;
import org.iommulab.lab.language.Reading;
import org.iommulab.lab.script.Script;
import org.iommulab.words.Bilingual;
import org.iommulab.words.WhyNot;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code iommu-lab report JOURNAL --out DIR}: a session as HTML and Markdown, with pictures. */
@Command(
    name = "iommu-lab report",
    description = "Tell a session with pictures, tables, questions and answers.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class)
final class ReportCommand implements Callable<Integer> {

  /** Panes whose rows at the end of a session are worth printing. */
  private static final Set<String> TABLES =
      Set.of("tree", "context", "iotlb", "faults", "queue", "registers");

  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(
      paramLabel = "JOURNAL",
      converter = InputFile.class,
      description = "A saved session (JSON Lines).")
  private Path file = Path.of("");

  @Option(
      names = "--out",
      paramLabel = "DIR",
      required = true,
      description = "Where report.html, report.md and the pictures go.")
  private Path out = Path.of("");

  @Option(names = "--lang", paramLabel = "en|zh", description = "Language of the report.")
  private @Nullable String language;

  @Option(
      names = "--lesson",
      paramLabel = "FILE",
      converter = InputFile.class,
      description = "The lesson, if it is none that ships with the program.")
  private @Nullable Path lesson;

  private ReportCommand() {}

  static int run(List<String> args) {
    return CommandLine.run(new ReportCommand(), args);
  }

  @Override
  public Integer call() {
    if (language != null && !DesktopOptions.isLanguage(language)) {
      throw new ParameterException(
          spec.commandLine(), "--lang takes en or zh, not \"" + language + "\"");
    }
    return switch (Journal.read(file)) {
      case Reading.Bad<Journal>(Bilingual sentence) -> bad(file + ": " + sentence);
      case Reading.Good<Journal>(Journal journal) -> tell(journal);
    };
  }

  private int tell(Journal journal) {
    if (journal.lines().isEmpty()) {
      return bad(file + " holds no command: there is nothing to tell");
    }
    Optional<Lesson> found =
        lesson == null
            ? names(journal).stream().flatMap(name -> Lessons.named(name).stream()).findFirst()
            : Lesson.read(lesson).lesson();
    if (lesson != null && found.isEmpty()) {
      return bad(lesson + " is no lesson; iommu-lab check-lesson tells why");
    }
    Key key = null;
    if (found.isPresent()) {
      switch (Key.of(found.get())) {
        case Reading.Good<Key>(Key good) -> key = good;
        case Reading.Bad<Key>(Bilingual sentence) -> {
          return bad(sentence.english());
        }
      }
    }
    try (var drawing = new OffScreen(Optional.ofNullable(language), Looks.ORDINARY)) {
      write(journal, key, drawing);
      return CommandLine.DONE;
    } catch (IOException e) {
      return bad("the report cannot be written to " + out + ": " + WhyNot.written(e));
    }
  }

  private void write(Journal journal, @Nullable Key key, OffScreen drawing) throws IOException {
    Files.createDirectories(out);
    String tag = language == null ? "en" : language;
    var commands = journal.lines().stream().map(Journal.Line::command).toList();
    var pictures = new ArrayList<Report.Picture>();
    if (key != null) {
      pictures.addAll(drawing.pictures(key.lesson(), steps(key.lesson(), commands), out));
    }
    pictures.add(drawing.picture(new Script(journal.name(), commands), out));
    List<Report.Table> tables = drawing.tables(TABLES);
    String text =
        key == null
            ? Report.of(journal, pictures, tables, tag)
            : Report.of(key, journal, pictures, tables, tag);
    Files.writeString(out.resolve("report.md"), text);
    Files.writeString(out.resolve("report.html"), Report.html(journal.name(), text));
    spec.commandLine().getOut().println(out.resolve("report.md"));
    spec.commandLine().getOut().println(out.resolve("report.html"));
  }

  /** What stands before the slash in checkpoints: perhaps the name of a lesson. */
  private static List<String> names(Journal journal) {
    return journal.lines().stream()
        .map(Journal.Line::command)
        .filter(org.iommulab.lab.language.Command.Checkpoint.class::isInstance)
        .map(mark -> ((org.iommulab.lab.language.Command.Checkpoint) mark).name())
        .filter(name -> name.contains("/"))
        .map(name -> name.substring(0, name.indexOf('/')))
        .distinct()
        .toList();
  }

  /** The steps that were on stage. */
  private static Set<Integer> steps(
      Lesson lesson, List<org.iommulab.lab.language.Command> commands) {
    var steps = new TreeSet<Integer>();
    for (org.iommulab.lab.language.Command command : commands) {
      for (int i = 0; i < lesson.steps().size(); i++) {
        if (command instanceof org.iommulab.lab.language.Command.Checkpoint(String name)
            && name.equals(lesson.mark(i))) {
          steps.add(i);
        }
      }
    }
    return steps;
  }

  private int bad(String sentence) {
    spec.commandLine().getErr().println("iommu-lab: " + sentence);
    return CommandLine.BAD_INPUT;
  }
}
