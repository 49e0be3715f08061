package org.iommulab.lab.language;

/** What is true of every command of an operation. */
public enum Trait {
  /** It changes nothing, so that calls and changes shown stay those before it. */
  OBSERVES,
  /** A device reads or writes memory, so that there is a way to show. */
  MOVES_DATA,
  /** It runs the kernel or a program on it, so that there are calls to show. */
  REACHES_KERNEL,
  /** It exists in script files only: not in the console, not in the journal. */
  IN_FILES_ONLY
}
