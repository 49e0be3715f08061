package org.iommulab.bus.device;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.iommulab.bus.DmaAccess;
import org.iommulab.bus.Pasid;
import org.iommulab.bus.PciDevice;
import org.iommulab.bus.PciDevice.Kind;
import org.iommulab.bus.SourceId;
import org.iommulab.bus.ats.PageGroupResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What each device does with its registers and rings, on a bus without an IOMMU. */
final class DeviceModelsTest {

  private static final long RING = 0x1000;
  private static final long BUFFER = 0x2000;
  private static final long SECRET = 0x1234_5678_9ABC_DEF0L;
  private static final long EOP_RS = 0x0900_0000L;
  private static final long DD = 1L << 32;

  private final FakePort port = new FakePort();

  private DeviceModel device(Kind kind) {
    var pci = new PciDevice(SourceId.of(0, 3, 0), "dut", kind, PciDevice.MASK_64);
    return DeviceModels.of(pci, port).orElseThrow();
  }

  private static void set(DeviceModel device, String register, long value) {
    device.write(device.register(register).orElseThrow(), value);
  }

  private static long get(DeviceModel device, String register) {
    return device.read(device.register(register).orElseThrow());
  }

  private static int run(DeviceModel device) {
    int steps = 0;
    while (steps < 10_000 && device.step()) {
      steps++;
    }
    return steps;
  }

  // ---- network card ----------------------------------------------------------------------------

  private DeviceModel card() {
    DeviceModel nic = device(Kind.NETWORK_CARD);
    set(nic, "TDBA", RING);
    set(nic, "TDLEN", 64);
    set(nic, "RDBA", RING + 0x800);
    set(nic, "RDLEN", 64);
    set(nic, "CTRL", 3);
    set(nic, "MSI_ADDR", 0xFEE0_0000L);
    set(nic, "MSI_DATA", 0x31);
    set(nic, "MSI_CTRL", 1);
    set(nic, "IMS", 7);
    return nic;
  }

  @Test
  void cardSendsWhatItsDescriptorsPointTo() {
    DeviceModel nic = card();
    port.put(BUFFER, SECRET, SECRET + 1);
    port.put(RING, BUFFER, 8, BUFFER + 8, EOP_RS | 4);
    set(nic, "TDT", 2);
    assertThat(run(nic)).isEqualTo(2);
    assertThat(nic.output().orElseThrow()).hasSize(12).startsWith(0xF0, 0xDE, 0xBC, 0x9A);
    assertThat(port.memory.readQword(RING + 8) & DD).isEqualTo(DD);
    assertThat(port.memory.readQword(RING + 24) & DD).isEqualTo(DD);
    assertThat(get(nic, "TDH")).isEqualTo(2);
    assertThat(get(nic, "ICR")).isEqualTo(1);
    assertThat(port.messages).containsExactly(0xFEE0_0000L << 16 | 0x31);
  }

  @Test
  void ringOfTheCardWrapsAround() {
    DeviceModel nic = card();
    for (int i = 0; i < 4; i++) {
      port.put(RING + i * 16, BUFFER, EOP_RS | 8);
    }
    set(nic, "TDT", 3);
    run(nic);
    set(nic, "TDT", 1);
    assertThat(run(nic)).isEqualTo(2);
    assertThat(get(nic, "TDH")).isEqualTo(1);
  }

  @Test
  void abortedReadStopsSendingUntilTheStatusIsCleared() {
    DeviceModel nic = card();
    port.put(RING, BUFFER, EOP_RS | 8);
    port.allowed = address -> address != BUFFER;
    set(nic, "TDT", 1);
    assertThat(run(nic)).isEqualTo(1);
    assertThat(get(nic, "STATUS")).isEqualTo(1);
    assertThat(get(nic, "ERRADDR")).isEqualTo(BUFFER);
    assertThat(get(nic, "TDH")).isZero();
    assertThat(nic.output()).isEmpty();
    port.allowed = address -> true;
    assertThat(run(nic)).isZero();
    set(nic, "STATUS", 1);
    assertThat(run(nic)).isEqualTo(1);
    assertThat(nic.output()).isPresent();
  }

