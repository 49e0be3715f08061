package org.iommulab.lab.rig;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.iommulab.bus.SourceId;
import org.iommulab.bus.traffic.TrafficPattern;
import org.iommulab.bus.traffic.TrafficPlan;
import org.iommulab.lab.machine.DmaOutcome;
import org.iommulab.lab.machine.Machine;
import org.iommulab.lab.rig.keys.KeyMap;
import org.iommulab.lab.script.Complaint;
import org.iommulab.lab.script.Json;
import org.iommulab.lab.script.Result;
import org.iommulab.memory.AddressRange;

/** Carries out a series of requests and sums up what became of them. */
final class TrafficRun {

  private static final int MOST_REQUESTS = 1_000_000;
  private static final int LARGEST_REQUEST = 4096;

  private final Machine machine;
  private final SourceId source;
  private final Names names;

  TrafficRun(Machine machine, SourceId source, Names names) {
    this.machine = machine;
    this.source = source;
    this.names = names;
  }

  Result run(Map<String, Object> given) throws Complaint {
    var keys = new KeyMap("traffic", given);
    int count = (int) keys.between("count", 1, 1, MOST_REQUESTS);
    TrafficPlan plan = plan(keys);
    keys.done();
    var outcomes = new LinkedHashMap<String, Object>();
    for (String word : List.of("done", "blocked", "void", "intr", "mixed")) {
      outcomes.put(word, 0L);
    }
    long bytes = 0;
    Map<String, Object> first = null;
    for (int i = 0; i < count; i++) {
      TrafficPlan.Request request = plan.request(i);
      DmaOutcome outcome = carryOut(plan, request, i);
      outcomes.merge(outcome.status().word(), 1L, (old, one) -> (Long) old + 1);
      bytes += moved(outcome);
      if (first == null && outcome.status() != DmaOutcome.Status.DONE) {
        first = failure(i, request, outcome);
      }
    }
    outcomes.put("bytes", bytes);
    if (first != null) {
      outcomes.put("first_fault", first);
    }
    return new Result.Done(outcomes);
  }

  private DmaOutcome carryOut(TrafficPlan plan, TrafficPlan.Request request, int number) {
    return request.write()
        ? machine.dmaWrite(source, request.address(), plan.data(number, request.bytes()))
        : machine.dmaRead(source, request.address(), request.bytes());
  }

  private static long moved(DmaOutcome outcome) {
    return outcome.chunks().stream()
        .filter(chunk -> chunk.status() == DmaOutcome.Status.DONE)
        .mapToLong(DmaOutcome.Chunk::length)
        .sum();
  }

  private static Map<String, Object> failure(
      int number, TrafficPlan.Request request, DmaOutcome outcome) {
    var fields = new LinkedHashMap<String, Object>();
    fields.put("n", (long) number);
    fields.put("kind", request.write() ? "write" : "read");
    for (DmaOutcome.Chunk chunk : outcome.chunks()) {
      if (chunk.status() != DmaOutcome.Status.DONE) {
        fields.put("iova", Json.hex(chunk.iova()));
        fields.put("st", chunk.status().word());
        var reason = chunk.reason();
        if (reason != null) {
          fields.put("reason", (long) reason.code());
        }
        break;
      }
    }
    return fields;
  }

  // ---- the plan --------------------------------------------------------------------------------

  private TrafficPlan plan(KeyMap keys) throws Complaint {
    String word = keys.choice("pattern", "sequential", TrafficPattern.words());
    int bytes = (int) keys.between("bytes", 64, 1, LARGEST_REQUEST);
    long stride = keys.number("stride", 4096);
    if (stride <= 0) {
      throw keys.wrong("stride", "must be greater than 0");
    }
    try {
      return new TrafficPlan(
          TrafficPattern.named(word).orElse(TrafficPattern.SEQUENTIAL),
          keys.number("seed", 1),
          ranges(keys),
          bytes,
          stride,
          (int) keys.between("writes", 50, 0, 100));
    } catch (IllegalArgumentException e) {
      throw new Complaint("traffic: " + e.getMessage());
    }
  }

  private List<AddressRange> ranges(KeyMap keys) throws Complaint {
    var ranges = new ArrayList<AddressRange>();
    for (KeyMap range : keys.objects("ranges", "range")) {
      long start = expression(range, "start");
      long length = expression(range, "len");
      if (length <= 0 || start + length < start) {
        throw range.wrong("len", "must be greater than 0 and end before 2^63");
      }
      ranges.add(AddressRange.ofSize(start, length));
      range.done();
    }
    return ranges;
  }

  private long expression(KeyMap range, String key) throws Complaint {
    Object value = range.value(key);
    if (value == null) {
      throw range.wrong(key, "is missing");
    }
    return names.value(value);
  }
}
