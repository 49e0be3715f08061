package org.iommulab.linux;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.iommulab.bus.SourceId;
import org.iommulab.lab.machine.Machine;
import org.iommulab.lab.machine.MachineSpec;
import org.iommulab.linux.boot.DmarFacts;
import org.iommulab.linux.pci.PciDevice;
import org.iommulab.linux.process.MemoryOptions;
import org.iommulab.qemu.Vmm;
import org.iommulab.trace.CallTrace;
import org.iommulab.vtd.config.MachineOption;
import org.iommulab.vtd.config.MachineOptions;
import org.junit.jupiter.api.Test;

/** Devices behind a scalable-mode unit are attached through PASID tables. */
final class ScalableModeTest {

  private static final SourceId DEVICE = SourceId.of(0, 3, 0);

  private final Machine machine =
      new Machine(
          MachineSpec.script(
              "qemu-7.2",
              MachineOptions.DEFAULT.withAwBits(48).with(MachineOption.SCALABLE, true)));
  private final CallTrace trace = new CallTrace();

  private BootResult boot(String cmdline) {
    return Kernel.boot(
        new Platform(
            machine.memory(),
            Map.of(machine.mmioBase(), machine.unit()),
            DmarFacts.single(48, machine.mmioBase()),
            List.of(PciDevice.endpoint(DEVICE, "nic")),
            trace,
            () -> 0L),
        BootOptions.of(cmdline).withUnsafeInterrupts());
  }

  @Test
  void mappedMemoryIsReachedAndAllElseIsBlocked() {
    BootResult result = boot("intel_iommu=on,sm_on");
    assertThat(result.problem()).isNull();
    var vmm = new Vmm(result.kernel().createProcess("qemu"), trace);
    assertThat(vmm.assignDevice(0, SourceId.of(0, 3, 0)).errno()).isNull();
    long ram = vmm.allocateRam(1 << 20, MemoryOptions.PLAIN).ret();
    assertThat(vmm.vfioDmaMap(0x10_0000, 1 << 20, ram, false).errno()).isNull();
    machine.dmaWrite(DEVICE, 0x10_1234, new byte[] {7});
    byte[] seen = new byte[1];
    assertThat(vmm.process().read(ram + 0x1234, seen)).isTrue();
    assertThat(seen[0]).isEqualTo((byte) 7);
    assertThat(machine.dmaWrite(DEVICE, 0x900_0000, new byte[] {7}).toString())
        .containsIgnoringCase("blocked");
    assertThat(vmm.vfioDmaUnmap(0x10_0000, 1 << 20).errno()).isNull();
    assertThat(machine.dmaWrite(DEVICE, 0x10_1234, new byte[] {7}).toString())
        .containsIgnoringCase("blocked");
  }

  @Test
  void passThroughNeedsNoTable() {
    assertThat(boot("intel_iommu=on,sm_on iommu=pt").problem()).isNull();
    assertThat(machine.dmaWrite(DEVICE, 0x100_0000, new byte[] {7}).toString())
        .containsIgnoringCase("done");
  }
}
