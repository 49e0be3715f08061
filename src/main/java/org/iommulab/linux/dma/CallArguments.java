package org.iommulab.linux.dma;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.iommulab.bus.SourceId;
import org.iommulab.linux.swiotlb.DmaDirection;
import org.jspecify.annotations.Nullable;

/** Named arguments of a call; remembers the first that is missing or of the wrong kind. */
final class CallArguments {

  private final DmaApi api;
  private final Map<String, Object> values;
  private @Nullable String problem;

  CallArguments(DmaApi api, Map<String, Object> values) {
    this.api = api;
    this.values = values;
  }

  @Nullable String problem() {
    return problem;
  }

  void complain(String text) {
    if (problem == null) {
      problem = text;
    }
  }

  boolean has(String name) {
    return values.containsKey(name);
  }

  /** The first of several names for the same number. */
  long number(String... names) {
    for (String name : names) {
      if (values.get(name) instanceof Number number) {
        return number.longValue();
      }
    }
    complain("needs the number \"" + names[0] + "\"");
    return 0;
  }

  long optional(String name, long otherwise) {
    return values.containsKey(name) ? number(name) : otherwise;
  }

  String text(String name, String otherwise) {
    return values.get(name) instanceof String text ? text : otherwise;
  }

  List<?> list(String name) {
    if (values.get(name) instanceof List<?> list) {
      return list;
    }
    complain("needs the list \"" + name + "\"");
    return List.of();
  }

  /** The device under {@code dev}, by name or requester id. */
  @Nullable DmaDevice device() {
    Object value = values.get("dev");
    for (DmaDevice device : api.devices()) {
      boolean same =
          device.pci().name().equals(value)
              || value instanceof String text
                  && SourceId.parse(text).filter(device.pci().sid()::equals).isPresent();
      if (same) {
        return device;
      }
    }
    complain(
        value == null
            ? "needs the device \"dev\""
            : "knows no device \"" + value + "\"; there are " + names());
    return null;
  }

  private String names() {
    var names = new ArrayList<String>();
    api.devices().forEach(device -> names.add(device.pci().name()));
    return String.join(", ", names);
  }

  DmaDirection direction() {
    Object value = values.get("dir");
    var direction = DmaDirection.of(String.valueOf(value));
    if (direction.isEmpty()) {
      complain("needs the direction \"dir\": DMA_TO_DEVICE, DMA_FROM_DEVICE or DMA_BIDIRECTIONAL");
    }
    return direction.orElse(DmaDirection.DMA_NONE);
  }

  /** A buffer: kernel or physical address. */
  long buffer(String... names) {
    return CoherentPages.physical(number(names));
  }

  boolean skipSync() {
    Object attributes = values.get("attrs");
    return "DMA_ATTR_SKIP_CPU_SYNC".equals(attributes) || Long.valueOf(0x20).equals(attributes);
  }

  /** Scatter list: {@code [{"phys": …, "length": …}, …]}. */
  List<SgMapping.Entry> scatterList() {
    var entries = new ArrayList<SgMapping.Entry>();
    for (Object item : list("sg")) {
      var fields = new CallArguments(api, fields(item));
      long phys = fields.buffer("phys", "page", "addr") + fields.optional("offset", 0);
      entries.add(new SgMapping.Entry(phys, fields.number("length", "len")));
      if (fields.problem() != null) {
        complain("needs entries of \"sg\" with \"phys\" and \"length\"");
      }
    }
    return entries;
  }

  private static Map<String, Object> fields(Object item) {
    var fields = new java.util.HashMap<String, Object>();
    if (item instanceof Map<?, ?> map) {
      map.forEach((key, value) -> fields.put(String.valueOf(key), value));
    }
    return fields;
  }
}
