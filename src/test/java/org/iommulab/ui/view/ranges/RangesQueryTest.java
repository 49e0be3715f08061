package org.iommulab.ui.view.ranges;

import static org.assertj.core.api.Assertions.assertThat;

import org.iommulab.lab.language.Command;
import org.iommulab.ui.Subjects;
import org.iommulab.ui.view.WorkedExample;
import org.iommulab.ui.view.part.LabDouble;
import org.junit.jupiter.api.Test;

class RangesQueryTest {

  private static RangePicture ask(LabDouble lab, String filter) {
    var wanted = ((RangeFilter.Good) RangeFilter.read(filter)).filter();
    return lab.ask(view -> RangesQuery.answer(view, Subjects.of(view), wanted));
  }

  @Test
  void everyRangeOfTheSubjectIsListedWithItsEnd() {
    try (LabDouble lab = LabDouble.after(WorkedExample.setUp())) {
      RangePicture picture = ask(lab, "");
      assertThat(picture.rows()).hasSize(3);
      assertThat(picture.domain()).isEqualTo(0x21);
      assertThat(picture.bytes()).isEqualTo(514 * 4096L);
      assertThat(picture.rows().get(1).last()).isEqualTo(0x1_005F_FFFFL);
      assertThat(picture.holding(WorkedExample.ADDRESS)).contains(picture.rows().get(1));
    }
  }

  @Test
  void theFilterCountsWhatItHides() {
    try (LabDouble lab = LabDouble.after(WorkedExample.setUp())) {
      RangePicture picture = ask(lab, "size >= 2M");
      assertThat(picture.found()).isEqualTo(1);
      assertThat(picture.total()).isEqualTo(3);
    }
  }

  @Test
  void nothingTranslatedIsNoAddressSpace() {
    try (LabDouble lab = LabDouble.after(java.util.List.of(new Command.Note("empty")))) {
      assertThat(ask(lab, "")).isEqualTo(RangePicture.NONE);
    }
  }
}
