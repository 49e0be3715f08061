package org.iommulab.cli;

import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.BooleanSupplier;
import org.iommulab.lab.fuzz.Fuzzer;
import org.iommulab.vtd.config.Profiles;
import org.iommulab.vtd.config.UnitConfiguration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code iommu-lab fuzz}: random units, tables and requests; says how to repeat what fails. */
@Command(
    name = "fuzz",
    description = "Throw random registers, tables, descriptors and requests at remapping units.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class)
final class FuzzCommand implements Callable<Integer> {

  private static final long SECOND_NS = 1_000_000_000L;
  private static final int SECONDS = 10;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "Seed of the first round; each further round adds one. Default: 1.")
  private long seed = 1;

  @Option(
      names = "--seconds",
      paramLabel = "S",
      description = "Begin rounds for that long. Default: 10, unless rounds are given.")
  private @Nullable Integer seconds;

  @Option(names = "--rounds", paramLabel = "R", description = "Do that many rounds.")
  private @Nullable Long rounds;

  @Option(
      names = "--profile",
      paramLabel = "NAME",
      description = "A unit of this profile only, instead of random ones.")
  private @Nullable String profile;

  @Override
  public Integer call() {
    if ((seconds != null && seconds <= 0) || (rounds != null && rounds <= 0)) {
      throw new ParameterException(
          spec.commandLine(), "--seconds and --rounds need a number above zero");
    }
    Fuzzer.Report report = new Fuzzer(unit()).run(seed, bound());
    var out = spec.commandLine().getOut();
    Optional<Fuzzer.Failure> failure = report.failure();
    if (failure.isEmpty()) {
      out.println(
          String.format(
              Locale.ROOT,
              "%d rounds, %d steps, seeds %d to %d: nothing found",
              report.rounds(),
              report.steps(),
              seed,
              seed + report.rounds() - 1));
      out.flush();
      return CommandLine.DONE;
    }
    Fuzzer.Failure found = failure.get();
    out.println(
        String.format(
            Locale.ROOT, "seed %d, step %d: %s", found.seed(), found.step(), found.sentence()));
    out.flush();
    Messages.say(
        spec.commandLine().getErr(),
        String.format(
            Locale.ROOT,
            "something was found after %d rounds; repeat it with: iommu-lab fuzz --seed %d --rounds"
                + " 1%s",
            report.rounds(),
            found.seed(),
            profile == null ? "" : " --profile " + profile));
    return CommandLine.EXPECTATION_FAILED;
  }

  private @Nullable UnitConfiguration unit() {
    if (profile == null) {
      return null;
    }
    return Profiles.named(profile)
        .orElseThrow(
            () ->
                new ParameterException(
                    spec.commandLine(),
                    String.format(
                        Locale.ROOT,
                        "there is no profile \"%s\"; profiles are %s",
                        profile,
                        String.join(", ", Profiles.names()))));
  }

  private BooleanSupplier bound() {
    Long most = rounds;
    long end =
        seconds == null && most != null
            ? Long.MAX_VALUE
            : (seconds == null ? SECONDS : seconds) * SECOND_NS;
    long start = System.nanoTime();
    return new BooleanSupplier() {
      private long begun;

      @Override
      public boolean getAsBoolean() {
        return (most == null || begun++ < most) && System.nanoTime() - start < end;
      }
    };
  }
}
