package org.iommulab.evidence;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * QEMU's own {@code vtd_*} trace of a run, as {@code -trace 'vtd_*'} writes it.
 *
 * @param events in order
 * @param otherLines lines of another form: comments, other programs' output
 */
public record QemuTrace(List<Event> events, int otherLines) {

  private static final Pattern LINE =
      Pattern.compile("(?:(\\d{1,9})@)?(\\d{1,12})\\.(\\d{6}):(vtd_\\w+) ?(.*)");

  /**
   * One event.
   *
   * @param thread id of the QEMU thread, or 0 if the line does not say
   * @param microseconds host time
   * @param name such as {@code vtd_dmar_fault}
   * @param text what QEMU printed with it
   */
  public record Event(long thread, long microseconds, String name, String text) {}

  public QemuTrace {
    events = List.copyOf(events);
  }

  /** Reads a log; a text without any event gives an empty trace. */
  public static QemuTrace read(String log) {
    var events = new ArrayList<Event>();
    int others = 0;
    for (String line : log.lines().toList()) {
      Matcher matcher = LINE.matcher(line);
      if (matcher.matches()) {
        long seconds = Long.parseLong(matcher.group(2));
        events.add(
            new Event(
                matcher.group(1) == null ? 0 : Long.parseLong(matcher.group(1)),
                seconds * 1_000_000 + Long.parseLong(matcher.group(3)),
                matcher.group(4),
                matcher.group(5).strip()));
      } else if (!line.isBlank()) {
        others++;
      }
    }
    return new QemuTrace(events, others);
  }

  /** How often each event happened, by name. */
  public Map<String, Long> counts() {
    var counts = new TreeMap<String, Long>();
    for (Event event : events) {
      counts.merge(event.name(), 1L, Long::sum);
    }
    return counts;
  }

  /** The events of one name. */
  public List<Event> named(String name) {
    return events.stream().filter(event -> event.name().equals(name)).toList();
  }

  /** Counts and faults for a person. */
  String text() {
    var out = new StringBuilder();
    long span =
        events.isEmpty() ? 0 : events.getLast().microseconds() - events.getFirst().microseconds();
    out.append(
        String.format(
            Locale.ROOT,
            "QEMU trace: %d events in %d.%03d s, %d other lines%n",
            events.size(),
            span / 1_000_000,
            span / 1_000 % 1_000,
            otherLines));
    counts().entrySet().stream()
        .sorted(Map.Entry.<String, Long>comparingByValue(Comparator.reverseOrder()))
        .forEach(
            count ->
                out.append(
                    String.format(Locale.ROOT, "  %8d %s%n", count.getValue(), count.getKey())));
    List<Event> faults = named("vtd_dmar_fault");
    for (Event fault : faults.subList(0, Math.min(faults.size(), 20))) {
      out.append("fault: ").append(fault.text()).append(System.lineSeparator());
    }
    if (faults.size() > 20) {
      out.append(String.format(Locale.ROOT, "and %d more faults%n", faults.size() - 20));
    }
    return out.toString();
  }
}
