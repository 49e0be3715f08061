package org.iommulab.lab.language;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.core.exc.UnexpectedEndOfInputException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.exc.MismatchedInputException;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** JSON and YAML text to plain values and back: one place for numbers, order and error words. */
public final class Json {

  private static final JsonMapper JSON =
      JsonMapper.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();
  private static final YAMLMapper YAML =
      YAMLMapper.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();
  private static final BigInteger LIMIT = BigInteger.ONE.shiftLeft(64);

  private static final Pattern TWICE =
      Pattern.compile("^Duplicate .*property \"(.*)\"", Pattern.DOTALL);

  private Json() {}

  public static JsonNode readJson(String text) throws Complaint {
    return read(JSON, text, "JSON");
  }

  /** YAML without what makes a document other than it looks: see {@link PlainYaml}. */
  public static JsonNode readYaml(String text) throws Complaint {
    PlainYaml.check(text);
    return read(YAML, text, "YAML");
  }

  private static JsonNode read(ObjectMapper mapper, String text, String what) throws Complaint {
    try {
      return mapper.readTree(text);
    } catch (JacksonException e) {
      throw new Complaint(complaint(e, text, what));
    }
  }

  private static String complaint(JacksonException e, String text, String what) {
    if (e instanceof MismatchedInputException) {
      return "this is not " + what + " (there is more behind the first value)";
    }
    var location = e instanceof StreamReadException ? e.getLocation() : null;
    if (location == null || location.getLineNr() < 0) {
      return "this is not " + what + " (" + reason(e, text, -1) + ")";
    }
    String line = location.getLineNr() > 1 ? "line " + location.getLineNr() + ", " : "";
    return String.format(
        Locale.ROOT,
        "this is not %s at %scolumn %d (%s)",
        what,
        line,
        location.getColumnNr(),
        reason(e, text, (int) location.getCharOffset()));
  }

  /** Our own words: the parser's speak of its insides. */
  private static String reason(JacksonException e, String text, int at) {
    Matcher twice = TWICE.matcher(String.valueOf(e.getOriginalMessage()));
    if (twice.find()) {
      return "the name \"" + twice.group(1) + "\" stands twice";
    }
    if (e instanceof StreamConstraintsException) {
      return "it is nested too deep, or has too long a name or number";
    }
    if (e instanceof UnexpectedEndOfInputException || at < 0 || at >= text.length()) {
      return "it ends too early";
    }
    int letter = text.codePointAt(at);
    return "\"" + Character.toString(letter) + "\" cannot stand here";
  }

  /** Numbers become Long with all 64 bits, null stays null. */
  public static @Nullable Object plain(JsonNode node) throws Complaint {
    if (node.isObject()) {
      var map = new LinkedHashMap<String, Object>();
      for (var property : node.properties()) {
        Object value = plain(property.getValue());
        if (value == null) {
          throw new Complaint("\"%s\" must not be null", "\"%s\" 不能是 null", property.getKey());
        }
        map.put(property.getKey(), value);
      }
      return map;
    }
    if (node.isArray()) {
      var list = new ArrayList<Object>();
      for (JsonNode element : node) {
        Object value = plain(element);
        if (value == null) {
          throw new Complaint("a list must not hold null", "列表中不能有 null");
        }
        list.add(value);
      }
      return list;
    }
    if (node.isIntegralNumber()) {
      return integer(node.bigIntegerValue());
    }
    if (node.isNumber()) {
      throw new Complaint("numbers must be whole, not %s", "数字必须是整数，而不是 %s", node);
    }
    if (node.isBoolean()) {
      return node.booleanValue();
    }
    return node.isNull() ? null : node.stringValue();
  }

  private static long integer(BigInteger value) throws Complaint {
    if (value.signum() < 0 || value.compareTo(LIMIT) >= 0) {
      throw new Complaint("%s is not between 0 and 2^64-1", "%s 不在 0 到 2^64-1 之间", value);
    }
    return value.longValue();
  }

  /** A number as scripts write it: a JSON integer, or a text such as {@code 0x1f} or {@code 31}. */
  public static long number(JsonNode node) throws Complaint {
    if (node.isIntegralNumber()) {
      return integer(node.bigIntegerValue());
    }
    if (node.isString()) {
      return number(node.stringValue());
    }
    throw new Complaint(
        "must be a number such as 31 or \"0x1f\", not %s", "必须是数字，例如 31 或 \"0x1f\"，而不是 %s", node);
  }

  /** A number in hexadecimal with 0x in front, or in decimal; all 64 bits. */
  public static long number(String text) throws Complaint {
    try {
      boolean hex = text.startsWith("0x") || text.startsWith("0X");
      String digits = hex ? text.substring(2) : text;
      if (!digits.isEmpty() && digits.chars().allMatch(Json::isHexDigit)) {
        return Long.parseUnsignedLong(digits, hex ? 16 : 10);
      }
    } catch (NumberFormatException e) {
      // Falls through to the sentence.
    }
    throw new Complaint(
        "must be a number between 0 and 2^64-1 such as 31 or \"0x1f\", not \"%s\"",
        "必须是 0 到 2^64-1 之间的数字，例如 31 或 \"0x1f\"，而不是 \"%s\"", text);
  }

  private static boolean isHexDigit(int letter) {
    return HexFormat.isHexDigit(letter);
  }

  /** Compact JSON; Long values are written as unsigned numbers. */
  public static String write(Object value) {
    return JSON.writeValueAsString(jsonReady(value));
  }

  private static @Nullable Object jsonReady(@Nullable Object value) {
    return switch (value) {
      case null -> null;
      case Map<?, ?> map -> {
        var copy = new LinkedHashMap<@Nullable Object, @Nullable Object>();
        map.forEach((key, inner) -> copy.put(key, jsonReady(inner)));
        yield copy;
      }
      case List<?> list -> {
        var copy = new ArrayList<@Nullable Object>();
        list.forEach(element -> copy.add(jsonReady(element)));
        yield copy;
      }
      case Long number when number < 0 -> new BigInteger(Long.toUnsignedString(number));
      default -> value;
    };
  }

  /** An address or raw value as result lines show it. */
  public static String hex(long value) {
    return "0x" + Long.toHexString(value);
  }
}
