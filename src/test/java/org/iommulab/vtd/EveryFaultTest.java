package org.iommulab.vtd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.iommulab.vtd.Rig.DATA;
import static org.iommulab.vtd.Rig.DID;
import static org.iommulab.vtd.Rig.NOWHERE;
import static org.iommulab.vtd.Rig.SID;

import java.util.EnumMap;
import java.util.Map;
import java.util.function.Supplier;
import org.iommulab.bus.DmaAccess;
import org.iommulab.bus.DmaAccess.AddressType;
import org.iommulab.bus.DmaAccess.Kind;
import org.iommulab.bus.Pasid;
import org.iommulab.bus.ats.PageRequestMessage;
import org.iommulab.memory.AddressRange;
import org.iommulab.vtd.config.Profiles;
import org.iommulab.vtd.config.Quirk;
import org.iommulab.vtd.layout.FaultReason;
import org.iommulab.vtd.layout.FaultRecord;
import org.iommulab.vtd.request.Translation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every fault reason of the architecture can be provoked, and is recorded. */
class EveryFaultTest {

  private static final long DTE = 4;
  private static final long PASIDE = 8;
  private static final long PRE = 16;
  private static final long FPD = 2;
  private static final int PASID = 3;
  private static final long SNOOPED = 1L << 23;
  private static final long REMAPPABLE = 0xFEE0_0010L;

  /** Builds a unit, provokes the fault and hands the unit over. */
  private static final Map<FaultReason, Supplier<Rig>> WAYS = ways();

  private static Map<FaultReason, Supplier<Rig>> ways() {
    var ways = new EnumMap<FaultReason, Supplier<Rig>>(FaultReason.class);
    legacy(ways);
    interrupts(ways);
    scalable(ways);
    pasids(ways);
    firstStage(ways);
    nested(ways);
    secondStage(ways);
    return ways;
  }

  // ---- legacy mode -----------------------------------------------------------------------------

  /** A change of an intact legacy unit that makes its request fail. */
  private interface Change {
    void make(Rig rig, long top);
  }

  private static Rig legacyRig(Change change) {
    Rig rig = Rig.spec();
    long top = rig.legacy(0, 0);
    rig.map(top, 4, 0x1000, DATA | 3, 1, 3);
    rig.start(0);
    change.make(rig, top);
    return rig;
  }

  private static Rig legacyRead(long address, Change change) {
    Rig rig = legacyRig(change);
    rig.read(address);
    return rig;
  }

  private static void legacy(Map<FaultReason, Supplier<Rig>> ways) {
    ways.put(
        FaultReason.ROOT_NOT_PRESENT, () -> legacyRead(0x1000, (rig, top) -> rig.set(rig.root, 0)));
    ways.put(
        FaultReason.CONTEXT_NOT_PRESENT,
        () -> legacyRead(0x1000, (rig, top) -> rig.set(rig.context + SID * 16L, 0)));
    ways.put(
        FaultReason.CONTEXT_INVALID,
        () -> legacyRead(0x1000, (rig, top) -> rig.set(rig.context + SID * 16L, top | 3 << 2 | 1)));
    ways.put(FaultReason.ADDRESS_BEYOND_WIDTH, () -> legacyRead(1L << 48, (rig, top) -> {}));
    ways.put(FaultReason.WRITE_DENIED, () -> legacyRig((rig, top) -> rig.write(0x2000)));
    ways.put(FaultReason.READ_DENIED, () -> legacyRead(0x2000, (rig, top) -> {}));
    ways.put(
        FaultReason.TABLE_UNREADABLE,
        () -> legacyRead(0x1000, (rig, top) -> rig.set(top, NOWHERE | 3)));
    ways.put(
        FaultReason.ROOT_UNREADABLE,
        () ->
            legacyRead(
                0x1000,
                (rig, top) -> {
                  rig.root = NOWHERE;
                  rig.start(0);
                }));
    ways.put(
        FaultReason.CONTEXT_UNREADABLE,
        () -> legacyRead(0x1000, (rig, top) -> rig.set(rig.root, NOWHERE | 1)));
    ways.put(
        FaultReason.ROOT_RESERVED,
        () -> legacyRead(0x1000, (rig, top) -> rig.set(rig.root, rig.context | 3)));
    ways.put(
        FaultReason.CONTEXT_RESERVED,
        () -> legacyRead(0x1000, (rig, top) -> rig.set(rig.context + SID * 16L, top | 0x11)));
    ways.put(
        FaultReason.TABLE_RESERVED,
        () -> legacyRead(0x1000, (rig, top) -> rig.set(rig.slot(top, 4, 0x1000, 1), 1L << 46 | 3)));
    ways.put(
        FaultReason.REQUEST_TYPE_BLOCKED,
        () -> legacyRig((rig, top) -> rig.unit.translate(translated(DATA))));
    ways.put(
        FaultReason.OUTPUT_IN_INTERRUPT_RANGE,
        () -> legacyRead(0x1000, (rig, top) -> rig.set(rig.slot(top, 4, 0x1000, 1), 0xFEE0_0003L)));
    ways.put(FaultReason.TABLE_MODE_INVALID, () -> legacyRead(0x1000, (rig, top) -> rig.start(2)));
    ways.put(
        FaultReason.PASID_IN_LEGACY_MODE,
        () -> legacyRig((rig, top) -> rig.request(Kind.READ, 0x1000, PASID, false)));
    ways.put(
        FaultReason.PAGE_REQUEST_IN_LEGACY_MODE,
        () -> legacyRig((rig, top) -> rig.unit.request(pageRequest())));
    ways.put(FaultReason.ABORTED, EveryFaultTest::aborted);
  }

