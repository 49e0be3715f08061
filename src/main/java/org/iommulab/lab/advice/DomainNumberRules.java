package org.iommulab.lab.advice;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Domain numbers that stand for two things: H08, H20. */
final class DomainNumberRules {

  private DomainNumberRules() {}

  static void judge(Step step, List<Bindings> bindings) {
    var second = new HashMap<Integer, Bindings>();
    var first = new HashMap<List<Integer>, Bindings>();
    var others = new HashMap<Integer, Bindings>();
    for (Bindings b : bindings) {
      if (b.type().usesSecond() && b.secondRoot() != 0) {
        Bindings other = second.putIfAbsent(b.domain(), b);
        if (other != null
            && (other.secondRoot() != b.secondRoot() || other.secondLevels() != b.secondLevels())) {
          twoTables(step, other, b);
        }
      } else if (b.pasid() >= 0) {
        others.putIfAbsent(b.domain(), b);
        var key = List.of(b.domain(), b.pasid());
        Bindings other = b.firstRoot() == 0 ? null : first.putIfAbsent(key, b);
        if (other != null && other.firstRoot() != b.firstRoot()) {
          twoTables(step, other, b);
        }
      }
    }
    for (Map.Entry<Integer, Bindings> other : others.entrySet()) {
      Bindings same = second.get(other.getKey());
      if (same != null) {
        twoStages(step, other.getValue(), same);
      }
    }
  }

  /** H08: one number, two page tables. */
  private static void twoTables(Step step, Bindings one, Bindings other) {
    step.raise(
        "H08",
        one.domain(),
        List.of(Evidence.entry(one.entry()), Evidence.entry(other.entry())),
        List.of(),
        one.who(step),
        other.who(step),
        one.domain());
  }

  /** H20: one number for the first stage, or pass-through, and for the second. */
  private static void twoStages(Step step, Bindings first, Bindings second) {
    step.raise(
        "H20",
        first.domain(),
        List.of(Evidence.entry(first.entry()), Evidence.entry(second.entry())),
        List.of(),
        first.domain(),
        first.who(step),
        second.who(step));
  }
}
