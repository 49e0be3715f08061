package org.iommulab.vtd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.iommulab.vtd.Rig.DATA;
import static org.iommulab.vtd.Rig.SID;

import org.iommulab.bits.Field;
import org.iommulab.vtd.config.Capabilities;
import org.iommulab.vtd.config.Profiles;
import org.iommulab.vtd.layout.CapabilityLayout;
import org.iommulab.vtd.layout.ExtendedCapabilityLayout;
import org.iommulab.vtd.layout.OptionalRegisters;
import org.iommulab.vtd.layout.Register;
import org.iommulab.vtd.layout.RegisterLayouts;
import org.iommulab.vtd.request.Rights;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Registers that exist as capabilities say: monitoring, commands, memory types. */
class OptionalRegistersTest {

  private static final int ECMD = 0x400;
  private static final int ECRSP = 0x410;
  private static final int PERFCFG0 = 0x600;
  private static final int PERFCNTR0 = 0x800;
  private static final int PERFINTRSTS = 0x324;
  private static final int PERFINTRCTL = 0x328;
  private static final int VCMD = 0xE00;
  private static final int VCRSP = 0xE10;

  private static final long IOTLB_LOOKUPS = 3L << 8 | 1L << 32;
  private static final long IOTLB_HITS = 3L << 8 | 2L << 32;
  private static final long REQUESTS = 2L << 32;
  private static final long INTERRUPTING = 2;

  private static Rig rig(Field... extended) {
    Capabilities all = Rig.everything();
    long cap = CapabilityLayout.ECMDS.with(all.cap(), 1);
    long ecap = all.ecap();
    for (Field field : extended) {
      ecap = field.with(ecap, 1);
    }
    Rig rig =
        new Rig(Profiles.spec(new Capabilities(cap, ecap, all.version(), all.hostAddressWidth())));
    long top = rig.legacy(0, 0);
    rig.map(top, 4, 0x1000, DATA | 3, 1, 3);
    rig.start(0);
    return rig;
  }

  private static long command(Rig rig, long code, long operand) {
    rig.unit.write(ECMD, 8, code | operand << 16);
    return rig.unit.read(ECRSP, 8);
  }

  @ParameterizedTest
  @ValueSource(strings = {"MTS", "PMS", "VCS", "ECMDS", "PRS"})
  void registersOfAnAbsentFeatureReadZeroAndTakeNothing(String feature) {
    Capabilities all = Rig.everything();
    long ecap = ExtendedCapabilityLayout.PRS.with(all.ecap(), 0);
    Rig rig =
        new Rig(
            Profiles.spec(
                new Capabilities(all.cap(), ecap, all.version(), all.hostAddressWidth())));
    for (Register register : RegisterLayouts.withOptional()) {
      if (feature.equals(register.feature())) {
        int size = Math.min(register.bytes(), 8);
        rig.unit.write(register.position(), size, -1L >>> 64 - 8 * size);
        assertThat(rig.unit.read(register.position(), size)).as(register.name()).isZero();
      }
    }
  }

  // ---- performance monitoring ------------------------------------------------------------------

  @Test
  void counterCountsWhileItIsEnabled() {
    Rig rig = rig(ExtendedCapabilityLayout.PMS);
    rig.unit.write(PERFCFG0, 8, IOTLB_LOOKUPS);
    rig.read(0x1000);
    assertThat(rig.unit.read(PERFCNTR0, 8)).as("not yet enabled").isZero();
    assertThat(command(rig, 0xF0, 0)).isZero();
    rig.read(0x1000);
    rig.read(0x1000);
    assertThat(rig.unit.read(PERFCNTR0, 8)).isEqualTo(2);
    command(rig, 0xF1, 0);
    rig.read(0x1000);
    assertThat(rig.unit.read(PERFCNTR0, 8)).isEqualTo(2);
  }

  @Test
  void eachCounterHasItsOwnEvents() {
    Rig rig = rig(ExtendedCapabilityLayout.PMS);
    rig.unit.write(PERFCFG0, 8, IOTLB_LOOKUPS);
    rig.unit.write(PERFCFG0 + 0x100, 8, IOTLB_HITS);
    command(rig, 0xF0, 0);
    command(rig, 0xF0, 1);
    rig.read(0x1000);
    rig.read(0x1000);
    rig.read(0x1000);
    assertThat(rig.unit.read(PERFCNTR0, 8)).isEqualTo(3);
    assertThat(rig.unit.read(PERFCNTR0 + 0x400, 8)).isEqualTo(2);
  }

