package org.iommulab.course;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Something to look at: a pane, and in it perhaps a thing that is selected and outlined.
 *
 * @param pane id of the pane, one of {@link #PANES}
 * @param at what to select there: {@code device}, {@code domain}, {@code iova}, {@code address},
 *     {@code register}, {@code call}, {@code stage}, {@code fault}, {@code bits}, {@code part} of
 *     the pane; {@code gone} says that what stood there has just disappeared
 * @param line where it stands in the file
 */
public record Show(String pane, Map<String, Object> at, int line) {

  /** The panes that a step can show, by their ids in the window. */
  public static final Set<String> PANES =
      Set.of(
          "path",
          "tree",
          "context",
          "map",
          "calls",
          "iotlb",
          "caches",
          "queue",
          "faults",
          "page-requests",
          "interrupts",
          "registers",
          "memory",
          "kernel",
          "dmesg",
          "ranges",
          "inspector",
          "bench",
          "journal");

  /** What else it can say. */
  static final Set<String> KEYS =
      Set.of(
          "device",
          "domain",
          "iova",
          "address",
          "register",
          "call",
          "stage",
          "fault",
          "bits",
          "gone",
          "part");

  private static final Pattern BITS = Pattern.compile("(\\d{1,3})(?::(\\d{1,3}))?");

  /** At most so many panes find room beside the words. */
  public static final int MOST = 3;

  public Show {
    at = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(at));
  }

  /** A text among what to select. */
  public Optional<String> text(String key) {
    return Optional.ofNullable(at.get(key)).map(Object::toString);
  }

  /** A number among what to select. */
  public Optional<Long> number(String key) {
    return Optional.ofNullable(at.get(key)).map(Numbers::of);
  }

  /** Bits, both ends included. */
  public record Bits(int high, int low) {}

  /** The bits to outline: {@code 31}, or {@code 11:0}; empty if there are none to be read. */
  public Optional<Bits> bits() {
    return text("bits")
        .map(BITS::matcher)
        .filter(Matcher::matches)
        .map(
            found -> {
              int high = Integer.parseInt(found.group(1));
              return new Bits(
                  high, found.group(2) == null ? high : Integer.parseInt(found.group(2)));
            })
        .filter(bits -> bits.low() <= bits.high());
  }

  /** Tells whether the thing has just disappeared. */
  public boolean isGone() {
    return Boolean.TRUE.equals(at.get("gone"));
  }
}
