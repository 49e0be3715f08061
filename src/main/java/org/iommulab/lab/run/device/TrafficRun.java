package org.iommulab.lab.run.device;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.iommulab.bus.SourceId;
import org.iommulab.bus.traffic.TrafficPattern;
import org.iommulab.bus.traffic.TrafficPlan;
import org.iommulab.lab.language.Complaint;
import org.iommulab.lab.language.DriverCommand;
import org.iommulab.lab.language.DriverFields;
import org.iommulab.lab.language.Json;
import org.iommulab.lab.language.Result;
import org.iommulab.lab.machine.DmaOutcome;
import org.iommulab.lab.machine.Machine;
import org.iommulab.lab.run.state.Arguments;
import org.iommulab.lab.run.state.Prepared;
import org.iommulab.lab.run.state.RunState;
import org.iommulab.memory.AddressRange;
import org.iommulab.progress.Progress;
import org.iommulab.words.Bilingual;

/** Carries out a series of requests and sums up what became of them. */
final class TrafficRun {

  private final Machine machine;
  private final SourceId source;
  private final TrafficPlan plan;
  private final int count;

  private TrafficRun(Machine machine, SourceId source, TrafficPlan plan, int count) {
    this.machine = machine;
    this.source = source;
    this.plan = plan;
    this.count = count;
  }

  static Prepared prepare(RunState state, DriverCommand.Traffic c) throws Complaint {
    SourceId source = state.device(c.dev());
    Arguments keys = Arguments.of("traffic", c.keys(), state.names(), DriverFields.TRAFFIC);
    int count = (int) keys.between("count", 1, 1, DriverFields.MOST_REQUESTS);
    return new TrafficRun(state.machine(), source, plan(keys), count)::run;
  }

  private Result run() {
    var outcomes = new LinkedHashMap<String, Object>();
    for (String word : List.of("done", "blocked", "void", "intr", "mixed")) {
      outcomes.put(word, 0L);
    }
    long bytes = 0;
    Map<String, Object> first = null;
    for (int i = 0; i < count; i++) {
      Progress.report(i, count);
      TrafficPlan.Request request = plan.request(i);
      DmaOutcome outcome = carryOut(request, i);
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

  private DmaOutcome carryOut(TrafficPlan.Request request, int number) {
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

  private static TrafficPlan plan(Arguments keys) throws Complaint {
    String word = keys.choice("pattern", "sequential", TrafficPattern.words());
    int bytes = (int) keys.between("bytes", 64, 1, DriverFields.LARGEST_REQUEST);
    long stride = keys.numberOr("stride", 4096);
    if (stride <= 0) {
      throw keys.wrong("stride", "must be greater than 0", "必须大于 0");
    }
    try {
      return new TrafficPlan(
          TrafficPattern.named(word).orElse(TrafficPattern.SEQUENTIAL),
          keys.numberOr("seed", 1),
          ranges(keys),
          bytes,
          stride,
          (int) keys.between("writes", 50, 0, 100));
    } catch (IllegalArgumentException e) {
      throw new Complaint(
          "traffic: %s",
          "traffic：%s", new Bilingual(String.valueOf(e.getMessage()), "至少需要一个范围，且每个范围须容得下一个请求"));
    }
  }

  private static List<AddressRange> ranges(Arguments keys) throws Complaint {
    var ranges = new ArrayList<AddressRange>();
    for (Arguments range : keys.list("ranges", new Bilingual("range", "范围"), DriverFields.RANGE)) {
      long start = range.number("start");
      long length = range.number("len");
      if (length <= 0 || start + length < start) {
        throw range.wrong(
            "len", "must be greater than 0 and end before 2^63", "必须大于 0，且终点在 2^63 之前");
      }
      ranges.add(AddressRange.ofSize(start, length));
    }
    return ranges;
  }
}
