package org.iommulab.course;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.iommulab.lab.language.Complaint;
import org.jspecify.annotations.Nullable;

/**
 * A comparison of a path with a value, such as {@code walk.reads > 0}. A path alone means that
 * there is such a thing.
 *
 * @param path of {@code expect}
 * @param sign how to compare
 * @param value number, text, {@code true}, {@code false}, or null for {@code null}
 */
public record Condition(String path, Sign sign, @Nullable Object value) {

  /** How to compare. */
  public enum Sign {
    IS("=="),
    IS_NOT("!="),
    AT_MOST("<="),
    AT_LEAST(">="),
    LESS("<"),
    MORE(">");

    private final String text;

    Sign(String text) {
      this.text = text;
    }
  }

  private static final Pattern PART =
      Pattern.compile("\\s*((?:[^\"=<>!]|\"[^\"]*\")+?)\\s*(?:(==|!=|<=|>=|<|>)\\s*(.+?)\\s*)?");

  /** Reads conditions joined by {@code &&}. */
  static List<Condition> parse(String text) throws Complaint {
    var all = new ArrayList<Condition>();
    for (String part : text.split("&&")) {
      Matcher matcher = PART.matcher(part);
      if (part.isBlank() || !matcher.matches()) {
        throw new Complaint(
            "\"" + text + "\" is no condition such as walk.reads > 0 && reg(GSTS).TES == 1");
      }
      String sign = matcher.group(2);
      all.add(
          sign == null
              ? new Condition(matcher.group(1), Sign.IS, true)
              : new Condition(matcher.group(1), sign(sign), value(matcher.group(3))));
    }
    return all;
  }

  private static Sign sign(String text) {
    for (Sign sign : Sign.values()) {
      if (sign.text.equals(text)) {
        return sign;
      }
    }
    throw new IllegalArgumentException(text);
  }

  private static @Nullable Object value(String text) {
    Long number = Numbers.of(text);
    if (number != null) {
      return number;
    }
    return switch (text) {
      case "true" -> true;
      case "false" -> false;
      case "null" -> null;
      default ->
          text.length() > 1 && (text.startsWith("'") || text.startsWith("\""))
              ? text.substring(1, text.length() - 1)
              : text;
    };
  }

  @Override
  public String toString() {
    return path + " " + sign.text + " " + value;
  }
}
