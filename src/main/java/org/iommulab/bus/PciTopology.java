package org.iommulab.bus;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import org.iommulab.words.Bilingual;

/**
 * How the functions of a machine hang together.
 *
 * <pre>
 *   root bus 00 ─┬─ 00:02.0 gpu
 *                ├─ 00:1c.0 root port ── bus 01 ── 01:00.0 nic
 *                └─ 00:1d.0 root port ── bus 02 ── 02:00.0 PCIe-to-PCI ── bus 03 ── 03:01.0 old
 *                                                                            alias 03:00.0
 * </pre>
 *
 * <p>A bus that no bridge leads to is a root bus.
 *
 * @param bridges ports and bridges
 * @param devices endpoints
 */
public record PciTopology(List<PciBridge> bridges, List<PciDevice> devices) {

  public PciTopology {
    bridges = List.copyOf(bridges);
    devices = List.copyOf(devices);
  }

  /** The bridge directly above a function; empty on a root bus. */
  public Optional<PciBridge> bridgeAbove(SourceId function) {
    SourceId from = physical(function);
    for (PciBridge bridge : bridges) {
      if (bridge.secondary() == from.bus() && bridge.source().segment() == from.segment()) {
        return Optional.of(bridge);
      }
    }
    return Optional.empty();
  }

  /** A virtual function hangs where its physical one does, whatever its bus number. */
  private SourceId physical(SourceId function) {
    return device(function).flatMap(PciDevice::physicalFunction).orElse(function);
  }

  /** The device with that id. */
  public Optional<PciDevice> device(SourceId id) {
    return devices.stream().filter(device -> device.source().equals(id)).findFirst();
  }

  /** The bridge with that id. */
  public Optional<PciBridge> bridge(SourceId id) {
    return bridges.stream().filter(bridge -> bridge.source().equals(id)).findFirst();
  }

  /** The bridges above a function, the nearest first. */
  public List<PciBridge> pathToRoot(SourceId function) {
    var path = new ArrayList<PciBridge>();
    SourceId at = function;
    for (int i = 0; i <= bridges.size(); i++) {
      Optional<PciBridge> above = bridgeAbove(at);
      if (above.isEmpty() || path.contains(above.get())) {
        break;
      }
      path.add(above.get());
      at = above.get().source();
    }
    return path;
  }

  /** The id a function's requests carry when they reach the root: its own or a bridge's. */
  public SourceId requester(SourceId function) {
    SourceId id = function;
    for (PciBridge bridge : pathToRoot(function)) {
      id = bridge.kind().hidesRequesters() ? bridge.alias() : id;
    }
    return id;
  }

  /**
   * Every id that requests of a function may carry on their way, its own first and what the root
   * sees last.
   */
  public List<SourceId> requesters(SourceId function) {
    var ids = new LinkedHashSet<SourceId>();
    ids.add(function);
    device(function).ifPresent(device -> ids.addAll(device.abilities().phantoms()));
    for (PciBridge bridge : pathToRoot(function)) {
      if (bridge.kind().hidesRequesters()) {
        ids.remove(bridge.alias());
        ids.add(bridge.alias());
      }
    }
    return List.copyOf(ids);
  }

  /**
   * Tells whether nothing on the way from a function to the root can be turned back to a peer: each
   * port has Access Control Services, and no bus is shared.
   */
  public boolean isPathIsolated(SourceId function) {
    for (PciBridge bridge : pathToRoot(function)) {
      boolean port =
          bridge.kind() == PciBridge.Kind.ROOT_PORT
              || bridge.kind() == PciBridge.Kind.SWITCH_DOWNSTREAM;
      boolean single = bridge.kind() == PciBridge.Kind.SWITCH_UPSTREAM;
      if (!(single || (port && bridge.acs()))) {
        return false;
      }
    }
    return true;
  }

  /** Tells whether a function has siblings and is not kept apart from them. */
  public boolean sharesSlot(SourceId function) {
    return device(function).filter(device -> !device.abilities().acs()).isPresent();
  }

  /** Tells whether an external port is above a function. */
  public boolean isUntrusted(SourceId function) {
    return pathToRoot(function).stream().anyMatch(PciBridge::external);
  }

  /** What cannot be so, each one sentence; empty if all fits together. */
  public List<Bilingual> findings() {
    return new TopologyCheck(this).findings();
  }
}
