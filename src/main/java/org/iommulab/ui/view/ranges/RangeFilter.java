package org.iommulab.ui.view.ranges;

import java.util.Locale;
import java.util.OptionalLong;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.iommulab.ui.Hex;
import org.iommulab.ui.view.part.Phrase;
import org.iommulab.vtd.tables.MappedRange;
import org.jspecify.annotations.Nullable;

/**
 * Reads what a person wants to see of many ranges.
 *
 * <pre>
 *   filter  = term { "||" term }
 *   term    = factor { "&amp;&amp;" factor }
 *   factor  = "!" factor | "(" filter ")" | "r" | "w" | test
 *   test    = address "in" [ number ] ".." [ number ]
 *           | ( address | "size" | "page" ) compare number
 *   address = "iova" | "to"
 *   compare = "=" | "==" | "!=" | "&lt;" | "&lt;=" | "&gt;" | "&gt;="
 * </pre>
 *
 * Addresses are hexadecimal as everywhere in the window; sizes are bytes or have a unit. {@code in}
 * lets through what has at least one byte there.
 */
final class RangeFilter {

  /** What a text turned out to be. */
  sealed interface Reading {}

  /** A filter. */
  record Good(Predicate<MappedRange> filter) implements Reading {}

  /** No filter; what was expected instead, and where, counted from 1. */
  record Bad(Phrase sentence) implements Reading {}

  /** Parentheses and negations inside each other; more is no question a person asks. */
  private static final int DEEPEST = 40;

  private static final Pattern TOKEN =
      Pattern.compile("\\s*(&&|\\|\\||!=|<=|>=|==|\\.\\.|[!()<>=]|[0-9A-Za-z_]+)");

  private final String text;
  private final Matcher matcher;
  private @Nullable String token;
  private int start;
  private int depth;

  private RangeFilter(String text) {
    this.text = text;
    this.matcher = TOKEN.matcher(text);
    next();
  }

  /** Reads a filter; an empty one lets everything through. */
  static Reading read(String text) {
    if (text.isBlank()) {
      return new Good(range -> true);
    }
    try {
      var reader = new RangeFilter(text);
      Predicate<MappedRange> filter = reader.filter();
      return reader.token == null ? new Good(filter) : reader.bad("operator");
    } catch (Unexpected e) {
      return e.bad;
    }
  }

  private Predicate<MappedRange> filter() throws Unexpected {
    Predicate<MappedRange> all = term();
    while (take("||")) {
      all = all.or(term());
    }
    return all;
  }

  private Predicate<MappedRange> term() throws Unexpected {
    Predicate<MappedRange> all = factor();
    while (take("&&")) {
      all = all.and(factor());
    }
    return all;
  }

  private Predicate<MappedRange> factor() throws Unexpected {
    if (++depth > DEEPEST) {
      throw new Unexpected(bad("deep"));
    }
    try {
      if (take("!")) {
        return factor().negate();
      }
      if (take("(")) {
        Predicate<MappedRange> inner = filter();
        expect(")", "closing");
        return inner;
      }
      return test();
    } finally {
      depth--;
    }
  }

  private Predicate<MappedRange> test() throws Unexpected {
    String field = token == null ? "" : token.toLowerCase(Locale.ROOT);
    switch (field) {
      case "r" -> {
        next();
        return range -> range.rights().read();
      }
      case "w" -> {
        next();
        return range -> range.rights().write();
      }
      case "iova", "to" -> {
        next();
        boolean target = field.equals("to");
        return take("in") || take("IN") ? window(target) : compared(field, true);
      }
      case "size", "page" -> {
        next();
        return compared(field, false);
      }
      default -> throw new Unexpected(bad("field"));
    }
  }

  private Predicate<MappedRange> window(boolean target) throws Unexpected {
    boolean open = token != null && token.equals("..");
    long first = open ? 0 : number(true);
    expect("..", "dots");
    boolean ends = token != null && Hex.address(token).isPresent() && !token.equals("||");
    long last = ends ? number(true) : -1;
    return range -> {
      long from = target ? range.physical() : range.iova();
      long to = target ? range.lastPhysical() : range.last();
      return Long.compareUnsigned(from, last) <= 0 && Long.compareUnsigned(to, first) >= 0;
    };
  }

  private Predicate<MappedRange> compared(String field, boolean address) throws Unexpected {
    String operator = token == null ? "" : token;
    if (!operator.matches("[<>=]|[<>=!]=")) {
      throw new Unexpected(bad(address ? "compare-in" : "compare"));
    }
    next();
    long wanted = number(address);
    return range -> holds(Long.compareUnsigned(value(range, field), wanted), operator);
  }

  private static long value(MappedRange range, String field) {
    return switch (field) {
      case "iova" -> range.iova();
      case "to" -> range.physical();
      case "size" -> range.size();
      default -> range.pageSize();
    };
  }

  private static boolean holds(int order, String operator) {
    return switch (operator) {
      case "<" -> order < 0;
      case "<=" -> order <= 0;
      case ">" -> order > 0;
      case ">=" -> order >= 0;
      case "!=" -> order != 0;
      default -> order == 0;
    };
  }

  private long number(boolean address) throws Unexpected {
    String digits = token == null ? "" : token;
    OptionalLong value = address ? Hex.address(digits) : Hex.bytes(digits);
    if (value.isEmpty()) {
      throw new Unexpected(bad(address ? "address" : "size"));
    }
    next();
    return value.getAsLong();
  }

  private void expect(String wanted, String what) throws Unexpected {
    if (!take(wanted)) {
      throw new Unexpected(bad(what));
    }
  }

  private boolean take(String wanted) {
    if (wanted.equals(token)) {
      next();
      return true;
    }
    return false;
  }

  private void next() {
    int from = token == null ? 0 : matcher.end();
    start = from;
    boolean more = matcher.region(from, text.length()).lookingAt();
    token = more ? matcher.group(1) : null;
    start = more ? matcher.start(1) : from;
    if (!more && !text.substring(from).isBlank()) {
      token = text.substring(from).strip().substring(0, 1);
      start = text.indexOf(token, from);
      // What is no token ends the reading wherever it stands.
      matcher.region(text.length(), text.length());
    }
  }

  private Bad bad(String expected) {
    return new Bad(
        Phrase.of("view.ranges.bad", start + 1, Phrase.of("view.ranges.expected." + expected)));
  }

  /** The text goes on otherwise than a filter can. */
  private static final class Unexpected extends Exception {
    private static final long serialVersionUID = 1L;
    private final transient Bad bad;

    Unexpected(Bad bad) {
      super(null, null, false, false);
      this.bad = bad;
    }
  }
}