  @Test
  void packetFromTheWireGoesWhereTheDriverSaid() {
    DeviceModel nic = card();
    port.put(RING + 0x800, BUFFER, 0);
    set(nic, "RDT", 1);
    assertThat(nic.receive(new byte[] {1, 2, 3})).isTrue();
    assertThat(run(nic)).isEqualTo(1);
    assertThat(port.memory.readQword(BUFFER)).isEqualTo(0x030201);
    assertThat(port.memory.readQword(RING + 0x808)).isEqualTo(3L << 32 | 3);
  }

  @Test
  void packetWaitsUntilThereIsADescriptor() {
    DeviceModel nic = card();
    nic.receive(new byte[] {1});
    assertThat(run(nic)).isZero();
    port.put(RING + 0x800, BUFFER, 0);
    set(nic, "RDT", 1);
    assertThat(run(nic)).isEqualTo(1);
  }

  @Test
  void longPacketFillsSeveralBuffers() {
    DeviceModel nic = card();
    port.put(RING + 0x800, BUFFER, 0, BUFFER + 0x1000, 0);
    set(nic, "RDT", 2);
    nic.receive(new byte[3000]);
    assertThat(run(nic)).isEqualTo(2);
    assertThat(port.memory.readQword(RING + 0x808)).isEqualTo(1L << 32 | 2048);
    assertThat(port.memory.readQword(RING + 0x818)).isEqualTo(3L << 32 | 952);
  }

  @Test
  void refusedWriteIsLostAndTheCardReportsSuccess() {
    DeviceModel nic = card();
    port.put(RING + 0x800, BUFFER, 0);
    port.allowed = address -> address != BUFFER;
    set(nic, "RDT", 1);
    nic.receive(new byte[] {1, 2, 3});
    run(nic);
    assertThat(port.memory.readQword(BUFFER)).isZero();
    assertThat(port.memory.readQword(RING + 0x808) & DD).isEqualTo(DD);
    assertThat(get(nic, "STATUS")).isZero();
  }

  @Test
  void loopbackBringsAPacketBack() {
    DeviceModel nic = card();
    set(nic, "CTRL", 7);
    port.put(BUFFER, SECRET);
    port.put(RING, BUFFER, EOP_RS | 8);
    port.put(RING + 0x800, BUFFER + 0x100, 0);
    set(nic, "TDT", 1);
    set(nic, "RDT", 1);
    run(nic);
    assertThat(port.memory.readQword(BUFFER + 0x100)).isEqualTo(SECRET);
  }

  // ---- old card --------------------------------------------------------------------------------

  @Test
  void oldCardKnowsOnly32AddressBits() {
    DeviceModel old = device(Kind.LEGACY_CARD);
    set(old, "ADDR", 0x1_0000_2000L);
    assertThat(get(old, "ADDR")).isEqualTo(0x2000);
  }

  @Test
  void oldCardMovesInBurstsAndReportsTheEnd() {
    DeviceModel old = device(Kind.LEGACY_CARD);
    set(old, "FILL", 0xA5);
    set(old, "ADDR", BUFFER);
    set(old, "COUNT", 100);
    set(old, "CTRL", 3);
    assertThat(run(old)).isEqualTo(2);
    assertThat(port.memory.readQword(BUFFER + 88)).isEqualTo(0xA5A5_A5A5_A5A5_A5A5L);
    assertThat(port.memory.readQword(BUFFER + 96)).isEqualTo(0xA5A5_A5A5L);
    assertThat(get(old, "STATUS")).isEqualTo(1);
    assertThat(port.accesses).hasSize(2);
  }

  @Test
  void oldCardReadsOnesWhenNobodyAnswers() {
    DeviceModel old = device(Kind.LEGACY_CARD);
    port.allowed = address -> false;
    set(old, "ADDR", BUFFER);
    set(old, "COUNT", 4);
    set(old, "CTRL", 1);
    run(old);
    assertThat(get(old, "STATUS")).isEqualTo(2);
    assertThat(get(old, "CTRL") & 1).isZero();
  }

  // ---- rogue engine ----------------------------------------------------------------------------

