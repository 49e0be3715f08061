package org.iommulab.linux.uapi;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/**
 * An ioctl command and its argument.
 *
 * @param name the command's name in the kernel's header
 * @param number the command number as passed to {@code ioctl()}
 * @param argument what the third argument of {@code ioctl()} is
 * @param minimum smallest size the kernel accepts, in bytes
 * @param size size of the structure this kernel knows, in bytes
 * @param fields by ascending offset; for {@link Argument#VALUE} and {@link Argument#TEXT} one field
 *     that names the value
 */
public record UapiStruct(
    String name, int number, Argument argument, int minimum, int size, List<UapiField> fields) {

  /** What an ioctl's third argument is. */
  public enum Argument {
    /** Nothing. */
    NONE,
    /** A number. */
    VALUE,
    /** The address of a NUL-terminated text. */
    TEXT,
    /** The address of a structure with the declared fields. */
    STRUCT
  }

  public UapiStruct {
    fields = List.copyOf(fields);
  }

  /**
   * Declares a structure in the notation {@code name:bytes}, in order, naturally placed; {@code >}
   * in front marks a field the kernel writes, {@code -} in front of the byte count a signed one,
   * {@code @n} behind it a field at a fixed offset, {@code =n} one that has this value by itself.
   */
  static UapiStruct struct(String name, int number, int minimum, int size, String notation) {
    return new UapiStruct(name, number, Argument.STRUCT, minimum, size, parse(notation));
  }

  /** Declares a command whose argument is a plain number called {@code what}. */
  static UapiStruct value(String name, int number, String what) {
    return new UapiStruct(
        name, number, Argument.VALUE, 0, 0, List.of(new UapiField(what, 0, 8, true, false, 0)));
  }

  /** Declares a command whose argument is a text called {@code what}. */
  static UapiStruct text(String name, int number, String what) {
    return new UapiStruct(
        name, number, Argument.TEXT, 0, 0, List.of(new UapiField(what, 0, 1, false, false, 0)));
  }

  /** Declares a command without an argument. */
  static UapiStruct none(String name, int number) {
    return new UapiStruct(name, number, Argument.NONE, 0, 0, List.of());
  }

  /** Declares a structure that no ioctl takes directly; notation as of {@link #struct}. */
  static UapiStruct record(String name, int size, String notation) {
    return new UapiStruct(name, 0, Argument.STRUCT, size, size, parse(notation));
  }

  private static List<UapiField> parse(String notation) {
    var fields = new ArrayList<UapiField>();
    int next = 0;
    for (String word : notation.strip().split("\\s+")) {
      boolean out = word.startsWith(">");
      String[] parts = word.substring(out ? 1 : 0).split(":");
      String type = parts[1];
      boolean signed = type.startsWith("-");
      String[] value = type.substring(signed ? 1 : 0).split("=");
      String[] place = value[0].split("@");
      long preset = value.length > 1 ? Long.parseLong(value[1]) : 0;
      int bytes = Integer.parseInt(place[0]);
      int offset = place.length > 1 ? Integer.parseInt(place[1]) : next;
      fields.add(new UapiField(parts[0], offset, bytes, signed, out, preset));
      next = Math.max(next, offset + bytes);
    }
    return fields;
  }

  /**
   * The structure's bytes with those values, the size in its own field; what has no value is 0.
   *
   * @throws NoSuchElementException if it has no field of such a name: a mistake in our code
   */
  public byte[] filled(Map<String, Long> values) {
    byte[] bytes = new byte[size];
    String sizeField = sizeField();
    if (sizeField != null) {
      field(sizeField).put(bytes, 0, size);
    }
    values.forEach((fieldName, value) -> field(fieldName).put(bytes, 0, value));
    return bytes;
  }

  /** The field of that name, or null. */
  public @Nullable UapiField find(String fieldName) {
    for (UapiField field : fields) {
      if (field.name().equals(fieldName)) {
        return field;
      }
    }
    return null;
  }

  /**
   * The field of that name.
   *
   * @throws NoSuchElementException if there is none: a mistake in our code
   */
  public UapiField field(String fieldName) {
    UapiField field = find(fieldName);
    if (field == null) {
      throw new NoSuchElementException(name + " has no field " + fieldName);
    }
    return field;
  }

  /** Name of the leading field that holds the structure's size, or null. */
  public @Nullable String sizeField() {
    return find("size") != null && field("size").offset() == 0
        ? "size"
        : find("argsz") != null ? "argsz" : null;
  }
}
