package org.iommulab.lab.expect;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What the advisor has said. */
final class AdviceState {

  private AdviceState() {}

  /**
   * {@code advice}: {@code count} and {@code rules} of what is said without being asked, and each
   * rule by its id; {@code advice(H01)}: all cases of a rule.
   */
  static Object of(List<Map<String, Object>> cases, List<Object> rule) {
    if (!rule.isEmpty()) {
      return cases.stream().filter(one -> rule.getFirst().equals(one.get("advice"))).toList();
    }
    var state = new LinkedHashMap<String, Object>();
    var rules = new ArrayList<Object>();
    long count = 0;
    for (Map<String, Object> one : cases) {
      if (!Boolean.TRUE.equals(one.get("review"))) {
        count++;
        rules.add(one.get("advice"));
      }
      state.putIfAbsent(String.valueOf(one.get("advice")), one);
    }
    state.put(Comparison.RAW, count);
    state.put("count", count);
    state.put("rules", rules);
    return state;
  }
}
