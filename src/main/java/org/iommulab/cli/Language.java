package org.iommulab.cli;

/** Languages of what is found in a case, as they are written on the command line. */
enum Language {
  en,
  zh;

  boolean isChinese() {
    return this == zh;
  }

  /** The text in this language. */
  String of(String english, String chinese) {
    return isChinese() ? chinese : english;
  }
}