  @Test
  void rogueEngineFindsWhatItCanRead() {
    DeviceModel rogue = device(Kind.ROGUE);
    port.put(0x5000, SECRET);
    port.allowed = address -> address == 0x5000;
    set(rogue, "BASE", 0);
    set(rogue, "LENGTH", 0x10000);
    set(rogue, "STRIDE", 0x1000);
    set(rogue, "COUNT", 16);
    set(rogue, "CTRL", 1);
    assertThat(run(rogue)).isEqualTo(16);
    assertThat(get(rogue, "HITS")).isEqualTo(1);
    assertThat(get(rogue, "ABORTS")).isEqualTo(15);
    assertThat(get(rogue, "LASTHIT")).isEqualTo(0x5000);
    assertThat(get(rogue, "LOOT")).isEqualTo(SECRET);
    assertThat(get(rogue, "CTRL")).isZero();
  }

  @Test
  void sameSeedSpraysTheSameAddresses() {
    List<DmaAccess> first = sprayed(5);
    assertThat(sprayed(5)).isEqualTo(first);
    assertThat(sprayed(6)).isNotEqualTo(first);
    assertThat(first).allMatch(access -> access.address() >= 0x8000 && access.address() < 0x9000);
  }

  private List<DmaAccess> sprayed(long seed) {
    port.accesses.clear();
    DeviceModel rogue = device(Kind.ROGUE);
    set(rogue, "BASE", 0x8000);
    set(rogue, "LENGTH", 0x1000);
    set(rogue, "COUNT", 20);
    set(rogue, "SEED", seed);
    set(rogue, "CTRL", 7);
    run(rogue);
    return List.copyOf(port.accesses);
  }

  // ---- graphics card ---------------------------------------------------------------------------

  private DeviceModel gpu(long control, long... commands) {
    DeviceModel gpu = device(Kind.GPU);
    port.put(RING, commands);
    set(gpu, "RING", RING);
    set(gpu, "SIZE", 8);
    set(gpu, "CTRL", control);
    set(gpu, "TAIL", commands.length / 4);
    return gpu;
  }

  @Test
  void graphicsCardCopiesUnderTheCommandsPasid() {
    port.put(BUFFER, SECRET);
    DeviceModel gpu = gpu(0x9, 0x4201, BUFFER + 0x100, BUFFER, 8);
    run(gpu);
    assertThat(port.memory.readQword(BUFFER + 0x100)).isEqualTo(SECRET);
    assertThat(port.accesses.get(0).pasid()).isEqualTo(Pasid.NONE);
    assertThat(port.accesses.get(1).pasid()).isEqualTo(new Pasid(0x42));
    assertThat(port.accesses.get(2).pasid()).isEqualTo(new Pasid(0x42));
    assertThat(get(gpu, "DONE")).isEqualTo(1);
  }

  @Test
  void copyAcrossPagesIsMadePageByPage() {
    DeviceModel gpu = gpu(1, 1, 0x8F00, 0x4F80, 0x1200);
    for (long at = 0x4F80; at < 0x6180; at += 8) {
      port.put(at, at);
    }
    run(gpu);
    for (long i = 0; i < 0x1200; i += 8) {
      assertThat(port.memory.readQword(0x8F00 + i)).isEqualTo(0x4F80 + i);
    }
    assertThat(port.accesses)
        .allMatch(access -> (access.address() & 4095) + access.length() <= 4096);
  }

  @Test
  void missingPageIsAskedForAndTheCopyGoesOnWhenItHasCome() {
    port.allowed = address -> address < 0x9000;
    DeviceModel gpu = gpu(7, 1, 0x9000, BUFFER, 8);
    port.put(BUFFER, SECRET);
    run(gpu);
    assertThat(port.pagesAsked).containsExactly(0x9000L);
    assertThat(gpu.activity()).isEqualTo("waiting for a page");
    assertThat(run(gpu)).isZero();
    port.allowed = address -> true;
    port.answers.add(new PageGroupResponse(Pasid.NONE, 0, PageGroupResponse.SUCCESS));
    run(gpu);
    assertThat(port.memory.readQword(0x9000)).isEqualTo(SECRET);
    assertThat(get(gpu, "GROUP")).isEqualTo(1);
    assertThat(gpu.activity()).isEqualTo("idle");
  }

