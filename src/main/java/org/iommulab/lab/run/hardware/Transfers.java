package org.iommulab.lab.run.hardware;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.iommulab.lab.language.Bytes;
import org.iommulab.lab.language.Json;
import org.iommulab.lab.language.Result;
import org.iommulab.lab.machine.DmaOutcome;
import org.iommulab.vtd.layout.FaultReason;
import org.iommulab.vtd.request.WalkPath;
import org.iommulab.vtd.request.WalkStep;

/** What became of DMA requests, as result lines have it. */
public final class Transfers {

  private Transfers() {}

  /** The result of a DMA request. */
  public static Result result(DmaOutcome outcome) {
    var fields = new LinkedHashMap<String, Object>();
    fields.put("st", outcome.status().word());
    fields.put("chunks", outcome.chunks().stream().map(Transfers::chunk).toList());
    return new Result.Dma(outcome.status().word(), fields);
  }

  /** The same by way of a device-TLB: what the device asked its unit for, and was told. */
  public static Result result(DmaOutcome outcome, List<WalkPath> paths) {
    var fields = new LinkedHashMap<String, Object>();
    fields.put("st", outcome.status().word());
    var chunks = new ArrayList<Map<String, Object>>();
    for (DmaOutcome.Chunk chunk : outcome.chunks()) {
      Map<String, Object> said = chunk(chunk);
      if (chunks.size() < paths.size()) {
        var more = new LinkedHashMap<String, Object>();
        if (said.get("diag") instanceof Map<?, ?> known) {
          known.forEach((name, value) -> more.put(String.valueOf(name), value));
        }
        more.putAll(asked(paths.get(chunks.size())));
        said.put("diag", more);
      }
      chunks.add(said);
    }
    fields.put("chunks", chunks);
    return new Result.Dma(outcome.status().word(), fields);
  }

  private static Map<String, Object> asked(WalkPath path) {
    var said = new LinkedHashMap<String, Object>();
    for (WalkStep step : path.steps()) {
      switch (step.stage()) {
        case DEVICE_TLB ->
            said.put("device_tlb", step.outcome() == WalkStep.Outcome.HIT ? "hit" : "miss");
        case TRANSLATION_REQUEST -> said.put("asked", facts(step));
        case COMPLETION -> said.put("answer", facts(step));
        case SENT -> said.put("sent", step.title());
        default -> {
          // Stages of the unit are for who looks at the path.
        }
      }
    }
    return said;
  }

  private static Map<String, Object> facts(WalkStep step) {
    var facts = new LinkedHashMap<String, Object>();
    step.facts().forEach(fact -> facts.put(fact.name(), fact.value()));
    return facts;
  }

  private static Map<String, Object> chunk(DmaOutcome.Chunk chunk) {
    var fields = new LinkedHashMap<String, Object>();
    fields.put("iova", Json.hex(chunk.iova()));
    fields.put("len", (long) chunk.length());
    fields.put("st", chunk.status().word());
    if (chunk.status() == DmaOutcome.Status.DONE || chunk.status() == DmaOutcome.Status.VOID) {
      fields.put("pa", Json.hex(chunk.physicalAddress()));
    }
    byte[] data = chunk.data();
    if (data != null) {
      fields.put("data", Bytes.of(data).hex());
    }
    FaultReason reason = chunk.reason();
    if (chunk.cached()) {
      fields.put("diag", Map.of("why", "cached"));
    } else if (reason != null) {
      fields.put("diag", Map.of("reason", (long) reason.code()));
    }
    return fields;
  }
}
