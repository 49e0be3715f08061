package org.iommulab.lab.expect;

import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.iommulab.bits.FieldValue;
import org.iommulab.bits.Layout;
import org.jspecify.annotations.Nullable;

/** Turns records and bit layouts into maps of plain values. */
final class Records {

  private Records() {}

  /** The components of a record by name; those that are null are left out. */
  static Map<String, Object> fields(Record source) {
    var fields = new LinkedHashMap<String, Object>();
    for (RecordComponent component : source.getClass().getRecordComponents()) {
      Object value = plain(component(source, component));
      if (value != null) {
        fields.put(component.getName(), value);
      }
    }
    return fields;
  }

  static List<Map<String, Object>> all(List<? extends Record> records) {
    var all = new ArrayList<Map<String, Object>>();
    records.forEach(one -> all.add(fields(one)));
    return all;
  }

  private static @Nullable Object component(Record source, RecordComponent component) {
    try {
      return component.getAccessor().invoke(source);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(source.getClass() + " hides " + component.getName(), e);
    }
  }

  private static @Nullable Object plain(@Nullable Object value) {
    return switch (value) {
      case null -> null;
      case Integer number -> number.longValue();
      case Long number -> number;
      case Boolean flag -> flag;
      case List<?> list -> {
        var copy = new ArrayList<Object>();
        for (Object element : list) {
          Object one = plain(element);
          if (one != null) {
            copy.add(one);
          }
        }
        yield copy;
      }
      case org.iommulab.bus.SourceId id -> id.toString();
      case org.iommulab.bus.Pasid pasid -> (long) pasid.value();
      case Record inner -> fields(inner);
      default -> value.toString();
    };
  }

  /** Every field of a layout with its value, and the first quadword as the raw value. */
  static Map<String, Object> decoded(Layout layout, long... quadwords) {
    var fields = new LinkedHashMap<String, Object>();
    fields.put(Comparison.RAW, quadwords[0]);
    for (FieldValue field : layout.decode(quadwords)) {
      fields.put(field.field().name(), field.value());
    }
    for (int i = 0; i < quadwords.length; i++) {
      fields.put("qw" + i, quadwords[i]);
    }
    return fields;
  }
}
