package org.iommulab.cli;

import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import org.iommulab.trace.CallFrame;
import org.jspecify.annotations.Nullable;

/** Prints what a command called, one line a call, the callees indented below it. */
final class CallTree {

  private final PrintWriter out;

  CallTree(PrintWriter out) {
    this.out = out;
  }

  void print(List<CallFrame> frames) {
    frames.forEach(frame -> print(frame, "  "));
  }

  private void print(CallFrame frame, String indent) {
    out.println(indent + signature(frame) + outcome(frame));
    for (String effect : frame.effects()) {
      out.println(indent + "  · " + effect);
    }
    for (CallFrame.EntryWrite write : frame.writes()) {
      out.println(
          indent
              + String.format(
                  Locale.ROOT,
                  "  · %s at 0x%x: 0x%x → 0x%x",
                  write.where(),
                  write.address(),
                  write.before(),
                  write.after()));
    }
    for (CallFrame child : frame.children()) {
      print(child, indent + "  ");
    }
  }

  private static String signature(CallFrame frame) {
    var arguments = frame.arguments().stream().map(a -> a.name() + "=" + value(a)).toList();
    return frame.function() + "(" + String.join(", ", arguments) + ")";
  }

  private static String value(CallFrame.Argument argument) {
    String text = argument.text();
    if (text != null) {
      return text;
    }
    return argument.hex() ? "0x" + Long.toHexString(argument.value()) : "" + argument.value();
  }

  private static String outcome(CallFrame frame) {
    @Nullable String errno = frame.errno();
    String cause = frame.cause();
    if (errno != null) {
      return " = -" + errno + (cause == null || cause.isEmpty() ? "" : ": " + cause);
    }
    String result = frame.result();
    return result == null ? "" : " = " + result;
  }
}
