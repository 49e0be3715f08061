package org.iommulab.ui;

/**
 * Ids that can be looked up as they stand, {@code lookup("#bench-device-00-03-0")}: letters,
 * digits, minus and underscore. In a selector a full stop would begin a style class, a colon a
 * pseudo class.
 */
public final class Ids {

  private Ids() {}

  /**
   * The id of something whose name may hold any letters: what a selector cannot have is a minus.
   */
  public static String of(String name) {
    var id = new StringBuilder(name.length());
    for (int i = 0; i < name.length(); i++) {
      id.append(isPlain(name.charAt(i)) ? name.charAt(i) : '-');
    }
    return id.toString();
  }

  private static boolean isPlain(char letter) {
    return letter >= 'a' && letter <= 'z'
        || letter >= 'A' && letter <= 'Z'
        || letter >= '0' && letter <= '9'
        || letter == '-'
        || letter == '_';
  }
}
