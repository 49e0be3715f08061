package org.iommulab.ui.view.cache;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.iommulab.lab.language.Command;
import org.iommulab.lab.language.Result;
import org.iommulab.ui.Texts;
import org.iommulab.ui.view.WorkedExample;
import org.iommulab.ui.view.part.LabDouble;
import org.iommulab.ui.view.part.Mark;
import org.iommulab.vtd.cache.CacheLine;
import org.iommulab.vtd.config.CacheGeometry;
import org.iommulab.vtd.request.UnitCounters;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CachesQueryTest {

  private final LabDouble lab = LabDouble.after(WorkedExample.setUp());

  @AfterEach
  void close() {
    lab.close();
  }

  private CachesPicture picture(CacheKind chosen) {
    return lab.ask(view -> CachesQuery.answer(view, chosen));
  }

  private static CachesPicture.Row row(CachesPicture picture, CacheKind cache) {
    return picture.rows().stream().filter(row -> row.cache() == cache).findFirst().orElseThrow();
  }

  @Test
  void everyCacheHasALine() {
    assertThat(picture(CacheKind.PASID).rows())
        .extracting(CachesPicture.Row::cache)
        .containsExactly(CacheKind.values());
  }

  @Test
  void lookupsAreToldCommandByCommand() {
    lab.run(WorkedExample.write());
    lab.run(new Command.Note("nothing is looked up here"));
    lab.run(WorkedExample.write());
    var samples = picture(CacheKind.IOTLB).samples();
    assertThat(new Ratio(Quantity.HITS, Quantity.LOOKUPS, 1).points(samples, CacheLine.Cache.IOTLB))
        .extracting(Ratio.Point::value)
        .containsExactly(0.0, 1.0);
    assertThat(new Ratio(Quantity.HITS, Quantity.LOOKUPS, 0).points(samples, CacheLine.Cache.IOTLB))
        .extracting(Ratio.Point::value)
        .containsExactly(0.0, 0.5);
    assertThat(row(picture(CacheKind.CONTEXT), CacheKind.IOTLB).lookups().hitPercent())
        .isEqualTo(50);
  }

  @Test
  void countingGoesOnAfterAReset() {
    var samples = List.of(counted(0, 3, 1), counted(4, 6, 2), counted(5, 1, 1), counted(40, 2, 2));
    assertThat(
            new Ratio(Quantity.HITS, Quantity.LOOKUPS, 16).points(samples, CacheLine.Cache.IOTLB))
        .containsExactly(
            new Ratio.Point(0, 0.75),
            new Ratio.Point(4, 0.75),
            new Ratio.Point(5, 0.7),
            new Ratio.Point(40, 0.5));
    assertThat(
            new Ratio(Quantity.HITS, Quantity.COMMANDS, 0).points(samples, CacheLine.Cache.IOTLB))
        .extracting(Ratio.Point::value)
        .endsWith(8.0 / 41);
  }

  private static Ratio.Counted counted(int command, long hits, long misses) {
    return new Ratio.Counted(
        command, new UnitCounters(0, hits, misses, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0));
  }

  @Test
  void aSessionRunsAgainOnAMachineWithAnotherCache() {
    lab.run(WorkedExample.write());
    lab.run(WorkedExample.write());
    int commands = lab.ask(view -> view.position());
    assertThat(
            lab.session()
                .change(laboratory -> Rerun.with(laboratory, CacheLine.Cache.IOTLB, NONE))
                .join())
        .isNotInstanceOf(Result.Refused.class);
    assertThat(picture(CacheKind.IOTLB).chosen().geometry()).isEqualTo(NONE);
    assertThat(row(picture(CacheKind.IOTLB), CacheKind.IOTLB).lookups().hits()).isZero();
    int after = lab.ask(view -> view.position());
    assertThat(after).isBetween(commands, commands + 1);
  }

  private static final CacheGeometry NONE = CacheGeometry.none();

  @Test
  void staleEntriesAreCountedForCachesThatAreNotShown() {
    lab.run(WorkedExample.write());
    lab.run(WorkedExample.clearLargeLeaf());
    CachesPicture.Row iotlb = row(picture(CacheKind.PASID), CacheKind.IOTLB);
    assertThat(iotlb.stale()).isEqualTo(1);
    assertThat(iotlb.use()).matches("1 / \\d+");
  }

  @Test
  void staleAndNotPresentAreTwoTagsWithSymbols() {
    var texts = new Texts(Locale.ENGLISH);
    assertThat(CacheModel.marks(2, 1))
        .extracting((Mark mark) -> mark.in(texts))
        .containsExactly("✕ 2 stale", "∅ 1 not present");
    assertThat(CacheModel.marks(0, 0)).isEmpty();
  }

  @Test
  void cacheThatTheUnitLacksIsAnEmptyLine() {
    lab.run(new Command.StartMachine(Map.of("iotlb", "none")));
    assertThat(row(picture(CacheKind.IOTLB), CacheKind.IOTLB).used()).isZero();
  }

  @Test
  void interruptEntryIsOneLineWithItsVector() {
    var line =
        new CacheLine(
            CacheLine.Cache.INTERRUPT_ENTRY,
            0,
            0,
            0x18,
            0,
            -1,
            5,
            0,
            0,
            0x3_0031_0001L,
            0,
            0,
            false);
    assertThat(LineText.of(line)).isEqualTo("irte 5 · 00:03.0 → vector 31 apic 3");
  }
}
