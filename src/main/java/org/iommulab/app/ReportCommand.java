package org.iommulab.app;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.iommulab.cli.CommandLine;
import org.iommulab.course.Journal;
import org.iommulab.course.Key;
import org.iommulab.course.Lesson;
import org.iommulab.course.Lessons;
import org.iommulab.course.Report;
import org.iommulab.lab.script.Command;
import org.iommulab.lab.script.Reading;
import org.iommulab.lab.script.Script;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;

/** {@code iommu-lab report JOURNAL --out DIR}: a session as HTML and Markdown, with pictures. */
@picocli.CommandLine.Command(name = "iommu-lab report")
final class ReportCommand {

  /** Panes whose rows at the end of a session are worth printing. */
  private static final Set<String> TABLES =
      Set.of("tree", "context", "iotlb", "faults", "queue", "registers");

  @Parameters(paramLabel = "JOURNAL")
  private Path file = Path.of("");

  @Option(names = "--out", paramLabel = "DIR", required = true)
  private Path out = Path.of("");

  @Option(names = "--lang", paramLabel = "LANGUAGE")
  private @Nullable String language;

  /** A lesson's file, if the session is of somebody else's lesson. */
  @Option(names = "--lesson", paramLabel = "FILE")
  private @Nullable Path lesson;

  private ReportCommand() {}

  static int run(List<String> args) {
    var command = new ReportCommand();
    try {
      new picocli.CommandLine(command).parseArgs(args.toArray(String[]::new));
    } catch (ParameterException e) {
      return bad(e.getMessage() + "; it is used as: iommu-lab report JOURNAL --out DIR");
    }
    return switch (Journal.read(command.file)) {
      case Reading.Bad<Journal>(String sentence) -> bad(command.file + ": " + sentence);
      case Reading.Good<Journal>(Journal journal) -> command.tell(journal);
    };
  }

  private int tell(Journal journal) {
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
        case Reading.Bad<Key>(String sentence) -> {
          return bad(sentence);
        }
      }
    }
    try (var drawing = new OffScreen(Optional.ofNullable(language))) {
      write(journal, key, drawing);
      return CommandLine.DONE;
    } catch (IOException e) {
      return bad("the report cannot be written to " + out + ": " + e.getMessage());
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
    System.out.println(out.resolve("report.md"));
    System.out.println(out.resolve("report.html"));
  }

  /** What stands before the slash in checkpoints: perhaps the name of a lesson. */
  private static List<String> names(Journal journal) {
    return journal.lines().stream()
        .map(Journal.Line::command)
        .filter(Command.Checkpoint.class::isInstance)
        .map(mark -> ((Command.Checkpoint) mark).name())
        .filter(name -> name.contains("/"))
        .map(name -> name.substring(0, name.indexOf('/')))
        .distinct()
        .toList();
  }

  /** The steps that were on stage. */
  private static Set<Integer> steps(Lesson lesson, List<Command> commands) {
    var steps = new TreeSet<Integer>();
    for (Command command : commands) {
      for (int i = 0; i < lesson.steps().size(); i++) {
        if (command instanceof Command.Checkpoint(String name) && name.equals(lesson.mark(i))) {
          steps.add(i);
        }
      }
    }
    return steps;
  }

  private static int bad(String sentence) {
    System.err.println("iommu-lab: " + sentence);
    return CommandLine.BAD_INPUT;
  }
}
