package org.iommulab.ui.view.faults;

import static org.assertj.core.api.Assertions.assertThat;

import org.iommulab.bus.SourceId;
import org.iommulab.lab.language.Bytes;
import org.iommulab.lab.language.Command;
import org.iommulab.lab.script.Presets;
import org.iommulab.ui.view.WorkedExample;
import org.iommulab.ui.view.lookup.DeviceName;
import org.iommulab.ui.view.lookup.FaultCount;
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
      assertThat(fault.number()).isEqualTo("05");
      assertThat(fault.state()).isEqualTo(FaultRow.State.WAITING);
      assertThat(fault.device()).isEqualTo("00:03.0 nic");
      assertThat(fault.address()).isEqualTo(0x2_0000_0000L);
    }
  }

  @Test
  void whatTheKernelReadAndClearedStaysWithItsTime() {
    try (LabDouble lab =
        LabDouble.after(Presets.named("rogue-engine").orElseThrow().script().commands())) {
      FaultPicture picture = lab.ask(FaultQuery::answer);
      assertThat(picture.waiting()).isZero();
      assertThat(picture.rows()).isNotEmpty();
      assertThat(picture.rows()).extracting(FaultRow::state).containsOnly(FaultRow.State.READ);
      assertThat(picture.rows().getFirst().time()).matches("[0-9]+\\.[0-9]{6}");
      assertThat(lab.ask(FaultCount::of).handled()).isEqualTo(picture.rows().size());
    }
  }

  @Test
  void aRecordThatWasClearedByHandStillSaysWhatItSaid() {
    try (LabDouble lab = LabDouble.after(WorkedExample.setUp())) {
      lab.run(WorkedExample.strayWrite());
      long at = lab.ask(view -> view.tables().registers().cap() >>> 24 & 0x3FF) * 16;
      lab.run(new Command.RegWrite((int) at + 8, 8, 1L << 63));
      FaultRow left = lab.ask(FaultQuery::answer).rows().getFirst();
      assertThat(left.state()).isEqualTo(FaultRow.State.CLEARED);
      assertThat(left.address()).isEqualTo(0x2_0000_0000L);
      assertThat(lab.ask(FaultCount::of)).isEqualTo(new FaultCount(0, 1));
    }
  }

  @Test
  void aDeviceWithoutANameIsNamedOnce() {
    try (LabDouble lab = LabDouble.after(WorkedExample.setUp())) {
      lab.run(new Command.DmaWrite("00:1f.7", 0, Bytes.of((byte) 1)));
      String name = lab.ask(view -> DeviceName.of(view, SourceId.of(0, 0x1F, 7)));
      assertThat(name).isEqualTo("00:1f.7");
    }
  }
}
