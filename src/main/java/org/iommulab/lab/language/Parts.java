package org.iommulab.lab.language;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The kinds of components that commands are made of. */
final class Parts {

  /** The longest DMA a script may ask for, in bytes. */
  private static final int LONGEST_DMA = 2048;

  private Parts() {}

  // ---- numbers ----------------------------------------------------------------------------------

  /** An address or another number that is written in hexadecimal. */
  static Part<Long> address(String name) {
    return Part.of(
        Field.of(name, Kind.NUMBER), f -> f.number(name), (v, to) -> to.put(name, Json.hex(v)));
  }

  static Part<Long> address(String name, long multiple) {
    return Part.of(
        Field.of(name, Kind.NUMBER).multipleOf(multiple),
        f -> f.multiple(name, multiple),
        (v, to) -> to.put(name, Json.hex(v)));
  }

  /** A number that is written in decimal. */
  static Part<Long> count(String name) {
    return Part.of(Field.of(name, Kind.NUMBER), f -> f.number(name), (v, to) -> to.put(name, v));
  }

  static Part<Integer> between(String name, int low, int high) {
    return Part.of(
        Field.of(name, Kind.NUMBER).between(low, high),
        f -> f.between(name, low, high),
        (v, to) -> to.put(name, v));
  }

  /** A number that may be left out; it is always written. */
  static Part<Integer> betweenOr(String name, int low, int high, int otherwise) {
    return Part.of(
        Field.of(name, Kind.NUMBER).between(low, high).optional(),
        f -> f.has(name) ? f.between(name, low, high) : otherwise,
        (v, to) -> to.put(name, v));
  }

  static Part<@Nullable Integer> optionalBetween(String name, int low, int high) {
    return Part.of(
        Field.of(name, Kind.NUMBER).between(low, high).optional(),
        f -> f.has(name) ? (Integer) f.between(name, low, high) : null,
        (v, to) -> optional(to, name, v));
  }

  /** A number or an expression, kept as it is written. */
  static Part<Object> expression(String name) {
    return Part.of(
        Field.of(name, Kind.EXPRESSION), f -> number(f, name), (v, to) -> to.put(name, v));
  }

  static Part<@Nullable Object> optionalExpression(String name) {
    return Part.of(
        Field.of(name, Kind.EXPRESSION).optional(),
        f -> f.has(name) ? number(f, name) : null,
        (v, to) -> optional(to, name, v));
  }

  private static Object number(Fields f, String name) throws Complaint {
    Object value = f.any(name);
    if (value instanceof Long || value instanceof String) {
      return value;
    }
    throw new Complaint(
        "\"%s\" is a number or an expression such as buf+0x1000",
        "\"%s\" 应为数字或表达式，例如 buf+0x1000", name);
  }

  static Part<List<Object>> expressions(String name) {
    return Part.of(
        Field.of(name, Kind.EXPRESSIONS),
        f -> {
          if (f.any(name) instanceof List<?> values
              && values.stream().allMatch(each -> each instanceof Long || each instanceof String)) {
            return new ArrayList<>(values);
          }
          throw new Complaint(
              "\"%s\" is a list of numbers or expressions such as buf+0x1000",
              "\"%s\" 应为数字或表达式的列表，例如 buf+0x1000", name);
        },
        (v, to) -> to.put(name, v));
  }

  // ---- texts ------------------------------------------------------------------------------------

  static Part<String> text(String name) {
    return Part.of(Field.of(name, Kind.TEXT), f -> f.text(name), (v, to) -> to.put(name, v));
  }

  static Part<String> textOr(String name, String otherwise) {
    return Part.of(
        Field.of(name, Kind.TEXT).optional(),
        f -> f.textOr(name, otherwise),
        (v, to) -> to.put(name, v));
  }

  static Part<@Nullable String> optionalText(String name) {
    return Part.of(
        Field.of(name, Kind.TEXT).optional(),
        f -> f.textOrNull(name),
        (v, to) -> optional(to, name, v));
  }

  /** The name that later lines use. */
  static Part<String> name(String name) {
    return Part.of(Field.of(name, Kind.NAME), f -> f.text(name), (v, to) -> to.put(name, v));
  }

  static Part<@Nullable String> optionalName(String name) {
    return Part.of(
        Field.of(name, Kind.NAME).optional(),
        f -> f.textOrNull(name),
        (v, to) -> optional(to, name, v));
  }

  /** An expression in a text, or a number as one. */
  static Part<String> word(String name) {
    return Part.of(Field.of(name, Kind.EXPRESSION), f -> f.word(name), (v, to) -> to.put(name, v));
  }

  static Part<String> device(String name) {
    return Part.of(Field.of(name, Kind.DEVICE), f -> f.text(name), (v, to) -> to.put(name, v));
  }

  static Part<List<String>> texts(String name) {
    return Part.of(
        Field.of(name, Kind.TEXTS).optional(),
        f -> f.texts(name),
        (v, to) -> optional(to, name, v.isEmpty() ? null : v));
  }

