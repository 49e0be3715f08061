package org.iommulab.lab.fuzz;

import java.util.Optional;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** One unit and one scene from one seed, and what happens to them until something is wrong. */
abstract class Round {

  static final int STEPS = 2000;

  final Random random;
  private int step;

  Round(Random random) {
    this.random = random;
  }

  /** Does one step; what it found wrong, in a sentence. */
  abstract Optional<String> step();

  /** What this round is about, for the report. */
  abstract String subject();

  /** Does all steps; the first thing that is wrong. */
  Optional<String> run() {
    for (step = 0; step < STEPS; step++) {
      Optional<String> wrong = step();
      if (wrong.isPresent()) {
        return wrong;
      }
    }
    return Optional.empty();
  }

  /** Number of the step under way. */
  int stepNumber() {
    return step;
  }

  /** The first sentence of several checks, made one after the other. */
  @SafeVarargs
  static Optional<String> first(Supplier<Optional<String>>... checks) {
    return Stream.of(checks).map(Supplier::get).flatMap(Optional::stream).findFirst();
  }
}
