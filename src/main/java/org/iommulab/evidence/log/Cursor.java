package org.iommulab.evidence.log;

import org.jspecify.annotations.Nullable;

/** Reads a message from left to right, by hand, since a storm has a million of them. */
final class Cursor {

  private final String text;
  private int at;

  Cursor(String text, int at) {
    this.text = text;
    this.at = at;
  }

  /** Finds a word whatever its case; -1 if it is not there. */
  static int find(String text, String word, int from) {
    int last = text.length() - word.length();
    char small = Character.toLowerCase(word.charAt(0));
    char large = Character.toUpperCase(small);
    for (int i = from; i <= last; i++) {
      char letter = text.charAt(i);
      if ((letter == small || letter == large)
          && text.regionMatches(true, i, word, 0, word.length())) {
        return i;
      }
    }
    return -1;
  }

  int at() {
    return at;
  }

  boolean ended() {
    return at >= text.length();
  }

  char peek() {
    return ended() ? '\0' : text.charAt(at);
  }

  void blanks() {
    while (!ended() && Character.isWhitespace(text.charAt(at))) {
      at++;
    }
  }

  /** Steps over a word after blanks, whatever its case. */
  boolean accept(String word) {
    int start = at;
    blanks();
    if (text.regionMatches(true, at, word, 0, word.length())) {
      at += word.length();
      return true;
    }
    at = start;
    return false;
  }

  /** Letters, digits and what else belongs to a word; empty if there are none. */
  String word() {
    blanks();
    int start = at;
    while (!ended() && (Character.isLetterOrDigit(text.charAt(at)) || text.charAt(at) == '_')) {
      at++;
    }
    return text.substring(start, at);
  }

  /** All up to a letter, which is stepped over; null if it does not come. */
  @Nullable String until(char end) {
    int found = text.indexOf(end, at);
    if (found < 0) {
      return null;
    }
    String before = text.substring(at, found);
    at = found + 1;
    return before;
  }

  String rest() {
    return text.substring(Math.min(at, text.length()));
  }

  /** Steps over what stands for digits that somebody left out: {@code xxxx}, {@code ****}. */
  boolean mask() {
    int start = at;
    while (!ended() && "xX*?#".indexOf(text.charAt(at)) >= 0) {
      at++;
    }
    boolean several = at - start > 1;
    at = several ? at : start;
    return several;
  }

  /** A hexadecimal number with or without {@code 0x}; null if there is none. */
  @Nullable Long hex() {
    blanks();
    int start = at;
    if (text.regionMatches(true, at, "0x", 0, 2)) {
      at += 2;
    }
    long value = 0;
    int digits = 0;
    while (!ended() && digits < 16) {
      int digit = Character.digit(text.charAt(at), 16);
      if (digit < 0) {
        break;
      }
      value = value << 4 | digit;
      digits++;
      at++;
    }
    if (digits == 0) {
      at = start;
      return null;
    }
    return value;
  }
}