  static Part<String> choiceOr(String name, String otherwise, String... choices) {
    return Part.of(
        Field.choice(name, (Object[]) choices).optional(),
        f -> f.choice(name, otherwise, List.of(choices)),
        (v, to) -> to.put(name, v));
  }

  // ---- flags ------------------------------------------------------------------------------------

  /** True, or left out. */
  static Part<Boolean> flag(String name) {
    return Part.of(
        Field.of(name, Kind.FLAG).optional(),
        f -> f.flag(name),
        (v, to) -> optional(to, name, v ? true : null));
  }

  /** True unless it says otherwise; it is always written. */
  static Part<Boolean> flagUnless(String name) {
    return Part.of(
        Field.of(name, Kind.FLAG).optional().note("true unless said otherwise"),
        f -> !f.has(name) || f.flag(name),
        (v, to) -> to.put(name, v));
  }

  // ---- bytes ------------------------------------------------------------------------------------

  static Part<Bytes> hex(String name) {
    return Part.of(Field.of(name, Kind.BYTES), f -> f.hex(name), (v, to) -> to.put(name, v.hex()));
  }

  static Part<@Nullable Bytes> optionalHex(String name) {
    return Part.of(
        Field.of(name, Kind.BYTES).optional(),
        f -> f.has(name) ? f.hex(name) : null,
        (v, to) -> optional(to, name, v == null ? null : v.hex()));
  }

  /** Bytes a device reads. */
  static Part<Integer> dmaLength() {
    return between("len", 1, LONGEST_DMA).in("bytes");
  }

  /** Bytes a device writes. */
  static Part<Bytes> dmaData() {
    return Part.of(
        Field.of("data", Kind.BYTES).between(1, LONGEST_DMA).in("bytes"),
        Parts::dmaData,
        (v, to) -> to.put("data", v.hex()));
  }

  static Bytes dmaData(Fields f) throws Complaint {
    Bytes data = f.hex("data");
    if (data.length() < 1 || data.length() > LONGEST_DMA) {
      throw new Complaint(
          "a DMA has 1 to %d bytes, not %d",
          "一次 DMA 为 1 到 %d 字节，而不是 %d 字节", LONGEST_DMA, data.length());
    }
    return data;
  }

  static int dmaLength(Fields f) throws Complaint {
    return f.between("len", 1, LONGEST_DMA);
  }

  /** Bytes in either of two ways. */
  static Bytes data(Fields f) throws Complaint {
    boolean quadwords = f.has("u64");
    if (quadwords == f.has("hex")) {
      throw new Complaint(
          "the bytes go into either \"u64\" or \"hex\"", "字节要么写在 \"u64\" 里，要么写在 \"hex\" 里，二者取一");
    }
    return quadwords ? f.quadwords("u64") : f.hex("hex");
  }

  static void data(Map<String, @Nullable Object> to, Bytes data, boolean aligned) {
    if (aligned && data.isQuadwords()) {
      to.put("u64", data.quadwords().stream().map(Json::hex).toList());
    } else {
      to.put("hex", data.hex());
    }
  }

  /** Bytes, or structures of the kernel's headers. */
  static Part<Content> content() {
    return new Part<>(
        List.of(
            Field.of("u64", Kind.NUMBERS).optional(),
            Field.of("hex", Kind.BYTES).optional(),
            Field.of("struct", Kind.TEXT).optional(),
            Field.of("arg", Kind.OBJECTS).optional()),
        f ->
            f.has("struct")
                ? new Content.Structures(f.text("struct"), f.maps("arg"))
                : new Content.Raw(data(f)),
        (content, to) -> {
          switch (content) {
            case Content.Raw raw -> data(to, raw.data(), false);
            case Content.Structures many -> {
              to.put("struct", many.struct());
              to.put("arg", many.values());
            }
          }
        });
  }

  /** A length that may be left out if structures say how long they are. */
  static Part<@Nullable Integer> length(int least, int most) {
    return Part.of(
        Field.of("len", Kind.NUMBER).between(least, most).in("bytes").optional(),
        f -> f.has("struct") && !f.has("len") ? null : (Integer) f.between("len", least, most),
        (v, to) -> optional(to, "len", v));
  }

  // ---- several keys -----------------------------------------------------------------------------

  /** The PASID prefix of a request that may execute. */
  static Part<Prefix> prefix() {
    return new Part<>(Prefix.FIELDS, Prefix::read, (v, to) -> v.write(to));
  }

  /**
   * All other keys: which there are is said here, what they may be is checked when they are used.
   */
  static Part<Map<String, Object>> rest(List<Field> fields) {
    return new Part<>(fields, Fields::rest, (v, to) -> to.putAll(v));
  }

  static void optional(Map<String, @Nullable Object> to, String name, @Nullable Object value) {
    if (value != null) {
      to.put(name, value);
    }
  }
}
