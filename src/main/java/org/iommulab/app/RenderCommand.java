package org.iommulab.app;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.iommulab.cli.CommandLine;
import org.iommulab.cli.Version;
import org.iommulab.course.Lesson;
import org.iommulab.course.Lessons;
import org.iommulab.evidence.casefile.Case;
import org.iommulab.lab.language.Reading;
import org.iommulab.lab.script.Preset;
import org.iommulab.lab.script.Presets;
import org.iommulab.words.Bilingual;
import org.iommulab.words.WhyNot;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code iommu-lab render PRESET --out DIR}: pictures of the window and its views, no display. */
@Command(
    name = "iommu-lab render",
    description = {
      "Draw pictures of the window and of every view, without a display;",
      "of a lesson of the course, the stage at every step;",
      "of a case, the window that explains it. Light and dark, at the sizes that suit it.",
    },
    mixinStandardHelpOptions = true,
    versionProvider = Version.class)
final class RenderCommand implements Callable<Integer> {

  /** What draws the start page. */
  private static final String START_PAGE = "start-page";

  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(
      paramLabel = "PRESET",
      description =
          "Name of a preset or lesson, start-page, or a log, dump, folder or archive that is a"
              + " case; a wrong name lists them all.")
  private String preset = "";

  @Option(
      names = "--out",
      paramLabel = "DIR",
      required = true,
      description = "Where the pictures go; the folder is made if it is not there.")
  private Path out = Path.of("");

  @Option(names = "--lang", paramLabel = "en|zh", description = "Language of the window.")
  private @Nullable String language;

  @Option(
      names = "--size",
      paramLabel = "WxH",
      description = "Size of the window in pixels, such as 1920x1080; may be given several times.")
  private List<String> sizes = List.of();

  @Option(
      names = "--theme",
      paramLabel = "THEME",
      description = "light, dark or contrast; may be given several times.")
  private List<String> themes = List.of();

  @Option(
      names = "--text",
      paramLabel = "PERCENT",
      description = "Size of the letters, 70 to 200; 140 is that of a presentation.")
  private int text = 100;

  @Option(names = "--stage", description = "Draw a preset as a lesson on stage.")
  private boolean stage;

  private RenderCommand() {}

  static int run(List<String> args) {
    return CommandLine.run(new RenderCommand(), args);
  }

  @Override
  public Integer call() {
    if (language != null && !DesktopOptions.isLanguage(language)) {
      throw new ParameterException(
          spec.commandLine(), "--lang takes en or zh, not \"" + language + "\"");
    }
    if (preset.equals(START_PAGE)) {
      return draw(drawing -> drawing.startPage(out));
    }
    Optional<Lesson> lesson = Lessons.named(preset);
    if (lesson.isPresent() && (stage || Presets.named(preset).isEmpty())) {
      return draw(drawing -> drawing.draw(lesson.get(), out));
    }
    Optional<Preset> found = Presets.named(preset);
    Path file = Path.of(preset);
    if (found.isEmpty() && Files.exists(file)) {
      return switch (Case.open(file)) {
        case Case.Bad(Bilingual sentence) -> bad(sentence.english());
        case Case.Good(Case opened) -> draw(drawing -> drawing.draw(opened, file, out));
      };
    }
    if (found.isEmpty()) {
      return bad("there is no preset \"" + preset + "\"; there are: " + names());
    }
    return draw(drawing -> drawing.draw(found.get(), out));
  }

  /** What is to be drawn. */
  private interface Work {
    List<Path> draw(OffScreen drawing) throws IOException;
  }

  private int draw(Work work) {
    return switch (Looks.parse(sizes, themes, text)) {
      case Reading.Bad<Looks>(Bilingual sentence) -> bad(sentence.english());
      case Reading.Good<Looks>(Looks looks) -> draw(work, looks);
    };
  }

  private int draw(Work work, Looks looks) {
    try (var drawing = new OffScreen(Optional.ofNullable(language), looks)) {
      for (Path picture : work.draw(drawing)) {
        spec.commandLine().getOut().println(picture);
      }
      return CommandLine.DONE;
    } catch (IOException e) {
      return bad("the pictures cannot be written to " + out + ": " + WhyNot.written(e));
    }
  }

  private static String names() {
    return String.join(", ", Lessons.all().stream().map(Lesson::name).toList());
  }

  private int bad(String sentence) {
    spec.commandLine().getErr().println("iommu-lab: " + sentence);
    return CommandLine.BAD_INPUT;
  }
}
