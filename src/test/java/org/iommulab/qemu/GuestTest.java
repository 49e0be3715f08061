package org.iommulab.qemu;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.iommulab.bus.SourceId;
import org.iommulab.lab.machine.DmaOutcome;
import org.iommulab.lab.machine.Machine;
import org.iommulab.lab.machine.MachineSpec;
import org.iommulab.linux.BootOptions;
import org.iommulab.linux.Kernel;
import org.iommulab.linux.Platform;
import org.iommulab.linux.boot.DmarFacts;
import org.iommulab.linux.boot.Walker;
import org.iommulab.linux.iommu.PagingDomain;
import org.iommulab.linux.iommu.Protection;
import org.iommulab.linux.pci.PciDevice;
import org.iommulab.linux.process.MemoryOptions;
import org.iommulab.linux.process.SyscallResult;
import org.iommulab.linux.uapi.Errno;
import org.iommulab.trace.CallTrace;
import org.iommulab.vtd.config.MachineOption;
import org.iommulab.vtd.config.MachineOptions;
import org.iommulab.vtd.config.Profiles;
import org.iommulab.vtd.config.UnitConfiguration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Devices assigned to a guest.
 *
 * <pre>
 *   device --IOVA--> real unit --host table--> qemu's memory = guest RAM
 *                                  ^
 *                    guest table --+-- shadowed at the guest's invalidations
 * </pre>
 */
final class GuestTest {

  private static final SourceId NIC = SourceId.of(0, 3, 0);
  private static final SourceId ROGUE = SourceId.of(0, 5, 0);
  private static final long RAM = 64 << 20;

  private final Machine machine = new Machine(MachineSpec.laboratory("spec"));
  private final CallTrace trace = new CallTrace();
  private final Kernel host =
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
  private final Vmm vmm = new Vmm(host.createProcess("qemu"), trace);
  private long ram;

  private Guest start(long bytes, Optional<UnitConfiguration> unit) {
    SyscallResult started = vmm.startGuest(new GuestOptions(bytes, false, unit, () -> 0L));
    assertThat(started.failed()).isFalse();
    ram = started.ret();
    return vmm.guest().orElseThrow();
  }

  private static Optional<UnitConfiguration> unit(boolean cachingMode) {
    MachineOptions options =
        MachineOptions.DEFAULT.withAwBits(48).with(MachineOption.CACHING_MODE, cachingMode);
    return Profiles.named(Profiles.QEMU_7_2, options);
  }

  private void assign(SourceId device, int group) {
    assertThat(vmm.assignDevice(group, device).failed()).isFalse();
  }

  private Kernel boot(Guest guest, BootOptions options) {
    return guest.boot(options, Map.of(NIC, "nic", ROGUE, "rogue")).kernel();
  }

  private boolean writes(SourceId device, long address) {
    return machine.dmaWrite(device, address, new byte[] {0x5A}).status() == DmaOutcome.Status.DONE;
  }

  private boolean reads(SourceId device, long address) {
    return machine.dmaRead(device, address, 1).status() == DmaOutcome.Status.DONE;
  }

  private byte guestByte(long vaddr) {
    var one = new byte[1];
    assertThat(vmm.process().read(vaddr, one)).isTrue();
    return one[0];
  }

  // ---- the memory listener ----------------------------------------------------------------------

  @Test
  void devicesSeeRamAndRomsButNoRegisters() {
    start(RAM, Optional.empty());
    assign(NIC, 0);
    assertThat(writes(NIC, 0x9F000)).isTrue();
    assertThat(guestByte(ram + 0x9F000)).isEqualTo((byte) 0x5A);
    assertThat(writes(NIC, 0xA0000)).isFalse();
    assertThat(reads(NIC, 0xC0000)).isTrue();
    assertThat(writes(NIC, 0xC0000)).isFalse();
    assertThat(writes(NIC, RAM - 4096)).isTrue();
    assertThat(writes(NIC, RAM)).isFalse();
    assertThat(reads(NIC, 0xFFFC_0000L)).isTrue();
    assertThat(writes(NIC, 0xFFFC_0000L)).isFalse();
  }

  @Test
  void ramThatDoesNotFitBelowTheHoleGoesAboveFourGib() {
    start(3L << 30, Optional.empty());
    assign(NIC, 0);
    assertThat(writes(NIC, 0x7FFF_F000L)).isTrue();
    assertThat(writes(NIC, 0x8000_0000L)).isFalse();
    assertThat(writes(NIC, 0x1_0000_0000L)).isTrue();
    assertThat(guestByte(ram + 0x8000_0000L)).isEqualTo((byte) 0x5A);
    assertThat(writes(NIC, 0x1_3FFF_F000L)).isTrue();
    assertThat(writes(NIC, 0x1_4000_0000L)).isFalse();
  }

