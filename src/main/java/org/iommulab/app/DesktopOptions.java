package org.iommulab.app;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.iommulab.cli.InputFile;
import org.iommulab.lab.language.Complaint;
import org.iommulab.lab.language.Reading;
import org.iommulab.lab.script.Presets;
import org.iommulab.peer.exec.ProgramMachine;
import org.iommulab.ui.Theme;
import org.iommulab.ui.program.Order;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What the desktop was asked to start with. */
@CommandLine.Command(name = "iommu-lab")
final class DesktopOptions {

  private static final String WINDOW = "--window";

  @Option(names = "--preset", paramLabel = "NAME")
  private @Nullable String preset;

  @Option(names = "--open", paramLabel = "FILE", converter = InputFile.class)
  private @Nullable Path file;

  @Option(names = "--lang", paramLabel = "LANGUAGE")
  private @Nullable String language;

  @Option(names = "--theme", paramLabel = "THEME")
  private @Nullable String theme;

  @Option(names = "--machine", paramLabel = "FILE")
  private String machine = "";

  @Option(names = "--era", paramLabel = "VERSION")
  private String era = ProgramMachine.ERA;

  @Option(names = "--record", paramLabel = "LOG")
  private @Nullable Path record;

  @Parameters(paramLabel = "PROGRAM")
  private List<String> program = List.of();

  private DesktopOptions() {}

  /** Reads the arguments, or says in one sentence what is wrong with them. */
  static Reading<DesktopOptions> parse(List<String> args) {
    var options = new DesktopOptions();
    var words = new ArrayList<String>(args);
    boolean exec = isExec(args);
    if (exec) {
      words.removeFirst();
      words.remove(WINDOW);
    }
    try {
      new CommandLine(options).parseArgs(words.toArray(String[]::new));
    } catch (CommandLine.ParameterException e) {
      return new Reading.Bad<>(e.getMessage() + "; see iommu-lab --help.");
    }
    if (exec == options.program.isEmpty()) {
      return new Reading.Bad<>(
          exec
              ? "Say which program to run: iommu-lab exec --window -- PROGRAM ARGS…"
              : "\"" + options.program.getFirst() + "\" is no option; see iommu-lab --help.");
    }
    return options.check();
  }

  /** Tells whether a program is to be run with a window: {@code exec … --window … -- PROGRAM}. */
  static boolean isExec(List<String> args) {
    int end = args.contains("--") ? args.indexOf("--") : args.size();
    return !args.isEmpty()
        && args.getFirst().equals("exec")
        && args.subList(0, end).contains(WINDOW);
  }

  /** The program to run. */
  Optional<Order> program() {
    return program.isEmpty()
        ? Optional.empty()
        : Optional.of(new Order(program, machine, era, record, false));
  }

  private Reading<DesktopOptions> check() {
    if (preset != null && Presets.named(preset).isEmpty()) {
      return new Reading.Bad<>(
          "There is no preset \"" + preset + "\"; there are: " + presetNames() + ".");
    }
    if (language != null && !isLanguage(language)) {
      return new Reading.Bad<>("--lang takes en or zh, not \"" + language + "\".");
    }
    try {
      ProgramMachine.standIn(era);
    } catch (Complaint e) {
      return new Reading.Bad<>("--era: " + e.sentence() + ".");
    }
    if (theme != null && theme().isEmpty()) {
      return new Reading.Bad<>(
          "--theme takes system, light, dark or contrast, not \"" + theme + "\".");
    }
    return new Reading.Good<>(this);
  }

  static boolean isLanguage(String tag) {
    return tag.matches("(en|zh)([-_][A-Za-z0-9_-]{1,20})?");
  }

  static String presetNames() {
    return String.join(", ", Presets.all().stream().map(each -> each.name()).toList());
  }

  /** Name of the preset to start with. */
  Optional<String> preset() {
    return Optional.ofNullable(preset);
  }

  /** File to open. */
  Optional<Path> file() {
    return Optional.ofNullable(file);
  }

  /** Language for this start. */
  Optional<Locale> language() {
    return Optional.ofNullable(language).map(tag -> Locale.forLanguageTag(tag.replace('_', '-')));
  }

  /** Theme for this start. */
  Optional<Theme.Choice> theme() {
    return Optional.ofNullable(theme)
        .flatMap(
            name ->
                List.of(Theme.Choice.values()).stream()
                    .filter(choice -> choice.name().equalsIgnoreCase(name))
                    .findFirst());
  }
}
