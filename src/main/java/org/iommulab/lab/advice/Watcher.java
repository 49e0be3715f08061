package org.iommulab.lab.advice;

/** Looks at every command for some of the rules, and keeps what it needs to know. */
interface Watcher {

  /** Looks at a command that was carried out. */
  void see(Step step);

  /** Says what would be wrong if nothing came any more; changes nothing but the step's notes. */
  default void atEnd(Step last) {}
}
