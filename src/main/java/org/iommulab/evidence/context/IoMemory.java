package org.iommulab.evidence.context;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * {@code /proc/iomem}: what physical addresses are.
 *
 * @param ranges outer ones before those inside them
 */
public record IoMemory(List<Range> ranges) {

  private static final Pattern LINE =
      Pattern.compile("( *)([0-9a-f]{1,16})-([0-9a-f]{1,16}) : (.{1,200}?)\\s*");
  private static final int MOST = 20_000;

  /**
   * A range.
   *
   * @param line of the text, from 1
   * @param depth 0 for the outermost
   * @param start first byte
   * @param end last byte
   * @param name what it is
   */
  public record Range(long line, int depth, long start, long end, String name) {

    /** As the text has it. */
    public String text() {
      return String.format(Locale.ROOT, "%08x-%08x : %s", start, end, name);
    }

    /** Tells whether an address lies in it. */
    public boolean holds(long address) {
      return Long.compareUnsigned(address, start) >= 0 && Long.compareUnsigned(address, end) <= 0;
    }
  }

  public IoMemory {
    ranges = List.copyOf(ranges);
  }

  /** Reads the text; a listing without root's rights has zeros only and gives nothing. */
  public static IoMemory read(String text) {
    var ranges = new ArrayList<Range>();
    long number = 0;
    for (String line : text.lines().toList()) {
      number++;
      Matcher matcher = LINE.matcher(line);
      if (matcher.matches() && ranges.size() < MOST) {
        long start = Long.parseUnsignedLong(matcher.group(2), 16);
        long end = Long.parseUnsignedLong(matcher.group(3), 16);
        if (end != 0) {
          ranges.add(
              new Range(number, matcher.group(1).length() / 2, start, end, matcher.group(4)));
        }
      }
    }
    return new IoMemory(ranges);
  }

  /** The innermost range at an address. */
  public Optional<Range> at(long address) {
    Range best = null;
    for (Range range : ranges) {
      if (range.holds(address) && (best == null || range.depth() >= best.depth())) {
        best = range;
      }
    }
    return Optional.ofNullable(best);
  }

  /** The innermost range at an address that the kernel uses as memory. */
  public Optional<Range> ram(long address) {
    return ranges.stream()
        .filter(range -> range.name().equals("System RAM") && range.holds(address))
        .findFirst();
  }

  /** True if the kernel uses the address as memory. */
  public boolean isRam(long address) {
    return ram(address).isPresent();
  }

  /** True if firmware keeps it. */
  public boolean isReserved(long address) {
    return at(address)
        .map(range -> range.name().contains("eserved") || range.name().contains("ACPI"))
        .orElse(false);
  }

  /** Ranges of one name, such as {@code Kernel code}. */
  public List<Range> named(String name) {
    return ranges.stream().filter(range -> range.name().equalsIgnoreCase(name)).toList();
  }
}
