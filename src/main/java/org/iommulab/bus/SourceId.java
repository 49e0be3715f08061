package org.iommulab.bus;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A 16-bit PCI requester id: bus 15:8, device 7:3, function 2:0.
 *
 * @param value 0 to 0xFFFF
 */
public record SourceId(int value) implements Comparable<SourceId> {

  private static final Pattern TEXT =
      Pattern.compile("(?:[0-9a-fA-F]{4}:)?([0-9a-fA-F]{2}):([0-9a-fA-F]{2})\\.([0-7])");

  public SourceId {
    if (value < 0 || value > 0xFFFF) {
      throw new IllegalArgumentException("requester id " + value + " has more than 16 bits");
    }
  }

  /** The id of a bus, device and function. */
  public static SourceId of(int bus, int device, int function) {
    return new SourceId(bus << 8 | device << 3 | function);
  }

  /** Reads {@code bb:dd.f}, with or without a segment in front; empty if it is not one. */
  public static Optional<SourceId> parse(String text) {
    Matcher matcher = TEXT.matcher(text.strip());
    if (!matcher.matches()) {
      return Optional.empty();
    }
    int device = Integer.parseInt(matcher.group(2), 16);
    if (device > 31) {
      return Optional.empty();
    }
    return Optional.of(
        of(Integer.parseInt(matcher.group(1), 16), device, Integer.parseInt(matcher.group(3))));
  }

  public int bus() {
    return value >> 8;
  }

  public int device() {
    return value >> 3 & 31;
  }

  public int function() {
    return value & 7;
  }

  /** Device and function together: the index into a context table. */
  public int devfn() {
    return value & 0xFF;
  }

  @Override
  public int compareTo(SourceId other) {
    return Integer.compare(value, other.value);
  }

  /** {@code bb:dd.f} in hexadecimal. */
  @Override
  public String toString() {
    return "%02x:%02x.%d".formatted(bus(), device(), function());
  }
}
