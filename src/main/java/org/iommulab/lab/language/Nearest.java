package org.iommulab.lab.language;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;
import org.iommulab.words.Bilingual;

/** Finds the word that somebody probably meant. */
public final class Nearest {

  private Nearest() {}

  /** The known word with the fewest differing letters, if the two look alike at all. */
  public static Optional<String> to(String word, Collection<String> known) {
    return known.stream()
        .filter(other -> Math.abs(word.length() - other.length()) <= tolerance(other))
        .min(Comparator.<String>comparingInt(other -> distance(word, other)).thenComparing(w -> w))
        .filter(best -> distance(word, best) <= tolerance(best));
  }

  /** How many letters may differ; words whose lengths differ by more need no closer look. */
  private static int tolerance(String known) {
    return Math.max(1, known.length() / 3);
  }

  /** {@code ; did you mean "addr"?} or nothing. */
  public static Bilingual hint(String word, Collection<String> known) {
    return to(word, known)
        .map(best -> Bilingual.of("; did you mean \"%s\"?", "；是否想写 \"%s\"？", best))
        .orElse(Bilingual.same(""));
  }

  /**
   * The same, or what there is.
   *
   * @param plural how the known ones are called, such as {@code presets}
   */
  public static String hintOrAll(String word, Collection<String> known, String plural) {
    String hint = hint(word, known).english();
    return hint.isEmpty() ? "; " + plural + " are " + String.join(", ", known) : hint;
  }

  /** Letters to insert, drop, replace or swap with their neighbour. */
  private static int distance(String left, String right) {
    String a = left.toLowerCase(Locale.ROOT);
    String b = right.toLowerCase(Locale.ROOT);
    int[][] table = new int[a.length() + 1][b.length() + 1];
    for (int i = 0; i <= a.length(); i++) {
      for (int j = 0; j <= b.length(); j++) {
        table[i][j] = i == 0 || j == 0 ? i + j : cheapest(table, a, b, i, j);
      }
    }
    return table[a.length()][b.length()];
  }

  private static int cheapest(int[][] table, String a, String b, int i, int j) {
    int replaced = table[i - 1][j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
    int best = Math.min(replaced, 1 + Math.min(table[i - 1][j], table[i][j - 1]));
    boolean swapped =
        i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1);
    return swapped ? Math.min(best, 1 + table[i - 2][j - 2]) : best;
  }
}
