package org.iommulab.course.mend;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.iommulab.lab.advice.Rules;
import org.iommulab.lab.language.Json;
import org.iommulab.words.Bilingual;
import org.jspecify.annotations.Nullable;

/**
 * Judges a repair: the symptom is gone, the invariants hold, nothing else has changed. What devices
 * do stays as it is, and what the driver did is still done; no other machine or kernel comes in;
 * devices meet and reach what they do with the reference repair, no invalidation stays without its
 * wait, no value means nothing; and the advisor says nothing that it would not say of that repair.
 */
public final class Judge {

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

  /**
   * Judges the driver in the form that somebody gave it, by the right repair that it is nearest.
   */
  public static Verdict judge(Ailment ailment, String script) {
    List<Verdict> verdicts =
        ailment.rightTexts().stream().map(right -> judge(ailment, right, script)).toList();
    return verdicts.stream().filter(Verdict::passes).findFirst().orElse(verdicts.getFirst());
  }

  private static Verdict judge(Ailment ailment, String right, String script) {
    var reasons = new ArrayList<Bilingual>();
    List<String> lines = AilmentReader.lines(script);
    int changed = LineCount.of(Work.normal(ailment.script()), Work.normal(lines));
    Run run = Run.of(ailment, String.join("\n", lines));
    String refused = run.refused();
    if (refused != null) {
      reasons.add(new Bilingual("It cannot be carried out: " + refused, "无法执行：" + refused));
      return new Verdict(false, false, false, false, changed, ailment.limit(), reasons);
    }
    Run reference = Run.of(ailment, right);
    boolean gone = checks(run, true, reasons);
    boolean kept =
        checks(run, false, reasons)
            // While the symptom is there, the rest follows from it.
            & (!gone || aftermath(run, reference, reasons))
            & acts(ailment, right, lines, reasons);
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

  // ---- what the trial does not look at -------------------------------------------------------

  /** What devices meet, what they reach, and that nothing nonsensical was programmed. */
  private static boolean aftermath(Run run, Run reference, List<Bilingual> reasons) {
    int before = reasons.size();
    for (int i = 0; i < Math.min(run.met().size(), reference.met().size()); i++) {
      if (!run.met().get(i).equals(reference.met().get(i))) {
        reasons.add(
            new Bilingual(
                "In the trial " + run.met().get(i) + ", not " + reference.met().get(i) + ".",
                "试验中 " + run.met().get(i) + "，而不是 " + reference.met().get(i) + "。"));
        break;
      }
    }
    difference(run.left().reach(), reference.left().reach())
        .ifPresent(
            one ->
                reasons.add(
                    new Bilingual(
                        "A device reaches what it should not: " + one + ".",
                        "设备能到达不该到达之处：" + one + "。")));
    difference(reference.left().reach(), run.left().reach())
        .ifPresent(
            one ->
                reasons.add(
                    new Bilingual(
                        "A device no longer reaches what it should: " + one + ".",
                        "设备到达不了应到达之处：" + one + "。")));
    difference(run.left().nonsense(), reference.left().nonsense())
        .ifPresent(
            one ->
                reasons.add(
                    new Bilingual(
                        "A value that means nothing was programmed: " + one + ".",
                        "写入了没有意义的值：" + one + "。")));
    difference(run.left().registers(), reference.left().registers())
        .ifPresent(
            one ->
                reasons.add(
                    new Bilingual(
                        "Something else has changed: " + one + ".", "别的东西变了：" + one + "。")));
    difference(run.left().failed(), reference.left().failed())
        .ifPresent(
            one -> reasons.add(new Bilingual("A call fails: " + one + ".", "有调用失败：" + one + "。")));
    difference(run.errors(), reference.errors())
        .ifPresent(
            one ->
                reasons.add(
                    one.equals("IQH")
                        ? new Bilingual(
                            "The invalidation queue has not come to its tail.", "失效队列没有走到队尾。")
                        : new Bilingual(
                            "The unit reports an error: FSTS." + one + ".",
                            "单元报告错误：FSTS." + one + "。")));
    if (run.left().untold() && !reference.left().untold()) {
      reasons.add(
          new Bilingual(
              "No wait is behind the last invalidation: nothing tells when it is complete.",
              "最后一个失效描述符后面没有等待：无从知道它何时完成。"));
    }
    return reasons.size() == before;
  }

  private static Optional<String> difference(Collection<String> one, Collection<String> other) {
    return one.stream().filter(each -> !other.contains(each)).findFirst();
  }

  // ---- what must stay in the script ------------------------------------------------------------

  private static boolean acts(
      Ailment ailment, String reference, List<String> lines, List<Bilingual> reasons) {
    Work broken = Work.of(ailment.script());
    Work right = Work.of(AilmentReader.lines(reference));
    Work now = Work.of(lines);
    int before = reasons.size();
    if (!broken.devices().equals(now.devices())) {
      reasons.add(new Bilingual("What the devices do must stay as it was.", "设备所做的事必须保持原样。"));
    }
    for (String missing : now.missing(broken, right)) {
      reasons.add(
          new Bilingual(
              "What the driver did must still be done: " + missing + " is missing.",
              "驱动原来做的仍须做：缺少 " + missing + "。"));
    }
    for (String changed : now.changed(broken, right)) {
      reasons.add(
          new Bilingual(
              "What has nothing to do with the bug was changed: " + changed + ".",
              "改了与错误无关的地方：" + changed + "。"));
    }
    for (String word : now.weaker(broken, right)) {
      reasons.add(
          new Bilingual(
              "\"" + word + "\" takes protection away instead of mending it.",
              "“" + word + "”是去掉保护，而不是修好它。"));
    }
    for (String replaced : now.replaced(broken)) {
      reasons.add(
          new Bilingual(
              "\"" + replaced + "\" replaces the machine instead of mending it.",
              "“" + replaced + "”是换了机器，而不是修好它。"));
    }
    return reasons.size() == before;
  }
}
