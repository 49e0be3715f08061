package org.iommulab.evidence;

import java.util.Locale;
import org.iommulab.words.OneLine;

/** Carries the sentence of a {@link BadEvidence} out of a reader. */
final class Unreadable extends Exception {

  private static final long serialVersionUID = 1;

  Unreadable(String sentence, Object... arguments) {
    super(OneLine.of(String.format(Locale.ROOT, sentence, arguments)), null, false, false);
  }

  BadEvidence evidence() {
    return new BadEvidence(String.valueOf(getMessage()));
  }
}
