package org.iommulab.lab.advice;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.iommulab.words.Bilingual;

/**
 * What the advisor has to say about one cause.
 *
 * @param rule which rule
 * @param step number of the command at which it was said first
 * @param count how often it was seen since
 * @param sentence what is said
 * @param evidence what shows it
 * @param fix commands that mend it, as lines of a script; empty if a line is to be left out
 */
public record Advice(
    Rule rule, int step, int count, Bilingual sentence, List<Evidence> evidence, List<String> fix) {

  public Advice {
    evidence = List.copyOf(evidence);
    fix = List.copyOf(fix);
  }

  Advice again() {
    return new Advice(rule, step, count + 1, sentence, evidence, fix);
  }

  /** As a line of results has it; number and name of the operation come before. */
  public Map<String, Object> fields() {
    var fields = new LinkedHashMap<String, Object>();
    fields.put("advice", rule.id());
    fields.put("severity", rule.severity().word());
    if (rule.review()) {
      fields.put("review", true);
    }
    fields.put("step", (long) step);
    fields.put("text", sentence.english());
    fields.put("evidence", evidence.stream().map(Evidence::text).toList());
    fields.put("source", rule.source());
    if (!fix.isEmpty()) {
      fields.put("fix", fix);
    }
    fields.put("count", (long) count);
    return fields;
  }
}
