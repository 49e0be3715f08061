package org.iommulab.evidence.log;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Takes off a line what terminals, mail programs, web pages and journals put on it: colours, quote
 * marks, entities, JSON. Remembers what the lines before have shown about the dress of this log.
 */
final class LineCleaner {

  private static final Pattern COLOUR =
      Pattern.compile(
          "\u001b\\[[0-9;?]*[A-Za-z]|\\[\\d{1,2}(?:;\\d{1,2})*m|\u001b\\][^\u0007]*\u0007");
  private static final Pattern MESSAGE =
      Pattern.compile("\"(?:MESSAGE|msg)\"\\s*:\\s*(\"(?:[^\"\\\\]|\\\\.)*+\"|\\[[\\d,\\s]*+\\])");
  private static final Pattern MONOTONIC =
      Pattern.compile("\"(?:_SOURCE_MONOTONIC_TIMESTAMP)\"\\s*:\\s*\"(\\d{1,18})\"");
  private static final Pattern DMESG_TIME =
      Pattern.compile("\"time\"\\s*:\\s*(\\d{1,9}\\.\\d{1,6})");
  private static final Pattern HOST = Pattern.compile("\"_HOSTNAME\"\\s*:\\s*\"([^\"\\\\]*)\"");
  private static final Pattern QUOTED = Pattern.compile("=([0-9A-F]{2})");
  private static final int MAIL_WIDTH = 70;

  /** With quote marks that were added since. */
  private static final int WIDEST = 110;

  /**
   * An equals sign of the kernel's own at the end: the last field of many events of a trace, which
   * is often empty, and a word of a descriptor broken at the blank before its value.
   */
  private static final List<String> OWN_ENDS = List.of(" attrs=", " qw0 =", " qw1 =");

  private static final Pattern NUMBERED = Pattern.compile("&#(?:x([0-9a-fA-F]{1,4})|(\\d{1,5}));");

  private int quotedPrintableMarks;

  /** How far the line before was indented, if mail software broke it; otherwise -1. */
  private int brokenIndent = -1;

  /** The messages of a raw line: one, or as many as a JSON line holds, or none. */
  List<LogLine> clean(byte[] bytes, int from, int to, long number) {
    String raw = text(bytes, from, to);
    if (raw.indexOf('\r') >= 0) {
      var parts = new ArrayList<LogLine>();
      for (String part : raw.split("\r")) {
        parts.addAll(clean(part, number));
      }
      return parts;
    }
    return clean(raw, number);
  }

  private static String text(byte[] bytes, int from, int to) {
    int end = to;
    while (end > from && (bytes[end - 1] == '\r' || bytes[end - 1] == 0)) {
      end--;
    }
    boolean ascii = true;
    boolean zero = false;
    for (int i = from; i < end; i++) {
      ascii &= bytes[i] >= 0;
      zero |= bytes[i] == 0;
    }
    String text =
        new String(
            bytes, from, end - from, ascii ? StandardCharsets.ISO_8859_1 : StandardCharsets.UTF_8);
    return zero ? text.replace("\0", "") : text;
  }

  /** What a console glued together comes apart at the time in the middle. */
  private List<LogLine> clean(String raw, long number) {
    int glued = Prefix.secondTime(raw);
    if (glued < 0) {
      return cleanOne(raw, number);
    }
    var parts = new ArrayList<>(cleanOne(raw.substring(0, glued), number));
    parts.addAll(clean(raw.substring(glued), number));
    return parts;
  }

  private List<LogLine> cleanOne(String raw, long number) {
    String text = raw;
    if (text.indexOf('\u001b') >= 0 || text.indexOf('m') > 0 && text.contains("[0m")) {
      text = COLOUR.matcher(text).replaceAll("");
    }
    if (text.startsWith("\uFEFF")) {
      text = text.substring(1);
    }
    if (text.indexOf('"') >= 0) {
      Matcher message = MESSAGE.matcher(text);
      if (message.find()) {
        return messages(text, message, number);
      }
    }
    if (text.startsWith("MESSAGE=")) {
      text = text.substring("MESSAGE=".length());
    }
    text = entities(text);
    boolean soft = isSoft(text);
    if (soft) {
      text = text.substring(0, text.length() - 1);
    }
    if (quotedPrintableMarks > 1 && text.indexOf('=') >= 0) {
      text = unquoted(text);
    }
    int indent = soft || brokenIndent >= 0 ? indent(text) : 0;
    boolean blank = brokenIndent >= 0 && indent > brokenIndent;
    brokenIndent = soft ? indent : -1;
    LogLine line = Prefix.strip(text, number, soft);
    return List.of(blank ? line.withBlank() : line);
  }

