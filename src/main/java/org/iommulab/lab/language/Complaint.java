package org.iommulab.lab.language;

import org.iommulab.words.OneLine;

/**
 * What is wrong with something from outside, in one sentence. Leads out to the door, where it
 * becomes a {@link Reading.Bad} or a {@link Result.Refused}.
 */
public final class Complaint extends Exception {

  private static final long serialVersionUID = 1;

  /**
   * @param sentence what is wrong, without a full stop
   */
  public Complaint(String sentence) {
    super(OneLine.of(sentence), null, false, false);
  }

  public String sentence() {
    return String.valueOf(getMessage());
  }
}
