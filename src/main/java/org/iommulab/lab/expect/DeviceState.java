package org.iommulab.lab.expect;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.iommulab.bus.Pasid;
import org.iommulab.bus.SourceId;
import org.iommulab.bus.ats.DeviceTlb;
import org.iommulab.bus.ats.TranslationEntry;
import org.iommulab.vtd.RemappingUnit;
import org.iommulab.vtd.layout.PageRequest;
import org.iommulab.vtd.layout.RegisterLayouts;
import org.jspecify.annotations.Nullable;

/** The translation caches of devices, and the page requests that wait for software. */
final class DeviceState {

  private final Observation moment;

  DeviceState(Observation moment) {
    this.moment = moment;
  }

  /**
   * {@code device_tlb(device)}, {@code device_tlb(device,iova)} or {@code
   * device_tlb(device,iova,pasid)}.
   */
  @Nullable Object deviceTlb(List<Object> arguments) {
    String word = State.word(arguments, 0);
    SourceId source =
        moment
            .device(word)
            .map(id -> moment.machine().requester(id))
            .orElseThrow(() -> new IllegalArgumentException("this machine has no device " + word));
    Optional<DeviceTlb> cache = moment.machine().deviceTlb(source);
    Optional<RemappingUnit> unit = moment.machine().unit(source);
    if (cache.isEmpty() || unit.isEmpty()) {
      return null;
    }
    boolean all = arguments.size() < 2;
    long pasid = arguments.size() < 3 ? Pasid.NONE.value() : State.number(arguments, 2);
    var lines = new ArrayList<Map<String, Object>>();
    for (DeviceTlb.Line line : cache.get().lines()) {
      boolean wanted =
          all
              || (line.pasid().value() == pasid
                  && line.entry().input().contains(State.number(arguments, 1)));
      if (wanted) {
        lines.add(describe(line, unit.get().isStale(source, line)));
      }
    }
    return all ? lines : lines.stream().findFirst().orElse(null);
  }

  private static Map<String, Object> describe(DeviceTlb.Line line, boolean stale) {
    TranslationEntry entry = line.entry();
    var fields = new LinkedHashMap<String, Object>();
    fields.put("iova", entry.input().start());
    fields.put("len", entry.input().bytes());
    fields.put("pa", entry.output(entry.input().start()));
    fields.put("rights", entry.rights());
    if (!line.pasid().isNone()) {
      fields.put("pasid", (long) line.pasid().value());
    }
    fields.put("stale", stale);
    return fields;
  }

  /** {@code prq}: page requests that software has not taken yet, oldest first. */
  Object pageRequests(RemappingUnit unit) {
    long queue = unit.read(RegisterLayouts.PQA.position(), 8);
    long size = 4096L << RegisterLayouts.PQA.field("PQS").get(queue);
    long tail = unit.read(RegisterLayouts.PQT.position(), 8) & size - 1;
    long head = unit.read(RegisterLayouts.PQH.position(), 8) & size - 1;
    var requests = new ArrayList<Map<String, Object>>();
    for (; head != tail; head = head + PageRequest.BYTES & size - 1) {
      long address = RegisterLayouts.PQA.field("PQA").get(queue) + head;
      long[] words = new long[PageRequest.BYTES / 8];
      for (int i = 0; i < words.length; i++) {
        words[i] = moment.machine().memory().readQword(address + 8L * i);
      }
      requests.add(Records.decoded(PageRequest.LAYOUT, words));
    }
    return requests;
  }
}
