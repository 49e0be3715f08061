package org.iommulab.lab.language;

import java.util.function.Function;
import org.iommulab.words.Bilingual;

/** What came of reading text from outside: the thing itself, or why it cannot be read. */
public sealed interface Reading<T> {

  /** It was read. */
  record Good<T>(T value) implements Reading<T> {}

  /**
   * It could not be read.
   *
   * @param sentence one sentence for the person who wrote the text: where, what, what to do
   */
  record Bad<T>(Bilingual sentence) implements Reading<T> {

    /** A sentence said in English only: to who writes files or types a command of the shell. */
    public Bad(String sentence) {
      this(Bilingual.same(sentence));
    }
  }

  /** Goes on with the value, if there is one, in a way that may fail as well. */
  default <R> Reading<R> thenRead(Function<? super T, Reading<R>> next) {
    return switch (this) {
      case Good<T>(T value) -> next.apply(value);
      case Bad<T>(Bilingual sentence) -> new Bad<>(sentence);
    };
  }

  /** Goes on with the value, if there is one. */
  default <R> Reading<R> then(Function<? super T, ? extends R> next) {
    return switch (this) {
      case Good<T>(T value) -> new Good<>(next.apply(value));
      case Bad<T>(Bilingual sentence) -> new Bad<>(sentence);
    };
  }
}
