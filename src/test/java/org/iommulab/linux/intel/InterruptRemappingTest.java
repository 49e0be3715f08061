package org.iommulab.linux.intel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.iommulab.bus.SourceId;
import org.iommulab.lab.machine.InterruptMessage;
import org.iommulab.lab.machine.Machine;
import org.iommulab.lab.machine.MachineSpec;
import org.iommulab.linux.BootOptions;
import org.iommulab.linux.Kernel;
import org.iommulab.linux.Platform;
import org.iommulab.linux.boot.DmarFacts;
import org.iommulab.linux.pci.Interrupts;
import org.iommulab.linux.pci.MsiMessage;
import org.iommulab.linux.pci.PciDevice;
import org.iommulab.trace.CallTrace;
import org.iommulab.vtd.layout.FaultReason;
import org.iommulab.vtd.layout.Irte;
import org.junit.jupiter.api.Test;

/** The kernel remaps devices' interrupts on machine L. */
final class InterruptRemappingTest {

  private static final SourceId NIC = SourceId.of(0, 3, 0);
  private static final SourceId ROGUE = SourceId.of(0, 5, 0);
  private static final PciDevice NIC_FUNCTION = PciDevice.endpoint(NIC, "nic");

  private final Machine machine = new Machine(MachineSpec.laboratory("spec"));

  private Kernel boot(String cmdline, boolean firmware, boolean optOut) {
    return Kernel.boot(
            new Platform(
                machine.memory(),
                Map.of(machine.mmioBase(), machine.unit()),
                new DmarFacts(
                    46,
                    firmware,
                    optOut,
                    true,
                    false,
                    List.of(new DmarFacts.Drhd(machine.mmioBase(), 0, true, List.of(), List.of(0))),
                    List.of(),
                    List.of()),
                List.of(NIC_FUNCTION, PciDevice.endpoint(ROGUE, "rogue")),
                new CallTrace(),
                () -> 0L),
            BootOptions.of(cmdline))
        .kernel();
  }

  private Kernel boot(String cmdline) {
    return boot(cmdline, true, false);
  }

  private static Interrupts.Irq irq(Kernel kernel, int count) {
    var made = kernel.interrupts().allocate(NIC_FUNCTION, count);
    assertThat(made.irqs()).hasSize(count);
    return made.irqs().getFirst();
  }

  private void send(SourceId sid, MsiMessage message) {
    machine.msi(sid, message.address(), message.data());
  }

  private int deliver(Kernel kernel) {
    int handled = 0;
    for (InterruptMessage message : machine.drainInterrupts()) {
      handled += kernel.interrupt(message.address(), message.data()) ? 1 : 0;
    }
    return handled;
  }

  private String log(Kernel kernel) {
    return String.join("\n", kernel.dmesg());
  }

  @Test
  void bootSwitchesItOnInX2apicMode() {
    Kernel kernel = boot("intel_iommu=on");
    assertThat(machine.unit().read(0x1C, 4) >>> 25 & 1).isEqualTo(1);
    assertThat(machine.unit().read(0xB8, 8) & 0xFFF).isEqualTo(0x80F);
    assertThat(log(kernel)).contains("DMAR-IR: Enabled IRQ remapping in x2apic mode");
  }

  @Test
  void itDoesNotNeedTheDmaDriver() {
    Kernel kernel = boot("quiet");
    assertThat(log(kernel)).contains("DMAR-IR: Enabled IRQ remapping");
    assertThat(machine.unit().read(0x1C, 4) >>> 31).isZero();
  }

  @Test
  void firmwareCommandLineAndOptOutDecide() {
    assertThat(log(boot("intel_iommu=on intremap=off"))).doesNotContain("DMAR-IR");
    assertThat(log(new InterruptRemappingTest().boot("intel_iommu=on", false, false)))
        .doesNotContain("DMAR-IR");
    assertThat(log(new InterruptRemappingTest().boot("intel_iommu=on", true, true)))
        .contains("x2apic is disabled because BIOS sets x2apic opt out bit.")
        .contains("Enabled IRQ remapping in xapic mode");
    assertThat(
            log(
                new InterruptRemappingTest()
                    .boot("intel_iommu=on intremap=no_x2apic_optout", true, true)))
        .contains("in x2apic mode");
  }

