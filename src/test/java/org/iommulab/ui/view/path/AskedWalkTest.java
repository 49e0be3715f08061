package org.iommulab.ui.view.path;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Locale;
import java.util.Objects;
import org.iommulab.bus.DmaAccess;
import org.iommulab.bus.SourceId;
import org.iommulab.evidence.Sample;
import org.iommulab.evidence.Snapshot;
import org.iommulab.ui.Texts;
import org.iommulab.ui.view.WorkedExample;
import org.iommulab.ui.view.lookup.DomainTree;
import org.iommulab.ui.view.part.LabDouble;
import org.iommulab.vtd.tables.MappedRange;
import org.junit.jupiter.api.Test;

class AskedWalkTest {

  private static final SourceId NIC = SourceId.of(0, 3, 0);

  private final AskedWalk walks = new AskedWalk();
  private final Texts texts = new Texts(Locale.ENGLISH);

  private PathPicture ask(LabDouble lab, DmaAccess request) {
    PathAnswer answer = lab.ask(view -> PathQuery.asked(view, walks, request));
    assertThat(answer.when()).isEqualTo(PathAnswer.When.ASKED);
    return Objects.requireNonNull(answer.request());
  }

  @Test
  void askingShowsTheWayAndMovesNothing() {
    try (LabDouble lab = LabDouble.after(WorkedExample.setUp())) {
      var before = lab.ask(view -> view.unit().orElseThrow().counters());
      PathPicture picture = ask(lab, DmaAccess.write(NIC, WorkedExample.ADDRESS, 1));
      assertThat(picture.outcome().in(texts)).isEqualTo("✓ done → 1_800A_BCDE");
      long cached = lab.ask(view -> (long) view.unit().orElseThrow().iotlb().size());
      assertThat(cached).isZero();
      long requests = lab.ask(view -> view.unit().orElseThrow().counters().requests());
      assertThat(requests).isEqualTo(before.requests());
    }
  }

  @Test
  void anUnmappedAddressNamesTheNearestRanges() {
    try (LabDouble lab = LabDouble.after(WorkedExample.setUp())) {
      PathPicture between = ask(lab, DmaAccess.read(NIC, 0x1_0070_0000L, 1));
      assertThat(between.summary().in(texts)).endsWith("nearest range: 1_0060_0000 … 1_0060_0FFF");
      PathPicture before = ask(lab, DmaAccess.read(NIC, 0x1_0020_0000L, 1));
      assertThat(before.summary().in(texts)).endsWith("nearest range: 1_003F_F000 … 1_003F_FFFF");
    }
  }

  @Test
  void aDumpIsAskedWithoutAFork() {
    try (LabDouble lab = LabDouble.after(java.util.List.of())) {
      Snapshot dump = (Snapshot) Sample.SMALL.open();
      lab.session()
          .change(
              opened -> {
                opened.open(dump);
                return true;
              })
          .join();
      DomainTree tree =
          lab.ask(
              view ->
                  DomainTree.all(view.tables()).stream()
                      .filter(use -> !use.open(view.tables()).ranges().isEmpty())
                      .findFirst()
                      .orElseThrow());
      MappedRange range = lab.ask(view -> tree.open(view.tables()).ranges().getFirst());
      PathPicture picture = ask(lab, DmaAccess.read(tree.users().getFirst(), range.iova(), 1));
      assertThat(picture.stages()).isNotEmpty();
      boolean live = lab.ask(view -> view.isLive());
      assertThat(live).isFalse();
      assertThat(picture.outcome().in(texts)).startsWith("✓");
    }
  }
}
