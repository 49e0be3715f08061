package org.iommulab.ui.view.cache;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Locale;
import java.util.Map;
import org.iommulab.lab.language.Command;
import org.iommulab.ui.Texts;
import org.iommulab.ui.view.WorkedExample;
import org.iommulab.ui.view.part.LabDouble;
import org.iommulab.ui.view.part.Mark;
import org.iommulab.vtd.cache.CacheLine;
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
    assertThat(picture(CacheKind.IOTLB).history())
        .containsExactly(new Lookups(0, 1), new Lookups(1, 0));
    assertThat(row(picture(CacheKind.CONTEXT), CacheKind.IOTLB).lookups().hitPercent())
        .isEqualTo(50);
  }

  @Test
  void lookupsStartAgainAfterReset() {
    assertThat(new Lookups(2, 1).since(new Lookups(9, 9))).isEqualTo(new Lookups(2, 1));
    assertThat(new Lookups(9, 10).since(new Lookups(9, 9))).isEqualTo(new Lookups(0, 1));
    assertThat(Lookups.NONE.hitPercent()).isEqualTo(-1);
  }

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
