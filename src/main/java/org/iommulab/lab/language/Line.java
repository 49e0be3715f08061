package org.iommulab.lab.language;

/** One line of a script file: a command, or an end of a loop. */
public sealed interface Line permits Command, Loop {

  /** The operation's name in scripts, such as {@code mem.write}. */
  default String op() {
    return Language.of(this).name();
  }
}
