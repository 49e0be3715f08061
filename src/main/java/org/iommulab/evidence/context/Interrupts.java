package org.iommulab.evidence.context;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * {@code /proc/interrupts}: which interrupts the kernel expects, and how many came.
 *
 * @param rows in order
 */
public record Interrupts(List<Row> rows) {

  private static final Pattern LINE = Pattern.compile("\\s*(\\d{1,7}):((?:\\s+\\d+)+)\\s+(\\S.*)");
  private static final Pattern DEVICE =
      Pattern.compile("\\b(?:[0-9a-f]{4,5}:)([0-9a-f]{2}:[0-9a-f]{2}\\.[0-7])\\b");
  private static final int MOST = 20_000;

  /**
   * An interrupt.
   *
   * @param line of the text, from 1
   * @param number of the interrupt
   * @param count how often it came, on all processors
   * @param words its chip and who handles it
   */
  public record Row(long line, int number, long count, String words) {}

  public Interrupts {
    rows = List.copyOf(rows);
  }

  /** Reads the text; lines of another form are left out. */
  public static Interrupts read(String text) {
    var rows = new ArrayList<Row>();
    long number = 0;
    for (String line : text.lines().toList()) {
      number++;
      Matcher matcher = LINE.matcher(line);
      if (matcher.matches() && rows.size() < MOST) {
        long count = 0;
        for (String part : matcher.group(2).strip().split("\\s+")) {
          count += part.length() < 19 ? Long.parseLong(part) : 0;
        }
        rows.add(
            new Row(number, Integer.parseInt(matcher.group(1)), count, matcher.group(3).strip()));
      }
    }
    return new Interrupts(rows);
  }

  /** The interrupts of a device, {@code bb:dd.f}, in texts that name devices (6.2 and later). */
  public List<Row> of(String bdf) {
    return rows.stream()
        .filter(
            row -> {
              Matcher device = DEVICE.matcher(row.words());
              return device.find() && device.group(1).equals(bdf);
            })
        .toList();
  }

  /** The interrupts that a driver handles. */
  public List<Row> ofDriver(String driver) {
    return rows.stream().filter(row -> row.words().contains(driver)).toList();
  }
}