  @Test
  void refusedPageStopsTheCard() {
    port.allowed = address -> address < 0x9000;
    DeviceModel gpu = gpu(7, 1, 0x9000, BUFFER, 8);
    run(gpu);
    port.answers.add(new PageGroupResponse(Pasid.NONE, 0, PageGroupResponse.INVALID_REQUEST));
    assertThat(run(gpu)).isZero();
    assertThat(get(gpu, "STATUS")).isEqualTo(8);
    assertThat(get(gpu, "ERRADDR")).isEqualTo(0x9000);
  }

  @Test
  void withoutPageRequestsAMissingPageIsAFault() {
    port.allowed = address -> address < 0x9000;
    DeviceModel gpu = gpu(3, 1, 0x9000, BUFFER, 8);
    run(gpu);
    assertThat(port.pagesAsked).isEmpty();
    assertThat(get(gpu, "STATUS")).isEqualTo(2);
  }

  @Test
  void fenceWritesItsValueAndInterrupts() {
    DeviceModel gpu = gpu(1, 3, 0x7000, SECRET, 0);
    set(gpu, "MSI_CTRL", 1);
    run(gpu);
    assertThat(port.memory.readQword(0x7000)).isEqualTo(SECRET);
    assertThat(port.messages).hasSize(1);
  }

  @Test
  void fenceAcrossTwoPagesArrivesWhole() {
    run(gpu(1, 3, 0x7FFC, SECRET, 0));
    assertThat(port.memory.readQword(0x7FF8)).isEqualTo(SECRET << 32);
    assertThat(port.memory.readQword(0x8000)).isEqualTo(SECRET >>> 32);
  }

  @Test
  void commandWithoutMeaningStopsTheCard() {
    DeviceModel gpu = gpu(1, 0, 0, 0, 0);
    run(gpu);
    assertThat(get(gpu, "STATUS")).isEqualTo(4);
  }

  // ---- plain engine ----------------------------------------------------------------------------

  @Test
  void engineCopiesAndStopsAtTheFirstAbort() {
    DeviceModel engine = device(Kind.DMA_ENGINE);
    port.put(BUFFER, SECRET);
    set(engine, "SRC", BUFFER);
    set(engine, "DST", 0x8000);
    set(engine, "LEN", 8192);
    set(engine, "CTRL", 1);
    port.allowed = address -> address != BUFFER + 4096;
    assertThat(run(engine)).isEqualTo(2);
    assertThat(port.memory.readQword(0x8000)).isEqualTo(SECRET);
    assertThat(get(engine, "STATUS")).isEqualTo(2);
    assertThat(get(engine, "SRC")).isEqualTo(BUFFER + 4096);
  }

  // ---- all of them -----------------------------------------------------------------------------

  @ParameterizedTest
  @EnumSource(
      value = Kind.class,
      names = {"IO_APIC", "HPET"},
      mode = EnumSource.Mode.EXCLUDE)
  void registersOfADeviceDoNotOverlap(Kind kind) {
    List<DeviceRegister> registers = device(kind).registers();
    for (DeviceRegister one : registers) {
      for (DeviceRegister other : registers) {
        boolean apart =
            one.offset() + one.bytes() <= other.offset()
                || other.offset() + other.bytes() <= one.offset();
        assertThat(one == other || apart).as("%s and %s", one.name(), other.name()).isTrue();
      }
    }
  }

  @Test
  void noProgramOfRandomRegisterWritesIsAnAccident() {
    for (int seed = 0; seed < 100; seed++) {
      var random = new java.util.Random(seed);
      for (Kind kind : Kind.values()) {
        if (kind.isPci()) {
          DeviceModel device = device(kind);
          for (int i = 0; i < 30; i++) {
            DeviceRegister register =
                device.registers().get(random.nextInt(device.registers().size()));
            long value = random.nextBoolean() ? random.nextLong() : random.nextInt(0x10000);
            device.write(register, value);
            for (int steps = 0; steps < 20 && device.step(); steps++) {
              assertThat(device.activity()).isNotEmpty();
            }
          }
        }
      }
    }
  }
}