  @Test
  void aRegionIsMappedWhileItIsThere() {
    Guest guest = start(RAM, Optional.empty());
    assign(NIC, 0);
    long bar = vmm.allocateRam(0x4000, MemoryOptions.PLAIN).ret();
    var section =
        new MemorySection(0xFEB0_0000L, 0x4000, MemorySection.Kind.RAM_DEVICE, bar, "bar0");
    assertThat(guest.addRegion(section).failed()).isFalse();
    assertThat(writes(NIC, 0xFEB0_1000L)).isTrue();
    assertThat(guestByte(bar + 0x1000)).isEqualTo((byte) 0x5A);
    assertThat(guest.removeRegion(0xFEB0_0000L)).isPresent();
    assertThat(writes(NIC, 0xFEB0_1000L)).isFalse();
  }

  @Test
  void onlyWholePagesOfASectionAreMapped() {
    Guest guest = start(RAM, Optional.empty());
    assign(NIC, 0);
    long memory = vmm.allocateRam(0x4000, MemoryOptions.PLAIN).ret();
    long start = 0xFEB0_0800L;
    guest.addRegion(
        new MemorySection(start, 0x2000, MemorySection.Kind.RAM, memory + 0x800, "odd"));
    assertThat(writes(NIC, 0xFEB0_0800L)).isFalse();
    assertThat(writes(NIC, 0xFEB0_1000L)).isTrue();
    assertThat(guestByte(memory + 0x1000)).isEqualTo((byte) 0x5A);
    assertThat(writes(NIC, 0xFEB0_2000L)).isFalse();
  }

  @Test
  void aBarThatCannotBeMappedOnlyCostsAWarning() {
    Guest guest = start(RAM, Optional.empty());
    assign(NIC, 0);
    var section =
        new MemorySection(0xFEB0_0000L, 0x4000, MemorySection.Kind.RAM_DEVICE, 0x1000, "bar0");
    assertThat(guest.addRegion(section).failed()).isFalse();
    assertThat(vmm.messages()).anyMatch(line -> line.contains("peer-to-peer"));
    var memory = new MemorySection(0xFEB1_0000L, 0x4000, MemorySection.Kind.RAM, 0x1000, "dimm");
    assertThat(guest.addRegion(memory).errno()).isEqualTo(Errno.EFAULT);
  }

  // ---- a unit inside ----------------------------------------------------------------------------

  @Test
  void withoutCachingModeAnAssignedDeviceIsRefused() {
    start(RAM, unit(false));
    assertThat(vmm.assignDevice(0, NIC).failed()).isTrue();
    assertThat(vmm.messages()).anyMatch(line -> line.contains("requires caching mode"));
  }

  @Test
  void theGuestsMapReachesTheHostAndItsUnmapTakesItBack() {
    Guest guest = start(RAM, unit(true));
    assign(NIC, 0);
    assertThat(writes(NIC, 0x100000)).isTrue();
    Kernel inner = boot(guest, BootOptions.of("intel_iommu=on"));
    assertThat(writes(NIC, 0x100000)).isFalse();

    int domain = inner.domains().getFirst().id();
    var inside = (PagingDomain) Objects.requireNonNull(inner.domain(domain));
    inner.iommuApi().map(inside, 0x10_0000, 0x20_0000, 0x3000, Protection.READ | Protection.WRITE);
    assertThat(writes(NIC, 0x10_2000)).isTrue();
    assertThat(guestByte(ram + 0x20_2000)).isEqualTo((byte) 0x5A);
    assertThat(guest.memory().readQword(0x20_2000)).isEqualTo(0x5A);

    inner.iommuApi().unmap(inside, 0x10_0000, 0x3000);
    assertThat(writes(NIC, 0x10_2000)).isFalse();
    assertThat(guest.view().devices().getFirst().shadow()).isEmpty();
  }

  @Test
  void aReadOnlyMapStaysReadOnlyAndALargePageStaysWhole() {
    Guest guest = start(RAM, unit(true));
    assign(NIC, 0);
    Kernel inner = boot(guest, BootOptions.of("intel_iommu=on"));
    var inside =
        (PagingDomain) Objects.requireNonNull(inner.domain(inner.domains().getFirst().id()));
    inner.iommuApi().map(inside, 0x4000_0000L, 0x20_0000, 2 << 20, Protection.READ);
    assertThat(reads(NIC, 0x4010_0000L)).isTrue();
    assertThat(writes(NIC, 0x4010_0000L)).isFalse();
    assertThat(guest.view().devices().getFirst().shadow())
        .containsExactly(new GuestView.Shadow(0x4000_0000L, 2 << 20, 0x20_0000, false));
  }

  @Test
  void anAddressWithoutMemoryIsReportedAndNotMapped() {
    Guest guest = start(RAM, unit(true));
    assign(NIC, 0);
    Kernel inner = boot(guest, BootOptions.of("intel_iommu=on"));
    var inside =
        (PagingDomain) Objects.requireNonNull(inner.domain(inner.domains().getFirst().id()));
    inner.iommuApi().map(inside, 0x10_0000, 0xF000_0000L, 0x1000, Protection.READ);
    assertThat(reads(NIC, 0x10_0000)).isFalse();
    assertThat(vmm.messages()).contains("iommu map to non memory area 0xf0000000");
  }

