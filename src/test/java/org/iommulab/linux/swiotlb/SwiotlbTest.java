package org.iommulab.linux.swiotlb;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.iommulab.linux.boot.BootLog;
import org.iommulab.linux.boot.Era;
import org.iommulab.linux.time.Timers;
import org.iommulab.memory.PhysicalMemory;
import org.iommulab.testing.Seeds;
import org.iommulab.trace.CallFrame;
import org.iommulab.trace.CallTrace;
import org.junit.jupiter.api.Test;

final class SwiotlbTest {

  private static final long POOL = 0x7C00_0000L;
  private static final long BUFFER = 0x1_8000_0000L;

  private final PhysicalMemory memory = PhysicalMemory.ofSize(8L << 30);
  private final BootLog log = new BootLog(() -> 0);
  private final CallTrace trace = new CallTrace();
  private int cpu;

  private Swiotlb pool(Era era, String options) {
    var swiotlb = new Swiotlb(memory, era, () -> cpu, trace, log);
    swiotlb.init(POOL, SwiotlbOptions.parse(options, true), 2);
    return swiotlb;
  }

  private List<String> lines() {
    return log.lines().stream().map(line -> line.substring("[    0.000000] ".length())).toList();
  }

  private static Bounce bounce(long address, long size, DmaDirection direction) {
    return new Bounce(
        "old 0000:00:04.0", address, size, 0, direction, false, 0xFFFF_FFFFL, 0, 0xFFFF_FFFFL);
  }

  @Test
  void sixThousandBytesTakeThreeSlotsThatKnowTheirBuffer() {
    Swiotlb swiotlb = pool(Era.V7_1, "");
    assertThat(swiotlb.total()).isEqualTo(32_768);
    long address = swiotlb.tblMapSingle(bounce(BUFFER, 6_000, DmaDirection.DMA_TO_DEVICE));
    assertThat(address).isEqualTo(POOL);
    assertThat(swiotlb.used()).isEqualTo(3);
    SwiotlbView view = swiotlb.view();
    assertThat(view.slots().get(2).original()).isEqualTo(0x1_8000_1000L);
    assertThat(view.slots().subList(0, 4))
        .extracting(SwiotlbView.Slot::list)
        .containsExactly(0, 0, 0, 125);
  }

  @Test
  void largerThanASegmentIsRefusedThoughThePoolIsNearlyEmpty() {
    Swiotlb swiotlb = pool(Era.V7_1, "");
    swiotlb.tblMapSingle(bounce(BUFFER, 6_000, DmaDirection.DMA_TO_DEVICE));
    long address = swiotlb.tblMapSingle(bounce(BUFFER, 257 << 10, DmaDirection.DMA_TO_DEVICE));
    assertThat(address).isEqualTo(Swiotlb.NO_ADDRESS);
    assertThat(lines())
        .last()
        .isEqualTo(
            "old 0000:00:04.0: swiotlb buffer is full (sz: 263168 bytes), total 32768 (slots),"
                + " used 3 (slots)");
    assertThat(swiotlb.tblMapSingle(bounce(BUFFER, 256 << 10, DmaDirection.DMA_TO_DEVICE)))
        .isEqualTo(POOL + (256 << 10));
  }

  @Test
  void fourKilobytesAndMoreBeginOnAPage() {
    Swiotlb swiotlb = pool(Era.V7_1, "");
    swiotlb.tblMapSingle(bounce(BUFFER, 100, DmaDirection.DMA_TO_DEVICE));
    assertThat(swiotlb.tblMapSingle(bounce(BUFFER, 2048, DmaDirection.DMA_TO_DEVICE)))
        .isEqualTo(POOL + 2048);
    swiotlb.tblMapSingle(bounce(BUFFER, 100, DmaDirection.DMA_TO_DEVICE));
    assertThat(swiotlb.tblMapSingle(bounce(BUFFER, 4096, DmaDirection.DMA_TO_DEVICE)))
        .isEqualTo(POOL + 4 * 2048);
  }

  @Test
  void deviceSeesTheCopyOnlyAfterSync() {
    Swiotlb swiotlb = pool(Era.V7_1, "");
    memory.writeQword(BUFFER + 8, 0x1111);
    long address = swiotlb.tblMapSingle(bounce(BUFFER, 6_000, DmaDirection.DMA_TO_DEVICE));
    memory.writeQword(BUFFER + 8, 0x2222);
    assertThat(memory.readQword(address + 8)).isEqualTo(0x1111);
    swiotlb.syncForCpu(address, 6_000, DmaDirection.DMA_TO_DEVICE);
    assertThat(memory.readQword(address + 8)).isEqualTo(0x1111);
    swiotlb.syncForDevice(address, 6_000, DmaDirection.DMA_TO_DEVICE);
    assertThat(memory.readQword(address + 8)).isEqualTo(0x2222);
  }

