package org.iommulab.lab.run.hardware;

import java.util.LinkedHashMap;
import java.util.Map;
import org.iommulab.lab.language.Bytes;
import org.iommulab.lab.language.Json;
import org.iommulab.lab.language.Result;
import org.iommulab.lab.machine.DmaOutcome;
import org.iommulab.vtd.layout.FaultReason;

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
