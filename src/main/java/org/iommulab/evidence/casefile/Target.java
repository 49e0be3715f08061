package org.iommulab.evidence.casefile;

import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.iommulab.evidence.context.IoMemory;
import org.iommulab.words.Bilingual;

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
  public record Unclear(Bilingual sentence) implements Parsed {}

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
    Bilingual why =
        opened.memory().isEmpty()
            ? new Bilingual("a name needs /proc/iomem in the case", "使用名称时，案例中须有 /proc/iomem")
            : new Bilingual(
                "/proc/iomem of this case has no such name", "本案例的 /proc/iomem 中没有这个名称");
    return unclear(
        "\"%s\" is no address (0x1000), no range (0x1000-0x1fff, 0x1000+0x1000); %s.",
        "“%s”既不是地址（0x1000），也不是区间（0x1000-0x1fff、0x1000+0x1000）；%s。", text, why);
  }

  private static Unclear unclear(String english, String chinese, Object... arguments) {
    return new Unclear(Bilingual.of(english, chinese, arguments));
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
        return unclear(
            "The range %s is empty: give its length after the +.", "区间 %s 为空：请在 + 之后给出长度。", text);
      }
      long end = sized ? start + second - 1 : second;
      if (Long.compareUnsigned(end, start) < 0) {
        return unclear("The range %s ends before it begins.", "区间 %s 的终点在起点之前。", text);
      }
      return new Meant(List.of(of(start, end)));
    } catch (NumberFormatException e) {
      return unclear("\"%s\" is no address of 64 bits.", "“%s”不是 64 位地址。", text);
    }
  }

  private static long hex(String digits) {
    return Long.parseUnsignedLong(digits.replace("_", ""), 16);
  }

  private static Target of(long start, long end) {
    return new Target(start, end, String.format(Locale.ROOT, "0x%x-0x%x", start, end));
  }
}
