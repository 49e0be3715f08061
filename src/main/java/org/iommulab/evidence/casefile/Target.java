package org.iommulab.evidence.casefile;

import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.iommulab.evidence.context.IoMemory;

/**
 * Physical memory that one asks about.
 *
 * @param start first byte
 * @param end last byte
 * @param name what it is called, or its range
 */
public record Target(long start, long end, String name) {

  private static final Pattern NUMBERS =
      Pattern.compile("(?:0x)?([0-9a-fA-F_]{1,20})(?:\\s*(-|\\+)\\s*(?:0x)?([0-9a-fA-F_]{1,20}))?");
  private static final long PAGE = 4096;

  /** What was meant, or one sentence why that cannot be told. */
  public sealed interface Parsed {}

  /** Ranges of physical memory; a name may stand for several. */
  public record Meant(List<Target> targets) implements Parsed {}

  /** Nothing that can be understood. */
  public record Unclear(String sentence) implements Parsed {}

  /**
   * Reads an address, {@code START-END}, {@code START+SIZE} (all hexadecimal), or a name of {@code
   * /proc/iomem} such as {@code Kernel code}. A single address means its page.
   */
  public static Parsed parse(String text, Case opened) {
    List<IoMemory.Range> named =
        opened.memory().map(map -> map.named(text.strip())).orElse(List.of());
    if (!named.isEmpty()) {
      return new Meant(
          named.stream().map(one -> new Target(one.start(), one.end(), one.name())).toList());
    }
    Matcher matcher = NUMBERS.matcher(text.strip());
    if (matcher.matches()) {
      return numbers(text, matcher);
    }
    String why =
        opened.memory().isEmpty()
            ? "; a name needs /proc/iomem in the case"
            : "; /proc/iomem of this case has no such name";
    return new Unclear(
        "\""
            + text
            + "\" is no address (0x1000), no range (0x1000-0x1fff, 0x1000+0x1000)"
            + why
            + ".");
  }

  private static Parsed numbers(String text, Matcher matcher) {
    try {
      long start = hex(matcher.group(1));
      if (matcher.group(2) == null) {
        long page = start & -PAGE;
        return new Meant(List.of(of(page, page + PAGE - 1)));
      }
      long second = hex(matcher.group(3));
      boolean sized = !matcher.group(2).equals("-");
      if (sized && second == 0) {
        return new Unclear("The range " + text + " is empty: give its length after the +.");
      }
      long end = sized ? start + second - 1 : second;
      if (Long.compareUnsigned(end, start) < 0) {
        return new Unclear("The range " + text + " ends before it begins.");
      }
      return new Meant(List.of(of(start, end)));
    } catch (NumberFormatException e) {
      return new Unclear("\"" + text + "\" is no address of 64 bits.");
    }
  }

  private static long hex(String digits) {
    return Long.parseUnsignedLong(digits.replace("_", ""), 16);
  }

  private static Target of(long start, long end) {
    return new Target(start, end, String.format(Locale.ROOT, "0x%x-0x%x", start, end));
  }
}
