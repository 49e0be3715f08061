package org.iommulab.evidence.trace;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.iommulab.evidence.trace.Event.Type;
import org.jspecify.annotations.Nullable;

/**
 * Follows mappings through a trace. Events of the IOMMU core name neither device nor domain, so one
 * address that several domains use counts as often as it was mapped; events of the DMA API name the
 * device and are followed for each of them.
 */
public final class Mappings {

  private static final int MOST = 10_000;
  private static final int MOST_PAST = 200_000;
  private static final String ANY = "";

  /** Mapped and not yet unmapped, by device and address. */
  private final Map<String, TreeMap<Long, Deque<Event>>> live = new TreeMap<>();

  /** Unmapped by the core and not yet flushed, by address. */
  private final TreeMap<Long, Event> waiting = new TreeMap<>(Long::compareUnsigned);

  /** Unmaps by address, the newest last. */
  private final TreeMap<Long, Deque<Event>> past = new TreeMap<>(Long::compareUnsigned);

  private final List<Reuse> reused = new ArrayList<>();
  private final List<Moment> faults = new ArrayList<>();
  private final Map<String, EnumMap<Type, Long>> byDevice = new TreeMap<>();
  private int pastCount;
  private int liveCount;
  private long lost;
  private long faultCount;
  private boolean flushes;
  private boolean maps;

  /**
   * An address that was mapped anew before what the unit remembered of it was dropped.
   *
   * @param unmap the end of the old mapping
   * @param map the new one
   */
  public record Reuse(Event unmap, Event map) {}

  /**
   * What was mapped when a device met a fault.
   *
   * @param fault the event
   * @param mapped the mapping that covered the address, if one did
   * @param unmapped the latest end of a mapping that covered it, if none did any more
   * @param below the nearest mapping that ends before it
   * @param above the nearest mapping that begins behind it
   * @param recorded false if the trace shows no mappings at all, as QEMU's does not
   */
  public record Moment(
      Event fault,
      Optional<Event> mapped,
      Optional<Event> unmapped,
      Optional<Event> below,
      Optional<Event> above,
      boolean recorded) {}

  Mappings() {}

  void see(Event event) {
    byDevice
        .computeIfAbsent(
            Objects.requireNonNullElse(event.device(), ANY), device -> new EnumMap<>(Type.class))
        .merge(event.type(), 1L, Long::sum);
    switch (event.type()) {
      case MAP -> map(event);
      case UNMAP -> unmap(event);
      case FLUSH -> flush(event);
      case FAULT -> fault(event);
      case USE, ATTACH, BOUNCE, OTHER -> {}
    }
  }

  private TreeMap<Long, Deque<Event>> space(Event event) {
    return live.computeIfAbsent(
        Objects.requireNonNullElse(event.device(), ANY),
        device -> new TreeMap<>(Long::compareUnsigned));
  }

  private void map(Event event) {
    Long iova = event.iova();
    if (iova == null) {
      return;
    }
    maps = true;
    if (event.name().equals("map")) {
      Map.Entry<Long, Event> before = waiting.floorEntry(event.end());
      if (before != null && overlap(before.getValue(), event) && reused.size() < MOST) {
        reused.add(new Reuse(before.getValue(), event));
      }
    }
    if (liveCount < MOST_PAST) {
      space(event).computeIfAbsent(iova, address -> new ArrayDeque<>(1)).addLast(event);
      liveCount++;
    } else {
      lost++;
    }
  }

  private static boolean overlap(Event a, Event b) {
    return a.covers(Objects.requireNonNullElse(b.iova(), 0L))
        || b.covers(Objects.requireNonNullElse(a.iova(), 0L));
  }

  private void unmap(Event event) {
    Long iova = event.iova();
    if (iova == null) {
      return;
    }
    TreeMap<Long, Deque<Event>> space = space(event);
    Long from = space.floorKey(iova);
    boolean inside = from != null && newest(space, from).covers(iova);
    var gone = new ArrayList<Long>();
    for (Long start :
        space
            .subMap(inside ? Objects.requireNonNull(from) : iova, true, event.end(), true)
            .keySet()) {
      gone.add(start);
    }
    gone.forEach(start -> cut(space, start, event));
    if (pastCount < MOST_PAST) {
      past.computeIfAbsent(iova, address -> new ArrayDeque<>(1)).addLast(event);
      pastCount++;
    }
    if (event.name().equals("unmap") && waiting.size() < MOST_PAST) {
      waiting.put(iova, event);
    }
  }

  private static Event newest(TreeMap<Long, Deque<Event>> space, Long start) {
    return Objects.requireNonNull(space.get(start)).getLast();
  }

  /** The newest mapping at an address ends, or loses the part that was unmapped. */
  private void cut(TreeMap<Long, Deque<Event>> space, Long start, Event unmap) {
    Deque<Event> all = Objects.requireNonNull(space.get(start));
    Event map = all.removeLast();
    liveCount--;
    if (all.isEmpty()) {
      space.remove(start);
    }
    long from = Objects.requireNonNullElse(unmap.iova(), 0L);
    if (Long.compareUnsigned(start, from) < 0) {
      keep(space, part(map, start, from - start));
    }
    if (Long.compareUnsigned(map.end(), unmap.end()) > 0) {
      keep(space, part(map, unmap.end() + 1, map.end() - unmap.end()));
    }
  }