  @Test
  void partialSyncCopiesOnlyItsBytes() {
    Swiotlb swiotlb = pool(Era.V7_1, "");
    long address = swiotlb.tblMapSingle(bounce(BUFFER, 6_000, DmaDirection.DMA_BIDIRECTIONAL));
    memory.writeQword(address + 0x1000, 0x55);
    memory.writeQword(address + 0x1008, 0x66);
    swiotlb.syncForCpu(address + 0x1000, 8, DmaDirection.DMA_BIDIRECTIONAL);
    assertThat(memory.readQword(BUFFER + 0x1000)).isEqualTo(0x55);
    assertThat(memory.readQword(BUFFER + 0x1008)).isZero();
  }

  @Test
  void partialDeviceWriteKeepsTheTailOfTheBufferToday() {
    assertThat(tailAfterPartialWrite(Era.V7_1)).isEqualTo(0xABCD);
    assertThat(tailAfterPartialWrite(Era.V5_15)).isEqualTo(0xABCD);
  }

  @Test
  void oldKernelsLeakStaleSlotBytesIntoTheTail() {
    assertThat(tailAfterPartialWrite(Era.V5_4)).isEqualTo(0x5EC2E7);
  }

  private long tailAfterPartialWrite(Era era) {
    Swiotlb swiotlb = pool(era, "");
    memory.writeQword(POOL + 1_000, 0x5EC2E7);
    memory.writeQword(BUFFER + 1_000, 0xABCD);
    long address = swiotlb.tblMapSingle(bounce(BUFFER, 6_000, DmaDirection.DMA_FROM_DEVICE));
    memory.writeQword(address, 0x7777);
    swiotlb.tblUnmapSingle(address, 6_000, DmaDirection.DMA_FROM_DEVICE, false);
    assertThat(memory.readQword(BUFFER)).isEqualTo(0x7777);
    assertThat(swiotlb.used()).isZero();
    return memory.readQword(BUFFER + 1_000);
  }

  @Test
  void everyCpuSearchesItsOwnAreaFirst() {
    Swiotlb swiotlb = pool(Era.V7_1, "");
    cpu = 1;
    assertThat(swiotlb.tblMapSingle(bounce(BUFFER, 10, DmaDirection.DMA_TO_DEVICE)))
        .isEqualTo(POOL + 16_384 * 2048L);
    assertThat(pool(Era.V5_4, "").tblMapSingle(bounce(BUFFER, 10, DmaDirection.DMA_TO_DEVICE)))
        .isEqualTo(POOL);
  }

  @Test
  void lowAddressBitsArePreservedForDevicesThatAsk() {
    Swiotlb swiotlb = pool(Era.V7_1, "");
    var request =
        new Bounce(
            "nvme",
            BUFFER + 0x123,
            5_000,
            0,
            DmaDirection.DMA_BIDIRECTIONAL,
            false,
            -1L,
            0xFFF,
            -1L);
    memory.writeQword(BUFFER + 0x1128, 0x42);
    long address = swiotlb.tblMapSingle(request);
    assertThat(address & 0xFFF).isEqualTo(0x123);
    assertThat(memory.readQword(address + 0x1005)).isEqualTo(0x42);
    memory.writeQword(address + 0x1005, 0x43);
    swiotlb.tblUnmapSingle(address, 5_000, DmaDirection.DMA_BIDIRECTIONAL, false);
    assertThat(memory.readQword(BUFFER + 0x1128)).isEqualTo(0x43);
    assertThat(swiotlb.used()).isZero();
  }

  @Test
  void optionsAreReadAsTheKernelDoes() {
    assertThat(SwiotlbOptions.parse("", true)).isEqualTo(SwiotlbOptions.DEFAULT);
    assertThat(SwiotlbOptions.parse("1000,4,force", true))
        .isEqualTo(new SwiotlbOptions(1024, 4, true, false));
    assertThat(SwiotlbOptions.parse("noforce", true))
        .isEqualTo(new SwiotlbOptions(32_768, 0, false, true));
    assertThat(SwiotlbOptions.parse("65536,4", false).areas()).isZero();
  }

  @Test
  void bootLineNamesTheRange() {
    pool(Era.V7_1, "");
    assertThat(lines())
        .containsExactly(
            "software IO TLB: area num 2.",
            "software IO TLB: mapped [mem 0x000000007c000000-0x0000000080000000] (64MB)");
    pool(Era.V5_4, "");
    assertThat(lines())
        .last()
        .isEqualTo("software IO TLB: mapped [mem 0x7c000000-0x80000000] (64MB)");
  }

  @Test
  void traceShowsTheFunctionsOfEachAge() {
    assertThat(chain(Era.V7_1))
        .containsExactly(
            "swiotlb_tbl_map_single",
            "swiotlb_find_slots",
            "swiotlb_search_pool_area",
            "swiotlb_bounce");
    assertThat(chain(Era.V5_4)).containsExactly("swiotlb_tbl_map_single", "swiotlb_bounce");
  }

  private List<String> chain(Era era) {
    Swiotlb swiotlb = pool(era, "");
    trace.setOn(true);
    swiotlb.tblMapSingle(bounce(BUFFER, 10, DmaDirection.DMA_TO_DEVICE));
    trace.setOn(false);
    var names = new ArrayList<String>();
    collect(trace.take().getFirst(), names);
    return names;
  }