  private List<LogLine> messages(String text, Matcher message, long number) {
    var lines = new ArrayList<LogLine>();
    int before = 0;
    do {
      String inner = inner(message.group(1));
      LogLine line = Prefix.strip(inner, number, false);
      double seconds = line.seconds();
      if (Double.isNaN(seconds)) {
        seconds = seconds(text.substring(before, message.start()), text);
      }
      lines.add(
          new LogLine(
              number,
              line.text(),
              seconds,
              line.clock(),
              group(HOST, text),
              true,
              line.xen(),
              false));
      before = message.end();
    } while (message.find());
    return lines;
  }

  private static double seconds(String before, String all) {
    String micros = group(MONOTONIC, all);
    if (micros != null) {
      return Long.parseLong(micros) / 1e6;
    }
    String time = group(DMESG_TIME, before);
    return time == null ? Double.NaN : Double.parseDouble(time);
  }

  private static @Nullable String group(Pattern pattern, String text) {
    Matcher matcher = pattern.matcher(text);
    return matcher.find() ? matcher.group(1) : null;
  }

  /** A JSON string, or the array of bytes that the journal writes when a text is not clean. */
  private static String inner(String value) {
    if (value.startsWith("[")) {
      String[] numbers = value.substring(1, value.length() - 1).split(",");
      byte[] bytes = new byte[numbers.length];
      for (int i = 0; i < numbers.length; i++) {
        String number = numbers[i].strip();
        bytes[i] =
            number.isEmpty() || number.length() > 3 ? (byte) ' ' : (byte) Integer.parseInt(number);
      }
      return new String(bytes, StandardCharsets.UTF_8);
    }
    var text = new StringBuilder(value.length());
    for (int i = 1; i < value.length() - 1; i++) {
      char letter = value.charAt(i);
      if (letter != '\\') {
        text.append(letter);
        continue;
      }
      i++;
      char kind = value.charAt(i);
      if (kind == 'u' && i + 4 < value.length() - 1) {
        int code = hex(value, i + 1, i + 5);
        text.append(code < 0 ? '?' : (char) code);
        i += 4;
      } else {
        text.append(
            switch (kind) {
              case 'n', 'r', 't', 'b', 'f' -> ' ';
              default -> kind;
            });
      }
    }
    return text.toString();
  }

  private static int hex(String text, int from, int to) {
    int value = 0;
    for (int i = from; i < to; i++) {
      int digit = Character.digit(text.charAt(i), 16);
      if (digit < 0) {
        return -1;
      }
      value = value << 4 | digit;
    }
    return value;
  }

  /** A line that mail software may have broken in the middle of a word. */
  static boolean isSoft(byte[] bytes, int from, int to) {
    int end = to > from && bytes[to - 1] == '\r' ? to - 1 : to;
    return end - from >= MAIL_WIDTH && end - from < WIDEST && bytes[end - 1] == '=';
  }

  /** Blanks before the text, behind marks of quotation. */
  private static int indent(String text) {
    int at = 0;
    while (at < text.length() && (text.charAt(at) == ' ' || text.charAt(at) == '>')) {
      at++;
    }
    int mark = text.lastIndexOf('>', at - 1);
    return mark < 0 ? at : at - mark - 1;
  }

  private static String entities(String text) {
    if (text.indexOf('&') < 0 && text.indexOf('<') < 0) {
      return text;
    }
    String plain =
        NUMBERED
            .matcher(text)
            .replaceAll(
                mark ->
                    Matcher.quoteReplacement(
                        Character.toString(
                            mark.group(1) == null
                                ? Integer.parseInt(mark.group(2))
                                : Integer.parseInt(mark.group(1), 16))));
    return plain
        .replace("&gt;", ">")
        .replace("&lt;", "<")
        .replace("&quot;", "\"")
        .replace("&nbsp;", " ")
        .replace("&amp;", "&")
        .replaceAll("(?i)</?(?:br|p|pre|code|tt|td|tr)\\s*/?>", " ");
  }

  private boolean isSoft(String text) {
    int length = text.length();
    boolean soft =
        text.endsWith("=")
            && length >= MAIL_WIDTH
            && length < WIDEST
            && OWN_ENDS.stream().noneMatch(text::endsWith);
    if (soft || text.contains("=3D") || text.endsWith("=20")) {
      // Nobody writes blanks around a number that begins with 3D and an equals sign.
      quotedPrintableMarks += text.contains(" =3D ") ? 2 : 1;
    }
    return soft;
  }

  private static String unquoted(String text) {
    Matcher matcher = QUOTED.matcher(text);
    var out = new java.io.ByteArrayOutputStream(text.length());
    int at = 0;
    while (matcher.find()) {
      out.writeBytes(text.substring(at, matcher.start()).getBytes(StandardCharsets.UTF_8));
      out.write(Integer.parseInt(matcher.group(1), 16));
      at = matcher.end();
    }
    out.writeBytes(text.substring(at).getBytes(StandardCharsets.UTF_8));
    return out.toString(StandardCharsets.UTF_8);
  }
}
