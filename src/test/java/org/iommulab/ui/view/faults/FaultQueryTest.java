package org.iommulab.ui.view.faults;

import static org.assertj.core.api.Assertions.assertThat;

import org.iommulab.ui.view.WorkedExample;
import org.iommulab.ui.view.part.LabDouble;
import org.iommulab.vtd.layout.FaultReason;
import org.junit.jupiter.api.Test;

class FaultQueryTest {

  @Test
  void recordNamesDeviceReasonAndAddress() {
    try (LabDouble lab = LabDouble.after(WorkedExample.setUp())) {
      assertThat(lab.ask(FaultQuery::answer).rows()).isEmpty();
      lab.run(WorkedExample.strayWrite());
      FaultRow fault = lab.ask(FaultQuery::answer).rows().getFirst();
      assertThat(fault.reason()).isEqualTo(FaultReason.WRITE_DENIED);
      assertThat(fault.code()).isEqualTo("05");
      assertThat(fault.device()).isEqualTo("nic");
      assertThat(fault.record().address()).isEqualTo(0x2_0000_0000L);
    }
  }
}