  private static void collect(CallFrame frame, List<String> into) {
    into.add(frame.function());
    frame.children().forEach(child -> collect(child, into));
  }

  @Seeds
  void randomMappingsNeverShareASlotAndCountsStayTrue(long seed) {
    var random = new Random(seed);
    Swiotlb swiotlb = pool(random.nextBoolean() ? Era.V7_1 : Era.V5_4, "2048");
    Map<Long, Integer> live = new LinkedHashMap<>();
    for (int step = 0; step < 1_000; step++) {
      cpu = random.nextInt(2);
      if (live.isEmpty() || random.nextInt(5) < 3) {
        int size = 1 + random.nextInt(random.nextInt(4) == 0 ? 300_000 : 9_000);
        long address =
            swiotlb.tblMapSingle(
                new Bounce(
                    "old", BUFFER, size, 0, DmaDirection.DMA_FROM_DEVICE, true, -1L, 0, -1L));
        if (address != Swiotlb.NO_ADDRESS) {
          live.put(address, size);
        }
      } else {
        List<Long> addresses = List.copyOf(live.keySet());
        long address = addresses.get(random.nextInt(addresses.size()));
        swiotlb.tblUnmapSingle(address, live.remove(address), DmaDirection.DMA_FROM_DEVICE, true);
      }
    }
    assertThat(swiotlb.used())
        .isEqualTo(live.values().stream().mapToInt(size -> (size + 2047) / 2048).sum());
    listsAreTrue(swiotlb.view());
    live.forEach((a, s) -> swiotlb.tblUnmapSingle(a, s, DmaDirection.DMA_FROM_DEVICE, true));
    assertThat(swiotlb.used()).isZero();
    assertThat(swiotlb.view().slots()).allMatch(slot -> slot.list() == 128 - slot.index() % 128);
  }

  private static void listsAreTrue(SwiotlbView view) {
    int free = 0;
    for (int i = view.total() - 1; i >= 0; i--) {
      SwiotlbView.Slot slot = view.slots().get(i);
      free = i % 128 == 127 ? 0 : free;
      free = slot.allocated() == 0 ? free + 1 : 0;
      assertThat(slot.list()).as("slot %d", i).isEqualTo(free);
    }
  }

  /** Hands out one block after another, downwards, and counts what is out. */
  private static final class Blocks implements PoolMemory {
    private long next = 0x6000_0000L;
    private long out;

    @Override
    public long allocate(long bytes, long highest) {
      next -= bytes;
      out += bytes;
      return next;
    }

    @Override
    public void free(long start, long bytes) {
      out -= bytes;
    }
  }

  @Test
  void aFullPoolThatMayGrowServesAtOnceAndHasMoreRoomLater() {
    var blocks = new Blocks();
    long[] now = {0};
    var timers = new Timers(() -> now[0]);
    Swiotlb swiotlb = pool(Era.V7_1, "128");
    swiotlb.allowGrowth(blocks, timers, 0xFFFF_FFFFL);
    long filling = swiotlb.tblMapSingle(bounce(BUFFER, 256 << 10, DmaDirection.DMA_TO_DEVICE));
    long urgent = swiotlb.tblMapSingle(bounce(BUFFER, 6_000, DmaDirection.DMA_TO_DEVICE));
    assertThat(urgent).isNotEqualTo(Swiotlb.NO_ADDRESS);
    assertThat(swiotlb.total()).isEqualTo(128);
    assertThat(swiotlb.used()).isEqualTo(131);
    assertThat(swiotlb.view().more()).singleElement().matches(SwiotlbView.More::once);

    timers.runDue();
    assertThat(swiotlb.total()).isEqualTo(640);
    long next = swiotlb.tblMapSingle(bounce(BUFFER, 6_000, DmaDirection.DMA_TO_DEVICE));
    assertThat(swiotlb.view().more()).anyMatch(more -> !more.once() && more.used() == 3);

    swiotlb.tblUnmapSingle(urgent, 6_000, DmaDirection.DMA_TO_DEVICE, false);
    assertThat(swiotlb.view().more()).noneMatch(SwiotlbView.More::once);
    swiotlb.tblUnmapSingle(next, 6_000, DmaDirection.DMA_TO_DEVICE, false);
    swiotlb.tblUnmapSingle(filling, 256 << 10, DmaDirection.DMA_TO_DEVICE, false);
    assertThat(swiotlb.used()).isZero();
    assertThat(blocks.out).isEqualTo(512 * 2048);
  }

  @Test
  void evenAGrowingPoolRefusesMoreThanASegment() {
    Swiotlb swiotlb = pool(Era.V7_1, "128");
    swiotlb.allowGrowth(new Blocks(), new Timers(() -> 0), 0xFFFF_FFFFL);
    assertThat(swiotlb.tblMapSingle(bounce(BUFFER, 257 << 10, DmaDirection.DMA_TO_DEVICE)))
        .isEqualTo(Swiotlb.NO_ADDRESS);
  }
}
