package org.iommulab.progress;

import java.util.concurrent.CancellationException;
import java.util.function.Supplier;

/**
 * Who listens to long work. The work names nobody: it calls {@link #report} as it goes, and whoever
 * started it on this thread hears of it. Without a listener that costs next to nothing.
 */
@FunctionalInterface
public interface Progress {

  /**
   * So much is done.
   *
   * @param done in whatever the work counts: bytes, commands, rows
   * @param total of the same; 0 if it is not known
   * @throws CancellationException if the work is not wanted any more: it stops where it is
   */
  void at(long done, long total);

  /**
   * Tells whoever listens on this thread.
   *
   * @throws CancellationException if the work is not wanted any more
   */
  static void report(long done, long total) {
    Listener.CURRENT.orElse(Listener.NOBODY).at(done, total);
  }

  /** Works while somebody listens. */
  static <T> T heard(Progress by, Supplier<T> work) {
    return ScopedValue.where(Listener.CURRENT, by).call(work::get);
  }

  /** Works without being disturbed, such as to put back what given-up work has changed. */
  static void unheard(Runnable work) {
    ScopedValue.where(Listener.CURRENT, Listener.NOBODY).run(work);
  }
}
