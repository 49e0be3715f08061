package org.iommulab.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.iommulab.lab.advice.Advice;
import org.iommulab.lab.advice.Evidence;
import org.iommulab.lab.language.Json;
import org.iommulab.words.Bilingual;

/** Advice as lines of results, each case once. */
final class Advised {

  private record Case(String rule, int step, Bilingual sentence) {}

  private final boolean review;
  private final Set<Case> told = new HashSet<>();

  Advised(boolean review) {
    this.review = review;
  }

  /** What there is to say, for people: a sentence, and below it what shows it and what mends it. */
  static void print(List<Advice> all, boolean review, PrintWriter out) {
    int said = 0;
    for (Advice advice : all) {
      if (review || !advice.rule().review()) {
        said++;
        out.println(
            advice.rule().severity().word()
                + " "
                + advice.rule().id()
                + ": "
                + advice.sentence().english()
                + (advice.count() > 1 ? " (" + advice.count() + " times)" : ""));
        List<String> evidence = advice.evidence().stream().map(Evidence::text).toList();
        if (!evidence.isEmpty()) {
          out.println("    " + String.join(", ", evidence));
        }
        out.println("    source: " + advice.rule().source());
        advice.fix().forEach(line -> out.println("    fix: " + line));
      }
    }
    out.println(
        said == 0
            ? "the advisor has nothing to say"
            : "the advisor has spoken " + said + (said == 1 ? " time" : " times"));
  }

  /** Lines for what was not told before. */
  List<String> news(List<Advice> all, int operation) {
    var lines = new ArrayList<String>();
    for (Advice advice : all) {
      boolean wanted = review || !advice.rule().review();
      if (wanted && told.add(new Case(advice.rule().id(), advice.step(), advice.sentence()))) {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("i", (long) operation);
        line.putAll(advice.fields());
        lines.add(Json.write(line));
      }
    }
    return lines;
  }
}
