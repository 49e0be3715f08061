package org.iommulab.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.iommulab.course.exercise.Exercise;
import org.iommulab.course.exercise.Exercises;
import org.iommulab.course.exercise.Worksheet;
import org.iommulab.lab.language.Complaint;
import org.iommulab.lab.language.Nearest;
import org.iommulab.lab.script.TextFile;
import org.iommulab.words.WhyNot;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code iommu-lab exercise}: worksheets to print, drawn by a seed, and their key. */
@Command(
    name = "exercise",
    description = "Draw worksheets by a seed; without KIND, list the kinds.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class)
final class ExerciseCommand implements Callable<Integer> {

  private static final int MOST = 1000;

  /** A list of names is a short text. */
  private static final int MOST_MIB = 4;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(paramLabel = "KIND", arity = "0..1", description = "A kind, or all.")
  private @Nullable String kind;

  @Option(names = "--seed", paramLabel = "N", description = "The dice; 1 unless given.")
  private long seed = 1;

  @Option(names = "--count", paramLabel = "C", description = "Exercises a kind; 4 unless given.")
  private int count = 4;

  @Option(names = "--out", paramLabel = "DIR", description = "Where the sheets go; . unless given.")
  private Path out = Path.of(".");

  @Option(names = "--answers", description = "Write the key as well, in a file of its own.")
  private boolean answers;

  @Option(
      names = "--names",
      paramLabel = "FILE",
      converter = InputFile.class,
      description = "A name or number a line: a sheet for each, from a seed of its own.")
  private @Nullable Path names;

  @Option(names = "--lang", paramLabel = "en|zh", description = "Language of the sheets.")
  private Language lang = Language.en;

  @Override
  public Integer call() {
    String asked = kind;
    if (asked == null) {
      Exercises.kinds().forEach(spec.commandLine().getOut()::println);
      return CommandLine.DONE;
    }
    if (!asked.equals("all") && !Exercises.kinds().contains(asked)) {
      String kinds = Nearest.hintOrAll(asked, Exercises.kinds(), "the kinds");
      return complain("there is no kind \"" + asked + "\"" + kinds);
    }
    if (count < 1 || count > MOST) {
      return complain("--count is 1 to " + MOST + ", not " + count);
    }
    List<String> students;
    try {
      students = students();
    } catch (Complaint e) {
      return complain(
          "the names cannot be read: "
              + e.sentence()
              + "; give a text file with one name or number a line");
    }
    if (students.isEmpty()) {
      return complain(names + ": there is no name in it");
    }
    try {
      Files.createDirectories(out);
      for (int i = 0; i < students.size(); i++) {
        sheet(asked, students.get(i), i + 1, names != null);
      }
    } catch (IOException e) {
      return complain("the sheets cannot be written to " + out + ": " + WhyNot.written(e));
    }
    return CommandLine.DONE;
  }

  /** Whose sheets are drawn; one without a name if no list was given. */
  private List<String> students() throws Complaint {
    Path list = names;
    if (list == null) {
      return List.of("");
    }
    return TextFile.read(list, MOST_MIB)
        .replace("\uFEFF", "")
        .lines()
        .map(String::strip)
        .filter(name -> !name.isEmpty())
        .toList();
  }

  private void sheet(String asked, String name, int number, boolean named) throws IOException {
    var drawn = new ArrayList<Exercise>();
    long dice = named ? Exercises.seedOf(name, seed) : seed;
    for (String one : asked.equals("all") ? Exercises.kinds() : List.of(asked)) {
      drawn.addAll(Exercises.draw(one, dice, count));
    }
    String file =
        named
            ? String.format(Locale.ROOT, "%s-%03d", asked, number)
            : String.format(Locale.ROOT, "%s-%d", asked, seed);
    Files.writeString(out.resolve(file + ".html"), Worksheet.sheet(name, drawn, lang.name()));
    if (answers) {
      Files.writeString(out.resolve(file + "-key.html"), Worksheet.key(name, drawn, lang.name()));
    }
  }

  private int complain(String sentence) {
    Messages.say(spec.commandLine().getErr(), sentence);
    return CommandLine.BAD_INPUT;
  }
}
