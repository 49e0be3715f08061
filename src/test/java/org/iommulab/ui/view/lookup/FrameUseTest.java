package org.iommulab.ui.view.lookup;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.iommulab.bus.SourceId;
import org.iommulab.ui.view.WorkedExample;
import org.iommulab.ui.view.part.LabDouble;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class FrameUseTest {

  private final LabDouble lab = LabDouble.after(WorkedExample.setUp());

  @AfterEach
  void close() {
    lab.close();
  }

  @Test
  void frameIsFoundByTheAddressThatLeadsToIt() {
    List<FrameUse> uses = lab.ask(view -> FrameUse.of(view.tables(), 0x0A3C7000L));
    assertThat(uses)
        .extracting(FrameUse::domain, FrameUse::iova)
        .containsExactly(org.assertj.core.api.Assertions.tuple(0x21, 0x1_0060_0000L));
  }

  @Test
  void treeNamesAllItsUsers() {
    List<DomainTree> trees = lab.ask(view -> DomainTree.all(view.tables()));
    assertThat(trees)
        .singleElement()
        .satisfies(
            tree ->
                assertThat(tree.users())
                    .containsExactly(SourceId.of(0, 3, 0), SourceId.of(0, 4, 0)));
  }

  @Test
  void entryKnowsItsPlace() {
    Optional<EntryPlace> place =
        lab.ask(view -> EntryPlace.of(view.tables(), WorkedExample.LARGE_LEAF));
    assertThat(place)
        .hasValueSatisfying(
            found -> {
              assertThat(found.title()).isEqualTo("PD [2]");
              assertThat(found.iova()).isEqualTo(0x1_0040_0000L);
            });
    Optional<EntryPlace> none = lab.ask(view -> EntryPlace.of(view.tables(), 0x5000));
    assertThat(none).isEmpty();
  }
}
