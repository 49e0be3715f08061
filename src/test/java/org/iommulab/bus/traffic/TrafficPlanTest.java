package org.iommulab.bus.traffic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.LongStream;
import org.iommulab.memory.AddressRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class TrafficPlanTest {

  private static final List<AddressRange> RANGES =
      List.of(AddressRange.ofSize(0x1000, 0x1000), AddressRange.ofSize(0x8000, 0x3000));

  private static TrafficPlan plan(TrafficPattern pattern, long seed) {
    return new TrafficPlan(pattern, seed, RANGES, 64, 4096, 50);
  }

  private static List<TrafficPlan.Request> requests(TrafficPlan plan, int count) {
    return LongStream.range(0, count).mapToObj(plan::request).toList();
  }

  @ParameterizedTest
  @EnumSource(TrafficPattern.class)
  void everyRequestLiesInARange(TrafficPattern pattern) {
    for (long seed = 0; seed < 50; seed++) {
      for (TrafficPlan.Request request : requests(plan(pattern, seed), 200)) {
        assertThat(RANGES)
            .as("seed %d: %s", seed, request)
            .anyMatch(range -> range.contains(request.address(), request.bytes()));
      }
    }
  }

  @ParameterizedTest
  @EnumSource(TrafficPattern.class)
  void samePlanIsTheSameSeries(TrafficPattern pattern) {
    assertThat(requests(plan(pattern, 7), 100)).isEqualTo(requests(plan(pattern, 7), 100));
    assertThat(requests(plan(pattern, 7), 100)).isNotEqualTo(requests(plan(pattern, 8), 100));
    assertThat(TrafficPattern.named(pattern.word())).contains(pattern);
  }

  @Test
  void sequentialGoesThroughAllRangesAndStartsAgain() {
    var all = requests(plan(TrafficPattern.SEQUENTIAL, 1), 257);
    assertThat(all.get(0).address()).isEqualTo(0x1000);
    assertThat(all.get(63).address()).isEqualTo(0x1FC0);
    assertThat(all.get(64).address()).isEqualTo(0x8000);
    assertThat(all.get(256).address()).isEqualTo(0x1000);
  }

  @Test
  void ringReadsADescriptorMovesDataAndWritesTheDescriptorBack() {
    var all = requests(plan(TrafficPattern.RING, 1), 6);
    assertThat(all.get(0)).isEqualTo(new TrafficPlan.Request(0x1000, 16, false));
    assertThat(all.get(1).address()).isEqualTo(0x8000);
    assertThat(all.get(2)).isEqualTo(new TrafficPlan.Request(0x1000, 16, true));
    assertThat(all.get(3)).isEqualTo(new TrafficPlan.Request(0x1010, 16, false));
  }

  @Test
  void shareOfWritesIsKept() {
    var readsOnly = new TrafficPlan(TrafficPattern.RANDOM, 3, RANGES, 64, 4096, 0);
    var writesOnly = new TrafficPlan(TrafficPattern.RANDOM, 3, RANGES, 64, 4096, 100);
    assertThat(requests(readsOnly, 300)).noneMatch(TrafficPlan.Request::write);
    assertThat(requests(writesOnly, 300)).allMatch(TrafficPlan.Request::write);
  }

  @Test
  void rangeMustHoldARequest() {
    assertThatThrownBy(
            () ->
                new TrafficPlan(
                    TrafficPattern.RANDOM, 1, List.of(AddressRange.ofSize(0, 32)), 64, 1, 0))
        .hasMessageContaining("a request needs 64");
  }
}
