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

  /** The person gave it up; nothing has changed. */
  default void givenUp() {}

  /** It is over, however it went; the last call in any case. */
  default void ended() {}

  /** The same, and something more when it is over. */
  default Asker<T> and(Runnable atEnd) {
    Asker<T> first = this;
    return new Asker<>() {
      @Override
      public void answered(T answer) {
        first.answered(answer);
      }

      @Override
      public void failed() {
        first.failed();
      }

      @Override
      public void givenUp() {
        first.givenUp();
      }

      @Override
      public void ended() {
        atEnd.run();
        first.ended();
      }
    };
  }
}
