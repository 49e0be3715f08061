package org.iommulab.vtd.request;

/** Access rights as bits; the low two have the place they have in a second-stage entry. */
public final class Rights {

  /** Reads. */
  public static final int READ = 1;

  /** Writes. */
  public static final int WRITE = 2;

  /** Execution. */
  public static final int EXECUTE = 4;

  /** In a cached first-stage entry: user requests too. */
  public static final int USER = 8;

  /** In a cached first-stage entry: privileged writes too. */
  public static final int PRIVILEGED_WRITE = 16;

  /** In a cached first-stage entry: privileged execution too. */
  public static final int PRIVILEGED_EXECUTE = 32;

  /** The access snoops processor caches. */
  public static final int SNOOP = 64;

  /** What a request may do that passes untranslated. */
  public static final int ALL =
      READ | WRITE | EXECUTE | USER | PRIVILEGED_WRITE | PRIVILEGED_EXECUTE;

  /** The rights in letters, such as {@code R W}; {@code none} without any. */
  public static String text(int rights) {
    var text = new StringBuilder();
    append(text, rights, READ, "R");
    append(text, rights, WRITE, "W");
    append(text, rights, EXECUTE, "X");
    append(text, rights, USER, "U");
    return text.isEmpty() ? "none" : text.toString();
  }

  private static void append(StringBuilder text, int rights, int bit, String letter) {
    if ((rights & bit) != 0) {
      text.append(text.isEmpty() ? "" : " ").append(letter);
    }
  }

  private Rights() {}
}
