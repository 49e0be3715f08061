package org.iommulab.lab.session;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where a person stands in a preset.
 *
 * @param preset its name
 * @param file where it was read from, or null for one that ships with the program
 * @param steps the journal's positions before and after each step carried out
 */
public record Place(String preset, @Nullable Path file, List<Span> steps) {

  /**
   * The commands of one step.
   *
   * @param start position in the journal before the first
   * @param end position after the last
   */
  public record Span(int start, int end) {}

  public Place {
    steps = List.copyOf(steps);
  }

  /** How many commands the steps have. */
  int commands() {
    return steps.stream().mapToInt(span -> span.end() - span.start()).sum();
  }

  /** The same with the steps that are whole in the first commands of the journal. */
  Place upTo(int commands) {
    return new Place(preset, file, steps.stream().filter(span -> span.end() <= commands).toList());
  }
}
