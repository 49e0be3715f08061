package org.iommulab.vtd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.iommulab.vtd.Rig.DATA;
import static org.iommulab.vtd.Rig.DID;
import static org.iommulab.vtd.Rig.SID;
import static org.iommulab.vtd.layout.FaultReason.FIRST_STAGE_NOT_PRESENT;
import static org.iommulab.vtd.layout.FaultReason.FIRST_STAGE_RESERVED;
import static org.iommulab.vtd.layout.FaultReason.PASID_ENTRY_INVALID;
import static org.iommulab.vtd.layout.FaultReason.PASID_ENTRY_NOT_PRESENT;
import static org.iommulab.vtd.layout.FaultReason.USER_DENIED;

import org.iommulab.vtd.config.MachineOption;
import org.iommulab.vtd.config.MachineOptions;
import org.iommulab.vtd.config.Profiles;
import org.iommulab.vtd.layout.FaultReason;
import org.iommulab.vtd.request.Translation;
import org.iommulab.vtd.request.WalkPath;
import org.junit.jupiter.api.Test;

/**
 * The deviations of QEMU 11.1 from the architecture, each as the one has it and as the other. Names
 * carry the number in the newer oracle's list.
 */
class NewerDeviationTest {

  private static final MachineOptions FIRST_STAGE =
      MachineOptions.DEFAULT
          .withAwBits(48)
          .with(MachineOption.SCALABLE, true)
          .with(MachineOption.FSTS, true)
          .with(MachineOption.INTREMAP, true);

  private static final long PWSNP = 1L << 23;
  private static final long FPD = 2;
  private static final long A = 0x20;
  private static final long D = 0x40;

  private final Rig spec = rig(Profiles.SPEC);
  private final Rig qemu = rig(Profiles.QEMU_11_1);
  private final Rig[] both = {spec, qemu};

  private static Rig rig(String profile) {
    return new Rig(Profiles.named(profile, FIRST_STAGE).orElseThrow());
  }

  /** One page at 0x1000; returns the top table. */
  private static long start(Rig rig, long leaf) {
    rig.scalable(0);
    long top = rig.firstStage(0, 0);
    if (rig.unit.read(0x10, 8) >>> 48 == 0) {
      rig.set(rig.pasids + 8, DID);
    }
    rig.map(top, 4, 0x1000, DATA | leaf, 1, 7);
    rig.start(1);
    return top;
  }

  private static FaultReason reason(WalkPath path) {
    return path.outcome() instanceof Translation.Blocked blocked ? blocked.reason() : null;
  }

  @Test
  void e1AccessedBitsNeedASnoopedWalk() {
    for (Rig rig : both) {
      long top = start(rig, 7);
      rig.set(rig.pasids + 8, DID);
      assertThat(reason(rig.read(0x1000)))
          .isEqualTo(rig == spec ? FaultReason.FIRST_STAGE_UPDATE_NOT_SNOOPED : null);
      assertThat(rig.memory.readQword(rig.slot(top, 4, 0x1000, 1)) & A)
          .isEqualTo(rig == spec ? 0 : A);
    }
  }

  @Test
  void e2DirtyBitIsSetBesideAnAccessedBit() {
    for (Rig rig : both) {
      long top = start(rig, 7 | A);
      assertThat(reason(rig.write(0x1000))).isNull();
      assertThat(rig.memory.readQword(rig.slot(top, 4, 0x1000, 1)) & D)
          .isEqualTo(rig == spec ? D : 0);
    }
  }

  @Test
  void e4CanonicalAddressesFollowTheFirstStage() {
    for (Rig rig : both) {
      start(rig, 7);
      assertThat(reason(rig.read(1L << 29)))
          .isEqualTo(rig == spec ? FIRST_STAGE_NOT_PRESENT : FaultReason.NOT_CANONICAL);
    }
  }

  @Test
  void e5ClearedEntryStopsTheDevice() {
    for (Rig rig : both) {
      start(rig, 7);
      rig.read(0x1000);
      rig.set(rig.pasids, 1 << 6);
      rig.queue(1 << 11);
      rig.submitWide(7 | 3 << 4, 0);
      rig.submitWide(6 | 2 << 4 | DID << 16, 0);
      assertThat(reason(rig.read(0x1000))).isEqualTo(rig == spec ? PASID_ENTRY_NOT_PRESENT : null);
    }
  }

