package org.iommulab.ui.view.part;

import org.iommulab.ui.Role;
import org.iommulab.ui.Texts;

/**
 * A short statement about something: colour, symbol and words together.
 *
 * @param role its colour
 * @param symbol one character such as ✓, or empty
 * @param text its words
 */
public record Mark(Role role, String symbol, Phrase text) {

  /** Green with a tick. */
  public static Mark good(Phrase text) {
    return new Mark(Role.OK, "✓", text);
  }

  /** Amber with a question mark. */
  public static Mark caution(Phrase text) {
    return new Mark(Role.WARN, "?", text);
  }

  /** Red with a cross. */
  public static Mark bad(Phrase text) {
    return new Mark(Role.BAD, "✕", text);
  }

  /** Violet, without a symbol: the words say that it changed. */
  public static Mark changed(Phrase text) {
    return new Mark(Role.CHANGED, "", text);
  }

  /** Grey, without a symbol. */
  public static Mark muted(Phrase text) {
    return new Mark(Role.MUTED, "", text);
  }

  /** Symbol and words. */
  public String in(Texts texts) {
    String said = text.in(texts);
    return symbol.isEmpty() ? said : symbol + " " + said;
  }
}
