package org.iommulab.course.mend;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Repairs of the sort that students try, made of an entry's own lines. */
final class WrongRepairs {

  private static final Pattern TAIL =
      Pattern.compile("(\"off\": ?\"0x88\".*\"value\": ?)\"(0x[0-9a-f]+)\"");
  private static final Pattern LAST_TWO =
      Pattern.compile("(\"u64\": ?\\[.+), ?\"0x[0-9a-f]+\", ?\"0x[0-9a-f]+\"\\]");

  private WrongRepairs() {}

  /**
   * All of them.
   *
   * @param everyLine whether each line is needed
   */
  static Set<String> of(Ailment one, boolean everyLine) {
    var wrong = new LinkedHashSet<String>(one.wrongTexts());
    List<String> mended = one.mendedText().lines().toList();
    wrong.add(one.scriptText());
    wrong.add("");
    for (String other :
        List.of(
            "{\"op\":\"reset\"}",
            "{\"op\":\"machine\",\"board\":\"laboratory\"}",
            "{\"op\":\"fail_nth\",\"n\":1}",
            "{\"op\":\"checkpoint\",\"name\":\"here\"}",
            "{\"op\":\"linux.boot\",\"cmdline\":\"intel_iommu=off\"}")) {
      wrong.add(other + "\n" + one.mendedText());
      wrong.add(one.mendedText() + other + "\n");
    }
    if (everyLine) {
      leaveOut(one.script(), wrong);
      leaveOut(mended, wrong);
    }
    for (int i = 0; i < mended.size(); i++) {
      Matcher tail = TAIL.matcher(mended.get(i));
      if (tail.find()) {
        long value = Long.decode(tail.group(2));
        for (long other : new long[] {value + 1, value + 0x1000, value + 0x100000}) {
          wrong.add(with(mended, i, tail.replaceFirst("$1\"" + hex(other) + "\"")));
        }
        lostWait(mended, i, value, tail, wrong);
      }
      String line = mended.get(i);
      if (line.contains("\"off\": \"0x18\"")) {
        wrong.add(with(mended, i, line.replaceFirst("0\"}$", "1\"}")));
      }
      if (line.contains("\"linux.boot\"") && !line.contains("iommu=pt")) {
        wrong.add(with(mended, i, line.replaceFirst("(intel_iommu=\\w+)", "$1 iommu=pt")));
        wrong.add(with(mended, i, line.replaceFirst("(intel_iommu=\\w+)", "$1 intremap=off")));
      }
    }
    wrong.remove(one.mendedText());
    return wrong;
  }

  /** Right repairs that differ from the reference: what makes no difference is changed. */
  static List<String> otherRight(Ailment one) {
    var right = new ArrayList<>(one.rightTexts().subList(1, one.rightTexts().size()));
    List<String> mended = one.mendedText().lines().toList();
    right.add("{\"op\":\"note\",\"text\":\"mended\"}\n" + one.mendedText().replace("\": ", "\":"));
    for (int i = 0; i + 1 < mended.size(); i++) {
      // A queue is filled before or after the entry is cleared; the tail alone counts.
      boolean filled =
          mended.get(i + 1).contains("\"0x1006000\"") && mended.get(i).contains("mem.write");
      if (filled && !one.script().contains(mended.get(i + 1))) {
        var swapped = new ArrayList<>(mended);
        Collections.swap(swapped, i, i + 1);
        right.add(String.join("\n", swapped));
      }
    }
    for (int i = 0; i < mended.size(); i++) {
      // All of the cache instead of a page, and a wait that interrupts as well.
      String line = mended.get(i);
      if (line.contains("\"0x1006000\"") && line.contains("\"0x100000025\"")) {
        right.add(with(mended, i, line.replace("0x100000025", "0x100000035")));
        right.add(with(mended, i, line.replaceFirst("0x210032", "0x210022")));
      }
    }
    return right;
  }

  private static void leaveOut(List<String> lines, Set<String> wrong) {
    for (int i = 0; i < lines.size(); i++) {
      var left = new ArrayList<>(lines);
      left.remove(i);
      wrong.add(String.join("\n", left));
    }
  }

  /** The last descriptor goes, and the tail with it. */
  private static void lostWait(
      List<String> mended, int at, long value, Matcher tail, Set<String> wrong) {
    for (int i = at - 1; i >= 0; i--) {
      Matcher last = LAST_TWO.matcher(mended.get(i));
      if (last.find() && value >= 0x20) {
        var lost = new ArrayList<>(mended);
        lost.set(i, last.replaceFirst("$1]"));
        lost.set(at, tail.replaceFirst("$1\"" + hex(value - 0x10) + "\""));
        wrong.add(String.join("\n", lost));
        return;
      }
    }
  }

  private static String with(List<String> lines, int at, String line) {
    var changed = new ArrayList<>(lines);
    changed.set(at, line);
    return String.join("\n", changed);
  }

  private static String hex(long value) {
    return String.format(Locale.ROOT, "0x%x", value);
  }
}
