package org.iommulab.evidence.log;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds which of some words occur in a line, whatever their case, with one table look-up a byte (an
 * Aho-Corasick automaton). Most lines of a log hold none of them and are never turned into text.
 */
final class Keywords {

  private static final int CLASSES = 64;
  private static final int OTHER = 0;
  private static final int END_OF_LINE = '\n';

  /** The class of every byte; letters lose their case. */
  private final byte[] classOf = new byte[256];

  /** The next state, premultiplied: {@code next[state + class]}. */
  private final int[] next;

  /** Marks of the words that end in a state. */
  private final long[] marks;

  /**
   * @param words in lower case, each with its mark
   */
  Keywords(List<Word> words) {
    assignClasses(words);
    var rows = new ArrayList<int[]>();
    var found = new ArrayList<Long>();
    addState(rows, found);
    for (Word word : words) {
      int state = 0;
      for (byte letter : bytes(word)) {
        int column = classOf[letter & 0xFF];
        int to = rows.get(state)[column];
        if (to < 0) {
          to = rows.size();
          addState(rows, found);
          rows.get(state)[column] = to;
        }
        state = to;
      }
      found.set(state, found.get(state) | word.mark());
    }
    complete(rows, found);
    next = new int[rows.size() * CLASSES];
    marks = new long[rows.size() * CLASSES];
    for (int state = 0; state < rows.size(); state++) {
      for (int column = 0; column < CLASSES; column++) {
        next[state * CLASSES + column] = rows.get(state)[column] * CLASSES;
      }
      marks[state * CLASSES] = found.get(state);
    }
  }

  /**
   * A word to look for.
   *
   * @param text in lower case
   * @param mark a bit or several
   */
  record Word(String text, long mark) {}

  private static byte[] bytes(Word word) {
    return word.text().getBytes(StandardCharsets.ISO_8859_1);
  }

  private static void addState(List<int[]> rows, List<Long> found) {
    int[] row = new int[CLASSES];
    Arrays.fill(row, -1);
    rows.add(row);
    found.add(0L);
  }

  private void assignClasses(List<Word> words) {
    byte free = OTHER + 1;
    for (Word word : words) {
      for (byte letter : bytes(word)) {
        if (classOf[letter & 0xFF] == OTHER) {
          classOf[letter & 0xFF] = free;
          classOf[Character.toUpperCase((char) (letter & 0xFF)) & 0xFF] = free;
          free++;
        }
      }
    }
    if (free > CLASSES) {
      throw new IllegalArgumentException("the words use more than " + CLASSES + " letters");
    }
  }

  /** Missing edges lead to where the longest suffix would be. */
  private static void complete(List<int[]> rows, List<Long> found) {
    int[] shorter = new int[rows.size()];
    var open = new ArrayDeque<Integer>();
    for (int column = 0; column < CLASSES; column++) {
      int to = rows.getFirst()[column];
      if (to < 0) {
        rows.getFirst()[column] = 0;
      } else {
        open.add(to);
      }
    }
    while (!open.isEmpty()) {
      int state = open.remove();
      found.set(state, found.get(state) | found.get(shorter[state]));
      int[] row = rows.get(state);
      for (int column = 0; column < CLASSES; column++) {
        int fallback = rows.get(shorter[state])[column];
        if (row[column] < 0) {
          row[column] = fallback;
        } else {
          shorter[row[column]] = fallback;
          open.add(row[column]);
        }
      }
    }
  }

  /** Words of which only matters whether one is there; in lower case. */
  static Keywords any(String... words) {
    return new Keywords(Arrays.stream(words).map(word -> new Word(word, 1)).toList());
  }

  /**
   * Looks for a pattern where a word of it is, as most lines hold few of them.
   *
   * @param word that every text has which the pattern fits
   */
  static void match(String word, Pattern pattern, String text, Consumer<Matcher> found) {
    if (text.contains(word)) {
      Matcher matcher = pattern.matcher(text);
      if (matcher.find()) {
        found.accept(matcher);
      }
    }
  }

  /** Marks of the words in a text. */
  long in(String text) {
    int state = 0;
    long seen = 0;
    for (int i = 0; i < text.length(); i++) {
      char letter = text.charAt(i);
      state = next[state + (letter < classOf.length ? classOf[letter] : OTHER)];
      seen |= marks[state];
    }
    return seen;
  }

  /** Marks of the words in a range of bytes. */
  long in(byte[] bytes, int from, int to) {
    int state = 0;
    long seen = 0;
    for (int i = from; i < to; i++) {
      state = next[state + classOf[bytes[i] & 0xFF]];
      seen |= marks[state];
    }
    return seen;
  }

  /**
   * Reads on to the end of the line.
   *
   * @param seen gets the marks of the words on the way added to {@code seen[0]}
   * @return where the line feed is, or {@code to}
   */
  int scanLine(byte[] bytes, int from, int to, long[] seen) {
    int state = 0;
    long all = 0;
    int i = from;
    for (; i < to; i++) {
      byte letter = bytes[i];
      if (letter == END_OF_LINE) {
        break;
      }
      state = next[state + classOf[letter & 0xFF]];
      all |= marks[state];
    }
    seen[0] |= all;
    return i;
  }
}
