package org.iommulab.cli;

/** The command line of {@code iommu-lab}. */
public final class CommandLine {

  /** Everything was done. */
  public static final int DONE = 0;

  /** An expectation of a script or preset did not hold. */
  public static final int EXPECTATION_FAILED = 1;

  /** The input cannot be used. */
  public static final int BAD_INPUT = 2;

  private CommandLine() {}

  /** Carries out a subcommand and returns the exit code. */
  public static int run(String... args) {
    return DONE;
  }
}
