package org.iommulab.lab.language;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import org.iommulab.linux.program.Answer;
import org.iommulab.linux.program.KeptBytes;
import org.jspecify.annotations.Nullable;

/**
 * Records as plain values and back: components by name, bytes in hexadecimal, what is null left
 * out; one of several kinds says which in {@code what}.
 */
final class Plain {

  private static final String KIND = "what";

  private Plain() {}

  /** A record of a sealed family. */
  static Map<String, Object> of(Object value) {
    var map = new LinkedHashMap<String, Object>();
    map.put(KIND, value.getClass().getSimpleName());
    map.putAll(components(value));
    return map;
  }

  private static Map<String, Object> components(Object value) {
    var map = new LinkedHashMap<String, Object>();
    for (RecordComponent component : value.getClass().getRecordComponents()) {
      Object inner = get(component, value);
      if (inner != null) {
        map.put(component.getName(), plain(inner));
      }
    }
    return map;
  }

  private static @Nullable Object get(RecordComponent component, Object of) {
    try {
      return component.getAccessor().invoke(of);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(component.toString(), e);
    }
  }

  private static Object plain(Object value) {
    return switch (value) {
      case Integer number -> (long) number;
      case Long number -> number;
      case Boolean flag -> flag;
      case String text -> text;
      case KeptBytes bytes -> HexFormat.of().formatHex(bytes.get());
      case Enum<?> word -> word.name();
      default -> components(value);
    };
  }

  /** Reads a record of a sealed family back. */
  static <T> T read(Class<T> family, Map<String, Object> map) throws Complaint {
    Object kind = map.get(KIND);
    for (Class<?> one : family.getPermittedSubclasses()) {
      if (one.getSimpleName().equals(kind)) {
        return family.cast(record(one, map, family == Answer.class));
      }
    }
    throw new Complaint(
        "\"what\" must be one of "
            + String.join(
                ", ",
                Arrays.stream(family.getPermittedSubclasses()).map(Class::getSimpleName).toList())
            + ", not "
            + kind);
  }

  private static Object record(Class<?> type, Map<?, ?> map, boolean maybeNothing)
      throws Complaint {
    RecordComponent[] components = type.getRecordComponents();
    var values = new @Nullable Object[components.length];
    var types = new Class<?>[components.length];
    for (int i = 0; i < components.length; i++) {
      types[i] = components[i].getType();
      String name = components[i].getName();
      Object plain = map.get(name);
      boolean nothing = plain == null && maybeNothing && !types[i].isPrimitive();
      values[i] = nothing ? null : value(name, types[i], plain);
    }
    try {
      var constructor = type.getDeclaredConstructor(types);
      return constructor.newInstance(values);
    } catch (InvocationTargetException e) {
      throw new Complaint(type.getSimpleName() + ": " + e.getCause());
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(type.toString(), e);
    }
  }

  private static Object value(String name, Class<?> type, @Nullable Object plain) throws Complaint {
    try {
      return switch (plain) {
        case Long number when type == int.class -> (int) (long) number;
        case Long number when type == long.class || type == Long.class -> number;
        case Boolean flag when type == boolean.class || type == Boolean.class -> flag;
        case String text when type == String.class -> text;
        case String text when type == KeptBytes.class ->
            KeptBytes.of(HexFormat.of().parseHex(text));
        case String text when type.isEnum() -> word(type, text);
        case Map<?, ?> inner when type.isRecord() -> record(type, inner, false);
        case null, default ->
            throw new Complaint(
                plain == null
                    ? "there is no \"" + name + "\""
                    : "\"" + name + "\" must be a " + type.getSimpleName() + ", not " + plain);
      };
    } catch (IllegalArgumentException e) {
      throw new Complaint("\"" + name + "\": " + e.getMessage());
    }
  }

  private static Object word(Class<?> type, String text) {
    for (Object constant : type.getEnumConstants()) {
      if (((Enum<?>) constant).name().equals(text)) {
        return constant;
      }
    }
    throw new IllegalArgumentException("there is no " + text);
  }
}
