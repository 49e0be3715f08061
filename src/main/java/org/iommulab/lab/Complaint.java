package org.iommulab.lab;

/**
 * What is wrong with something from outside, in one sentence. Leads out to the door, where it
 * becomes a {@link Reading.Bad} or a {@link Result.Refused}.
 */
final class Complaint extends Exception {

  private static final long serialVersionUID = 1;

  /**
   * @param sentence what is wrong, without a full stop
   */
  Complaint(String sentence) {
    super(sentence, null, false, false);
  }

  String sentence() {
    return String.valueOf(getMessage());
  }
}
