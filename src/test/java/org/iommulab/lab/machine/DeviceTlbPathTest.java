package org.iommulab.lab.machine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.iommulab.bus.DmaAccess;
import org.iommulab.bus.SourceId;
import org.iommulab.lab.machine.DmaOutcome.Status;
import org.iommulab.vtd.config.MachineOption;
import org.iommulab.vtd.config.MachineOptions;
import org.iommulab.vtd.config.Profiles;
import org.iommulab.vtd.request.Translation;
import org.iommulab.vtd.request.WalkPath;
import org.iommulab.vtd.request.WalkStep;
import org.iommulab.vtd.request.WalkStep.Outcome;
import org.iommulab.vtd.request.WalkStep.Stage;
import org.junit.jupiter.api.Test;

/** The path of a request by way of the device-TLB begins in the device. */
class DeviceTlbPathTest {

  private static final SourceId DEVICE = SourceId.of(0, 3, 0);

  private final Machine machine =
      new Machine(
          MachineSpec.script(
              Profiles.SPEC, MachineOptions.DEFAULT.with(MachineOption.DEVICE_IOTLB, true)));

  DeviceTlbPathTest() {
    var memory = machine.memory();
    memory.writeQword(0x10_0000, 0x10_1001);
    memory.writeQword(0x10_1180, 0x10_2005);
    memory.writeQword(0x10_1188, 0x501);
    memory.writeQword(0x10_2000, 0x10_3003);
    memory.writeQword(0x10_3000, 0x10_4003);
    memory.writeQword(0x10_4008, 0x20_0003);
    var unit = machine.unit();
    unit.write(0x20, 8, 0x10_0000);
    unit.write(0x18, 4, 1L << 30);
    unit.write(0x18, 4, 1L << 31);
    machine.setTracing(true);
  }

  private Status read(long iova) {
    return machine.dmaByDeviceTlb(DmaAccess.read(DEVICE, iova, 8), new byte[8]).status();
  }

  private WalkStep deviceTlb() {
    return machine.lastPath().orElseThrow().steps().stream()
        .filter(step -> step.stage() == Stage.DEVICE_TLB)
        .findFirst()
        .orElseThrow();
  }

  @Test
  void firstRequestMissesAndTheSecondHits() {
    assertThat(read(0x1000)).isEqualTo(Status.DONE);
    assertThat(deviceTlb().outcome()).isEqualTo(Outcome.MISS);
    assertThat(read(0x1008)).isEqualTo(Status.DONE);
    assertThat(deviceTlb().outcome()).isEqualTo(Outcome.HIT);
    WalkPath path = machine.lastPath().orElseThrow();
    assertThat(path.request().address()).isEqualTo(0x1008);
    assertThat(path.outcome()).isInstanceOf(Translation.Done.class);
  }

  @Test
  void deniedRequestShowsItsOwnPathNotAnOlderOne() {
    read(0x1000);
    assertThat(read(0x5000)).isEqualTo(Status.DENIED);
    WalkPath path = machine.lastPath().orElseThrow();
    assertThat(path.request().address()).isEqualTo(0x5000);
    assertThat(stages(path))
        .startsWith(Stage.DEVICE, Stage.DEVICE_TLB, Stage.TRANSLATION_REQUEST)
        .endsWith(Stage.COMPLETION)
        .doesNotContain(Stage.SENT);
    assertThat(path.failedStep()).as("not granting is no fault").isEmpty();
  }

  @Test
  void whatTheDeviceAsksAndIsToldStandsBeforeWhatItSends() {
    read(0x1000);
    assertThat(stages(machine.lastPath().orElseThrow()))
        .startsWith(Stage.DEVICE, Stage.DEVICE_TLB, Stage.TRANSLATION_REQUEST)
        .containsSubsequence(
            Stage.TRANSLATION_REQUEST,
            Stage.ROOT,
            Stage.CONTEXT,
            Stage.SECOND_STAGE,
            Stage.COMPLETION,
            Stage.SENT,
            Stage.MEMORY);
    assertThat(machine.lastPath().orElseThrow().reads()).isEqualTo(5);
    read(0x1008);
    assertThat(stages(machine.lastPath().orElseThrow()))
        .contains(Stage.SENT)
        .doesNotContain(Stage.TRANSLATION_REQUEST, Stage.COMPLETION);
    assertThat(machine.paths()).hasSize(2);
  }

  private static List<Stage> stages(WalkPath path) {
    return path.steps().stream().map(WalkStep::stage).toList();
  }

  @Test
  void deviceThatMayNotAskIsRefused() {
    machine.memory().writeQword(0x10_1180, 0x10_2001);
    assertThat(read(0x1000)).isEqualTo(Status.REFUSED);
    assertThat(stages(machine.lastPath().orElseThrow()))
        .contains(Stage.TRANSLATION_REQUEST)
        .endsWith(Stage.COMPLETION);
  }
}