  private static Rig aborted() {
    Rig rig = new Rig(Profiles.spec(Rig.everything()).with(Quirk.ABORTED_REQUESTS_ARE_RECORDED));
    rig.start(3);
    rig.read(0x1000);
    return rig;
  }

  private static DmaAccess translated(long address) {
    return DmaAccess.read(Rig.DEVICE, address, 8).withType(AddressType.TRANSLATED);
  }

  private static PageRequestMessage pageRequest() {
    return new PageRequestMessage(
        Rig.DEVICE, new Pasid(PASID), 0x1000, true, false, false, false, true, 1);
  }

  // ---- interrupt remapping ---------------------------------------------------------------------

  private static Rig interrupt(long low, long high, long address, int data) {
    Rig rig = Rig.spec();
    long table = rig.table();
    rig.set(table, low, high);
    startInterrupts(rig, table | 1 << 11 | 3);
    rig.unit.interrupt(SID, address, data);
    return rig;
  }

  private static void startInterrupts(Rig rig, long register) {
    rig.unit.write(0xB8, 8, register);
    rig.command(1L << 24);
    rig.enable(1L << 25);
  }

  private static void interrupts(Map<FaultReason, Supplier<Rig>> ways) {
    ways.put(
        FaultReason.INTERRUPT_REQUEST_RESERVED,
        () -> interrupt(0x41_0001, 0, REMAPPABLE | 8, 0x1_0000));
    ways.put(
        FaultReason.INTERRUPT_INDEX_BEYOND_TABLE,
        () -> interrupt(0x41_0001, 0, REMAPPABLE | 16 << 5, 0));
    ways.put(FaultReason.IRTE_NOT_PRESENT, () -> interrupt(0, 0, REMAPPABLE, 0));
    ways.put(FaultReason.IRTE_UNREADABLE, EveryFaultTest::unreadableInterruptTable);
    ways.put(FaultReason.IRTE_RESERVED, () -> interrupt(0x41_1001, 0, REMAPPABLE, 0));
    ways.put(
        FaultReason.COMPATIBILITY_INTERRUPT_BLOCKED, () -> interrupt(0, 0, 0xFEE0_0000L, 0x41));
    ways.put(
        FaultReason.INTERRUPT_SOURCE_REJECTED,
        () -> interrupt(0x41_0001, 1L << 18 | SID + 1, REMAPPABLE, 0));
    ways.put(
        FaultReason.POSTED_DESCRIPTOR_UNREADABLE,
        () -> interrupt(1 | 1 << 15 | (NOWHERE >>> 6) << 38, 0, REMAPPABLE, 0));
    ways.put(FaultReason.POSTED_DESCRIPTOR_RESERVED, EveryFaultTest::reservedPostedDescriptor);
    ways.put(FaultReason.NOT_AN_INTERRUPT, () -> legacyRead(0xFEE0_0000L, (rig, top) -> {}));
  }

  private static Rig unreadableInterruptTable() {
    Rig rig = Rig.spec();
    startInterrupts(rig, NOWHERE | 3);
    rig.unit.interrupt(SID, REMAPPABLE, 0);
    return rig;
  }

  private static Rig reservedPostedDescriptor() {
    Rig rig = Rig.spec();
    long table = rig.table();
    long descriptor = rig.table();
    rig.set(descriptor + 32, 1L << 8);
    rig.set(table, 1 | 1 << 15 | (descriptor >>> 6) << 38);
    startInterrupts(rig, table | 3);
    rig.unit.interrupt(SID, REMAPPABLE, 0);
    return rig;
  }

