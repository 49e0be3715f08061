package org.iommulab.bits;

/**
 * What a value stands for.
 *
 * @param words English words; {@code #} in them is where the figure goes
 * @param figure the same in every language; empty if the words say all
 */
public record Reading(String words, String figure) {

  /** A name. */
  static Reading named(String name) {
    return new Reading(name, "");
  }

  /** The words with the figure in its place. */
  public String text() {
    return words.replace("#", figure);
  }
}
