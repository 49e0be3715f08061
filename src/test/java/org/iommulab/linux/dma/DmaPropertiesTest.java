package org.iommulab.linux.dma;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.iommulab.linux.boot.Era;
import org.iommulab.linux.iova.IovaView;
import org.iommulab.linux.swiotlb.DmaDirection;
import org.iommulab.linux.uapi.Status;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Ten thousand calls by seed: nothing overlaps, everything is accounted for, nothing leaks. */
final class DmaPropertiesTest {

  private static final int STEPS = 10_000;

  /** Something mapped: first address, bytes, and how to take it back. */
  private record Live(long address, long size, Back back) {
    interface Back {
      Status run();
    }
  }

  private final TreeMap<Long, Live> live = new TreeMap<>();

  static LongStream seeds() {
    return LongStream.range(0, 8);
  }

  private static DmaLab lab(Random random) {
    Era era = List.of(Era.V5_4, Era.V5_12, Era.V6_3, Era.V6_18).get(random.nextInt(4));
    boolean strict = random.nextBoolean();
    return DmaLab.boot(era, "intel_iommu=on" + (strict ? ",strict iommu.strict=1" : ""));
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void randomCallsKeepTheirAddressesApartAndLeaveNothing(long seed) {
    var random = new Random(seed);
    DmaLab lab = lab(random);
    long user = lab.api.frames().userFrames();
    for (int step = 0; step < STEPS; step++) {
      lab.api.cpus().switchTo(random.nextInt(2));
      lab.pass(random.nextInt(200_000));
      if (live.isEmpty() || (live.size() < 400 && random.nextInt(100) < 52)) {
        map(lab, random);
      } else {
        Live victim = live.ceilingEntry((long) (random.nextDouble() * live.lastKey())).getValue();
        live.remove(victim.address());
        assertThat(victim.back().run().failed()).isFalse();
      }
    }
    DmaView.Domain domain = lab.domainOfNic();
    assertThat(domain.liveRanges()).isEqualTo(live.size());
    accountsForAll(domain);

    live.values().forEach(rest -> assertThat(rest.back().run().failed()).isFalse());
    lab.pass(1_000_000_000);
    DmaView.Domain after = lab.domainOfNic();
    assertThat(after.liveRanges()).isZero();
    assertThat(lab.api.view().exposed()).isEmpty();
    assertThat(lab.api.view().coherent()).isEmpty();
    assertThat(lab.api.frames().userFrames()).isEqualTo(user);
  }

  private static void accountsForAll(DmaView.Domain domain) {
    long last = 0;
    for (IovaView.Node node : domain.iova().nodes()) {
      assertThat(node.low()).isGreaterThan(last);
      last = node.high();
    }
    long allocated =
        domain.iova().nodes().stream()
            .filter(node -> node.state() == IovaView.State.ALLOCATED)
            .count();
    FlushQueueView queue = domain.queue();
    long waiting =
        queue == null ? 0 : queue.rings().stream().mapToLong(ring -> ring.entries().size()).sum();
    assertThat(allocated).isEqualTo(domain.liveRanges() + waiting);
  }

  private void map(DmaLab lab, Random random) {
    var directions =
        List.of(
            DmaDirection.DMA_TO_DEVICE,
            DmaDirection.DMA_FROM_DEVICE,
            DmaDirection.DMA_BIDIRECTIONAL);
    DmaDirection direction = directions.get(random.nextInt(3));
    long phys = 0x1_8000_0000L + random.nextInt(1 << 24);
    long size = 1 + random.nextInt(random.nextInt(20) == 0 ? 200_000 : 9_000);
    switch (random.nextInt(10)) {
      case 0, 1 -> {
        CoherentBuffer buffer = lab.api.allocCoherent(lab.nic, size, random.nextBoolean(), -1);
        assertThat(buffer.status().failed()).isFalse();
        keep(
            buffer.handle(),
            size,
            () -> lab.api.freeCoherent(lab.nic, buffer.cpuAddress(), buffer.handle()));
      }
      case 2 -> {
        var entries = new ArrayList<SgMapping.Entry>();
        for (int i = random.nextInt(5); i >= 0; i--) {
          entries.add(new SgMapping.Entry(phys + i * 0x10_0000L, 1 + random.nextInt(10_000)));
        }
        SgMapping mapping = lab.api.mapSg(lab.nic, entries, direction);
        assertThat(mapping.status().failed()).isFalse();
        var first = mapping.segments().getFirst();
        var last = mapping.segments().getLast();
        keep(
            first.address(),
            last.address() + last.length() - first.address(),
            () -> lab.api.unmapSg(lab.nic, mapping.segments(), direction));
      }
      default -> {
        DmaMapping mapping = lab.api.map(lab.nic, phys, size, direction, false);
        assertThat(mapping.failed()).isFalse();
        assertThat(lab.phys(DmaLab.NIC, mapping.address())).isEqualTo(phys);
        assertThat(lab.phys(DmaLab.NIC, mapping.address() + size - 1)).isEqualTo(phys + size - 1);
        keep(
            mapping.address(),
            size,
            () -> lab.api.unmap(lab.nic, mapping.address(), size, direction, false));
      }
    }
  }

  private void keep(long address, long size, Live.Back back) {
    long first = address & -4096L;
    var below = live.floorEntry(address + size - 1);
    if (below != null) {
      long end = (below.getValue().address() + below.getValue().size() + 4095) & -4096L;
      assertThat(end).as("0x%x overlaps", address).isLessThanOrEqualTo(first);
    }
    live.put(address, new Live(address, size, back));
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void failedTableAllocationUndoesTheMapping(long seed) {
    var random = new Random(seed);
    DmaLab lab = lab(random);
    for (int step = 0; step < 500; step++) {
      lab.failAllocation(1 + random.nextInt(4));
      long size = 1 + random.nextInt(6_000_000);
      DmaMapping mapping =
          lab.api.map(lab.nic, 0x1_8000_0000L, size, DmaDirection.DMA_BIDIRECTIONAL, false);
      lab.failAllocation(0);
      if (mapping.failed()) {
        assertThat(lab.domainOfNic().liveRanges()).isZero();
        mapping = lab.api.map(lab.nic, 0x1_8000_0000L, size, DmaDirection.DMA_BIDIRECTIONAL, false);
        assertThat(mapping.failed()).isFalse();
      }
      long address = mapping.address();
      lab.api.unmap(lab.nic, address, size, DmaDirection.DMA_BIDIRECTIONAL, false);
      lab.pass(10_000_000);
      assertThat(lab.domainOfNic().liveRanges()).isZero();
      assertThat(lab.phys(DmaLab.NIC, address)).isNegative();
    }
  }
}