  @Test
  void aDevicesMessageIsRemappedAndHandled() {
    Kernel kernel = boot("intel_iommu=on");
    Interrupts.Irq irq = irq(kernel, 1);
    assertThat(irq.message().address() & 0xFFF0_0018L).isEqualTo(0xFEE0_0018L);
    send(NIC, irq.message());
    assertThat(deliver(kernel)).as("nobody asked for it yet").isZero();
    assertThat(kernel.interrupts().request(irq.number(), "eth0").failed()).isFalse();
    send(NIC, irq.message());
    assertThat(deliver(kernel)).isEqualTo(1);
    assertThat(irq.count()).isEqualTo(1);
  }

  @Test
  void theEntryLooksLikeLinuxWroteIt() {
    Kernel kernel = boot("intel_iommu=on");
    Interrupts.Irq irq = irq(kernel, 1);
    long entry = machine.unit().read(0xB8, 8) & -4096L;
    long low = machine.memory().readQword(entry);
    long high = machine.memory().readQword(entry + 8);
    assertThat(low).isEqualTo(9L | (long) irq.vector() << 16);
    assertThat(high).isEqualTo(0x40000L | NIC.value());
    assertThat(Irte.P.isSet(low)).isTrue();
  }

  @Test
  void aForeignDeviceAndTheOldFormatAreBlocked() {
    Kernel kernel = boot("intel_iommu=on");
    Interrupts.Irq irq = irq(kernel, 1);
    kernel.interrupts().request(irq.number(), "eth0");
    send(ROGUE, irq.message());
    send(ROGUE, new MsiMessage(0xFEE0_0000L, irq.vector()));
    deliver(kernel);
    assertThat(irq.count()).isZero();
    assertThat(log(kernel))
        .contains(
            "[INTR-REMAP] Request device [00:05.0] fault index 0x0 [fault reason 0x26] Blocked an"
                + " interrupt request due to source-id verification failure");
    assertThat(FaultReason.values()).isNotEmpty();
  }

  @Test
  void severalMessagesShareABlockOfEntries() {
    Kernel kernel = boot("intel_iommu=on");
    irq(kernel, 1);
    var made = kernel.interrupts().allocate(NIC_FUNCTION, 3).irqs();
    assertThat(made).extracting(irq -> irq.message().data()).containsExactly(0, 1, 2);
    assertThat(made.stream().map(irq -> irq.message().address()).distinct()).hasSize(1);
    made.forEach(irq -> kernel.interrupts().request(irq.number(), "queue"));
    made.forEach(irq -> send(NIC, irq.message()));
    assertThat(deliver(kernel)).isEqualTo(3);
  }

  @Test
  void movingAnInterruptLeavesTheDeviceAlone() {
    Kernel kernel = boot("intel_iommu=on");
    Interrupts.Irq irq = irq(kernel, 1);
    kernel.interrupts().request(irq.number(), "eth0");
    MsiMessage before = irq.message();
    assertThat(kernel.interrupts().setAffinity(irq.number(), 0x123).failed()).isFalse();
    assertThat(irq.message()).isEqualTo(before);
    send(NIC, before);
    assertThat(deliver(kernel)).isEqualTo(1);
    assertThat(irq.cpu()).isEqualTo(0x123);
  }

  @Test
  void withoutRemappingTheMessageNamesTheProcessor() {
    Kernel kernel = boot("intel_iommu=on intremap=off");
    Interrupts.Irq irq = irq(kernel, 1);
    assertThat(irq.message()).isEqualTo(new MsiMessage(0xFEE0_0000L, irq.vector()));
    kernel.interrupts().setAffinity(irq.number(), 1);
    assertThat(irq.message().address()).isEqualTo(0xFEE0_1000L);
  }

  @Test
  void freedEntriesAreEmpty() {
    Kernel kernel = boot("intel_iommu=on");
    Interrupts.Irq irq = irq(kernel, 1);
    kernel.interrupts().free(NIC_FUNCTION);
    long entry = machine.unit().read(0xB8, 8) & -4096L;
    assertThat(machine.memory().readQword(entry)).isZero();
    send(NIC, irq.message());
    deliver(kernel);
    assertThat(log(kernel)).contains("Present field in the IRTE entry is clear");
  }
}
