package org.iommulab.lab.advice;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.iommulab.bus.PciDevice;
import org.iommulab.bus.SourceId;
import org.jspecify.annotations.Nullable;

/** What drivers have mapped, what they had mapped lately, and what they have allocated. */
final class Mappings {

  /** How many mappings of the past are remembered. */
  private static final int REMEMBERED = 1000;

  /** How long they count. */
  private static final long FRESH_NS = 1_000_000_000;

  /** A buffer of kmalloc(). */
  record Buffer(long physical, long size, int step) {

    boolean holds(long at, long length) {
      return at < physical + size && physical < at + length;
    }
  }

  /** A mapping that is gone. */
  record Gone(Live live, int step, long timeNs) {}

  private final List<Live> live = new ArrayList<>();
  private final Deque<Gone> gone = new ArrayDeque<>();
  private final Map<Long, Buffer> buffers = new HashMap<>();

  void clear() {
    live.clear();
    gone.clear();
    buffers.clear();
  }

  List<Live> live() {
    return live;
  }

  List<Live> of(SourceId device) {
    return live.stream().filter(one -> one.device.source().equals(device)).toList();
  }

  void add(Live mapping) {
    live.add(mapping);
  }

  void remove(Live mapping, Step step) {
    live.remove(mapping);
    gone.addFirst(new Gone(mapping, step.number(), step.timeNs()));
    while (gone.size() > REMEMBERED) {
      gone.removeLast();
    }
  }

  /** Mappings of a device that start at an address. */
  List<Live> at(PciDevice device, long address) {
    return live.stream()
        .filter(
            one ->
                one.device == device && one.pieces.stream().anyMatch(p -> p.address() == address))
        .toList();
  }

  Optional<Live> holding(SourceId device, long address) {
    return live.stream()
        .filter(one -> one.device.source().equals(device) && one.holds(address))
        .findFirst();
  }

  /** The same page as a mapping of this device. */
  Optional<Live> onPage(SourceId device, long address) {
    long page = address & -4096L;
    return live.stream()
        .filter(one -> one.device.source().equals(device))
        .filter(
            one ->
                one.pieces.stream()
                    .anyMatch(p -> p.address() < page + 4096 && page < p.address() + p.size()))
        .findFirst();
  }

  Optional<Live> ofOther(SourceId device, long address) {
    return live.stream()
        .filter(one -> !one.device.source().equals(device) && one.holds(address))
        .findFirst();
  }

  Optional<Live> lying(long physical, long length) {
    return live.stream().filter(one -> one.lies(physical, length)).findFirst();
  }

  /** The latest mapping of a device at an address that is gone. */
  @Nullable Gone wasLive(SourceId device, long address, long nowNs) {
    for (Gone one : gone) {
      boolean same = one.live().device.source().equals(device) && one.live().holds(address);
      if (same && nowNs - one.timeNs() <= FRESH_NS) {
        return one;
      }
    }
    return null;
  }

  void allocated(long physical, long size, int step) {
    buffers.put(physical, new Buffer(physical, size, step));
  }

  @Nullable Buffer freed(long physical) {
    return buffers.remove(physical);
  }

  Optional<Buffer> buffer(long physical, long length) {
    return buffers.values().stream().filter(one -> one.holds(physical, length)).findFirst();
  }

  long bytesWithin(long physical, long size) {
    return buffers.values().stream()
        .filter(one -> one.holds(physical, size))
        .mapToLong(Buffer::size)
        .sum();
  }
}
