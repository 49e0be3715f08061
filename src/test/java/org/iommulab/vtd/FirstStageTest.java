package org.iommulab.vtd;

import static org.iommulab.vtd.Rig.DATA;
import static org.iommulab.vtd.Rig.DID;
import static org.iommulab.vtd.Rig.NOWHERE;
import static org.iommulab.vtd.WalkPathAssert.assertThat;

import org.iommulab.bus.DmaAccess.Kind;
import org.iommulab.vtd.layout.FaultReason;
import org.iommulab.vtd.request.WalkPath;
import org.iommulab.vtd.request.WalkStep.Stage;
import org.junit.jupiter.api.Test;

/** First-stage and nested translation: rights, accessed bits, every fault reason. */
class FirstStageTest {

  private static final int PASID = 3;
  private static final long USER_WRITE = 7;
  private static final long SRE = 1;
  private static final long ERE = 2;
  private static final long WPE = 1 << 4;
  private static final long NXE = 1 << 5;
  private static final long SMEP = 1 << 6;
  private static final long EAFE = 1 << 7;
  private static final long XD = 1L << 63;

  private final Rig rig = Rig.spec();

  FirstStageTest() {
    rig.scalable(8);
    rig.start(1);
  }

  private WalkPath read(long address) {
    return rig.request(Kind.READ, address, PASID, false);
  }

  private WalkPath write(long address) {
    return rig.request(Kind.WRITE, address, PASID, false);
  }

  private long mapped(long bits, long leaf) {
    long top = rig.firstStage(PASID, bits);
    rig.map(top, 4, 0x1000, DATA | leaf, 1, USER_WRITE);
    return top;
  }

  @Test
  void pageIsReachedAndBitsAreSet() {
    long top = mapped(EAFE, USER_WRITE);
    assertThat(write(0x1010)).reaches(DATA + 0x10);
    long leaf = rig.memory.readQword(rig.slot(top, 4, 0x1000, 1));
    org.assertj.core.api.Assertions.assertThat(leaf & 0x460).isEqualTo(0x460);
  }

  @Test
  void firstWriteAfterACachedReadSetsTheDirtyBit() {
    long top = mapped(0, USER_WRITE);
    read(0x1000);
    write(0x1000);
    long leaf = rig.memory.readQword(rig.slot(top, 4, 0x1000, 1));
    org.assertj.core.api.Assertions.assertThat(leaf & 0x60).isEqualTo(0x60);
    assertThat(write(0x1000)).hits(Stage.IOTLB).reaches(DATA);
  }

  @Test
  void fiveLevels() {
    long top = rig.table();
    rig.pasidEntry(PASID, 1 << 6 | 1, DID | 1L << 23, top | 1 << 2);
    rig.map(top, 5, 1L << 50, DATA | USER_WRITE, 1, USER_WRITE);
    assertThat(read(1L << 50)).reaches(DATA);
    assertThat(read(1L << 57)).faultsWith(FaultReason.NOT_CANONICAL);
  }

  @Test
  void notCanonical() {
    mapped(0, USER_WRITE);
    assertThat(read(1L << 47)).faultsWith(FaultReason.NOT_CANONICAL);
  }

  @Test
  void unreadableTables() {
    long top = mapped(0, USER_WRITE);
    rig.set(rig.slot(top, 4, 0x1000, 3), NOWHERE | USER_WRITE);
    assertThat(read(0x1000)).faultsWith(FaultReason.FIRST_STAGE_UNREADABLE).atLevel(2);
    rig.pasidEntry(PASID + 1, 1 << 6 | 1, DID | 1L << 23, NOWHERE);
    assertThat(rig.request(Kind.READ, 0x1000, PASID + 1, false))
        .faultsWith(FaultReason.FIRST_STAGE_TOP_UNREADABLE);
  }

  @Test
  void notPresent() {
    mapped(0, USER_WRITE);
    assertThat(read(0x2000)).faultsWith(FaultReason.FIRST_STAGE_NOT_PRESENT).atLevel(1);
  }

  @Test
  void reservedBits() {
    mapped(0, USER_WRITE | 1L << 46);
    assertThat(read(0x1000)).faultsWith(FaultReason.FIRST_STAGE_RESERVED).atLevel(1);
  }

  @Test
  void executeDisableIsReservedUnlessEnabled() {
    mapped(0, USER_WRITE | XD);
    assertThat(read(0x1000)).faultsWith(FaultReason.FIRST_STAGE_RESERVED);
  }

  @Test
  void userRequestOnASupervisorPage() {
    mapped(SRE, 3);
    assertThat(read(0x1000)).faultsWith(FaultReason.USER_DENIED);
    assertThat(rig.request(Kind.READ, 0x1000, PASID, true)).reaches(DATA);
  }

  @Test
  void writeOfAReadOnlyPage() {
    mapped(SRE, 5);
    assertThat(write(0x1000)).faultsWith(FaultReason.SCALABLE_WRITE_DENIED);
    assertThat(rig.request(Kind.WRITE, 0x1000, PASID, true)).reaches(DATA);
  }