  @Test
  void aStoreIntoTheGuestsTableCountsOnlyOnceTheGuestInvalidates() {
    Guest guest = start(RAM, unit(true));
    assign(NIC, 0);
    Kernel inner = boot(guest, BootOptions.of("intel_iommu=on"));
    var inside =
        (PagingDomain) Objects.requireNonNull(inner.domain(inner.domains().getFirst().id()));
    inner.iommuApi().map(inside, 0x10_0000, 0x20_0000, 0x1000, Protection.READ | Protection.WRITE);
    long entry = leaf(guest, 0x10_0000);
    guest.memory().writeQword(entry, 0x30_0003);

    assertThat(writes(NIC, 0x10_0000)).isTrue();
    assertThat(guest.memory().readQword(0x20_0000)).isEqualTo(0x5A);
    assertThat(guest.memory().readQword(0x30_0000)).isZero();

    Objects.requireNonNull(inner.intel()).flushIotlb(2, 2, 0, 0);
    assertThat(writes(NIC, 0x10_0000)).isTrue();
    assertThat(guest.memory().readQword(0x30_0000)).isEqualTo(0x5A);

    guest.memory().writeQword(entry, 0);
    Objects.requireNonNull(inner.intel()).flushIotlb(1, 0, 0, 0);
    assertThat(writes(NIC, 0x10_0000)).isFalse();
  }

  /** Guest-physical address of the entry behind an address: the guest's tables start at 16 MiB. */
  private static long leaf(Guest guest, long iova) {
    for (long table = 0x100_0000; table < 0x101_0000; table += 4096) {
      long address = table + (iova >>> 12 & 511) * 8;
      if (guest.memory().readQword(address) == 0x20_0003) {
        return address;
      }
    }
    throw new AssertionError("no leaf");
  }

  @Test
  void passThroughInTheGuestShowsTheDeviceAllOfItsMemory() {
    Guest guest = start(RAM, unit(true));
    assign(NIC, 0);
    boot(guest, BootOptions.of("intel_iommu=on iommu=pt"));
    assertThat(guest.view().translating()).isTrue();
    assertThat(guest.view().devices().getFirst().shadowed()).isFalse();
    assertThat(writes(NIC, 0x20_0000)).isTrue();
  }

  @Test
  void eachDeviceHasItsOwnShadow() {
    Guest guest = start(RAM, unit(true));
    assign(NIC, 0);
    assign(ROGUE, 1);
    Kernel inner = boot(guest, BootOptions.of("intel_iommu=on"));
    var inside =
        (PagingDomain) Objects.requireNonNull(inner.domain(inner.domains().getFirst().id()));
    inner.iommuApi().map(inside, 0x10_0000, 0x20_0000, 0x1000, Protection.WRITE);
    assertThat(writes(NIC, 0x10_0000)).isTrue();
    assertThat(writes(ROGUE, 0x10_0000)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void theShadowIsTheGuestsTableAfterEveryCall(long seed) {
    var random = new Random(seed);
    Guest guest = start(RAM, unit(true));
    assign(NIC, 0);
    Walker walker = random.nextBoolean() ? Walker.CLASSIC : Walker.GENERIC_PT;
    Kernel inner = boot(guest, BootOptions.of("intel_iommu=on").withWalker(walker));
    var inside =
        (PagingDomain) Objects.requireNonNull(inner.domain(inner.domains().getFirst().id()));
    var model = new TreeMap<Long, Long>();
    for (int step = 0; step < 300; step++) {
      long iova = (0x100 + random.nextInt(64)) << 12;
      int pages = 1 + random.nextInt(4);
      boolean free = true;
      boolean used = true;
      for (int i = 0; i < pages; i++) {
        free &= !model.containsKey(iova + ((long) i << 12));
        used &= model.containsKey(iova + ((long) i << 12));
      }
      if (free) {
        long gpa = (0x200 + random.nextInt(64)) << 12;
        inner
            .iommuApi()
            .map(inside, iova, gpa, (long) pages << 12, Protection.READ | Protection.WRITE);
        for (long i = 0; i < pages; i++) {
          model.put(iova + (i << 12), gpa + (i << 12));
        }
      } else if (used) {
        inner.iommuApi().unmap(inside, iova, (long) pages << 12);
        for (long i = 0; i < pages; i++) {
          model.remove(iova + (i << 12));
        }
      }
      var shadow = new TreeMap<Long, Long>();
      guest
          .view()
          .devices()
          .getFirst()
          .shadow()
          .forEach(entry -> shadow.put(entry.iova(), entry.guestPhysical()));
      assertThat(shadow).isEqualTo(model);
      long probe = (0x100 + random.nextInt(64)) << 12;
      assertThat(writes(NIC, probe)).isEqualTo(model.containsKey(probe));
    }
  }
}
