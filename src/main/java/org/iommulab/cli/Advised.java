package org.iommulab.cli;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.iommulab.lab.advice.Advice;
import org.iommulab.lab.language.Json;

/** Advice as lines of results, each case once. */
final class Advised {

  private record Case(String rule, int step, List<String> says) {}

  private final boolean review;
  private final Set<Case> told = new HashSet<>();

  Advised(boolean review) {
    this.review = review;
  }

  /** Lines for what was not told before. */
  List<String> news(List<Advice> all, int operation) {
    var lines = new ArrayList<String>();
    for (Advice advice : all) {
      boolean wanted = review || !advice.rule().review();
      if (wanted && told.add(new Case(advice.rule().id(), advice.step(), advice.says()))) {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("i", (long) operation);
        line.putAll(advice.fields());
        lines.add(Json.write(line));
      }
    }
    return lines;
  }
}
