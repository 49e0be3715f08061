package org.iommulab.lab.script;

import java.nio.file.Path;
import java.util.List;
import org.iommulab.lab.language.Command;
import org.iommulab.lab.language.Complaint;
import org.iommulab.lab.language.Reading;
import org.iommulab.words.Bilingual;
import org.jspecify.annotations.Nullable;

/**
 * A prepared session with the words that go with it.
 *
 * @param name file name without its ending, such as {@code vfio-dma-map}
 * @param title one line
 * @param summary what it shows, one or two sentences
 * @param lesson text of the lesson in Markdown
 * @param steps in order
 */
public record Preset(
    String name, Bilingual title, Bilingual summary, Bilingual lesson, List<Step> steps) {

  /** The largest that ships has 30 KiB. */
  private static final int LARGEST_MIB = 4;

  public Preset {
    steps = List.copyOf(steps);
  }

  /**
   * Commands that belong together, with what to say about them.
   *
   * @param title one line
   * @param note what to watch, or null
   * @param commands in order
   */
  public record Step(Bilingual title, @Nullable Bilingual note, List<Command> commands) {
    public Step {
      commands = List.copyOf(commands);
    }
  }

  /** Reads a preset from YAML; {@code where} is for messages. */
  public static Reading<Preset> parse(String name, String where, String yaml) {
    return PresetReader.read(name, where, yaml);
  }

  /** Reads a preset file. */
  public static Reading<Preset> read(Path file) {
    String name = String.valueOf(file.getFileName()).replaceFirst("\\.ya?ml$", "");
    try {
      return parse(name, file.toString(), TextFile.read(file, LARGEST_MIB));
    } catch (Complaint e) {
      return new Reading.Bad<>(e.words());
    }
  }

  /** All commands of all steps. */
  public Script script() {
    return new Script(name, steps.stream().flatMap(step -> step.commands().stream()).toList());
  }
}
