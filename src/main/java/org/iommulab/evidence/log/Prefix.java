package org.iommulab.evidence.log;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What stands before a message: quote marks, levels, times, callers, hosts, consoles. Source:
 * diagnosis.md 1.0.1.
 */
final class Prefix {

  /** Journals write months in the language of their reader. */
  private static final String MONTH = "(?:\\p{L}{2,9}\\.?|\\d{1,2}月)";

  private static final Pattern SYSLOG =
      Pattern.compile("(" + MONTH + "\\s+\\d{1,2}\\s+\\d{2}:\\d{2}:\\d{2}(?:[.,]\\d{1,9})?)\\s+");
  private static final Pattern ISO =
      Pattern.compile("(\\d{4}-\\d{2}-\\d{2}[T ]\\d{2}:\\d{2}:\\d{2}[^\\s\\]]{0,24})\\s+");
  private static final Pattern CLOCK =
      Pattern.compile("(\\d{2}:\\d{2}:\\d{2}(?:[.,]\\d{1,9})?)\\s+");
  private static final Pattern WHO =
      Pattern.compile("([\\w.-]{1,255})\\s+([\\w./@-]{1,80})(?:\\[\\d{1,10}\\])?:\\s?");
  private static final Pattern KERNEL =
      Pattern.compile("(?:([\\w.-]{1,255})\\s+)?(?:kernel|hypervisor|xen):\\s?");
  private static final Pattern FACILITY =
      Pattern.compile(
          "(?:kern|user|mail|daemon|auth|syslog|lpr|news)\\s*:"
              + "(?:emerg|alert|crit|err|warn|notice|info|debug)\\s*:\\s*");
  private static final Pattern KMSG = Pattern.compile("\\d{1,4},\\d{1,12},(\\d{1,15}),[^;]{0,40};");
  private static final Pattern REALTIME = Pattern.compile("\\d{3}: ");
  private static final Pattern BRACKETED_CLOCK =
      Pattern.compile(
          "\\[((?:\\p{L}{1,4}\\.?\\s+)?"
              + MONTH
              + "\\s*\\d{1,2}\\s+\\d{1,2}:\\d{2}[^\\]]{0,20}|\\d{4}-\\d{2}-\\d{2}[^\\]]{0,32})\\]\\s?");
  private static final Pattern CALLER = Pattern.compile("\\[\\s*[TC]\\d{1,10}\\]\\s?");
  private static final Pattern DELTA =
      Pattern.compile("\\[\\s*[+<]\\s*\\d{1,9}[.,]\\d{1,9}>?\\]\\s?");
  private static final Pattern LEVEL = Pattern.compile("<\\d{1,3}>\\s?");

  private static final int MICROSECOND_DIGITS = 6;

  private final String text;
  private int at;
  private double seconds = Double.NaN;
  private @Nullable String clock;
  private @Nullable String host;
  private boolean prefixed;
  private boolean xen;

  private Prefix(String text) {
    this.text = text;
  }

  static LogLine strip(String text, long number, boolean soft) {
    var prefix = new Prefix(text);
    prefix.marks();
    boolean more = true;
    while (more) {
      more = prefix.step();
    }
    // A line that mail software broke may end with the blank between two words.
    String rest = text.substring(prefix.at).stripLeading();
    String message = soft ? rest : rest.stripTrailing();
    return new LogLine(
        number,
        trailing(message),
        prefix.seconds,
        prefix.clock,
        prefix.host,
        prefix.prefixed,
        prefix.xen,
        soft);
  }

  /** Back ticks and quote marks that a reporter put round a line. */
  private static String trailing(String message) {
    int end = message.length();
    while (end > 0 && (message.charAt(end - 1) == '`' || message.charAt(end - 1) == '|')) {
      end--;
    }
    return end == message.length() ? message : message.substring(0, end).stripTrailing();
  }

  /** Mail quotes, bullets, prompts, diff marks. */
  private void marks() {
    int length = text.length();
    while (at < length) {
      char letter = text.charAt(at);
      boolean mark =
          letter == ' '
              || letter == '\t'
              || letter == '>'
              || letter == '`'
              || letter == '|'
              || letter == '*'
              || letter == '#'
              || letter == '!'
              || letter == 0x1E
              || letter == '\f'
              || (letter == '=' || letter == '-') && next(1) == '>'
              || (letter == '+' || letter == '-') && (next(1) == '[' || next(1) == ' ')
              || letter == '/' && (next(1) == '/' || at > 0 && text.charAt(at - 1) == '/');
      if (text.startsWith("[*]", at)) {
        at += 3;
        continue;
      }
      if (!mark) {
        return;
      }
      at++;
    }
  }

  private char next(int ahead) {
    return at + ahead < text.length() ? text.charAt(at + ahead) : ' ';
  }

