package org.iommulab.evidence.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Where events stand in time. */
final class TimeLanesTest {

  private static Event event(long line, double seconds, Event.Type type, String device) {
    return new Event(
        line,
        seconds,
        type.word(),
        type,
        device.isEmpty() ? null : device,
        -1,
        0x1000L,
        4096L,
        null,
        "");
  }

  private static final List<Event> EVENTS =
      List.of(
          event(1, 10, Event.Type.ATTACH, "00:01.0"),
          event(2, 10, Event.Type.MAP, "00:02.0"),
          event(3, 15, Event.Type.UNMAP, "00:02.0"),
          event(4, 15.1, Event.Type.FAULT, "00:02.0"),
          event(5, 20, Event.Type.FLUSH, ""),
          event(6, 90, Event.Type.OTHER, "00:03.0"));

  @Test
  void eachDeviceHasALaneAndOtherEventsNone() {
    TimeLanes lanes = TimeLanes.of(EVENTS, 8);
    assertThat(lanes.lanes()).extracting(TimeLanes.Lane::device).containsExactly("", "00:02.0");
    assertThat(lanes.left()).as("00:01.0 only came").isEqualTo(1);
    assertThat(lanes.from()).isEqualTo(10);
    assertThat(lanes.to()).isEqualTo(20);
    assertThat(lanes.place(EVENTS.get(2))).isEqualTo(0.5, within(1e-9));
  }

  @Test
  void devicesWithFaultsComeFirstWhereThereAreTooMany() {
    var many = new ArrayList<Event>(EVENTS);
    for (int i = 0; i < 30; i++) {
      many.add(event(100 + i, 11, Event.Type.MAP, "05:00.0"));
    }
    TimeLanes lanes = TimeLanes.of(many, 1);
    assertThat(lanes.lanes()).extracting(TimeLanes.Lane::device).containsExactly("00:02.0");
    assertThat(lanes.left()).isEqualTo(3);
  }

  @Test
  void faultWithinReachIsNearerThanItsNeighbours() {
    TimeLanes lanes = TimeLanes.of(EVENTS, 8);
    TimeLanes.Lane lane = lanes.lanes().getLast();
    assertThat(lanes.nearest(lane, 0.5, 0.02)).contains(EVENTS.get(3));
    assertThat(lanes.nearest(lane, 0.5, 0.001)).contains(EVENTS.get(2));
    assertThat(lanes.nearest(lane, 0, 0.02)).contains(EVENTS.get(1));
  }

  @Test
  void withoutAClockLinesAreTheTime() {
    var lines = new ArrayList<Event>(EVENTS);
    lines.add(event(7, Double.NaN, Event.Type.MAP, "00:02.0"));
    TimeLanes lanes = TimeLanes.of(lines, 8);
    assertThat(lanes.timed()).isFalse();
    assertThat(lanes.from()).isEqualTo(2);
    assertThat(lanes.to()).isEqualTo(7);
    assertThat(TimeLanes.of(List.of(), 8).lanes()).isEmpty();
  }
}
