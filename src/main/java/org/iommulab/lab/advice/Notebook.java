package org.iommulab.lab.advice;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What has been said: one case for one cause, and no more than {@link #LIMIT} of them. */
final class Notebook {

  /** Most cases kept; those beyond are counted. */
  static final int LIMIT = 1000;

  private record Cause(String rule, Object key) {}

  private final Map<Cause, Advice> cases = new LinkedHashMap<>();
  private long lost;

  /** A copy to which something can be added without changing this one. */
  Notebook copy() {
    var copy = new Notebook();
    copy.cases.putAll(cases);
    copy.lost = lost;
    return copy;
  }

  /** Opens a case; one that is open already is counted. */
  void raise(
      int at, String rule, Object key, List<Evidence> evidence, List<String> fix, Object... says) {
    var cause = new Cause(rule, key);
    Advice known = cases.get(cause);
    if (known != null) {
      cases.put(cause, known.again());
    } else if (cases.size() >= LIMIT) {
      lost++;
    } else {
      Rule spoken = Rules.of(rule);
      cases.put(cause, new Advice(spoken, at, 1, spoken.say(says), evidence, fix));
    }
  }

  boolean has(String rule, Object key) {
    return cases.containsKey(new Cause(rule, key));
  }

  List<Advice> all() {
    return List.copyOf(cases.values());
  }

  long lost() {
    return lost;
  }
}
