package org.iommulab.linux.dma;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.LongStream;
import org.iommulab.linux.boot.Era;
import org.iommulab.linux.iova.IovaView;
import org.iommulab.linux.swiotlb.DmaDirection;
import org.iommulab.vtd.cache.CacheLine;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Ten thousand calls by seed on a whole machine: maps, unmaps, syncs, lists, resources, coherent
 * buffers, DMA, passing time, other CPUs. The allocator's tree, the tables, the IOTLB, the flush
 * queue and the bounce slots must tell the same story at every step, and nothing is left at the
 * end.
 */
final class DmaMachinePropertiesTest {

  private static final int STEPS = 10_000;
  private static final int MOST_LIVE = 60;
  private static final long BUFFERS = 0x1_8000_0000L;
  private static final List<DmaDirection> DIRECTIONS =
      List.of(
          DmaDirection.DMA_TO_DEVICE, DmaDirection.DMA_FROM_DEVICE, DmaDirection.DMA_BIDIRECTIONAL);

  /** Something mapped for a device. */
  private record Live(
      DmaDevice device,
      long address,
      long size,
      DmaDirection direction,
      Kind kind,
      List<SgMapping.Segment> segments,
      long cpuAddress) {}

  private enum Kind {
    SINGLE,
    LIST,
    COHERENT,
    RESOURCE
  }

  private final List<Live> live = new ArrayList<>();
  private DmaLab lab = DmaLab.withoutVtd(Era.V6_18, "");
  private Random random = new Random();

  static LongStream seeds() {
    return LongStream.range(0, 8);
  }

