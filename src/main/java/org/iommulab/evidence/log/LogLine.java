package org.iommulab.evidence.log;

import org.jspecify.annotations.Nullable;

/**
 * One line of a log without what was put around the message.
 *
 * @param number of the raw line, from 1
 * @param text the message
 * @param seconds since boot, or NaN if the line does not say
 * @param clock the time of day as written, if there is one
 * @param host who wrote it, if the line says
 * @param prefixed true if a time, a host, a level or a console stood before the message
 * @param xen true if the hypervisor speaks
 * @param soft true if the line was broken by mail software and goes on without a blank
 */
record LogLine(
    long number,
    String text,
    double seconds,
    @Nullable String clock,
    @Nullable String host,
    boolean prefixed,
    boolean xen,
    boolean soft) {

  /** Nothing, or a mark that something was left out. */
  boolean isGap() {
    return switch (text) {
      case "", "...", "…", "[...]", "[…]", "(snip)", "[snip]", "<cut>", "<snip>", "```" -> true;
      default -> false;
    };
  }

  /** The same behind a blank, where a broken line begins with one. */
  LogLine withBlank() {
    return new LogLine(number, " " + text, seconds, clock, host, prefixed, xen, soft);
  }

  /** This line and the next as one. */
  LogLine joined(LogLine next) {
    boolean tight =
        soft
            || text.endsWith("0x")
            || text.endsWith("=") && !text.endsWith(" =")
            || openBracket(text) && endsHex(text);
    return new LogLine(
        number,
        tight ? text + next.text : text + " " + next.text,
        seconds,
        clock,
        host,
        prefixed,
        xen,
        next.soft);
  }

  private static boolean openBracket(String text) {
    return text.lastIndexOf('[') > text.lastIndexOf(']');
  }

  private static boolean endsHex(String text) {
    char last = text.isEmpty() ? ' ' : text.charAt(text.length() - 1);
    return last == ':' || last == '.' || last == '[';
  }
}
