package org.iommulab.lab.advice;

import java.util.Locale;

/** How bad it is. */
public enum Severity {
  /** Somebody can reach memory that is no longer theirs, or data is lost. */
  ERROR,
  /** It works here, and breaks on other hardware or later. */
  WARN,
  /** Cost, or something to learn. */
  HINT;

  /** As scripts and results write it. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  static Severity of(String word) {
    return valueOf(word.toUpperCase(Locale.ROOT));
  }
}
