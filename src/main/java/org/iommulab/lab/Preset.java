package org.iommulab.lab;

import java.util.List;
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
public record Preset(String name, Words title, Words summary, Words lesson, List<Step> steps) {

  public Preset {
    steps = List.copyOf(steps);
  }

  /** A text in the languages of the program. */
  public record Words(String en, String zh) {
    /** The text in a language, English if there is no other. */
    public String in(String language) {
      return language.startsWith("zh") ? zh : en;
    }
  }

  /**
   * Commands that belong together, with what to say about them.
   *
   * @param title one line
   * @param note what to watch, or null
   * @param commands in order
   */
  public record Step(Words title, @Nullable Words note, List<Command> commands) {
    public Step {
      commands = List.copyOf(commands);
    }
  }

  /** All commands of all steps. */
  public Script script() {
    return new Script(name, steps.stream().flatMap(step -> step.commands().stream()).toList());
  }
}
