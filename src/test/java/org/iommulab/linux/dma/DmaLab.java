package org.iommulab.linux.dma;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.iommulab.bus.SourceId;
import org.iommulab.lab.machine.DmaOutcome;
import org.iommulab.lab.machine.Machine;
import org.iommulab.lab.machine.MachineSpec;
import org.iommulab.linux.BootOptions;
import org.iommulab.linux.BootResult;
import org.iommulab.linux.Kernel;
import org.iommulab.linux.Platform;
import org.iommulab.linux.boot.DmarFacts;
import org.iommulab.linux.boot.Era;
import org.iommulab.linux.pci.PciDevice;
import org.iommulab.memory.AddressRange;
import org.iommulab.memory.PhysicalMemory;
import org.iommulab.trace.CallFrame;
import org.iommulab.trace.CallTrace;

/** Machine L with a real remapping unit, a booted kernel and a clock. */
final class DmaLab {

  static final SourceId NIC = SourceId.of(0, 3, 0);
  static final SourceId OLD = SourceId.of(0, 4, 0);
  static final SourceId ROGUE = SourceId.of(0, 5, 0);

  final Machine machine;
  final PhysicalMemory memory;
  final Kernel kernel;
  final CallTrace trace = new CallTrace();
  final DmaApi api;
  final DmaDevice nic;
  final DmaDevice old;
  long time;

  private DmaLab(BootOptions options, boolean vtd, long ramBytes, boolean external) {
    MachineSpec spec = MachineSpec.laboratory("spec");
    if (ramBytes > 0) {
      spec = new MachineSpec(List.of(new AddressRange(0, ramBytes)), spec.units(), spec.devices());
    }
    machine = new Machine(spec);
    memory = machine.memory();
    var devices = new ArrayList<PciDevice>();
    devices.add(device(NIC, "nic", -1, external));
    devices.add(device(OLD, "old", 0xFFFF_FFFFL, false));
    devices.add(device(ROGUE, "rogue", -1, false));
    var platform =
        new Platform(
            memory,
            Map.of(MachineSpec.MMIO_BASE, machine.unit()),
            vtd ? DmarFacts.single(46, MachineSpec.MMIO_BASE) : null,
            devices,
            trace,
            () -> time);
    BootResult boot = Kernel.boot(platform, options);
    kernel = boot.kernel();
    assertThat(boot.translating()).isEqualTo(vtd && !options.cmdline().contains("iommu=off"));
    api = kernel.dma();
    nic = device(NIC);
    old = device(OLD);
  }

  private static PciDevice device(SourceId sid, String name, long mask, boolean untrusted) {
    return new PciDevice(
        sid,
        name,
        PciDevice.Kind.ENDPOINT,
        mask,
        List.of(),
        null,
        PciDevice.Isolation.FULL,
        null,
        untrusted,
        false,
        false,
        0,
        null,
        List.of());
  }

  private DmaDevice device(SourceId sid) {
    DmaDevice device = api.device(sid);
    assertThat(device).isNotNull();
    return Objects.requireNonNull(device);
  }

  static DmaLab boot(Era era, String cmdline) {
    return new DmaLab(BootOptions.of(cmdline).withEra(era), true, 0, false);
  }

  static DmaLab withoutVtd(Era era, String cmdline) {
    return new DmaLab(BootOptions.of(cmdline).withEra(era), false, 0, false);
  }

  static DmaLab withoutVtd(Era era, String cmdline, long ramBytes) {
    return new DmaLab(BootOptions.of(cmdline).withEra(era), false, ramBytes, false);
  }

  static DmaLab withExternalNic(Era era, String cmdline) {
    return new DmaLab(BootOptions.of(cmdline).withEra(era), true, 0, true);
  }

  /** Lets virtual time pass. */
  void pass(long ns) {
    time += ns;
    kernel.timePassed();
  }

  /** The leaf entry behind an address of a device's domain. */
  long phys(SourceId sid, long iova) {
    return Objects.requireNonNull(
            Objects.requireNonNull(kernel.iommu().device(sid)).group().defaultDomain())
        .iovaToPhys(iova);
  }

  boolean writes(SourceId sid, long address, int... bytes) {
    var data = new byte[Math.max(1, bytes.length)];
    for (int i = 0; i < bytes.length; i++) {
      data[i] = (byte) bytes[i];
    }
    return machine.dmaWrite(sid, address, data).status() == DmaOutcome.Status.DONE;
  }

  byte reads(SourceId sid, long address) {
    byte[] data = machine.dmaRead(sid, address, 1).chunks().getFirst().data();
    return Objects.requireNonNull(data)[0];
  }

  /** The unit's IOTLB has a line for that address. */
  boolean iotlbHolds(long iova) {
    return machine.unit().iotlb().stream()
        .anyMatch(line -> line.page() <= iova && iova < line.page() + line.size());
  }

  /** Names of the kernel functions that {@code action} called, in order. */
  List<String> traced(Runnable action) {
    trace.take();
    trace.setOn(true);
    action.run();
    trace.setOn(false);
    var names = new ArrayList<String>();
    trace.take().forEach(frame -> collect(frame, names));
    return names;
  }

  private static void collect(CallFrame frame, List<String> into) {
    into.add(frame.function());
    frame.children().forEach(child -> collect(child, into));
  }

  /** Lets the n-th allocation of a table or page frame from now on fail. */
  void failAllocation(long nth) {
    api.frames().failNth(nth);
  }

  long kernelFrames() {
    return api.frames().kernelFrames();
  }

  /** Invalidation commands the unit has carried out, waits not counted. */
  long invalidations() {
    return machine.unit().counters().invalidations();
  }

  DmaView.Domain domainOfNic() {
    return api.view().domains().getFirst();
  }
}
