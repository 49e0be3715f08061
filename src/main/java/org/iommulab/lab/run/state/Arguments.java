package org.iommulab.lab.run.state;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.iommulab.lab.language.Complaint;
import org.iommulab.lab.language.Field;
import org.iommulab.lab.language.Json;
import org.iommulab.lab.language.Nearest;
import org.iommulab.words.Bilingual;
import org.jspecify.annotations.Nullable;

/**
 * Named values of a command, taken one by one; numbers may be expressions. A key that its
 * declaration does not have is a mistake of whoever wrote the line; a key that is asked for without
 * being declared is one of ours.
 */
public final class Arguments {

  private final Bilingual what;
  private final Map<String, Object> map;
  private final Names names;
  private final Set<String> declared;

  private Arguments(Bilingual what, Map<?, ?> map, Names names, Set<String> declared)
      throws Complaint {
    this.what = what;
    this.names = names;
    this.declared = declared;
    this.map = new LinkedHashMap<>();
    for (Map.Entry<?, ?> entry : map.entrySet()) {
      String key = String.valueOf(entry.getKey());
      if (!declared.contains(key)) {
        throw new Complaint(
            "%s has no key \"%s\"%s", "%s 没有键 \"%s\"%s", what, key, Nearest.hint(key, declared));
      }
      this.map.put(key, entry.getValue());
    }
  }

  /**
   * The values of a line, or of an object in it; complains about a key that is not declared.
   *
   * @param what whose values they are, for complaints, such as {@code a machine}
   * @param map the values
   * @param names what expressions may name
   * @param fields the keys there are
   */
  public static Arguments of(Bilingual what, Map<?, ?> map, Names names, List<Field> fields)
      throws Complaint {
    var declared = new LinkedHashSet<String>();
    fields.forEach(field -> declared.add(field.name()));
    return new Arguments(what, map, names, declared);
  }

  /** The same for values of something that has one name in both languages, such as a function. */
  public static Arguments of(String name, Map<?, ?> map, Names names, List<Field> fields)
      throws Complaint {
    return of(Bilingual.same(name), map, names, fields);
  }

  /** The value as the line has it; null without the key. */
  public @Nullable Object value(String key) {
    if (!declared.contains(key)) {
      throw new IllegalArgumentException(what + " does not declare \"" + key + "\"");
    }
    return map.get(key);
  }

  /** Tells whether the line has the key. */
  public boolean has(String key) {
    return value(key) != null;
  }

  /** What is wrong with a value. */
  public Complaint wrong(String key, String english, String chinese, Object... arguments) {
    return new Complaint(
        "%s: \"%s\" %s", "%s：\"%s\" %s", what, key, Bilingual.of(english, chinese, arguments));
  }

  private Object needed(String key) throws Complaint {
    Object value = value(key);
    if (value == null) {
      throw new Complaint("%s needs \"%s\"", "%s 需要 \"%s\"", what, key);
    }
    return value;
  }

  // ---- numbers ----------------------------------------------------------------------------------

  /** A number or an expression. */
  public long number(String key) throws Complaint {
    Object value = needed(key);
    try {
      return names.value(value);
    } catch (Complaint e) {
      throw new Complaint("%s, \"%s\": %s", "%s，\"%s\"：%s", what, key, e.words());
    }
  }

  /** The same, or what holds without the key. */
  public long numberOr(String key, long otherwise) throws Complaint {
    return has(key) ? number(key) : otherwise;
  }

  /** A number within limits, or what holds without the key. */
  public long between(String key, long otherwise, long low, long high) throws Complaint {
    long number = numberOr(key, otherwise);
    if (number < low || number > high) {
      throw wrong(
          key,
          "must be from %d to %d, not %s",
          "必须在 %d 到 %d 之间，而不是 %s",
          low,
          high,
          Long.toUnsignedString(number));
    }
    return number;
  }

  /** A number that is some multiple. */
  public long multiple(String key, long otherwise, long unit) throws Complaint {
    long number = numberOr(key, otherwise);
    if (number % unit != 0) {
      throw wrong(
          key, "must be a multiple of %d, not %s", "必须是 %d 的整数倍，而不是 %s", unit, Json.hex(number));
    }
    return number;
  }

  // ---- flags and texts --------------------------------------------------------------------------

