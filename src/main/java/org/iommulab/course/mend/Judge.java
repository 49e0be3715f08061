package org.iommulab.course.mend;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.iommulab.lab.advice.Rules;
import org.iommulab.lab.language.Complaint;
import org.iommulab.lab.language.Json;
import org.iommulab.words.Bilingual;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Judges a repair: the symptom is gone, the invariants hold, nothing else has changed. What devices
 * do stays as it is; no other machine or kernel comes in; and the advisor has nothing to say that
 * it would not say of the reference repair.
 */
public final class Judge {

  /** Operations that belong to devices; a driver cannot leave them out. */
  private static final List<String> OF_DEVICES =
      List.of(
          "dma.", "ats.", "pri.", "msi", "traffic", "device.run", "device.receive", "user.write");

  /** Operations that would put something else in the place of what is to be mended. */
  private static final Set<String> FORBIDDEN =
      Set.of("machine", "linux.boot", "reset", "rewind", "checkpoint", "fail_nth");

  /** What gives memory or addresses back; to leave it out is a leak and no repair. */
  private static final Set<String> GIVES_BACK =
      Set.of(
          "kfree",
          "user.free",
          "iommu_unmap",
          "vfio_dma_unmap",
          "dma_free_coherent",
          "dma_unmap_single",
          "dma_unmap_page",
          "dma_unmap_sg");

  private Judge() {}

  /** Whether the bug shows in the entry's own driver. */
  public static boolean showsSymptom(Ailment ailment) {
    return Run.of(ailment, ailment.scriptText()).showsSymptom();
  }

  /** What a check of the entry finds in its own driver: path and value, in order. */
  public static Map<String, Object> symptom(Ailment ailment) {
    var seen = new java.util.LinkedHashMap<String, Object>();
    for (Run.Looked one : Run.of(ailment, ailment.scriptText()).looked()) {
      if (one.check().symptom()) {
        seen.put(one.check().path(), spoken(one.actual()));
      }
    }
    return seen;
  }

  /** Judges the driver in the form that somebody gave it. */
  public static Verdict judge(Ailment ailment, String script) {
    var reasons = new ArrayList<Bilingual>();
    List<String> lines = AilmentReader.lines(script);
    int changed = LineCount.of(normal(ailment.script()), normal(lines));
    Run run = Run.of(ailment, String.join("\n", lines));
    String refused = run.refused();
    if (refused != null) {
      reasons.add(new Bilingual("It cannot be carried out: " + refused, "无法执行：" + refused));
      return new Verdict(false, false, false, false, changed, ailment.limit(), reasons);
    }
    Run reference = Run.of(ailment, ailment.mendedText());
    boolean gone = checks(run, true, reasons);
    boolean kept = checks(run, false, reasons) & acts(ailment, lines, reasons);
    boolean whole = whole(run, reference, reasons);
    boolean clean = advice(run, reference, reasons);
    lines(ailment, changed, reasons);
    return new Verdict(gone, whole, kept, clean, changed, ailment.limit(), reasons);
  }

  private static boolean checks(Run run, boolean symptom, List<Bilingual> reasons) {
    boolean all = true;
    for (Run.Looked one : run.looked()) {
      if (one.check().symptom() == symptom && !one.well()) {
        all = false;
        String path = one.check().path();
        String actual = spoken(one.actual());
        reasons.add(
            symptom
                ? new Bilingual(
                    "The symptom is still there: " + path + " is " + actual + ".",
                    "症状还在：" + path + " 是 " + actual + "。")
                : new Bilingual(
                    "Something else has changed: " + path + " is " + actual + ".",
                    "别的东西变了：" + path + " 是 " + actual + "。"));
      }
    }
    return all;
  }

  /** What a check found; of a list how many, of an entry that it is there. */
  private static String spoken(@Nullable Object actual) {
    return switch (actual) {
      case List<?> list -> String.valueOf(list.size());
      case Map<?, ?> entry -> "there";
      case Long number when number > 255 -> number + " (" + Json.hex(number) + ")";
      case null, default -> String.valueOf(actual);
    };
  }

