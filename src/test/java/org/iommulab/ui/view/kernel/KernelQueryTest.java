package org.iommulab.ui.view.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.iommulab.lab.language.Command;
import org.iommulab.linux.boot.choice.Reason;
import org.iommulab.linux.swiotlb.SwiotlbView;
import org.iommulab.ui.Texts;
import org.iommulab.ui.view.part.Figure;
import org.iommulab.ui.view.part.LabDouble;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class KernelQueryTest {

  private final Texts texts = new Texts(Locale.ENGLISH);
  private final LabDouble lab = LabDouble.after(List.of());

  @AfterEach
  void close() {
    lab.close();
  }

  private void boot(String cmdline) {
    lab.run(new Command.StartMachine(Map.of("board", "laboratory")));
    lab.run(new Command.LinuxBoot(cmdline, "classic", null));
  }

  private void map(String as, long pointer, long size) {
    lab.run(
        new Command.Call(
            "dma_map_single",
            Map.of("dev", "nic", "ptr", pointer, "size", size, "dir", "DMA_TO_DEVICE"),
            as));
  }

  private void unmap(String as, long size) {
    lab.run(
        new Command.Call(
            "dma_unmap_single",
            Map.of("dev", "nic", "addr", as, "size", size, "dir", "DMA_TO_DEVICE"),
            null));
  }

  private <T extends Detail> T detail(KernelPart part, Class<T> kind) {
    Detail detail = lab.ask(view -> KernelQuery.answer(view, part, 0)).detail();
    assertThat(detail).isInstanceOf(kind);
    return kind.cast(detail);
  }

  private String figures(KernelPart part) {
    Figure figure =
        lab.ask(view -> KernelQuery.answer(view, KernelPart.BOOT, 0)).rows().stream()
            .filter(row -> row.part() == part)
            .findFirst()
            .orElseThrow()
            .figures();
    return figure.marks().isEmpty() ? figure.text().in(texts) : figure.marks().getFirst().in(texts);
  }

  @Test
  void machineWithoutKernelShowsNothing() {
    KernelPicture picture = lab.ask(view -> KernelQuery.answer(view, KernelPart.FLUSH, 0));
    assertThat(picture).isEqualTo(KernelPicture.NONE);
  }

  @Test
  void bootTellsEachDecisionWithItsReasonAndTheLog() {
    boot("intel_iommu=on iommu=pt");
    Detail.Boot boot = detail(KernelPart.BOOT, Detail.Boot.class);
    assertThat(boot.reasons())
        .contains(new Reason("default domain type", "Passthrough", "the command line"));
  }

  @Test
  void unmappedRangeIsExposedUntilTheTimerFlushes() {
    boot("intel_iommu=on iommu.strict=0");
    map("one", 0x1_8000_0000L, 1500);
    unmap("one", 1500);
    lab.run(new Command.ClockAdvance(3_000_000));
    Detail.Flush flush = detail(KernelPart.FLUSH, Detail.Flush.class);
    assertThat(flush.lazy()).isTrue();
    assertThat(flush.waiting())
        .singleElement()
        .satisfies(
            range -> {
              assertThat(range.iova()).isEqualTo(0xFFFF_F000L);
              assertThat(range.flushed()).isFalse();
            });
    assertThat(flush.deadlineNs()).isGreaterThan(flush.nowNs());
    assertThat(figures(KernelPart.FLUSH)).isEqualTo("✕ 1 range exposed");
    lab.run(new Command.ClockAdvance(20_000_000));
    assertThat(figures(KernelPart.FLUSH)).isEqualTo("nothing exposed");
  }

  @Test
  void strictKernelHasNoQueue() {
    boot("intel_iommu=on iommu.strict=1");
    assertThat(figures(KernelPart.FLUSH)).isEqualTo("strict: no queue");
  }

  @Test
  void freedRangeWaitsInAMagazine() {
    boot("intel_iommu=on iommu.strict=1");
    map("one", 0x1_8000_0000L, 1500);
    assertThat(detail(KernelPart.IOVA, Detail.Iova.class).ranges())
        .filteredOn(range -> range.state().equals("ALLOCATED"))
        .singleElement()
        .extracting(Detail.Range::first, Detail.Range::last)
        .containsExactly(0xFFFF_F000L, 0xFFFF_FFFFL);
    unmap("one", 1500);
    Detail.Iova after = detail(KernelPart.IOVA, Detail.Iova.class);
    assertThat(after.ranges()).extracting(Detail.Range::state).contains("CACHED");
    assertThat(after.magazines())
        .singleElement()
        .extracting(Detail.Magazines::order, Detail.Magazines::loaded)
        .containsExactly(0, 1);
  }

  @Test
  void slotsOfOneMappingAreOneLine() {
    boot("");
    lab.run(
        new Command.Call(
            "dma_map_single",
            Map.of("dev", "old", "ptr", 0x1_8000_0000L, "size", 6000L, "dir", "DMA_TO_DEVICE"),
            "map"));
    Detail.Slots slots = detail(KernelPart.SWIOTLB, Detail.Slots.class);
    assertThat(slots.used()).isEqualTo(3);
    assertThat(slots.segments().getFirst()).isEqualTo(3);
    assertThat(slots.bounces())
        .singleElement()
        .extracting(Detail.Bounce::slot, Detail.Bounce::slots, Detail.Bounce::bytes)
        .containsExactly(0, 3, 6000L);
    assertThat(figures(KernelPart.SWIOTLB)).isEqualTo("3 of 32768 slots");
  }

  @Test
  void twoMappingsSideBySideStayTwoLines() {
    var slots = new ArrayList<SwiotlbView.Slot>();
    long[] bytes = {6000, 3952, 1904, 2048, 0};
    for (int i = 0; i < bytes.length; i++) {
      slots.add(new SwiotlbView.Slot(i, bytes[i] == 0 ? 1 : 0, 0x1000 + i * 2048L, bytes[i]));
    }
    var pool = new SwiotlbView(0, 5 * 2048, 5, 4, false, List.of(), slots, List.of());
    assertThat(SlotQuery.of(pool).bounces())
        .extracting(Detail.Bounce::slot, Detail.Bounce::slots)
        .containsExactly(
            org.assertj.core.api.Assertions.tuple(0, 3),
            org.assertj.core.api.Assertions.tuple(3, 1));
  }

  @Test
  void pageTablesAreWeighedPerDomain() {
    boot("intel_iommu=on");
    map("one", 0x1_8000_0000L, 1500);
    assertThat(detail(KernelPart.TABLES, Detail.Tables.class).domains())
        .filteredOn(domain -> domain.mappedBytes() > 0)
        .singleElement()
        .satisfies(
            domain -> {
              assertThat(domain.tableBytes()).isEqualTo(4 * 4096);
              assertThat(domain.leaves()).containsExactly(1L, 0L, 0L);
            });
  }

  @Test
  void devicesTellHowTheirDmaGoes() {
    boot("intel_iommu=on");
    assertThat(detail(KernelPart.DMA, Detail.Dma.class).devices())
        .extracting(device -> device.way())
        .contains("translated");
    assertThat(List.of("direct", "bounced", "translated"))
        .allMatch(way -> texts.has("view.kernel.way." + way));
  }

  @Test
  void boxesGrowStrongerAsSegmentsFill() {
    assertThat(List.of(SlotMap.level(0), SlotMap.level(1), SlotMap.level(65), SlotMap.level(128)))
        .containsExactly(0, 1, 2, 3);
  }
}