  /** True or false; false without the key. */
  public boolean flag(String key) throws Complaint {
    return flagOr(key, false);
  }

  /** True or false, or what holds without the key. */
  public boolean flagOr(String key, boolean otherwise) throws Complaint {
    return switch (value(key)) {
      case null -> otherwise;
      case Boolean value -> value;
      case Object other ->
          throw wrong(key, "must be true or false, not %s", "必须是 true 或 false，而不是 %s", other);
    };
  }

  /** A text. */
  public String text(String key) throws Complaint {
    Object value = needed(key);
    if (value instanceof String text) {
      return text;
    }
    throw wrong(key, "must be a text, not %s", "必须是文本，而不是 %s", value);
  }

  /** A text, or what holds without the key. */
  public String textOr(String key, String otherwise) throws Complaint {
    return has(key) ? text(key) : otherwise;
  }

  /** A word or a number, as a text. */
  public String word(String key) throws Complaint {
    return switch (needed(key)) {
      case String text -> text;
      case Long number -> Long.toUnsignedString(number);
      case Object other ->
          throw wrong(key, "must be a word or a number, not %s", "必须是单词或数字，而不是 %s", other);
    };
  }

  /** One of several words, or what holds without the key. */
  public String choice(String key, String otherwise, Collection<String> choices) throws Complaint {
    String word = textOr(key, otherwise);
    if (!choices.contains(word)) {
      throw wrong(
          key,
          "must be one of %s, not \"%s\"",
          "必须是 %s 之一，而不是 \"%s\"",
          String.join(", ", choices),
          word);
    }
    return word;
  }

  /** A text, or a list of texts; empty without the key. */
  public List<String> texts(String key) throws Complaint {
    return switch (value(key)) {
      case null -> List.of();
      case String one -> List.of(one);
      case List<?> many when many.stream().allMatch(String.class::isInstance) ->
          many.stream().map(String.class::cast).toList();
      case Object other ->
          throw wrong(key, "must be a list of texts, not %s", "必须是文本列表，而不是 %s", other);
    };
  }

  // ---- objects ----------------------------------------------------------------------------------

  private Bilingual inside(String key) {
    return Bilingual.of("%s, \"%s\"", "%s，\"%s\"", what, key);
  }

  /** An object inside; one without any values without the key. */
  public Arguments inner(String key, List<Field> fields) throws Complaint {
    return switch (value(key)) {
      case null -> of(what, Map.of(), names, fields);
      case Map<?, ?> inside -> of(inside(key), inside, names, fields);
      case Object other -> throw wrong(key, "must be an object, not %s", "必须是对象，而不是 %s", other);
    };
  }

  /** An object or a list of them, named by the line and the key; empty without the key. */
  public List<Arguments> list(String key, List<Field> fields) throws Complaint {
    return list(key, inside(key), false, fields);
  }

  /**
   * An object or a list of them; empty without the key.
   *
   * @param element what one of them is, for complaints; its number stands behind it
   */
  public List<Arguments> list(String key, Bilingual element, List<Field> fields) throws Complaint {
    return list(key, element, true, fields);
  }

  private List<Arguments> list(String key, Bilingual element, boolean numbered, List<Field> fields)
      throws Complaint {
    List<?> values =
        switch (value(key)) {
          case null -> List.of();
          case Map<?, ?> one -> List.of(one);
          case List<?> many -> many;
          case Object other ->
              throw wrong(key, "must be a list of objects, not %s", "必须是对象列表，而不是 %s", other);
        };
    var found = new ArrayList<Arguments>();
    for (Object value : values) {
      if (!(value instanceof Map<?, ?> object)) {
        throw wrong(key, "must be a list of objects, not %s", "必须是对象列表，而不是 %s", value);
      }
      Bilingual name = numbered ? Bilingual.of("%s %d", "%s %d", element, found.size()) : element;
      found.add(of(name, object, names, fields));
    }
    return found;
  }

  /** The same values, with some taken from another line where they are missing. */
  public Arguments withDefaults(Arguments from, Collection<String> keys) throws Complaint {
    var merged = new LinkedHashMap<>(map);
    for (String key : keys) {
      Object inherited = from.value(key);
      if (inherited != null) {
        merged.putIfAbsent(key, inherited);
      }
    }
    return new Arguments(what, merged, names, declared);
  }
}
