package org.iommulab.app;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.iommulab.cli.CommandLine;
import org.iommulab.lab.script.Preset;
import org.iommulab.lab.script.Presets;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;

/** {@code iommu-lab render PRESET --out DIR}: pictures of the window and its views, no display. */
@picocli.CommandLine.Command(name = "iommu-lab render")
final class RenderCommand {

  @Parameters(paramLabel = "PRESET")
  private String preset = "";

  @Option(names = "--out", paramLabel = "DIR", required = true)
  private Path out = Path.of("");

  @Option(names = "--lang", paramLabel = "LANGUAGE")
  private @Nullable String language;

  private RenderCommand() {}

  static int run(List<String> args) {
    var command = new RenderCommand();
    try {
      new picocli.CommandLine(command).parseArgs(args.toArray(String[]::new));
    } catch (ParameterException e) {
      return bad(e.getMessage() + "; it is used as: iommu-lab render PRESET --out DIR");
    }
    return command.draw();
  }

  private int draw() {
    Optional<Preset> found = Presets.named(preset);
    if (found.isEmpty()) {
      return bad(
          "There is no preset \"" + preset + "\"; there are: " + DesktopOptions.presetNames());
    }
    try (var drawing = new OffScreen(Optional.ofNullable(language))) {
      for (Path picture : drawing.draw(found.get(), out)) {
        System.out.println(picture);
      }
      return CommandLine.DONE;
    } catch (IOException e) {
      return bad("The pictures cannot be written to " + out + ": " + e.getMessage());
    }
  }

  private static int bad(String sentence) {
    System.err.println("iommu-lab: " + sentence);
    return CommandLine.BAD_INPUT;
  }
}
