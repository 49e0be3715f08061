package org.iommulab.lab.advice;

import org.iommulab.words.Bilingual;

/**
 * A rule of the advisor.
 *
 * @param id {@code H01} to {@code H52} of the hardware, {@code K01} to {@code K44} of the kernel,
 *     {@code T01} to {@code T19} of teachers
 * @param review speaks only to those who ask for everything
 * @param source where the rule is from
 * @param title what it is about
 * @param sentence what to say, with places to fill in
 */
public record Rule(
    String id,
    Severity severity,
    boolean review,
    String source,
    Bilingual title,
    Bilingual sentence) {

  /** The sentence with its places filled in. */
  Bilingual say(Object... says) {
    return Wording.filled(sentence, says);
  }
}
