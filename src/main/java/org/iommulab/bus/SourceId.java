package org.iommulab.bus;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A 16-bit PCI requester id (bus 15:8, device 7:3, function 2:0) and the segment it is valid in.
 * Requests carry the 16 bits only; a remapping unit serves one segment.
 *
 * @param segment PCI segment, 0 to 0xFFFF; most machines have segment 0 only
 * @param value 0 to 0xFFFF
 */
public record SourceId(int segment, int value) implements Comparable<SourceId> {

  private static final Pattern TEXT =
      Pattern.compile("(?:([0-9a-fA-F]{4}):)?([0-9a-fA-F]{2}):([0-9a-fA-F]{2})\\.([0-7])");

  public SourceId {
    if (value < 0 || value > 0xFFFF) {
      throw new IllegalArgumentException("requester id " + value + " has more than 16 bits");
    }
    if (segment < 0 || segment > 0xFFFF) {
      throw new IllegalArgumentException("segment " + segment + " has more than 16 bits");
    }
  }

  /** An id in segment 0. */
  public SourceId(int value) {
    this(0, value);
  }

  /** The id of a bus, device and function in segment 0. */
  public static SourceId of(int bus, int device, int function) {
    return new SourceId(bus << 8 | device << 3 | function);
  }

  /** Reads {@code bb:dd.f} or {@code ssss:bb:dd.f}; empty if it is neither. */
  public static Optional<SourceId> parse(String text) {
    Matcher matcher = TEXT.matcher(text.strip());
    if (!matcher.matches()) {
      return Optional.empty();
    }
    int device = Integer.parseInt(matcher.group(3), 16);
    if (device > 31) {
      return Optional.empty();
    }
    int bus = Integer.parseInt(matcher.group(2), 16);
    int segment = matcher.group(1) == null ? 0 : Integer.parseInt(matcher.group(1), 16);
    return Optional.of(of(bus, device, Integer.parseInt(matcher.group(4))).inSegment(segment));
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

  /** The same bus, device and function in another segment. */
  public SourceId inSegment(int other) {
    return other == segment ? this : new SourceId(other, value);
  }

  /** Tells whether both are functions of one device. */
  public boolean sharesDeviceWith(SourceId other) {
    return segment == other.segment && (value & ~7) == (other.value & ~7);
  }

  @Override
  public int compareTo(SourceId other) {
    return segment == other.segment
        ? Integer.compare(value, other.value)
        : Integer.compare(segment, other.segment);
  }

  /** {@code ssss:bb:dd.f} in hexadecimal, as sysfs writes it. */
  public String address() {
    return String.format(Locale.ROOT, "%04x:%02x:%02x.%d", segment, bus(), device(), function());
  }

  /** {@code bb:dd.f} in hexadecimal, with the segment in front unless it is 0. */
  @Override
  public String toString() {
    return segment == 0
        ? String.format(Locale.ROOT, "%02x:%02x.%d", bus(), device(), function())
        : address();
  }
}
