package org.iommulab.ui.view.registers;

import static org.assertj.core.api.Assertions.assertThat;

import org.iommulab.ui.view.WorkedExample;
import org.iommulab.ui.view.part.LabDouble;
import org.junit.jupiter.api.Test;

class RegisterQueryTest {

  @Test
  void registersComeByOffsetDecodedAndCanBeFound() {
    try (LabDouble lab = LabDouble.after(WorkedExample.setUp())) {
      RegisterPicture picture = lab.ask(RegisterQuery::answer);
      assertThat(picture.rows()).extracting(RegisterRow::offset).isSorted();
      RegisterRow status =
          picture.rows().stream()
              .filter(row -> row.register().name().equals("GSTS"))
              .findFirst()
              .orElseThrow();
      assertThat(status.decoded()).contains("TES").contains("RTPS");
      assertThat(status.matches("tes")).isTrue();
      assertThat(status.matches(" 1c ")).isTrue();
      assertThat(status.matches("nothing like it")).isFalse();
    }
  }
}
