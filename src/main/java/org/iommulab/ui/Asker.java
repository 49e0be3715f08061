package org.iommulab.ui;

/**
 * Who hears what became of a question or a change. Every method is called on the JavaFX thread.
 *
 * @param <T> the answer
 */
@FunctionalInterface
public interface Asker<T> {

  /** It was answered. */
  void answered(T answer);

  /** It failed by a mistake of ours, which the window has told already. */
  default void failed() {}

  /** It is over, however it went; the last call in any case. */
  default void ended() {}
}
