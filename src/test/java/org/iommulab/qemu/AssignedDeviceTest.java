package org.iommulab.qemu;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.iommulab.bus.SourceId;
import org.iommulab.lab.machine.DmaOutcome;
import org.iommulab.lab.machine.Machine;
import org.iommulab.lab.machine.MachineSpec;
import org.iommulab.linux.BootOptions;
import org.iommulab.linux.Kernel;
import org.iommulab.linux.Platform;
import org.iommulab.linux.boot.DmarFacts;
import org.iommulab.linux.pci.PciDevice;
import org.iommulab.linux.process.MemoryOptions;
import org.iommulab.trace.CallTrace;
import org.junit.jupiter.api.Test;

/** The map chain on the real unit: what is mapped is what a device reaches. */
final class AssignedDeviceTest {

  private static final long IOVA = 0x1_003F_F000L;
  private static final long SIZE = 0x20_2000L;
  private static final SourceId NIC = SourceId.of(0, 3, 0);
  private static final SourceId ROGUE = SourceId.of(0, 5, 0);

  private final Machine machine = new Machine(MachineSpec.laboratory("spec"));
  private final CallTrace trace = new CallTrace();
  private final Kernel kernel =
      Kernel.boot(
              new Platform(
                  machine.memory(),
                  Map.of(machine.mmioBase(), machine.unit()),
                  DmarFacts.single(46, machine.mmioBase()),
                  List.of(PciDevice.endpoint(NIC, "nic"), PciDevice.endpoint(ROGUE, "rogue")),
                  trace,
                  () -> 0L),
              BootOptions.of("intel_iommu=on").withUnsafeInterrupts())
          .kernel();
  private final Vmm vmm = new Vmm(kernel.createProcess("qemu"), trace);
  private final long ram =
      vmm.allocateRam(
              SIZE,
              MemoryOptions.PLAIN.onFrames(
                  List.of(
                      new MemoryOptions.Frames(0x17FFFF, 513),
                      new MemoryOptions.Frames(0xA3C7, 1))))
          .ret();

  AssignedDeviceTest() {
    assertThat(vmm.assignDevice(0, SourceId.of(0, 3, 0)).errno()).isNull();
  }

  private String write(SourceId device, long iova) {
    DmaOutcome outcome = machine.dmaWrite(device, iova, new byte[] {1, 2, 3, 4});
    return outcome.toString();
  }

  @Test
  void deviceWritesLandInTheFramesBehindTheMapping() {
    vmm.vfioDmaMap(IOVA, SIZE, ram, false);
    machine.dmaWrite(NIC, 0x1_004A_BCDEL, new byte[] {0x11, 0x22});
    byte[] seen = new byte[2];
    machine.memory().read(0x1_800A_BCDEL, seen, 0, 2);
    assertThat(seen).containsExactly(0x11, 0x22);
    byte[] user = new byte[2];
    assertThat(vmm.process().read(ram + 0x1_004A_BCDEL - IOVA, user)).isTrue();
    assertThat(user).containsExactly(0x11, 0x22);
  }

  @Test
  void unmappedAndForeignAccessIsBlocked() {
    assertThat(write(NIC, IOVA)).containsIgnoringCase("blocked");
    vmm.vfioDmaMap(IOVA, SIZE, ram, false);
    assertThat(write(NIC, IOVA)).containsIgnoringCase("done");
    assertThat(write(ROGUE, IOVA)).containsIgnoringCase("blocked");
  }

  @Test
  void readOnlyMemoryRefusesWrites() {
    vmm.vfioDmaMap(0x1_0080_0000L, 0x1000, ram, true);
    assertThat(write(NIC, 0x1_0080_0000L)).containsIgnoringCase("blocked");
    assertThat(machine.dmaRead(NIC, 0x1_0080_0000L, 4).toString()).containsIgnoringCase("done");
  }

  @Test
  void nothingStaleIsLeftAfterUnmap() {
    vmm.vfioDmaMap(IOVA, SIZE, ram, false);
    write(NIC, IOVA);
    write(NIC, 0x1_0045_0000L);
    assertThat(vmm.vfioDmaUnmap(IOVA, SIZE).errno()).isNull();
    assertThat(write(NIC, IOVA)).containsIgnoringCase("blocked");
    assertThat(write(NIC, 0x1_0045_0000L)).containsIgnoringCase("blocked");
  }

  @Test
  void faultsReachTheKernelLog() {
    write(NIC, IOVA);
    machine.drainInterrupts().forEach(message -> kernel.interrupt(0xFEE0_0000L, 0x21));
    assertThat(String.join("\n", kernel.dmesg()))
        .contains(
            "DMAR: [DMA Write NO_PASID] Request device [00:03.0] fault addr 0x1003ff000"
                + " [fault reason 0x05]");
  }
}