  @Test
  void writeProtectBindsTheSupervisorToo() {
    mapped(SRE | WPE, 5);
    assertThat(rig.request(Kind.WRITE, 0x1000, PASID, true))
        .faultsWith(FaultReason.SCALABLE_WRITE_DENIED);
  }

  @Test
  void executionNeedsItsEnableAndNoDisableBit() {
    mapped(NXE, USER_WRITE | XD);
    assertThat(rig.request(Kind.EXECUTE, 0x1000, PASID, false))
        .faultsWith(FaultReason.EXECUTE_NOT_ENABLED);
    rig.unit.write(0xF8, 8, 1L << 63 | 1L << 60);
    Rig other = Rig.spec();
    other.scalable(8);
    long top = other.firstStage(PASID, ERE | NXE);
    other.map(top, 4, 0x1000, DATA | USER_WRITE | XD, 1, USER_WRITE);
    other.start(1);
    assertThat(other.request(Kind.EXECUTE, 0x1000, PASID, false))
        .faultsWith(FaultReason.EXECUTE_DENIED);
  }

  @Test
  void supervisorMustNotExecuteUserPages() {
    mapped(SRE | ERE | SMEP, USER_WRITE);
    assertThat(rig.request(Kind.EXECUTE, 0x1000, PASID, true))
        .faultsWith(FaultReason.EXECUTE_DENIED);
    assertThat(rig.request(Kind.EXECUTE, 0x1000, PASID, false)).reaches(DATA);
  }

  @Test
  void privilegedRequestNeedsItsEnable() {
    mapped(0, USER_WRITE);
    assertThat(rig.request(Kind.READ, 0x1000, PASID, true))
        .faultsWith(FaultReason.SUPERVISOR_NOT_ENABLED);
  }

  @Test
  void accessedBitNeedsSnoopedWalks() {
    mapped(0, USER_WRITE);
    rig.set(rig.pasids + 64 * PASID + 8, DID);
    assertThat(read(0x1000)).faultsWith(FaultReason.FIRST_STAGE_UPDATE_NOT_SNOOPED);
  }

  // ---- nested ----------------------------------------------------------------------------------

  /** Guest address = host address for tables; guest page 0x7000 is at DATA. */
  private long nested(long tableRights) {
    long second = rig.table();
    long top = rig.table();
    rig.pasidEntry(PASID, second | 3 << 6 | 2 << 2 | 1, DID | 1L << 23, top);
    rig.map(top, 4, 0x1000, 0x7000 | USER_WRITE, 1, USER_WRITE);
    rig.map(second, 4, 0x10_0000, 0x10_0000 | tableRights, 1, 3);
    for (long page = 0x10_0000; page < 0x14_0000; page += 4096) {
      rig.map(second, 4, page, page | tableRights, 1, 3);
    }
    rig.map(second, 4, 0x7000, DATA | 1, 1, 3);
    return second;
  }

  @Test
  void everySecondStageWalkIsVisible() {
    nested(3);
    WalkPath path = read(0x1000);
    assertThat(path).reaches(DATA);
    long first = path.steps().stream().filter(step -> step.stage() == Stage.FIRST_STAGE).count();
    org.assertj.core.api.Assertions.assertThat(first).isEqualTo(4);
    for (int level = 0; level <= 4; level++) {
      int served = level;
      long second =
          path.steps().stream()
              .filter(step -> step.stage() == Stage.SECOND_STAGE)
              .filter(step -> step.parentLevel() == served)
              .count();
      org.assertj.core.api.Assertions.assertThat(second).isGreaterThanOrEqualTo(4);
    }
  }

  @Test
  void secondStageNarrowsTheFirst() {
    nested(3);
    assertThat(write(0x1000)).faultsWith(FaultReason.SCALABLE_WRITE_DENIED);
  }

  @Test
  void hiddenTables() {
    long second = nested(3);
    long top = rig.memory.readQword(rig.pasids + 64 * PASID + 16);
    rig.set(rig.slot(second, 4, top, 1), 0);
    assertThat(read(0x1000)).faultsWith(FaultReason.TOP_TABLE_READ_DENIED);
    rig.set(rig.slot(second, 4, top, 1), top | 3);
    long lower = rig.memory.readQword(top) & ~0xFFFL;
    rig.set(rig.slot(second, 4, lower, 1), 0);
    assertThat(read(0x1000)).faultsWith(FaultReason.LOWER_TABLE_READ_DENIED);
  }

  @Test
  void protectedTablesCannotBeUpdated() {
    nested(1);
    assertThat(read(0x1000)).faultsWith(FaultReason.TABLE_UPDATE_DENIED);
  }

  @Test
  void tableBeyondTheSecondStage() {
    long second = nested(3);
    rig.pasidEntry(PASID, second | 3 << 6 | 2 << 2 | 1, DID | 1L << 23, 1L << 50);
    assertThat(read(0x1000)).faultsWith(FaultReason.FIRST_STAGE_TABLE_BEYOND_SECOND);
  }
}
