package org.iommulab.words;

import java.util.Locale;

/**
 * A sentence that may quote what came from outside, made fit for one line of a terminal or window:
 * what cannot be printed stands as an escape, long values are cut, and so is the whole.
 */
public final class OneLine {

  /** Letters of a value that are shown. */
  public static final int VALUE = 80;

  private static final int SENTENCE = 2000;
  private static final String CUT = "…";

  /** Chinese has no spaces between words; its stops end them. */
  private static final String STOPS = "，；：。、（）？";

  private OneLine() {}

  /** The sentence with every value in it bounded. */
  public static String of(String sentence) {
    var line = new StringBuilder();
    int start = 0;
    boolean quoted = false;
    // A value is what stands in quotes, or a word of one piece; names of files are never cut.
    for (int i = 0; i <= sentence.length() && line.length() <= SENTENCE; i++) {
      boolean end = i == sentence.length();
      char c = end ? ' ' : sentence.charAt(i);
      if (c == '"' || !quoted && (c == ' ' || STOPS.indexOf(c) >= 0) || end) {
        append(line, sentence, start, i, quoted);
        if (!end) {
          line.append(c);
        }
        start = i + 1;
        quoted ^= c == '"';
      }
    }
    return line.length() > SENTENCE ? line.substring(0, SENTENCE) + CUT : line.toString();
  }

  private static void append(
      StringBuilder line, String sentence, int start, int end, boolean quoted) {
    boolean whole = end - start <= VALUE || !quoted && isPath(sentence, start, end);
    int last = whole ? end : start + VALUE;
    if (!whole && Character.isHighSurrogate(sentence.charAt(last - 1))) {
      last--;
    }
    for (int i = start; i < last; ) {
      int letter = sentence.codePointAt(i);
      i += Character.charCount(letter);
      append(line, letter);
    }
    if (!whole) {
      line.append(CUT);
    }
  }

  private static boolean isPath(String sentence, int start, int end) {
    return end - start <= SENTENCE / 2
        && (sentence.charAt(start) == '/' || sentence.indexOf("://", start, end) >= 0);
  }

  private static void append(StringBuilder line, int letter) {
    switch (letter) {
      case '\n' -> line.append("\\n");
      case '\r' -> line.append("\\r");
      case '\t' -> line.append("\\t");
      default -> {
        if (isPrintable(letter)) {
          line.appendCodePoint(letter);
        } else if (letter > 0xFFFF) {
          line.append(String.format(Locale.ROOT, "\\u{%x}", letter));
        } else {
          line.append(String.format(Locale.ROOT, "\\u%04x", letter));
        }
      }
    }
  }

  /** Controls, marks that turn the direction of writing, and what is no letter at all are not. */
  private static boolean isPrintable(int letter) {
    return switch (Character.getType(letter)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.UNASSIGNED,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.PRIVATE_USE ->
          false;
      default -> true;
    };
  }
}
