package org.iommulab.evidence.diagnosis;

import java.io.Writer;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import org.iommulab.evidence.log.KernelLog;
import org.iommulab.evidence.log.LogJson;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.StreamWriteFeature;
import tools.jackson.core.json.JsonFactory;

/** A log with what is to be said about it. */
public final class Explanation {

  private final KernelLog log;
  private final Diagnosis diagnosis;

  private Explanation(KernelLog log, Surroundings surroundings) {
    this.log = log;
    this.diagnosis = Diagnosis.of(log, surroundings);
  }

  /** Explains a log. */
  public static Explanation of(KernelLog log) {
    return of(log, Surroundings.UNKNOWN);
  }

  /** Explains a log of a machine of which more is known. */
  public static Explanation of(KernelLog log, Surroundings surroundings) {
    return new Explanation(log, surroundings);
  }

  /** The findings. */
  public Diagnosis diagnosis() {
    return diagnosis;
  }

  /** The log. */
  public KernelLog log() {
    return log;
  }

  /** Whether a trace between the lines shows a buffer used after it was unmapped. */
  public boolean hasUseAfterUnmap() {
    String rule = diagnosis.answer().rule();
    return rule.equals("P8") || rule.equals("P1.unmap");
  }

  /** One JSON object: the facts and the explanations. */
  public void writeJson(Writer target) {
    writeJson(target, out -> {});
  }

  /** The same with more members. */
  public void writeJson(Writer target, Consumer<JsonGenerator> more) {
    var factory = JsonFactory.builder().disable(StreamWriteFeature.AUTO_CLOSE_TARGET).build();
    try (JsonGenerator out = factory.createGenerator(ObjectWriteContext.empty(), target)) {
      out.writeStartObject();
      writeMembers(out);
      more.accept(out);
      out.writeEndObject();
    }
  }

  /** The members of that object, into one that is open. */
  public void writeMembers(JsonGenerator out) {
    var remarks = new IdentityHashMap<Finding, Remark>();
    LogJson.write(
        log,
        out,
        fault -> {
          Finding cause = diagnosis.cause(fault);
          if (cause != null) {
            remark(remarks.computeIfAbsent(cause, Remark::of), out);
          }
        });
    out.writeStringProperty("diagnosis", diagnosis.answer().sentence(false));
    out.writeStringProperty(
        "confidence", diagnosis.answer().confidence().name().toLowerCase(Locale.ROOT));
    out.writeArrayPropertyStart("findings");
    diagnosis.findings().forEach(finding -> finding(finding, out));
    out.writeEndArray();
  }

  /** What is said beside each fault of a cause; a storm has one for very many. */
  private record Remark(String rule, String cause, List<String> check, List<String> advice) {

    static Remark of(Finding cause) {
      return new Remark(
          cause.rule(), cause.sentence(false), cause.check(false), cause.advice(false));
    }
  }

  private static void remark(Remark remark, JsonGenerator out) {
    out.writeStringProperty("rule", remark.rule());
    out.writeStringProperty("cause", remark.cause());
    texts("check", remark.check(), out);
    if (!remark.advice().isEmpty()) {
      out.writeStringProperty("next_step", remark.advice().getFirst());
    }
  }

  private static void finding(Finding finding, JsonGenerator out) {
    out.writeStartObject();
    out.writeStringProperty("rule", finding.rule());
    out.writeStringProperty("role", finding.role().name().toLowerCase(Locale.ROOT));
    out.writeStringProperty("confidence", finding.confidence().name().toLowerCase(Locale.ROOT));
    out.writeStringProperty("cause", finding.sentence(false));
    out.writeStringProperty("cause_zh", finding.sentence(true));
    finding.device().ifPresent(device -> out.writeStringProperty("device", device));
    texts("check", finding.check(false), out);
    texts("try", finding.advice(false), out);
    texts("not", finding.warnings(false), out);
    out.writeArrayPropertyStart("evidence");
    for (Finding.Evidence evidence : finding.evidence()) {
      out.writeStartObject();
      if (!evidence.source().isEmpty()) {
        out.writeStringProperty("source", evidence.source());
      }
      if (evidence.line() > 0) {
        out.writeNumberProperty("line", evidence.line());
      }
      out.writeStringProperty("text", evidence.text().english());
      out.writeEndObject();
    }
    out.writeEndArray();
    out.writeEndObject();
  }

  private static void texts(String name, List<String> values, JsonGenerator out) {
    if (!values.isEmpty()) {
      out.writeArrayPropertyStart(name);
      values.forEach(out::writeString);
      out.writeEndArray();
    }
  }

  /** The same for a person. */
  public String text(boolean chinese) {
    return new ExplanationText(log, diagnosis, chinese).text();
  }
}
