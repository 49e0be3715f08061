package org.iommulab.ui.view.cache;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.iommulab.ui.Texts;
import org.iommulab.ui.view.WorkedExample;
import org.iommulab.ui.view.part.LabDouble;
import org.iommulab.vtd.cache.CacheLine;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CacheQueryTest {

  private final Texts texts = new Texts(Locale.ENGLISH);
  private final LabDouble lab = LabDouble.after(WorkedExample.setUp());

  @AfterEach
  void close() {
    lab.close();
  }

  private CachePicture iotlb() {
    return lab.ask(view -> CacheQuery.answer(view, CacheLine.Cache.IOTLB));
  }

  private CacheCell only(CachePicture picture) {
    assertThat(picture.lines()).hasSize(1);
    return picture.lines().getFirst();
  }

  @Test
  void requestThatMissesFillsALine() {
    lab.run(WorkedExample.write());
    CacheCell cell = only(iotlb());
    assertThat(cell.state()).isEqualTo(CacheCell.State.FILLED);
    assertThat(LineText.of(Objects.requireNonNull(cell.line())))
        .isEqualTo("did 21 · 100400 → 180000 2M RW");
    assertThat(Objects.requireNonNull(cell.mark()).in(texts)).isEqualTo("+ filled by this request");
  }

  @Test
  void secondRequestHitsIt() {
    lab.run(WorkedExample.write());
    lab.run(WorkedExample.write());
    CachePicture picture = iotlb();
    assertThat(only(picture).state()).isEqualTo(CacheCell.State.HIT);
    assertThat(picture.hitPercent()).isEqualTo(50);
  }

  @Test
  void staleEntryIsMarkedWithTheReason() {
    lab.run(WorkedExample.write());
    lab.run(WorkedExample.clearLargeLeaf());
    CachePicture picture = iotlb();
    assertThat(picture.stale()).isEqualTo(1);
    CacheCell cell = only(picture);
    assertThat(cell.state()).isEqualTo(CacheCell.State.STALE);
    assertThat(Objects.requireNonNull(cell.mark()).in(texts))
        .isEqualTo("✕ stale: entry is now clear");
  }

  @Test
  void contextCacheIsDrawnAlike() {
    lab.run(WorkedExample.write());
    CachePicture picture = lab.ask(view -> CacheQuery.answer(view, CacheLine.Cache.CONTEXT));
    assertThat(LineText.of(Objects.requireNonNull(only(picture).line())))
        .isEqualTo("00:03.0 · did 21 → 10A000");
  }

  @Test
  void headerTellsShapePolicyAndUse() {
    lab.run(WorkedExample.write());
    var model = new CacheModel();
    model.show(iotlb());
    assertThat(model.figures().in(texts)).matches("\\d+ sets × \\d+ ways · LRU · 1 of \\d+ · .*");
    assertThat(model.wantedSet()).isPresent();
  }

  @Test
  void runsOfEmptySetsAreOneLineUnlessAllAreEmpty() {
    var rows = new ArrayList<CacheRow>();
    for (int set = 0; set < 16; set++) {
      rows.add(row(set, false));
    }
    assertThat(CacheRow.folded(rows)).hasSize(16);
    rows.set(6, row(6, true));
    rows.set(9, row(9, true));
    assertThat(CacheRow.folded(rows))
        .extracting(CacheRow::set, CacheRow::lastSet)
        .containsExactly(
            org.assertj.core.api.Assertions.tuple(0, 5),
            org.assertj.core.api.Assertions.tuple(6, 6),
            org.assertj.core.api.Assertions.tuple(7, 7),
            org.assertj.core.api.Assertions.tuple(8, 8),
            org.assertj.core.api.Assertions.tuple(9, 9),
            org.assertj.core.api.Assertions.tuple(10, 15));
  }

  private static CacheRow row(int set, boolean used) {
    CacheLine line =
        used
            ? new CacheLine(
                CacheLine.Cache.IOTLB, set, 0, 0x18, 0x21, -1, 0, 4096, 1, 0, 3, 0, false)
            : null;
    return new CacheRow(set, List.of(new CacheCell(set, 0, line, CacheCell.State.VALID, null)));
  }
}
