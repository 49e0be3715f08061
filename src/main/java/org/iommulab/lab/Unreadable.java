package org.iommulab.lab;

/** Leads out of a reader to the door, where it becomes a {@link Reading.Bad}. */
final class Unreadable extends Exception {

  private static final long serialVersionUID = 1;

  /**
   * @param sentence what is wrong, without a full stop
   */
  Unreadable(String sentence) {
    super(sentence, null, false, false);
  }

  String sentence() {
    return String.valueOf(getMessage());
  }
}
