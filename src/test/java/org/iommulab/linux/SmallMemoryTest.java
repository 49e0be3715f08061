package org.iommulab.linux;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.iommulab.bus.SourceId;
import org.iommulab.lab.machine.Machine;
import org.iommulab.lab.machine.MachineSpec;
import org.iommulab.linux.boot.DmarFacts;
import org.iommulab.linux.pci.PciDevice;
import org.iommulab.memory.PhysicalMemory;
import org.iommulab.trace.CallTrace;
import org.iommulab.vtd.config.MachineOption;
import org.iommulab.vtd.config.MachineOptions;
import org.junit.jupiter.api.Test;

/** Boots that run out of page frames, each a little later than the one before. */
final class SmallMemoryTest {

  /** The first frame above the memory that the kernel leaves alone. */
  private static final int FIRST = 0x100;

  private static final MachineSpec SPEC =
      MachineSpec.script(
          "qemu-7.2", MachineOptions.DEFAULT.withAwBits(48).with(MachineOption.SCALABLE, true));

  @Test
  void everyCallOfABootThatFailsReturns() {
    var problems = new TreeSet<String>();
    for (int frames = FIRST + 1; frames < FIRST + 40; frames++) {
      var machine = new Machine(SPEC, PhysicalMemory.ofSize(frames * 4096L));
      var trace = new CallTrace();
      trace.setOn(true);
      var platform =
          new Platform(
              machine.memory(),
              Map.of(machine.mmioBase(), machine.unit()),
              DmarFacts.single(46, machine.mmioBase()),
              List.of(PciDevice.endpoint(SourceId.of(0, 3, 0), "nic")),
              trace,
              () -> 0L);
      BootResult boot = Kernel.boot(platform, BootOptions.of("intel_iommu=on,sm_on"));
      assertThat(trace.open()).as("%s frames: %s", frames, boot.problem()).isZero();
      problems.add(String.valueOf(boot.problem()));
    }
    assertThat(problems).anyMatch(problem -> problem.contains("could not be probed"));
  }
}
