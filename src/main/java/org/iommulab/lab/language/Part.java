package org.iommulab.lab.language;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What one component of a command's record is in its line: one key, or some that belong together.
 *
 * @param fields the keys
 * @param reader reads them
 * @param writer writes them back
 */
record Part<T>(List<Field> fields, Reader<T> reader, Writer<T> writer) {

  /** Reads a component from the fields of a line. */
  interface Reader<T> {
    @Nullable T read(Fields fields) throws Complaint;
  }

  /** Writes a component into the fields of a line. */
  interface Writer<T> {
    void write(T value, Map<String, @Nullable Object> to);
  }

  Part {
    fields = List.copyOf(fields);
  }

  static <T> Part<T> of(Field field, Reader<T> reader, Writer<T> writer) {
    return new Part<>(List.of(field), reader, writer);
  }

  /** The same with something to know about its only field. */
  Part<T> note(String phrase) {
    return new Part<>(List.of(fields.getFirst().note(phrase)), reader, writer);
  }

  /** The same, counted in a unit. */
  Part<T> in(String unit) {
    return new Part<>(List.of(fields.getFirst().in(unit)), reader, writer);
  }
}
