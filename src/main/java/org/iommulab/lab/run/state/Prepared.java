package org.iommulab.lab.run.state;

import org.iommulab.lab.language.Result;

/**
 * A command whose arguments are all resolved. Whatever could be refused about it has been refused
 * by now: carrying it out has a result, come what may.
 */
@FunctionalInterface
public interface Prepared {

  /** Carries it out. */
  Result run();
}