  private static boolean whole(Run run, Run reference, List<Bilingual> reasons) {
    var extra = new TreeSet<>(run.findings());
    extra.removeAll(reference.findings());
    for (String finding : extra) {
      reasons.add(
          new Bilingual("An invariant does not hold: " + finding + ".", "不变式不成立：" + finding + "。"));
    }
    return extra.isEmpty();
  }

  private static boolean advice(Run run, Run reference, List<Bilingual> reasons) {
    var extra = new TreeSet<>(run.advice());
    extra.removeAll(reference.advice());
    for (String rule : extra) {
      Rules.find(rule)
          .ifPresent(
              found ->
                  reasons.add(
                      new Bilingual(
                          "The advisor objects: " + rule + ", " + found.title().english() + ".",
                          "顾问反对：" + rule + "，" + found.title().chinese() + "。")));
    }
    return extra.isEmpty();
  }

  private static void lines(Ailment ailment, int changed, List<Bilingual> reasons) {
    if (changed == 0) {
      reasons.add(new Bilingual("No line was changed.", "没有改动任何一行。"));
    } else if (changed > ailment.limit()) {
      reasons.add(
          new Bilingual(
              changed + " lines were changed; at most " + ailment.limit() + " may change.",
              "改动了 " + changed + " 行；最多 " + ailment.limit() + " 行。"));
    }
  }

  // ---- what must stay in the script ------------------------------------------------------------

  private static boolean acts(Ailment ailment, List<String> lines, List<Bilingual> reasons) {
    boolean same = devices(ailment.script()).equals(devices(lines));
    if (!same) {
      reasons.add(new Bilingual("What the devices do must stay as it was.", "设备所做的事必须保持原样。"));
    }
    Map<String, Integer> mended = counts(AilmentReader.lines(ailment.mendedText()), GIVES_BACK);
    Map<String, Integer> still = counts(lines, GIVES_BACK);
    for (Map.Entry<String, Integer> one : counts(ailment.script(), GIVES_BACK).entrySet()) {
      int needed = Math.min(one.getValue(), mended.getOrDefault(one.getKey(), 0));
      if (still.getOrDefault(one.getKey(), 0) < needed) {
        same = false;
        reasons.add(
            new Bilingual(
                "What is given back must still be given back: " + one.getKey() + " is missing.",
                "该归还的仍须归还：缺少 " + one.getKey() + "。"));
      }
    }
    Map<String, Integer> before = counts(ailment.script(), FORBIDDEN);
    for (Map.Entry<String, Integer> one : counts(lines, FORBIDDEN).entrySet()) {
      if (one.getValue() > before.getOrDefault(one.getKey(), 0)) {
        same = false;
        reasons.add(
            new Bilingual(
                "\"" + one.getKey() + "\" replaces the machine instead of mending it.",
                "“" + one.getKey() + "”是换了机器，而不是修好它。"));
      }
    }
    return same;
  }

  private static List<String> devices(List<String> lines) {
    return normal(lines).stream()
        .filter(line -> OF_DEVICES.stream().anyMatch(op -> op(line).startsWith(op)))
        .toList();
  }

  /** How often each of these operations or functions is in a script. */
  private static Map<String, Integer> counts(List<String> lines, Set<String> names) {
    var counts = new HashMap<String, Integer>();
    for (String line : lines) {
      String op = op(line);
      String name = op.equals("call") ? field(line, "fn") : op;
      if (names.contains(name)) {
        counts.merge(name, 1, Integer::sum);
      }
    }
    return counts;
  }

  private static String op(String line) {
    return field(line, "op");
  }

  private static String field(String line, String name) {
    try {
      JsonNode value = Json.readJson(line).get(name);
      return value == null ? "" : value.asString();
    } catch (Complaint notAnOperation) {
      return "";
    }
  }

  /** Lines without what makes no difference: spaces, and notes. */
  private static List<String> normal(List<String> lines) {
    var normal = new ArrayList<String>();
    for (String line : lines) {
      if (op(line).equals("note")) {
        continue;
      }
      try {
        normal.add(Json.readJson(line).toString());
      } catch (Complaint notAnOperation) {
        normal.add(line.strip());
      }
    }
    return normal;
  }
}
