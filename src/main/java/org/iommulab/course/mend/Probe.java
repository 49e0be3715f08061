package org.iommulab.course.mend;

import org.iommulab.lab.language.Command;
import org.jspecify.annotations.Nullable;

/** A line of a trial: something is done, or something is looked at. */
public sealed interface Probe {

  /** Something is done, to show what the driver has made of the machine. */
  record Act(Command command) implements Probe {}

  /**
   * Something is looked at.
   *
   * @param path as {@code expect} has it
   * @param symptom whether the bug makes a difference here; otherwise it must always be so
   * @param sick what it is while the bug is there
   * @param well what it must be
   */
  record Check(String path, boolean symptom, @Nullable Object sick, @Nullable Object well)
      implements Probe {}
}