  private void keep(TreeMap<Long, Deque<Event>> space, Event rest) {
    space
        .computeIfAbsent(
            Objects.requireNonNullElse(rest.iova(), 0L), address -> new ArrayDeque<>(1))
        .addLast(rest);
    liveCount++;
  }

  private static Event part(Event map, long start, long size) {
    Long physical = map.physical();
    long offset = start - Objects.requireNonNullElse(map.iova(), 0L);
    return new Event(
        map.line(),
        map.seconds(),
        map.name(),
        map.type(),
        map.device(),
        map.domain(),
        start,
        size,
        physical == null ? null : physical + offset,
        map.text());
  }

  private void flush(Event event) {
    flushes = true;
    Long iova = event.iova();
    if (iova == null || event.size() == null) {
      waiting.clear();
      return;
    }
    waiting.subMap(iova, true, event.end(), true).clear();
    Map.Entry<Long, Event> before = waiting.lowerEntry(iova);
    if (before != null && event.covers(before.getValue().end())) {
      waiting.remove(before.getKey());
    }
  }

  private void fault(Event event) {
    faultCount++;
    Long iova = event.iova();
    if (iova != null && faults.size() < MOST) {
      faults.add(now(event, event.device(), iova));
    }
  }

  private Moment now(Event fault, @Nullable String device, long iova) {
    Optional<Event> mapped = Optional.empty();
    Optional<Event> below = Optional.empty();
    Optional<Event> above = Optional.empty();
    for (TreeMap<Long, Deque<Event>> space : spaces(device)) {
      Map.Entry<Long, Deque<Event>> floor = space.floorEntry(iova);
      if (floor != null && floor.getValue().getLast().covers(iova)) {
        mapped = mapped.or(() -> Optional.of(floor.getValue().getLast()));
      } else if (floor != null) {
        below = below.or(() -> Optional.of(floor.getValue().getLast()));
      }
      Map.Entry<Long, Deque<Event>> higher = space.higherEntry(iova);
      if (higher != null) {
        above = above.or(() -> Optional.of(higher.getValue().getLast()));
      }
    }
    Optional<Event> unmapped =
        mapped.isPresent() ? Optional.empty() : latestEnd(device, iova, Double.MAX_VALUE);
    return new Moment(fault, mapped, unmapped, below, above, maps);
  }

  /** What the device mapped itself, then what the core mapped for anybody. */
  private Collection<TreeMap<Long, Deque<Event>>> spaces(@Nullable String device) {
    var spaces = new ArrayList<TreeMap<Long, Deque<Event>>>();
    TreeMap<Long, Deque<Event>> own = device == null ? null : live.get(device);
    if (own != null) {
      spaces.add(own);
    }
    TreeMap<Long, Deque<Event>> core = live.get(ANY);
    if (core != null) {
      spaces.add(core);
    }
    return spaces;
  }

  /** The latest end of a mapping that covered an address, before a time. */
  public Optional<Event> latestEnd(@Nullable String device, long iova, double before) {
    Event best = null;
    for (Deque<Event> ends : past.headMap(iova, true).descendingMap().values()) {
      for (Event end : ends) {
        boolean fits =
            end.covers(iova)
                && end.seconds() <= before
                && (device == null || end.device() == null || device.equals(end.device()));
        if (fits && (best == null || end.seconds() >= best.seconds())) {
          best = end;
        }
      }
      if (best != null) {
        break;
      }
    }
    return Optional.ofNullable(best);
  }

  /** Whether the address was mapped when the trace ended. */
  public boolean isMapped(@Nullable String device, long iova) {
    for (TreeMap<Long, Deque<Event>> space : spaces(device)) {
      Map.Entry<Long, Deque<Event>> floor = space.floorEntry(iova);
      if (floor != null && floor.getValue().getLast().covers(iova)) {
        return true;
      }
    }
    return false;
  }

  /** Mapped when the trace ended, by address, at most ten thousand. */
  public List<Event> open() {
    return live.values().stream()
        .flatMap(space -> space.values().stream())
        .flatMap(Deque::stream)
        .limit(MOST)
        .toList();
  }

  /** How many mappings there were when the trace ended. */
  public long openCount() {
    return liveCount + lost;
  }

  /** Whether the trace shows flushes at all; otherwise their absence says nothing. */
  public boolean hasFlushes() {
    return flushes;
  }

  /** Unmapped, and not flushed before the trace ended. */
  public List<Event> unflushed() {
    return flushes ? waiting.values().stream().limit(MOST).toList() : List.of();
  }

  /** Mapped anew without a flush between. */
  public List<Reuse> reused() {
    return flushes ? Collections.unmodifiableList(reused) : List.of();
  }

  /** The faults, each with what was mapped at its moment. */
  public List<Moment> faults() {
    return Collections.unmodifiableList(faults);
  }

  /** How many faults there are in all. */
  public long faultCount() {
    return faultCount;
  }

  /** How many events of each type a device has; the empty name is for events that name none. */
  public Map<String, EnumMap<Type, Long>> byDevice() {
    return Collections.unmodifiableMap(byDevice);
  }
}