  // ---- scalable mode, up to the PASID entry ----------------------------------------------------

  private static Rig scalableRig(Change change) {
    Rig rig = Rig.spec();
    rig.scalable(DTE | PASIDE | PRE);
    long top = rig.secondStage(0, 0);
    rig.map(top, 4, 0x1000, DATA | 3, 1, 3);
    rig.start(1);
    change.make(rig, top);
    return rig;
  }

  private static Rig scalableRead(long address, Change change) {
    Rig rig = scalableRig(change);
    rig.read(address);
    return rig;
  }

  private static void context(Rig rig, long... quadwords) {
    rig.set(rig.context + SID * 32L, quadwords);
  }

  private static void scalable(Map<FaultReason, Supplier<Rig>> ways) {
    ways.put(
        FaultReason.SCALABLE_ROOT_UNREADABLE,
        () ->
            scalableRead(
                0x1000,
                (rig, top) -> {
                  rig.root = NOWHERE;
                  rig.start(1);
                }));
    ways.put(
        FaultReason.SCALABLE_ROOT_NOT_PRESENT,
        () -> scalableRead(0x1000, (rig, top) -> rig.set(rig.root, 0)));
    ways.put(
        FaultReason.SCALABLE_ROOT_RESERVED,
        () -> scalableRead(0x1000, (rig, top) -> rig.set(rig.root, rig.context | 3)));
    ways.put(
        FaultReason.SCALABLE_CONTEXT_UNREADABLE,
        () -> scalableRead(0x1000, (rig, top) -> rig.set(rig.root, NOWHERE | 1)));
    ways.put(
        FaultReason.SCALABLE_CONTEXT_NOT_PRESENT,
        () -> scalableRead(0x1000, (rig, top) -> context(rig, 0)));
    ways.put(
        FaultReason.SCALABLE_CONTEXT_RESERVED,
        () -> scalableRead(0x1000, (rig, top) -> context(rig, rig.directory | 1, 0, 1)));
    ways.put(
        FaultReason.SCALABLE_CONTEXT_INVALID,
        () -> scalableRead(0x1000, (rig, top) -> context(rig, rig.directory | 1 | PRE)));
    ways.put(
        FaultReason.DEVICE_TLB_NOT_ENABLED,
        () ->
            scalableRig(
                (rig, top) -> {
                  context(rig, rig.directory | 1);
                  rig.unit.translate(translated(DATA));
                }));
    ways.put(
        FaultReason.PASID_NOT_ENABLED,
        () ->
            scalableRig(
                (rig, top) -> {
                  context(rig, rig.directory | 1);
                  rig.request(Kind.READ, 0x1000, 0, false);
                }));
    ways.put(
        FaultReason.PASID_BEYOND_DIRECTORY,
        () -> scalableRig((rig, top) -> rig.request(Kind.READ, 0x1000, 1 << 13, false)));
    ways.put(
        FaultReason.PAGE_REQUEST_NOT_ENABLED,
        () ->
            scalableRig(
                (rig, top) -> {
                  context(rig, rig.directory | 1 | DTE | PASIDE);
                  rig.unit.request(pageRequest());
                }));
    ways.put(
        FaultReason.RID_PASID_BEYOND_DIRECTORY,
        () -> scalableRead(0x1000, (rig, top) -> context(rig, rig.directory | 1, 1 << 13)));
  }

  private static void pasids(Map<FaultReason, Supplier<Rig>> ways) {
    ways.put(
        FaultReason.PASID_DIRECTORY_UNREADABLE,
        () -> scalableRead(0x1000, (rig, top) -> context(rig, NOWHERE | 1)));
    ways.put(
        FaultReason.PASID_DIRECTORY_NOT_PRESENT,
        () -> scalableRead(0x1000, (rig, top) -> rig.set(rig.directory, 0)));
    ways.put(
        FaultReason.PASID_DIRECTORY_RESERVED,
        () -> scalableRead(0x1000, (rig, top) -> rig.set(rig.directory, rig.pasids | 5)));
    ways.put(
        FaultReason.PASID_ENTRY_UNREADABLE,
        () -> scalableRead(0x1000, (rig, top) -> rig.set(rig.directory, NOWHERE | 1)));
    ways.put(
        FaultReason.PASID_ENTRY_NOT_PRESENT,
        () -> scalableRead(0x1000, (rig, top) -> rig.pasidEntry(0, 0)));
    ways.put(
        FaultReason.PASID_ENTRY_RESERVED,
        () -> scalableRead(0x1000, (rig, top) -> rig.pasidEntry(0, 1 << 10 | 2 << 6 | 2 << 2 | 1)));
    ways.put(
        FaultReason.PASID_ENTRY_INVALID,
        () -> scalableRead(0x1000, (rig, top) -> rig.pasidEntry(0, 5 << 6 | 2 << 2 | 1)));
    ways.put(FaultReason.EXECUTE_NOT_ENABLED, () -> firstStageRig(0, 7, Kind.EXECUTE, false));
    ways.put(FaultReason.SUPERVISOR_NOT_ENABLED, () -> firstStageRig(0, 7, Kind.READ, true));
  }