  @Test
  void e7EmptyEntryIsNotPresent() {
    for (Rig rig : both) {
      start(rig, 7);
      rig.set(rig.pasids, 0, 0, 0);
      assertThat(reason(rig.read(0x1000)))
          .isEqualTo(rig == spec ? PASID_ENTRY_NOT_PRESENT : PASID_ENTRY_INVALID);
    }
  }

  @Test
  void e8RightsCountOnceTheWalkHasEnded() {
    for (Rig rig : both) {
      long top = start(rig, 7);
      long upper = rig.slot(top, 4, 0x1000, 2);
      rig.set(upper, rig.memory.readQword(upper) & ~4L);
      rig.set(rig.slot(top, 4, 0x1000, 1), 0);
      assertThat(reason(rig.read(0x1000)))
          .isEqualTo(rig == spec ? FIRST_STAGE_NOT_PRESENT : USER_DENIED);
      assertThat(rig.memory.readQword(top) & A).isEqualTo(rig == spec ? 0 : A);
    }
  }

  @Test
  void e12EachHalfOfARootEntryIsForItself() {
    for (Rig rig : both) {
      start(rig, 7);
      rig.set(rig.root + 8, 2);
      assertThat(reason(rig.read(0x1000)))
          .isEqualTo(rig == spec ? null : FaultReason.ROOT_RESERVED);
    }
  }

  @Test
  void e14ExecuteDisableIsReservedWithoutNxe() {
    for (Rig rig : both) {
      start(rig, 7 | 1L << 63);
      assertThat(reason(rig.read(0x1000))).isEqualTo(rig == spec ? FIRST_STAGE_RESERVED : null);
    }
  }

  @Test
  void e15OwnFaultDisableHidesAnInvalidEntry() {
    for (Rig rig : both) {
      start(rig, 7);
      rig.set(rig.pasids, 7 << 6 | FPD | 1);
      assertThat(reason(rig.read(0x1000))).isEqualTo(PASID_ENTRY_INVALID);
      assertThat(rig.isRecorded()).isEqualTo(rig == qemu);
    }
  }

  @Test
  void e16RidPasidIsReserved() {
    for (Rig rig : both) {
      start(rig, 7);
      rig.set(rig.context + SID * 32L + 8, 1);
      assertThat(reason(rig.read(0x1000)))
          .isEqualTo(rig == spec ? FaultReason.SCALABLE_CONTEXT_RESERVED : null);
    }
  }

  @Test
  void pageSelectiveFlushHitsThatPageOnly() {
    long top = start(qemu, 7);
    qemu.map(top, 4, 0x2000, DATA | 7, 1, 7);
    qemu.read(0x1000);
    qemu.read(0x2000);
    qemu.set(qemu.slot(top, 4, 0x1000, 1), 0, 0);
    qemu.queue(1 << 11);
    qemu.submitWide(6 | 3 << 4 | DID << 16, 0x1000);
    assertThat(reason(qemu.read(0x1000))).isEqualTo(FIRST_STAGE_NOT_PRESENT);
    assertThat(reason(qemu.read(0x2000))).isNull();
  }

  @Test
  void interruptFaultsAreRecorded() {
    for (Rig rig : both) {
      rig.unit.write(0xB8, 8, rig.table());
      rig.command(1L << 24);
      rig.enable(1L << 25);
      rig.unit.interrupt(SID, 0xFEE0_0010L, 0);
      assertThat(rig.record() >>> 32 & 0xFF).isEqualTo(0x22);
    }
  }

  @Test
  void passThroughGoesOnUntilAnInvalidationFindsAChange() {
    qemu.scalable(0);
    qemu.queue(1 << 11);
    qemu.start(1);
    qemu.pasidEntry(0, 4 << 6 | 2 << 2 | 1, DID | PWSNP);
    assertThat(reason(qemu.read(0x1000))).isNull();
    qemu.set(qemu.pasids, 4 << 6 | 2 << 2);
    qemu.submitWide(7 | 3 << 4, 0);
    assertThat(reason(qemu.read(0x1000))).as("no entry counted as cached").isNull();
    qemu.submitWide(1 | 1 << 4, 0);
    assertThat(reason(qemu.read(0x1000))).isEqualTo(PASID_ENTRY_NOT_PRESENT);
  }
}
