package org.iommulab.evidence.diagnosis;

import java.io.Writer;
import org.iommulab.evidence.log.KernelLog;
import org.iommulab.evidence.log.LogJson;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/** A log with what is to be said about it. */
public final class Explanation {

  private final KernelLog log;

  private Explanation(KernelLog log) {
    this.log = log;
  }

  /** Explains a log. */
  public static Explanation of(KernelLog log) {
    return new Explanation(log);
  }

  /** One JSON object: the facts and the explanations. */
  public void writeJson(Writer target) {
    var factory =
        JsonFactory.builder()
            .disable(tools.jackson.core.StreamWriteFeature.AUTO_CLOSE_TARGET)
            .build();
    try (JsonGenerator out = factory.createGenerator(ObjectWriteContext.empty(), target)) {
      out.writeStartObject();
      LogJson.write(log, out, fault -> {});
      out.writeEndObject();
    }
  }

  /** The same for a person. */
  public String text(boolean chinese) {
    return log.platform().word() + System.lineSeparator();
  }
}
