package org.iommulab.bits;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One named run of bits of a {@link Layout}. Bit numbers count from bit 0 of the first quadword, so
 * bit 64 is bit 0 of the second one. A field never crosses a quadword.
 *
 * @param name the name the specification uses, such as {@code SSPTPTR}
 * @param low lowest bit number
 * @param high highest bit number, inclusive
 * @param kind what the bits stand for
 * @param meaning one short phrase for a reader
 * @param feature name of the capability without which the field is reserved (or ignored, see {@link
 *     Kind}); null if it always exists
 * @param values names of single values, empty if the value is a plain number
 * @param measure how other values are read, null if they are plain numbers
 */
public record Field(
    String name,
    int low,
    int high,
    Kind kind,
    String meaning,
    @Nullable String feature,
    Map<Long, String> values,
    @Nullable Measure measure) {

  /** What the bits of a field stand for. */
  public enum Kind {
    /** One bit with a yes-or-no meaning. */
    FLAG,
    /** A number or an enumeration. */
    NUMBER,
    /** An address, kept in place: the value is the quadword masked, not shifted. */
    ADDRESS,
    /** Must be zero; a one is an error where the specification checks it. */
    RESERVED,
    /** Hardware does not look at it. */
    IGNORED
  }

  public Field {
    Objects.requireNonNull(name);
    values = Map.copyOf(values);
    if (low < 0 || high < low || low / 64 != high / 64) {
      throw new IllegalArgumentException(name + ": bits " + high + ":" + low);
    }
  }

  /** A one-bit field. */
  public static Field flag(String name, int bit, String meaning) {
    return new Field(name, bit, bit, Kind.FLAG, meaning, null, Map.of(), null);
  }

  /** A numeric field, bits given from high to low as the specification writes them. */
  public static Field number(String name, int high, int low, String meaning) {
    return new Field(name, low, high, Kind.NUMBER, meaning, null, Map.of(), null);
  }

  /** An address field; {@link #get} returns the address itself. */
  public static Field address(String name, int high, int low, String meaning) {
    return new Field(name, low, high, Kind.ADDRESS, meaning, null, Map.of(), null);
  }

  /** Bits that must be zero. */
  public static Field reserved(int high, int low) {
    return new Field("reserved", low, high, Kind.RESERVED, "must be zero", null, Map.of(), null);
  }

  /** Bits that hardware ignores. */
  public static Field ignored(int high, int low) {
    return new Field("ignored", low, high, Kind.IGNORED, "free for software", null, Map.of(), null);
  }

  /** This field, reserved on units without the named capability. */
  public Field onlyWith(String capability) {
    return new Field(name, low, high, kind, meaning, capability, values, measure);
  }

  /** This field with a name for one of its values. */
  public Field value(long value, String text) {
    var more = new java.util.HashMap<>(values);
    more.put(value, text);
    return new Field(name, low, high, kind, meaning, feature, more, measure);
  }

  /** This field with a way to read its values. */
  public Field measured(Measure by) {
    return new Field(name, low, high, kind, meaning, feature, values, by);
  }

  /** What a value stands for; empty if it says nothing but itself. */
  public List<Reading> readings(long value) {
    if (measure == Measure.SET && value != 0) {
      return values.entrySet().stream()
          .filter(bit -> bit.getKey() != 0 && (value & bit.getKey()) == bit.getKey())
          .sorted(Map.Entry.comparingByKey())
          .map(bit -> Reading.named(bit.getValue()))
          .toList();
    }
    String named = values.get(value);
    if (named != null) {
      return List.of(Reading.named(named));
    }
    return measure == null || measure == Measure.SET ? List.of() : List.of(measure.of(value));
  }

  /** Number of bits. */
  public int width() {
    return high - low + 1;
  }

  /** Index of the quadword that holds this field. */
  public int quadword() {
    return low / 64;
  }

  /** Position of the lowest bit inside its quadword. */
  public int shift() {
    return low % 64;
  }

  /** The field's bits inside its quadword. */
  public long mask() {
    return width() == 64 ? -1L : ((1L << width()) - 1) << shift();
  }

  /** The value in a quadword; addresses stay in place, all else is shifted down. */
  public long get(long quadword) {
    long bits = quadword & mask();
    return kind == Kind.ADDRESS ? bits : bits >>> shift();
  }

  /** The value in a whole structure. */
  public long get(long[] quadwords) {
    return get(quadwords[quadword()]);
  }

  /** Tells whether any bit of the field is set. */
  public boolean isSet(long quadword) {
    return (quadword & mask()) != 0;
  }

  /** A quadword with this field replaced; bits of {@code value} that do not fit are cut off. */
  public long with(long quadword, long value) {
    long bits = kind == Kind.ADDRESS ? value : value << shift();
    return (quadword & ~mask()) | (bits & mask());
  }

  /** Bit range as specifications print it: {@code 63:12}, or {@code 0} for one bit. */
  public String range() {
    return low == high ? Integer.toString(low) : high + ":" + low;
  }
}
