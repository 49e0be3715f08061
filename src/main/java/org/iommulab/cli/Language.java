package org.iommulab.cli;

import org.iommulab.words.Bilingual;

/** Languages of what is found in a case, as they are written on the command line. */
enum Language {
  en,
  zh;

  boolean isChinese() {
    return this == zh;
  }

  /** The words in this language. */
  String of(Bilingual words) {
    return words.in(isChinese());
  }

  /** The text in this language. */
  String of(String english, String chinese) {
    return isChinese() ? chinese : english;
  }
}
