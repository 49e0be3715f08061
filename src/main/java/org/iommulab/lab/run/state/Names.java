package org.iommulab.lab.run.state;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.iommulab.lab.language.Complaint;
import org.iommulab.lab.language.Json;
import org.iommulab.lab.language.Nearest;

/**
 * What scripts have given names to: memory of the process, file descriptors, outputs of calls.
 * Expressions are sums of names and numbers, such as {@code buf+0x1000}.
 */
public final class Names {

  private static final Pattern TERM =
      Pattern.compile("\\s*([+-]?)\\s*([A-Za-z_][\\w.]*|0[xX][0-9a-fA-F_]+|[0-9]+)\\s*");

  private final Map<String, Long> values = new LinkedHashMap<>();

  /** Gives a value a name. */
  public void put(String name, long value) {
    values.put(name, value);
  }

  /** Takes a name away. */
  public void remove(String name) {
    values.remove(name);
  }

  /** Tells whether something has that name. */
  public boolean has(String name) {
    return values.containsKey(name);
  }

  /** Tells whether a text is a sum in which only numbers and known names occur. */
  public boolean known(String text) {
    try {
      sum(text);
      return true;
    } catch (Complaint noExpression) {
      return false;
    }
  }

  /** What a value stands for: the number of an expression, else itself, inside lists as well. */
  public Object meaning(Object value) {
    return switch (value) {
      case String text -> known(text) ? (Object) unchecked(text) : text;
      case List<?> list -> list.stream().map(this::meaning).toList();
      case Map<?, ?> map -> {
        var copy = new LinkedHashMap<String, Object>();
        map.forEach((name, inner) -> copy.put(String.valueOf(name), meaning(inner)));
        yield copy;
      }
      default -> value;
    };
  }

  private long unchecked(String text) {
    try {
      return sum(text);
    } catch (Complaint e) {
      throw new IllegalStateException(e.sentence(), e);
    }
  }

  /** The value of a number or of an expression. */
  public long value(Object expression) throws Complaint {
    return switch (expression) {
      case Long number -> number;
      case Boolean flag -> flag ? 1 : 0;
      case String text -> sum(text);
      default ->
          throw new Complaint(
              "%s is neither a number nor an expression", "%s 既不是数字也不是表达式", expression);
    };
  }

  private long sum(String text) throws Complaint {
    Long single = values.get(text);
    if (single != null) {
      return single;
    }
    Matcher matcher = TERM.matcher(text);
    long sum = 0;
    int at = 0;
    while (at < text.length()) {
      if (!matcher.find(at) || matcher.start() != at || (at > 0) == matcher.group(1).isEmpty()) {
        throw new Complaint(
            "\"%s\" is no expression; write a number, a name, or a sum like buf+0x1000",
            "\"%s\" 不是表达式；请写数字、名称，或如 buf+0x1000 的和", text);
      }
      long term = term(matcher.group(2));
      sum += matcher.group(1).equals("-") ? -term : term;
      at = matcher.end();
    }
    if (text.isBlank()) {
      throw new Complaint("an empty text is no expression", "空文本不是表达式");
    }
    return sum;
  }

  private long term(String word) throws Complaint {
    if (Character.isDigit(word.charAt(0))) {
      return Json.number(word.replace("_", ""));
    }
    Long value = values.get(word);
    if (value == null) {
      throw new Complaint(
          "nothing is called \"%s\" here%s",
          "这里没有名为 \"%s\" 的东西%s", word, Nearest.hint(word, values.keySet()));
    }
    return value;
  }
}
