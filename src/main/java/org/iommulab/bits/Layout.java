package org.iommulab.bits;

import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Set;

/**
 * The bit layout of one hardware structure: a register, a table entry, a descriptor or a record.
 * Fields cover all its bits exactly once.
 *
 * @param name what the structure is called
 * @param bits its size: 8, 16, 32, or a multiple of 64
 * @param source section of the specification
 * @param fields from bit 0 upwards, without gaps
 */
public record Layout(String name, int bits, String source, List<Field> fields) {

  /**
   * Checks that the fields cover the structure exactly once and keeps them in ascending order.
   *
   * @throws IllegalArgumentException if two fields overlap, or bits are left without a field
   */
  public Layout {
    var sorted = new ArrayList<>(fields);
    sorted.sort((a, b) -> Integer.compare(a.low(), b.low()));
    int next = 0;
    for (Field field : sorted) {
      if (field.low() != next) {
        throw new IllegalArgumentException(
            name + ": bit " + Math.min(next, field.low()) + " is declared twice or not at all");
      }
      next = field.high() + 1;
    }
    if (next > bits) {
      throw new IllegalArgumentException(name + ": a field ends at bit " + (next - 1));
    }
    if (next < bits) {
      throw new IllegalArgumentException(name + ": bits from " + next + " have no field");
    }
    fields = List.copyOf(sorted);
  }

  /** Declares a layout; bits without a field become reserved. */
  public static Layout of(String name, int bits, String source, Field... declared) {
    var sorted = new ArrayList<>(List.of(declared));
    sorted.sort((a, b) -> Integer.compare(a.low(), b.low()));
    var all = new ArrayList<Field>();
    int next = 0;
    for (Field field : sorted) {
      addReserved(all, next, field.low() - 1);
      all.add(field);
      next = field.high() + 1;
    }
    addReserved(all, next, bits - 1);
    return new Layout(name, bits, source, all);
  }

  private static void addReserved(List<Field> all, int low, int high) {
    for (int from = low; from <= high; ) {
      int to = Math.min(high, (from / 64) * 64 + 63);
      all.add(Field.reserved(to, from));
      from = to + 1;
    }
  }

  /**
   * The field of that name.
   *
   * @throws NoSuchElementException if there is none: a mistake in our code, not in the input
   */
  public Field field(String fieldName) {
    for (Field field : fields) {
      if (field.name().equals(fieldName)) {
        return field;
      }
    }
    throw new NoSuchElementException(name + " has no field " + fieldName);
  }

  /** Number of quadwords the structure occupies. */
  public int quadwords() {
    return (bits + 63) / 64;
  }

  /**
   * The bits of one quadword that must be zero on a unit with the given capabilities. Fields of
   * kind {@link Field.Kind#IGNORED} never count.
   */
  public long reservedMask(int quadword, Set<String> features) {
    long mask = 0;
    for (Field field : fields) {
      String feature = field.feature();
      boolean absent = feature != null && !features.contains(feature);
      boolean reserved =
          field.kind() == Field.Kind.RESERVED || (absent && field.kind() != Field.Kind.IGNORED);
      if (field.quadword() == quadword && reserved) {
        mask |= field.mask();
      }
    }
    return mask;
  }

  /** Every field with its value, from bit 0 upwards. */
  public List<FieldValue> decode(long... quadwords) {
    var values = new ArrayList<FieldValue>(fields.size());
    for (Field field : fields) {
      values.add(new FieldValue(field, field.get(quadwords)));
    }
    return values;
  }
}