  @Test
  void frozenCountersStandStill() {
    Rig rig = rig(ExtendedCapabilityLayout.PMS);
    rig.unit.write(PERFCFG0, 8, REQUESTS);
    command(rig, 0xF0, 0);
    rig.read(0x1000);
    command(rig, 0xF4, 0);
    rig.read(0x1000);
    assertThat(rig.unit.read(PERFCNTR0, 8)).isEqualTo(1);
    command(rig, 0xF5, 0);
    rig.read(0x1000);
    assertThat(rig.unit.read(PERFCNTR0, 8)).isEqualTo(2);
  }

  @Test
  void fastRequestsAreCountedToo() {
    Rig rig = rig(ExtendedCapabilityLayout.PMS);
    rig.unit.write(PERFCFG0, 8, REQUESTS);
    command(rig, 0xF0, 0);
    for (int i = 0; i < 10; i++) {
      rig.unit.translateFast(SID, 0x1000, Rights.READ);
    }
    assertThat(rig.unit.read(PERFCNTR0, 8)).isEqualTo(10);
  }

  @Test
  void overflowWrapsAndInterruptsOnce() {
    Rig rig = rig(ExtendedCapabilityLayout.PMS);
    rig.unit.write(PERFCFG0, 8, REQUESTS | INTERRUPTING);
    rig.unit.write(PERFINTRCTL + 4, 4, 0x35);
    rig.unit.write(PERFINTRCTL + 8, 4, 0xFEE0_0000L);
    rig.unit.write(PERFINTRCTL, 4, 0);
    command(rig, 0xF0, 0);
    for (int i = 0; i < 1 << OptionalRegisters.COUNTER_BITS; i++) {
      rig.unit.translateFast(SID, 0x1000, Rights.READ);
    }
    assertThat(rig.unit.read(PERFCNTR0, 8)).isZero();
    assertThat(rig.unit.read(0x5F0, 8)).as("overflow status").isEqualTo(1);
    assertThat(rig.unit.read(PERFINTRSTS, 4)).isEqualTo(1);
    assertThat(rig.messages).singleElement().isEqualTo(new long[] {0xFEE0_0000L, 0x35});
    rig.unit.write(PERFINTRSTS, 4, 1);
    rig.unit.write(0x5F0, 8, 1);
    assertThat(rig.unit.read(PERFINTRSTS, 4)).isZero();
    assertThat(rig.unit.read(0x5F0, 8)).isZero();
  }

  @Test
  void unknownCommandsAndCountersAreRefused() {
    Rig rig = rig(ExtendedCapabilityLayout.PMS);
    assertThat(command(rig, 0x12, 0)).as("status 1").isEqualTo(2);
    assertThat(command(rig, 0xF0, 2)).as("no third counter").isEqualTo(2);
    Rig without = rig();
    assertThat(command(without, 0xF0, 0)).as("no counters at all").isEqualTo(2);
    assertThat(without.unit.read(0x448, 8)).as("ECCAP3").isZero();
    assertThat(rig.unit.read(0x448, 8)).as("ECCAP3").isNotZero();
  }

  // ---- virtual commands ------------------------------------------------------------------------

  private static long virtual(Rig rig, long code, long operand) {
    rig.unit.write(VCMD, 8, code | operand << 8);
    return rig.unit.read(VCRSP, 8);
  }

  @Test
  void pasidsAreAllocatedAndFreed() {
    Rig rig = rig(ExtendedCapabilityLayout.VCS);
    assertThat(virtual(rig, 1, 0)).isEqualTo(1 << 8);
    assertThat(virtual(rig, 1, 0)).isEqualTo(2 << 8);
    assertThat(virtual(rig, 2, 1)).isZero();
    assertThat(virtual(rig, 1, 0)).as("the freed one").isEqualTo(1 << 8);
    assertThat(virtual(rig, 2, 77) >> 1).as("was never allocated").isEqualTo(1);
  }

  // ---- memory types ----------------------------------------------------------------------------

  @Test
  void memoryTypeRangesKeepWhatIsWritten() {
    Rig rig = rig(ExtendedCapabilityLayout.MTS);
    assertThat(rig.unit.read(0x100, 8)).isEqualTo(0x50A);
    rig.unit.write(0x108, 8, -1);
    assertThat(rig.unit.read(0x108, 8)).isEqualTo(0xCFF);
    rig.unit.write(0x188, 8, -1);
    assertThat(rig.unit.read(0x188, 8)).isEqualTo(0xF_FFFF_FFFF_F800L);
    rig.unit.write(0x120, 8, 0x0606_0606_0606_0606L);
    assertThat(rig.unit.read(0x120, 8)).isEqualTo(0x0606_0606_0606_0606L);
  }
}
