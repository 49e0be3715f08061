package org.iommulab.lab.language;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Immutable deep copies of JSON-like maps that keep their order. */
final class Copies {

  private Copies() {}

  static Map<String, Object> of(Map<String, Object> map) {
    if (map.size() < 2) {
      // Most results of a long session are so small that they would be mostly empty space.
      return map.entrySet().stream()
          .findFirst()
          .map(only -> Map.of(only.getKey(), value(only.getValue())))
          .orElse(Map.of());
    }
    var copy = new LinkedHashMap<String, Object>();
    map.forEach((key, value) -> copy.put(key, value(value)));
    return Collections.unmodifiableMap(copy);
  }

  static Object value(Object value) {
    return switch (value) {
      case Map<?, ?> map -> {
        var copy = new LinkedHashMap<String, Object>();
        map.forEach((key, inner) -> copy.put((String) key, value(inner)));
        yield Collections.unmodifiableMap(copy);
      }
      case List<?> list -> list.stream().map(Copies::value).toList();
      default -> value;
    };
  }
}
