package org.iommulab.lab.fuzz;

import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import java.util.function.BooleanSupplier;
import org.iommulab.vtd.config.Capabilities;
import org.iommulab.vtd.config.UnitConfiguration;
import org.jspecify.annotations.Nullable;

/** Runs rounds, each from a seed of its own: the first round's is the given one, then one more. */
public final class Fuzzer {

  private final @Nullable UnitConfiguration profile;

  /** With random units of random profiles; or, with a profile, that unit only. */
  public Fuzzer(@Nullable UnitConfiguration profile) {
    this.profile = profile;
  }

  /**
   * How it went.
   *
   * @param rounds rounds that were begun
   * @param steps steps of all rounds
   * @param failure the first thing that was wrong
   */
  public record Report(long rounds, long steps, Optional<Failure> failure) {}

  /**
   * Something that must not happen.
   *
   * @param seed of the round: with it and one round it happens again
   * @param step number of the step
   * @param sentence what is wrong
   */
  public record Failure(long seed, int step, String sentence) {}

  /** Runs rounds until one fails or there is no next one. */
  public Report run(long firstSeed, BooleanSupplier next) {
    long rounds = 0;
    long steps = 0;
    while (next.getAsBoolean()) {
      long seed = firstSeed + rounds++;
      Round round = round(seed);
      Optional<String> wrong = safely(round);
      steps += round.stepNumber();
      if (wrong.isPresent()) {
        String sentence = String.format(Locale.ROOT, "%s: %s", round.subject(), wrong.get());
        return new Report(
            rounds, steps, Optional.of(new Failure(seed, round.stepNumber(), sentence)));
      }
    }
    return new Report(rounds, steps, Optional.empty());
  }

  @SuppressWarnings("CatchAndPrintStackTrace")
  private static Optional<String> safely(Round round) {
    try {
      return round.run();
    } catch (RuntimeException | AssertionError | StackOverflowError e) {
      StackTraceElement[] trace = e.getStackTrace();
      String where = trace.length == 0 ? "somewhere" : trace[0].toString();
      return Optional.of(String.format(Locale.ROOT, "%s in %s", e, where));
    }
  }

  private Round round(long seed) {
    Random random = new Random(seed * 0x9E37_79B9_7F4A_7C15L);
    if (profile != null && !profile.quirks().isEmpty()) {
      return new AnythingRound(random, profile);
    }
    Capabilities capabilities =
        profile == null ? RandomUnit.capabilities(random) : profile.capabilities();
    return switch (random.nextInt(3)) {
      case 0 -> new WalkRound(random, capabilities);
      case 1 -> new CacheRound(random, capabilities);
      default ->
          new AnythingRound(
              random, profile == null ? RandomUnit.ofAnyProfile(random, capabilities) : profile);
    };
  }
}
