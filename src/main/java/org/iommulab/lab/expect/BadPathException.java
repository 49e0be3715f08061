package org.iommulab.lab.expect;

import org.iommulab.words.Bilingual;

/** A path that cannot be followed, with one sentence for the person who wrote it. */
public final class BadPathException extends Exception {

  private static final long serialVersionUID = 1;

  private final transient Bilingual words;

  /** The places of both sentences are filled as {@link Bilingual#of} does. */
  public BadPathException(String english, String chinese, Object... arguments) {
    this(Bilingual.of(english, chinese, arguments));
  }

  private BadPathException(Bilingual words) {
    super(words.english(), null, false, false);
    this.words = words;
  }

  /** What is wrong with it, in English. */
  public String sentence() {
    return words.english();
  }

  /** The same in the languages of people. */
  public Bilingual words() {
    return words;
  }
}
