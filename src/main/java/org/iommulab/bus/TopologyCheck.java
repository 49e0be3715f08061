package org.iommulab.bus;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import org.iommulab.words.Bilingual;
import org.jspecify.annotations.Nullable;

/** Finds what cannot be so in a topology. */
final class TopologyCheck {

  private final PciTopology topology;
  private final List<Bilingual> findings = new ArrayList<>();

  TopologyCheck(PciTopology topology) {
    this.topology = topology;
  }

  List<Bilingual> findings() {
    names();
    ids();
    buses();
    topology.devices().forEach(this::virtualFunction);
    return List.copyOf(findings);
  }

  private void names() {
    var seen = new HashSet<String>();
    for (PciDevice device : topology.devices()) {
      say(!seen.add(device.name()), "two devices are called %s", "有两个设备都叫 %s", device.name());
    }
    for (PciBridge bridge : topology.bridges()) {
      say(
          !seen.add(bridge.name()),
          "two devices or bridges are called %s",
          "有两个设备或桥都叫 %s",
          bridge.name());
    }
  }

  private void ids() {
    Map<SourceId, String> seen = new HashMap<>();
    for (PciDevice device : topology.devices()) {
      taken(seen.put(device.source(), device.name()), device.source(), device.name());
    }
    for (PciBridge bridge : topology.bridges()) {
      taken(seen.put(bridge.source(), bridge.name()), bridge.source(), bridge.name());
    }
  }

  private void taken(@Nullable String by, SourceId id, String name) {
    if (by != null) {
      say(true, "%s and %s both are at %s", "%s 和 %s 都位于 %s", by, name, id);
    }
  }

  private void buses() {
    for (PciBridge bridge : topology.bridges()) {
      say(
          bridge.secondary() <= bridge.source().bus(),
          "%s is on bus %02x and leads to bus %02x; the bus behind a bridge has a higher number",
          "%s 在总线 %02x 上，通向总线 %02x；桥之后的总线号必须更大",
          bridge.name(),
          bridge.source().bus(),
          bridge.secondary());
      say(
          bridge.subordinate() < bridge.secondary(),
          "the last bus behind %s, %02x, is below its first, %02x",
          "%s 之后的最后一条总线 %02x 小于第一条 %02x",
          bridge.name(),
          bridge.subordinate(),
          bridge.secondary());
      for (PciBridge other : topology.bridges()) {
        say(
            overlaps(bridge, other),
            "%s and %s both lead to bus %02x",
            "%s 和 %s 都通向总线 %02x",
            bridge.name(),
            other.name(),
            Math.max(bridge.secondary(), other.secondary()));
      }
      topology
          .bridgeAbove(bridge.source())
          .ifPresent(
              above ->
                  say(
                      above.subordinate() < bridge.subordinate(),
                      "%s leads to bus %02x, %s above it only up to %02x",
                      "%s 通向总线 %02x，而其上的 %s 只到 %02x",
                      bridge.name(),
                      bridge.subordinate(),
                      above.name(),
                      above.subordinate()));
    }
  }

  /** Two bridges may share buses only if one is behind the other; each pair is told once. */
  private static boolean overlaps(PciBridge bridge, PciBridge other) {
    boolean later = bridge.source().compareTo(other.source()) < 0;
    boolean apart =
        bridge.source().segment() != other.source().segment()
            || bridge.subordinate() < other.secondary()
            || other.subordinate() < bridge.secondary();
    return later && !apart && !bridge.leadsTo(other.source()) && !other.leadsTo(bridge.source());
  }

  private void virtualFunction(PciDevice device) {
    device
        .physicalFunction()
        .ifPresent(
            physical ->
                say(
                    topology.device(physical).isEmpty(),
                    "%s is a virtual function of %s, which is not there",
                    "%s 是 %s 的虚拟功能，但后者不存在",
                    device.name(),
                    physical));
  }

  private void say(boolean wrong, String english, String chinese, Object... facts) {
    if (wrong) {
      findings.add(Bilingual.of(english, chinese, facts));
    }
  }
}
