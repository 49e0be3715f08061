package org.iommulab.ui.view.calls;

import java.util.List;
import java.util.Objects;
import java.util.StringJoiner;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.iommulab.trace.CallFrame;
import org.iommulab.ui.Hex;
import org.iommulab.ui.view.part.TextTable;
import org.jspecify.annotations.Nullable;

/** The parts of a call's line that are the same in every language. */
final class CallText {

  /** Arguments shown on the line; the rest is in the tooltip. */
  private static final int KEY_ARGUMENTS = 4;

  private static final Pattern PAGING_ENTRY = Pattern.compile("(P[A-Z0-9]+)\\[(\\d{1,3})]");

  private CallText() {}

  /** The key arguments: {@code iova 1003FF000 size 202000 rw}. */
  static String arguments(CallFrame frame) {
    List<CallFrame.Argument> all = frame.arguments();
    String text = join(all.subList(0, Math.min(KEY_ARGUMENTS, all.size())), " ");
    return all.size() > KEY_ARGUMENTS ? text + " …" : text;
  }

  /** All arguments, one a line. */
  static String allArguments(CallFrame frame) {
    return join(frame.arguments(), "\n");
  }

  private static String join(List<CallFrame.Argument> arguments, String between) {
    var text = new StringJoiner(between);
    for (CallFrame.Argument argument : arguments) {
      text.add(argument.name() + " " + value(argument));
    }
    return text.toString();
  }

  private static String value(CallFrame.Argument argument) {
    @Nullable String words = argument.text();
    if (words != null) {
      return words;
    }
    return argument.hex() ? Hex.group(argument.value()) : Long.toString(argument.value());
  }

  /** {@code = 0}, {@code = -EEXIST}, or nothing for a function that returns nothing. */
  static String result(CallFrame frame) {
    return frame.result() == null ? "" : "= " + frame.result();
  }

  /** The entries written: {@code PD[2]} or {@code PT[0] … PT[511]}. */
  static String written(CallFrame frame) {
    List<CallFrame.EntryWrite> writes = frame.writes();
    return switch (writes.size()) {
      case 0 -> "";
      case 1 -> name(writes.getFirst());
      case 2 -> name(writes.getFirst()) + ", " + name(writes.getLast());
      default -> name(writes.getFirst()) + " … " + name(writes.getLast());
    };
  }

  /** Indexes of paging entries in hexadecimal, as everywhere in the window: {@code PT[1FF]}. */
  private static String name(CallFrame.EntryWrite write) {
    Matcher entry = PAGING_ENTRY.matcher(write.where());
    return entry.matches()
        ? entry.group(1) + "[" + Hex.plain(Long.parseLong(entry.group(2))) + "]"
        : write.where();
  }

  /** The visible calls as text. */
  static TextTable table(List<CallRow> rows) {
    return new TextTable(
        List.of("depth", "function", "times", "arguments", "result", "cause", "writes", "effects"),
        rows.stream().map(CallText::cells).toList());
  }

  private static List<String> cells(CallRow row) {
    CallFrame frame = row.frame();
    return List.of(
        Integer.toString(row.depth()),
        frame.function(),
        Integer.toString(row.times()),
        join(frame.arguments(), " "),
        Objects.requireNonNullElse(frame.result(), ""),
        Objects.requireNonNullElse(frame.cause(), ""),
        written(frame),
        String.join(" · ", frame.effects()));
  }
}
