package org.iommulab.lab.language;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.iommulab.words.Bilingual;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The fields of one command as they are asked for. Whatever was not asked for when {@link #done} is
 * called is an error, so a misspelt field never passes silently.
 */
final class Fields {

  private final String op;
  private final JsonNode object;
  private final Set<String> known = new LinkedHashSet<>();

  Fields(String op, JsonNode object) {
    this.op = op;
    this.object = object;
    known.add("op");
  }

  /** Complains about the first field that was never asked for. */
  void done() throws Complaint {
    for (String name : object.propertyNames()) {
      if (!known.contains(name)) {
        throw new Complaint(
            "%s has no field \"%s\"%s", "%s 没有字段 \"%s\"%s", op, name, Nearest.hint(name, known));
      }
    }
  }

  boolean has(String name) {
    known.add(name);
    return object.has(name);
  }

  private JsonNode needed(String name) throws Complaint {
    known.add(name);
    JsonNode node = object.get(name);
    if (node == null) {
      // A misspelt field explains the missing one better than its absence does.
      for (String other : object.propertyNames()) {
        if (!known.contains(other) && Nearest.to(other, Set.of(name)).isPresent()) {
          throw new Complaint(
              "%s has no field \"%s\"%s",
              "%s 没有字段 \"%s\"%s", op, other, Nearest.hint(other, Set.of(name)));
        }
      }
      throw new Complaint("%s needs a field \"%s\"", "%s 需要字段 \"%s\"", op, name);
    }
    return node;
  }

  private Complaint wrong(String name, Bilingual what) {
    return new Complaint("%s: \"%s\" %s", "%s：\"%s\" %s", op, name, what);
  }

  private Complaint wrong(String name, String english, String chinese, Object... arguments) {
    return wrong(name, Bilingual.of(english, chinese, arguments));
  }

  long number(String name) throws Complaint {
    JsonNode node = needed(name);
    try {
      return Json.number(node);
    } catch (Complaint e) {
      throw wrong(name, e.words());
    }
  }

  /** True or false; a field left out is false. */
  boolean flag(String name) throws Complaint {
    if (!has(name)) {
      return false;
    }
    JsonNode node = needed(name);
    if (!node.isBoolean()) {
      throw wrong(name, "must be true or false, not %s", "必须是 true 或 false，而不是 %s", node);
    }
    return node.booleanValue();
  }

  @Nullable Long numberOrNull(String name) throws Complaint {
    return has(name) ? Long.valueOf(number(name)) : null;
  }

  long multiple(String name, long unit) throws Complaint {
    long value = number(name);
    if (value % unit != 0) {
      throw wrong(
          name, "must be a multiple of %d, not %s", "必须是 %d 的整数倍，而不是 %s", unit, Json.hex(value));
    }
    return value;
  }

  int between(String name, int low, int high) throws Complaint {
    long value = number(name);
    if (value < low || value > high) {
      throw wrong(
          name,
          "must be from %d to %d, not %s",
          "必须在 %d 到 %d 之间，而不是 %s",
          low,
          high,
          Long.toUnsignedString(value));
    }
    return (int) value;
  }

  String text(String name) throws Complaint {
    JsonNode node = needed(name);
    if (!node.isString()) {
      throw wrong(name, "must be a text, not %s", "必须是文本，而不是 %s", node);
    }
    return node.stringValue();
  }

  @Nullable String textOrNull(String name) throws Complaint {
    return has(name) ? text(name) : null;
  }

  String textOr(String name, String otherwise) throws Complaint {
    return has(name) ? text(name) : otherwise;
  }

  /**
   * One of several texts.
   *
   * @param otherwise what a field left out says; null if it must be there
   */
  String choice(String name, @Nullable String otherwise, List<String> choices) throws Complaint {
    String word = otherwise == null ? text(name) : textOr(name, otherwise);
    if (!choices.contains(word)) {
      throw wrong(
          name,
          "must be one of %s, not \"%s\"",
          "必须是 %s 之一，而不是 \"%s\"",
          String.join(", ", choices),
          word);
    }
    return word;
  }

  /** A text or a number, as a text: for names that may also be numbers. */
  String word(String name) throws Complaint {
    JsonNode node = needed(name);
    return node.isIntegralNumber() ? Long.toUnsignedString(number(name)) : text(name);
  }

  Bytes hex(String name) throws Complaint {
    String digits = text(name);
    try {
      return Bytes.ofHex(digits);
    } catch (IllegalArgumentException e) {
      throw wrong(
          name,
          "must be bytes in hexadecimal, two digits each, such as \"00ff\"",
          "必须是十六进制字节，每字节两位数字，例如 \"00ff\"");
    }
  }

  Bytes quadwords(String name) throws Complaint {
    JsonNode node = needed(name);
    if (!node.isArray()) {
      throw wrong(name, "must be a list of numbers, not %s", "必须是数字列表，而不是 %s", node);
    }
    long[] values = new long[node.size()];
    for (int i = 0; i < values.length; i++) {
      try {
        values[i] = Json.number(node.get(i));
      } catch (Complaint e) {
        throw wrong(name, "entry %d %s", "的第 %d 项（从 0 起）%s", i, e.words());
      }
    }
    return Bytes.ofQuadwords(values);
  }

  Map<String, Object> map(String name) throws Complaint {
    JsonNode node = needed(name);
    if (!node.isObject()) {
      throw wrong(
          name, "must be an object such as {\"id\":1}, not %s", "必须是对象，例如 {\"id\":1}，而不是 %s", node);
    }
    return copy(node);
  }

  Map<String, Object> mapOrEmpty(String name) throws Complaint {
    return has(name) ? map(name) : Map.of();
  }

  /** A text or a list of texts, empty without either. */
  List<String> texts(String name) throws Complaint {
    if (!has(name)) {
      return List.of();
    }
    JsonNode node = needed(name);
    if (!node.isArray()) {
      return List.of(text(name));
    }
    var texts = new ArrayList<String>();
    for (JsonNode element : node) {
      if (!element.isString()) {
        throw wrong(name, "must be a text or a list of texts, not %s", "必须是文本或文本列表，而不是 %s", node);
      }
      texts.add(element.stringValue());
    }
    if (texts.isEmpty()) {
      throw wrong(name, "must not be empty", "不能为空");
    }
    return texts;
  }

  /** An object, or a list of objects. */
  List<Map<String, Object>> maps(String name) throws Complaint {
    JsonNode node = needed(name);
    if (!node.isArray()) {
      return List.of(map(name));
    }
    var maps = new ArrayList<Map<String, Object>>();
    for (JsonNode element : node) {
      if (!element.isObject()) {
        throw wrong(
            name, "must be an object or a list of objects, not %s", "必须是对象或对象列表，而不是 %s", node);
      }
      maps.add(copy(element));
    }
    return maps;
  }

  /** A plain value, or null for JSON's null. */
  @Nullable Object any(String name) throws Complaint {
    JsonNode node = needed(name);
    try {
      return Json.plain(node);
    } catch (Complaint e) {
      throw wrong(name, ": %s", "：%s", e.words());
    }
  }

  /** All fields not asked for so far; they count as asked for now. */
  Map<String, Object> rest() throws Complaint {
    var rest = new LinkedHashMap<String, Object>();
    copy(object)
        .forEach(
            (name, value) -> {
              if (known.add(name)) {
                rest.put(name, value);
              }
            });
    return rest;
  }

  private Map<String, Object> copy(JsonNode node) throws Complaint {
    var map = new LinkedHashMap<String, Object>();
    for (var property : node.properties()) {
      try {
        Object value = Json.plain(property.getValue());
        if (value == null) {
          throw new Complaint("must not be null", "不能是 null");
        }
        map.put(property.getKey(), value);
      } catch (Complaint e) {
        throw wrong(property.getKey(), e.words());
      }
    }
    return map;
  }
}
