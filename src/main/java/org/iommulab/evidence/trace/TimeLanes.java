package org.iommulab.evidence.trace;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.iommulab.evidence.trace.Event.Type;

/**
 * Events on an axis of time, a lane for each device. Events of the IOMMU core name no device and
 * have a lane of their own. Where the trace has no clock, lines are the time.
 */
public final class TimeLanes {

  private final List<Lane> lanes;
  private final int left;
  private final boolean timed;
  private final double from;
  private final double to;

  /**
   * What one device did.
   *
   * @param device {@code bb:dd.f}, or empty for events that name none
   * @param events in their order
   */
  public record Lane(String device, List<Event> events) {

    public Lane {
      events = List.copyOf(events);
    }

    private long count(Type type) {
      return events.stream().filter(event -> event.type() == type).count();
    }

    /** Events of mappings: coming and going of a device is seen in every trace. */
    private long weight() {
      return events.size() - count(Type.ATTACH);
    }
  }

  private TimeLanes(List<Event> events, int most) {
    Map<String, List<Event>> byDevice = new LinkedHashMap<>();
    for (Event event : events) {
      if (event.type() != Type.OTHER) {
        byDevice
            .computeIfAbsent(
                Objects.requireNonNullElse(event.device(), ""), device -> new ArrayList<>())
            .add(event);
      }
    }
    List<Lane> all =
        byDevice.entrySet().stream().map(one -> new Lane(one.getKey(), one.getValue())).toList();
    long busy = all.stream().filter(lane -> lane.weight() > 0).count();
    lanes =
        all.stream()
            .sorted(
                Comparator.comparing((Lane lane) -> lane.count(Type.FAULT) == 0)
                    .thenComparing(Comparator.comparing(Lane::weight).reversed()))
            .limit(Math.min(most, busy == 0 ? most : busy))
            .sorted(Comparator.comparing(Lane::device))
            .toList();
    left = all.size() - lanes.size();
    timed = events.stream().noneMatch(event -> Double.isNaN(event.seconds()));
    List<Event> shown = lanes.stream().flatMap(lane -> lane.events().stream()).toList();
    from = shown.stream().mapToDouble(this::clock).min().orElse(0);
    to = shown.stream().mapToDouble(this::clock).max().orElse(0);
  }

  /**
   * Lays events out.
   *
   * @param most lanes; devices that met faults come first, then those with most events; those that
   *     only came and went have a lane if no other has
   */
  public static TimeLanes of(List<Event> events, int most) {
    return new TimeLanes(events, most);
  }

  private double clock(Event event) {
    return timed ? event.seconds() : event.line();
  }

  /** The lanes, by device. */
  public List<Lane> lanes() {
    return lanes;
  }

  /** Devices that have no lane. */
  public int left() {
    return left;
  }

  /** Whether the axis is in seconds; otherwise it counts lines. */
  public boolean timed() {
    return timed;
  }

  /** Where the axis begins: seconds, or a line. */
  public double from() {
    return from;
  }

  /** Where it ends. */
  public double to() {
    return to;
  }

  /** Where an event stands on the axis, from 0 to 1. */
  public double place(Event event) {
    return to > from ? (clock(event) - from) / (to - from) : 0.5;
  }

  /**
   * The event of a lane that stands nearest to a place; a fault within reach before all others.
   *
   * @param part from 0 to 1
   * @param reach how far off, in the same measure
   */
  public Optional<Event> nearest(Lane lane, double part, double reach) {
    return lane.events().stream()
        .min(
            Comparator.comparing(
                    (Event event) ->
                        event.type() != Type.FAULT || Math.abs(place(event) - part) > reach)
                .thenComparing(event -> Math.abs(place(event) - part)));
  }
}