  private boolean step() {
    skipBlanks();
    if (at >= text.length()) {
      return false;
    }
    char letter = text.charAt(at);
    return switch (letter) {
      case '[' -> kernelTime() || (skip(BRACKETED_CLOCK, true) || skip(CALLER) || skip(DELTA));
      case '<' -> skip(LEVEL);
      case '(' -> console();
      default -> letter >= '0' && letter <= '9' ? digits() : Character.isLetter(letter) && words();
    };
  }

  private void skipBlanks() {
    while (at < text.length() && (text.charAt(at) == ' ' || text.charAt(at) == '\t')) {
      at++;
    }
  }

  /** {@code [ 123.456789]}, by hand because storms have many. */
  private boolean kernelTime() {
    int i = at + 1;
    int length = text.length();
    while (i < length && text.charAt(i) == ' ') {
      i++;
    }
    int start = i;
    long whole = 0;
    while (i < length && digit(i) && i - start < 12) {
      whole = whole * 10 + (text.charAt(i) - '0');
      i++;
    }
    if (i == start || i >= length || text.charAt(i) != '.') {
      return false;
    }
    i++;
    int point = i;
    long part = 0;
    long unit = 1;
    while (i < length && digit(i) && i - point < 9) {
      part = part * 10 + (text.charAt(i) - '0');
      unit *= 10;
      i++;
    }
    if (i == point || i >= length || text.charAt(i) != ']') {
      return false;
    }
    seconds = whole + (double) part / unit;
    prefixed = true;
    at = i + 1;
    return true;
  }

  /**
   * Where a second message begins that a console wrote into the same line: at a time of the kernel
   * with letters of a message before it; -1 if there is none.
   */
  static int secondTime(String text) {
    int first = text.indexOf("] ");
    int from = first;
    while (from >= 0) {
      int open = text.indexOf('[', from);
      if (open < 0) {
        return -1;
      }
      if (isTime(text, open) && isAfterMessage(text, open)) {
        return open;
      }
      from = open + 1;
    }
    return -1;
  }

  private static boolean isTime(String text, int open) {
    int i = open + 1;
    while (i < text.length() && text.charAt(i) == ' ') {
      i++;
    }
    int point = i;
    while (point < text.length() && isDigit(text.charAt(point))) {
      point++;
    }
    int end = point + 1 + MICROSECOND_DIGITS;
    if (point == i || end + 1 >= text.length() || text.charAt(point) != '.') {
      return false;
    }
    for (int k = point + 1; k < end; k++) {
      if (!isDigit(text.charAt(k))) {
        return false;
      }
    }
    return text.charAt(end) == ']' && text.charAt(end + 1) == ' ';
  }

  /** A host and a name before the time are a prefix, not a message; JSON has its own times. */
  private static boolean isAfterMessage(String text, int open) {
    return text.charAt(0) != '{'
        && !strip(text.substring(0, open), 0, false).text().isEmpty()
        && text.lastIndexOf(": ", open) < open - 2;
  }

  private boolean digit(int index) {
    return isDigit(text.charAt(index));
  }

  private static boolean isDigit(char letter) {
    return letter >= '0' && letter <= '9';
  }

  private boolean console() {
    if (!text.startsWith("(XEN)", at)) {
      return false;
    }
    at += 5;
    xen = true;
    prefixed = true;
    return true;
  }

  private boolean digits() {
    Matcher kmsg = at(KMSG);
    if (kmsg.lookingAt()) {
      seconds = Long.parseLong(kmsg.group(1)) / 1e6;
      prefixed = true;
      at = kmsg.end();
      return true;
    }
    if (skip(ISO, true)) {
      who();
      return true;
    }
    if (skip(SYSLOG, true)) {
      who();
      return true;
    }
    return skip(CLOCK, true) || skip(REALTIME);
  }

  private boolean words() {
    if (skip(SYSLOG, true)) {
      who();
      return true;
    }
    Matcher kernel = at(KERNEL);
    if (kernel.lookingAt()) {
      host = kernel.group(1) == null ? host : kernel.group(1);
      prefixed = true;
      at = kernel.end();
      return true;
    }
    return skip(FACILITY);
  }

  private void who() {
    Matcher who = at(WHO);
    if (who.lookingAt()) {
      host = who.group(1);
      at = who.end();
    }
  }

  private Matcher at(Pattern pattern) {
    return pattern.matcher(text).region(at, text.length());
  }

  private boolean skip(Pattern pattern) {
    return skip(pattern, false);
  }

  private boolean skip(Pattern pattern, boolean isClock) {
    Matcher matcher = at(pattern);
    if (!matcher.lookingAt()) {
      return false;
    }
    if (isClock) {
      clock = matcher.group(1);
    }
    prefixed = true;
    at = matcher.end();
    return true;
  }
}