  // ---- first stage -----------------------------------------------------------------------------

  private static Rig firstStageRig(long bits, long leaf, Kind kind, boolean privileged) {
    return firstStageRig(bits, leaf, kind, privileged, (rig, top) -> {});
  }

  private static Rig firstStageRig(
      long bits, long leaf, Kind kind, boolean privileged, Change change) {
    return scalableRig(
        (rig, unused) -> {
          long top = rig.firstStage(PASID, bits);
          rig.map(top, 4, 0x1000, DATA | leaf, 1, 7);
          change.make(rig, top);
          rig.request(kind, 0x1000, PASID, privileged);
        });
  }

  private static Rig firstStageRead(Change change) {
    return firstStageRig(0, 7, Kind.READ, false, change);
  }

  private static void firstStage(Map<FaultReason, Supplier<Rig>> ways) {
    ways.put(
        FaultReason.FIRST_STAGE_UNREADABLE,
        () -> firstStageRead((rig, top) -> rig.set(top, NOWHERE | 7)));
    ways.put(FaultReason.FIRST_STAGE_NOT_PRESENT, () -> firstStageRig(0, 6, Kind.READ, false));
    ways.put(
        FaultReason.FIRST_STAGE_RESERVED, () -> firstStageRig(0, 7 | 1L << 46, Kind.READ, false));
    ways.put(
        FaultReason.FIRST_STAGE_TOP_UNREADABLE,
        () ->
            firstStageRead(
                (rig, top) -> rig.pasidEntry(PASID, 1 << 6 | 1, DID | SNOOPED, NOWHERE)));
    ways.put(
        FaultReason.NOT_CANONICAL,
        () -> firstStageRead((rig, top) -> rig.request(Kind.READ, 1L << 47, PASID, false)));
    ways.put(FaultReason.USER_DENIED, () -> firstStageRig(0, 3, Kind.READ, false));
    ways.put(
        FaultReason.EXECUTE_DENIED,
        () -> firstStageRig(2 | 1 << 5, 7 | 1L << 63, Kind.EXECUTE, false));
    ways.put(FaultReason.SCALABLE_WRITE_DENIED, () -> firstStageRig(0, 5, Kind.WRITE, false));
    ways.put(
        FaultReason.FIRST_STAGE_UPDATE_NOT_SNOOPED,
        () -> firstStageRead((rig, top) -> rig.set(rig.pasids + 64 * PASID + 8, DID)));
    ways.put(FaultReason.FIRST_STAGE_UPDATE_FAILED, () -> firstStageRead(EveryFaultTest::inRom));
  }

  /** Puts a page table into memory that takes no writes. */
  private static void inRom(Rig rig, long table) {
    rig.memory.setReadOnly(new AddressRange(table, table + 4096));
  }

  // ---- nested ----------------------------------------------------------------------------------

  /** Guest address = host address; the change gets the second stage. */
  private static Rig nestedRead(long tableRights, Change change) {
    return scalableRig(
        (rig, unused) -> {
          long second = rig.table();
          long top = rig.table();
          rig.pasidEntry(PASID, second | 3 << 6 | 2 << 2 | 1, DID | SNOOPED, top);
          rig.map(top, 4, 0x1000, 0x7007, 1, 7);
          for (long page = 0x10_0000; page < 0x14_0000; page += 4096) {
            rig.map(second, 4, page, page | tableRights, 1, 3);
          }
          rig.map(second, 4, 0x7000, DATA | 3, 1, 3);
          change.make(rig, second);
          rig.request(Kind.READ, 0x1000, PASID, false);
        });
  }

  private static long firstRoot(Rig rig) {
    return rig.memory.readQword(rig.pasids + 64 * PASID + 16);
  }

