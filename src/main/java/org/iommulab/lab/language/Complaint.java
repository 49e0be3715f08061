package org.iommulab.lab.language;

import org.iommulab.words.Bilingual;
import org.iommulab.words.OneLine;

/**
 * What is wrong with something from outside, in one sentence. Leads out to the door, where it
 * becomes a {@link Reading.Bad} or a {@link Result.Refused}.
 */
public final class Complaint extends Exception {

  private static final long serialVersionUID = 1;

  private final transient Bilingual words;

  /**
   * @param words what is wrong, without a full stop
   */
  public Complaint(Bilingual words) {
    super(OneLine.of(words.english()), null, false, false);
    this.words = new Bilingual(sentence(), OneLine.of(words.chinese()));
  }

  /** The same with its places filled, as {@link Bilingual#of} does. */
  public Complaint(String english, String chinese, Object... arguments) {
    this(Bilingual.of(english, chinese, arguments));
  }

  /**
   * @param sentence a quotation, or what is said to who writes files for the program
   */
  public Complaint(String sentence) {
    this(Bilingual.same(sentence));
  }

  /** In English, as files and other programs have it. */
  public String sentence() {
    return String.valueOf(getMessage());
  }

  /** In the languages of people. */
  public Bilingual words() {
    return words;
  }
}
