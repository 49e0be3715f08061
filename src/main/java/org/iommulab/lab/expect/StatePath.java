package org.iommulab.lab.expect;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.iommulab.words.Bilingual;
import org.jspecify.annotations.Nullable;

/**
 * A path into the state: a function with arguments, then selectors.
 *
 * <pre>
 *   reg(GSTS).TES      calls(iommu_map)[0].size      log~"already set"      result.errno
 *   ---function---     ---function----- selectors    function  contains
 * </pre>
 *
 * @param text as written
 * @param function such as {@code reg}
 * @param arguments numbers as {@link Long}, words and quoted texts as {@link String}
 * @param contains text that must occur, or null
 * @param selectors field names as {@link String}, indices as {@link Integer}
 */
public record StatePath(
    String text,
    String function,
    List<Object> arguments,
    @Nullable String contains,
    List<Object> selectors) {

  public StatePath {
    arguments = List.copyOf(arguments);
    selectors = List.copyOf(selectors);
  }

  /**
   * Reads a path.
   *
   * @throws BadPathException with one sentence, if it is not one
   */
  public static StatePath parse(String text) throws BadPathException {
    return new Parser(text).path();
  }

  /** The same with every word among the arguments replaced by what it means. */
  public StatePath withArguments(Function<String, Object> meaning) {
    return new StatePath(
        text,
        function,
        arguments.stream()
            .map(argument -> argument instanceof String word ? meaning.apply(word) : argument)
            .toList(),
        contains,
        selectors);
  }

  private static final class Parser {
    private final String text;
    private int at;

    Parser(String text) {
      this.text = text;
    }

    StatePath path() throws BadPathException {
      String function = word();
      List<Object> arguments = peek() == '(' ? arguments() : List.of();
      String contains = null;
      if (peek() == '~') {
        at++;
        contains = quoted();
      }
      var selectors = new ArrayList<Object>();
      while (at < text.length()) {
        selectors.add(selector());
      }
      return new StatePath(text, function, arguments, contains, selectors);
    }

    private char peek() {
      return at < text.length() ? text.charAt(at) : '\0';
    }

    private String word() throws BadPathException {
      int start = at;
      while (Character.isLetterOrDigit(peek()) || peek() == '_') {
        at++;
      }
      if (at == start) {
        throw complaint("a name is missing", "缺少名称");
      }
      return text.substring(start, at);
    }

    private List<Object> arguments() throws BadPathException {
      at++;
      var arguments = new ArrayList<Object>();
      while (peek() != ')') {
        if (!arguments.isEmpty()) {
          expect(',');
        }
        arguments.add(argument());
      }
      at++;
      return arguments;
    }

    private Object argument() throws BadPathException {
      while (peek() == ' ') {
        at++;
      }
      if (peek() == '"') {
        return quoted();
      }
      int start = at;
      while (at < text.length() && peek() != ',' && peek() != ')') {
        at++;
      }
      String word = text.substring(start, at).strip();
      if (word.isEmpty() || at == text.length()) {
        throw complaint("an argument or the closing bracket is missing", "缺少参数或右括号");
      }
      Long number = Comparison.numberOrNull(word);
      return number == null ? word : number;
    }

    private Object selector() throws BadPathException {
      if (peek() == '.') {
        at++;
        return word();
      }
      expect('[');
      Long index = Comparison.numberOrNull(word());
      expect(']');
      if (index == null || index < 0 || index > Integer.MAX_VALUE) {
        throw complaint("an index is a number", "下标须为数字");
      }
      return index.intValue();
    }

    private String quoted() throws BadPathException {
      expect('"');
      int end = text.indexOf('"', at);
      if (end < 0) {
        throw complaint("the closing quotation mark is missing", "缺少右引号");
      }
      String inside = text.substring(at, end);
      at = end + 1;
      return inside;
    }

    private void expect(char wanted) throws BadPathException {
      if (peek() != wanted) {
        throw complaint("'" + wanted + "' is missing", "缺少 '" + wanted + "'");
      }
      at++;
    }

    private BadPathException complaint(String english, String chinese) {
      return new BadPathException(
          "the path \"%s\" is not complete: %s at column %d",
          "路径 \"%s\" 不完整：%s（第 %d 列）", text, new Bilingual(english, chinese), at + 1);
    }
  }
}
