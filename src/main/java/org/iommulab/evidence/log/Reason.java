package org.iommulab.evidence.log;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.iommulab.linux.intel.DmarFaultReasons;
import org.jspecify.annotations.Nullable;

/**
 * The reason of a fault as a log prints it.
 *
 * @param raw the number as written; empty if brackets were empty; null if there is none
 * @param code the fault code, or null
 * @param text the whole text, or null if it is missing or cut
 * @param full the text that a cut one must have been, or null
 * @param base how the number was read: {@code dec}, {@code hex}, {@code absent (from text)}
 * @param note what was odd, or null
 */
public record Reason(
    @Nullable String raw,
    @Nullable Integer code,
    @Nullable String text,
    @Nullable String full,
    @Nullable String base,
    @Nullable String note) {

  /** No reason was printed. */
  public static final Reason NONE = new Reason(null, null, null, null, null, null);

  private static final int SHORTEST_TRUNCATION = 8;
  private static final int MOST_MISTAKES = 4;
  private static final TreeMap<String, Integer> CODES = codes();

  private static TreeMap<String, Integer> codes() {
    var codes = new TreeMap<String, Integer>();
    for (Map.Entry<Integer, String> word : DmarFaultReasons.all().entrySet()) {
      codes.put(word.getValue().toLowerCase(Locale.ROOT), word.getKey());
    }
    codes.put("unknown", -1);
    codes.put("software", 0);
    return codes;
  }

  /** How a text stands to the known ones. */
  enum Fit {
    /** A known text, perhaps with something after it. */
    WHOLE,
    /** The beginning of a known text, or nothing at all. */
    BEGUN,
    /** Neither. */
    STRANGE
  }

  static Fit fit(String text) {
    String plain = plain(text);
    if (plain.isEmpty()) {
      return Fit.BEGUN;
    }
    String floor = CODES.floorKey(plain);
    if (floor != null && begins(plain, floor)) {
      return Fit.WHOLE;
    }
    String ceiling = CODES.ceilingKey(plain);
    return ceiling != null && ceiling.startsWith(plain) ? Fit.BEGUN : Fit.STRANGE;
  }

  private static String plain(String text) {
    return text.strip().replaceAll("\\s+", " ").toLowerCase(Locale.ROOT);
  }

  /** A text that goes on is the same text only at the end of a word. */
  private static boolean begins(String text, String known) {
    return text.startsWith(known)
        && (text.length() == known.length()
            || !Character.isLetterOrDigit(text.charAt(known.length())));
  }

  /**
   * Reads number and text.
   *
   * @param xen true if numbers are hexadecimal without saying so
   */
  static Reason of(@Nullable String raw, String text, boolean xen) {
    Integer number = raw == null ? null : number(raw, xen);
    String base =
        raw == null ? null : raw.isEmpty() ? "absent (from text)" : isHex(raw, xen) ? "hex" : "dec";
    String plain = plain(text);
    if (plain.isEmpty()) {
      return new Reason(raw, number, null, number == null ? null : known(number), base, null);
    }
    String floor = CODES.floorKey(plain);
    if (floor != null && begins(plain, floor)) {
      int said = CODES.getOrDefault(floor, -1);
      int code = said < 0 ? (number == null ? -1 : number) : said;
      String note =
          said > 0 && number != null && number != said
              ? String.format(
                  Locale.ROOT, "the number says 0x%02x, the text is that of 0x%02x", number, said)
              : null;
      String whole = said < 0 ? "Unknown" : said == 0 ? "Software" : DmarFaultReasons.of(said);
      return new Reason(raw, code < 0 ? null : code, whole, null, base, note);
    }
    String cut = cut(plain);
    String completed = completed(cut, number);
    if (completed != null) {
      Integer code = number != null ? number : CODES.get(completed.toLowerCase(Locale.ROOT));
      return new Reason(raw, code, null, completed, base, "text cut short in the log");
    }
    Integer meant = misspelt(plain);
    if (meant != null) {
      return new Reason(
          raw, meant, DmarFaultReasons.of(meant), null, base, "text misspelt in the log");
    }
    return new Reason(raw, number, text.strip().replaceAll("\\s+", " "), null, base, null);
  }

  /** The only known text that a few mistakes of the hand turn into this one. */
  private static @Nullable Integer misspelt(String plain) {
    Integer found = null;
    for (Map.Entry<String, Integer> known : CODES.entrySet()) {
      String words = known.getKey();
      boolean near =
          known.getValue() > 0
              && Math.abs(words.length() - plain.length()) <= MOST_MISTAKES
              && mistakes(words, plain) <= Math.min(MOST_MISTAKES, words.length() / 10);
      if (near && found != null) {
        return null;
      }
      found = near ? known.getValue() : found;
    }
    return found;
  }

  /** Letters to change, add or leave out (Levenshtein). */
  private static int mistakes(String one, String other) {
    int[] row = new int[other.length() + 1];
    for (int j = 0; j < row.length; j++) {
      row[j] = j;
    }
    for (int i = 1; i <= one.length(); i++) {
      int corner = row[0];
      row[0] = i;
      for (int j = 1; j < row.length; j++) {
        int same = corner + (one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1);
        corner = row[j];
        row[j] = Math.min(same, Math.min(row[j], row[j - 1]) + 1);
      }
    }
    return row[other.length()];
  }

  /** Words of a reason that stand without brackets and number; nothing known if there are none. */
  static Reason inside(String text) {
    String plain = plain(text);
    for (String scalable : List.of("", "sm: ")) {
      for (String known : CODES.keySet()) {
        String words = known.startsWith(scalable) ? known.substring(scalable.length()) : known;
        int code = CODES.getOrDefault(known, -1);
        if (code > 0 && words.length() >= SHORTEST_TRUNCATION && plain.contains(words)) {
          return of("", known, false);
        }
      }
    }
    return NONE;
  }

  /** Without the mark that an editor or a screen put where it cut. */
  private static String cut(String plain) {
    return plain.replaceAll("(?:\\$|>|…|\\.\\.\\.|\\\\)+$", "").strip();
  }

  /** What a beginning must have been: the number decides, or there is only one such text. */
  private static @Nullable String completed(String cut, @Nullable Integer number) {
    if (number != null) {
      String words = DmarFaultReasons.of(number);
      if (words.toLowerCase(Locale.ROOT).startsWith(cut)) {
        return words;
      }
    }
    String found = null;
    if (cut.length() >= SHORTEST_TRUNCATION) {
      for (String candidate : CODES.tailMap(cut).keySet()) {
        if (!candidate.startsWith(cut)) {
          break;
        }
        if (found != null) {
          return null;
        }
        found = candidate;
      }
    }
    return found == null ? null : DmarFaultReasons.of(CODES.getOrDefault(found, -1));
  }

  private static @Nullable String known(int number) {
    return DmarFaultReasons.all().get(number);
  }

  private static boolean isHex(String raw, boolean xen) {
    return xen
        || raw.startsWith("0x")
        || raw.startsWith("0X")
        || raw.endsWith("h")
        || raw.matches(".*[a-fA-F].*");
  }

  private static @Nullable Integer number(String raw, boolean xen) {
    boolean hex = isHex(raw, xen);
    String digits = raw.toLowerCase(Locale.ROOT);
    digits = digits.startsWith("0x") ? digits.substring(2) : digits;
    digits = digits.endsWith("h") ? digits.substring(0, digits.length() - 1) : digits;
    if (digits.isEmpty() || digits.length() > 3) {
      return null;
    }
    try {
      int value = Integer.parseInt(digits, hex ? 16 : 10);
      return value > 0xFF ? null : value;
    } catch (NumberFormatException e) {
      return null;
    }
  }
}