  private static void nested(Map<FaultReason, Supplier<Rig>> ways) {
    ways.put(
        FaultReason.FIRST_STAGE_TABLE_BEYOND_SECOND,
        () -> nestedRead(3, (rig, second) -> rig.set(rig.pasids + 64 * PASID + 16, 1L << 50)));
    ways.put(
        FaultReason.TOP_TABLE_READ_DENIED,
        () -> nestedRead(3, (rig, second) -> rig.set(rig.slot(second, 4, firstRoot(rig), 1), 0)));
    ways.put(
        FaultReason.LOWER_TABLE_READ_DENIED,
        () ->
            nestedRead(
                3,
                (rig, second) -> {
                  long lower = rig.memory.readQword(firstRoot(rig)) & ~0xFFFL;
                  rig.set(rig.slot(second, 4, lower, 1), 0);
                }));
    ways.put(FaultReason.TABLE_UPDATE_DENIED, () -> nestedRead(1, (rig, second) -> {}));
  }

  // ---- second stage ----------------------------------------------------------------------------

  private static Rig tracked(Change change) {
    return scalableRig(
        (rig, unused) -> {
          long top = rig.secondStage(1, 1 << 9);
          rig.map(top, 4, 0x1000, DATA | 3, 1, 3);
          change.make(rig, top);
          rig.request(Kind.READ, 0x1000, 1, false);
        });
  }

  private static void secondStage(Map<FaultReason, Supplier<Rig>> ways) {
    ways.put(
        FaultReason.SECOND_STAGE_UNREADABLE,
        () -> scalableRead(0x1000, (rig, top) -> rig.set(top, NOWHERE | 3)));
    ways.put(FaultReason.SECOND_STAGE_NOT_PRESENT, () -> scalableRead(0x2000, (rig, top) -> {}));
    ways.put(
        FaultReason.SECOND_STAGE_RESERVED,
        () ->
            scalableRead(0x1000, (rig, top) -> rig.set(rig.slot(top, 4, 0x1000, 1), 1L << 46 | 3)));
    ways.put(
        FaultReason.SECOND_STAGE_TOP_UNREADABLE,
        () -> scalableRead(0x1000, (rig, top) -> rig.pasidEntry(0, NOWHERE | 2 << 6 | 2 << 2 | 1)));
    ways.put(
        FaultReason.SECOND_STAGE_UPDATE_NOT_SNOOPED,
        () -> tracked((rig, top) -> rig.set(rig.pasids + 64 + 8, DID)));
    ways.put(FaultReason.SECOND_STAGE_UPDATE_FAILED, () -> tracked(EveryFaultTest::inRom));
    ways.put(
        FaultReason.UNTRANSLATED_BEYOND_WIDTH,
        () -> scalableRig((rig, top) -> rig.unit.translate(translated(1L << 46))));
    ways.put(FaultReason.SECOND_STAGE_BEYOND_WIDTH, () -> scalableRead(1L << 48, (rig, top) -> {}));
    ways.put(
        FaultReason.SCALABLE_READ_DENIED,
        () -> scalableRead(0x1000, (rig, top) -> rig.set(rig.slot(top, 4, 0x1000, 1), DATA | 2)));
    ways.put(
        FaultReason.SCALABLE_OUTPUT_IN_INTERRUPT_RANGE,
        () ->
            scalableRead(0x1000, (rig, top) -> rig.set(rig.slot(top, 4, 0x1000, 1), 0xFEE0_0003L)));
  }

  // ---- the facts -------------------------------------------------------------------------------

  @ParameterizedTest
  @EnumSource(FaultReason.class)
  void reasonIsRecorded(FaultReason reason) {
    Rig rig = WAYS.get(reason).get();
    assertThat(rig.isRecorded()).isTrue();
    assertThat(FaultRecord.FR.get(rig.record())).isEqualTo(reason.code());
    assertThat(FaultRecord.SID.get(rig.record())).isEqualTo(SID);
    assertThat(rig.unit.read(Rig.FSTS, 4) & 2).as("PPF").isEqualTo(2);
  }

  @Test
  void everyReasonHasAWay() {
    assertThat(WAYS).containsOnlyKeys(FaultReason.values());
  }

  @Test
  void romTakesNoUpdateButIsRead() {
    Rig rig = scalableRig((it, top) -> inRom(it, it.slot(top, 4, 0x1000, 1) & -4096L));
    assertThat(rig.unit.translate(DmaAccess.read(Rig.DEVICE, 0x1000, 8)))
        .isInstanceOf(Translation.Done.class);
  }

  @Test
  void faultProcessingDisableHidesQualifiedFaultsOfTheContextEntryOn() {
    Rig rig = legacyRead(0x2000, (it, top) -> it.set(it.context + SID * 16L, top | FPD | 1));
    assertThat(rig.isRecorded()).isFalse();
    assertThat(rig.unit.translate(DmaAccess.read(Rig.DEVICE, 0x2000, 8)))
        .isEqualTo(new Translation.Blocked(FaultReason.READ_DENIED, false, false, true));
  }
}