  private static DmaLab boot(long seed) {
    Era era = Era.values()[(int) (seed * 7 % Era.values().length)];
    return switch ((int) (seed % 4)) {
      case 0 -> DmaLab.boot(era, "intel_iommu=on");
      case 1 -> DmaLab.boot(era, "intel_iommu=on,strict iommu.strict=1");
      case 2 -> DmaLab.withExternalNic(era, "intel_iommu=on swiotlb=2048");
      default -> DmaLab.withoutVtd(era, "swiotlb=4096");
    };
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void everyPartTellsTheSameStoryAndNothingIsLeft(long seed) {
    random = new Random(seed);
    lab = boot(seed);
    long user = lab.api.frames().userFrames();
    for (int step = 0; step < STEPS; step++) {
      lab.api.cpus().switchTo(random.nextInt(2));
      lab.pass(random.nextInt(100_000));
      int dice = random.nextInt(100);
      if (live.isEmpty() || (dice < 35 && live.size() < MOST_LIVE)) {
        map();
      } else if (dice < 60) {
        unmap(live.remove(random.nextInt(live.size())));
      } else if (dice < 80) {
        sync(live.get(random.nextInt(live.size())));
      } else {
        touch(live.get(random.nextInt(live.size())));
      }
      if (step % 50 == 0) {
        agrees();
      }
    }
    while (!live.isEmpty()) {
      unmap(live.removeLast());
    }
    lab.pass(2_000_000_000L);
    agrees();
    assertThat(lab.api.view().exposed()).isEmpty();
    assertThat(lab.api.view().coherent()).isEmpty();
    assertThat(lab.api.swiotlb().used()).isZero();
    assertThat(lab.api.frames().userFrames()).isEqualTo(user);
    for (DmaView.Domain domain : lab.api.view().domains()) {
      assertThat(domain.liveRanges()).isZero();
    }
  }

  // ---- steps
  // --------------------------------------------------------------------------------------

  private DmaDevice device() {
    return random.nextInt(4) == 0 ? lab.old : lab.nic;
  }

  private long buffer() {
    return BUFFERS + ((long) random.nextInt(1 << 12) << 14) + random.nextInt(4096);
  }

  private void map() {
    DmaDevice device = device();
    DmaDirection direction = DIRECTIONS.get(random.nextInt(3));
    long size = 1 + random.nextInt(random.nextInt(10) == 0 ? 60_000 : 6_000);
    switch (random.nextInt(8)) {
      case 0 -> {
        CoherentBuffer made = lab.api.allocCoherent(device, size, random.nextBoolean(), -1);
        if (!made.status().failed()) {
          live.add(
              new Live(
                  device,
                  made.handle(),
                  size,
                  DmaDirection.DMA_BIDIRECTIONAL,
                  Kind.COHERENT,
                  List.of(),
                  made.cpuAddress()));
        }
      }
      case 1 -> {
        var entries = new ArrayList<SgMapping.Entry>();
        for (int i = random.nextInt(4); i >= 0; i--) {
          entries.add(new SgMapping.Entry(buffer(), 1 + random.nextInt(6_000)));
        }
        SgMapping made = lab.api.mapSg(device, entries, direction, random.nextBoolean());
        if (!made.status().failed()) {
          long first = made.segments().getFirst().address();
          live.add(new Live(device, first, 1, direction, Kind.LIST, made.segments(), 0));
        }
      }
      case 2 -> {
        DmaMapping made = lab.api.mapResource(device, 0xD000_0000L, size, direction);
        if (!made.failed()) {
          live.add(new Live(device, made.address(), size, direction, Kind.RESOURCE, List.of(), 0));
        }
      }
      default -> {
        DmaMapping made = lab.api.map(device, buffer(), size, direction, random.nextBoolean());
        if (!made.failed()) {
          live.add(new Live(device, made.address(), size, direction, Kind.SINGLE, List.of(), 0));
        }
      }
    }
  }

  private void unmap(Live one) {
    boolean failed =
        switch (one.kind()) {
          case SINGLE ->
              lab.api
                  .unmap(one.device(), one.address(), one.size(), one.direction(), false)
                  .failed();
          case LIST -> lab.api.unmapSg(one.device(), one.segments(), one.direction()).failed();
          case COHERENT ->
              lab.api.freeCoherent(one.device(), one.cpuAddress(), one.address()).failed();
          case RESOURCE ->
              lab.api
                  .unmapResource(one.device(), one.address(), one.size(), one.direction())
                  .failed();
        };
    assertThat(failed).as("unmap %s", one).isFalse();
  }

  private void sync(Live one) {
    if (one.kind() == Kind.SINGLE) {
      long inside = random.nextInt((int) one.size());
      long left = one.size() - inside;
      if (random.nextBoolean()) {
        lab.api.syncForCpu(one.device(), one.address() + inside, left, one.direction());
      } else {
        lab.api.syncForDevice(one.device(), one.address() + inside, left, one.direction());
      }
    }
  }

  /** What is mapped is reached, in the direction it was mapped for. */
  private void touch(Live one) {
    if (one.kind() == Kind.SINGLE || one.kind() == Kind.COHERENT) {
      long address = one.address() + random.nextInt((int) one.size());
      if (one.direction().fromDevice()) {
        assertThat(lab.writes(one.device().pci().sid(), address, 0x5A)).as("%s", one).isTrue();
      } else {
        lab.reads(one.device().pci().sid(), address);
      }
    }
  }

  // ---- what must agree
  // ----------------------------------------------------------------------------

  private void agrees() {
    DmaView view = lab.api.view();
    int slots = 0;
    for (var slot : view.swiotlb().slots()) {
      slots += slot.list() == 0 ? 1 : 0;
    }
    assertThat(slots).isEqualTo(view.swiotlb().used());
    for (DmaView.Domain domain : view.domains()) {
      treeIsInOrder(domain);
      tablesMatch(view, domain);
    }
    noLineOutlivesItsWindow(view);
  }

  private static void treeIsInOrder(DmaView.Domain domain) {
    long last = 0;
    for (IovaView.Node node : domain.iova().nodes()) {
      assertThat(node.low()).isGreaterThan(last);
      assertThat(node.high()).isGreaterThanOrEqualTo(node.low());
      last = node.high();
    }
  }

  /** What the allocator calls free or cached has no entry; what is mapped is allocated. */
  private void tablesMatch(DmaView view, DmaView.Domain domain) {
    for (DmaView.Device device : view.devices()) {
      if (device.domain() == domain.id()) {
        for (IovaView.Node node : domain.iova().nodes()) {
          if (node.state() == IovaView.State.CACHED) {
            assertThat(lab.phys(device.sid(), node.low() << 12)).isNegative();
          }
        }
        for (Live one : live) {
          if (one.device().pci().sid().equals(device.sid())) {
            assertThat(lab.phys(device.sid(), one.address())).isNotNegative();
            assertThat(allocated(domain, one.address() >>> 12)).isTrue();
          }
        }
      }
    }
  }

  private static boolean allocated(DmaView.Domain domain, long pfn) {
    return domain.iova().nodes().stream()
        .anyMatch(
            node ->
                node.state() == IovaView.State.ALLOCATED
                    && node.low() <= pfn
                    && pfn <= node.high());
  }

  /** A stale line of the IOTLB is one that the flush queue knows as exposed. */
  private void noLineOutlivesItsWindow(DmaView view) {
    Set<Long> exposed = new HashSet<>();
    for (DmaView.Exposed range : view.exposed()) {
      for (long at = range.iova(); at < range.iova() + range.size(); at += 4096) {
        exposed.add(at);
      }
    }
    for (CacheLine line : lab.machine.unit().iotlb()) {
      if (lab.machine.unit().isStale(line)) {
        assertThat(exposed).as("%s", line).contains(line.page());
      }
    }
  }
}
