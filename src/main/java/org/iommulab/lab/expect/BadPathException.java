package org.iommulab.lab.expect;

/** A path that cannot be followed, with one sentence for the person who wrote it. */
public final class BadPathException extends Exception {

  private static final long serialVersionUID = 1;

  public BadPathException(String sentence) {
    super(sentence, null, false, false);
  }

  /** What is wrong with it. */
  public String sentence() {
    return String.valueOf(getMessage());
  }
}
