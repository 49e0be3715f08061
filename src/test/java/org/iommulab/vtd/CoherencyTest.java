package org.iommulab.vtd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.iommulab.vtd.Rig.DATA;

import org.iommulab.bus.DmaAccess.Kind;
import org.iommulab.vtd.config.Capabilities;
import org.iommulab.vtd.config.Profiles;
import org.iommulab.vtd.config.Quirk;
import org.iommulab.vtd.layout.CapabilityLayout;
import org.iommulab.vtd.layout.ExtendedCapabilityLayout;
import org.iommulab.vtd.layout.FaultReason;
import org.iommulab.vtd.request.Translation;
import org.iommulab.vtd.request.WalkPath;
import org.junit.jupiter.api.Test;

/** What the unit sees of table writes that are still on their way to memory. */
class CoherencyTest {

  private static final long WBF = 1L << 27;

  private static Rig rig(boolean coherent, boolean buffered) {
    Capabilities all = Rig.everything();
    return new Rig(
        Profiles.spec(
                new Capabilities(
                    CapabilityLayout.RWBF.with(all.cap(), buffered ? 1 : 0),
                    ExtendedCapabilityLayout.C.with(all.ecap(), coherent ? 1 : 0),
                    all.version(),
                    all.hostAddressWidth()))
            .with(Quirk.PROCESSOR_WRITES_ARE_HELD_BACK));
  }

  /** A unit whose tables are all in memory; returns the top table. */
  private static long legacy(Rig rig) {
    long top = rig.legacy(0, 0);
    rig.map(top, 4, 0x1000, DATA | 3, 1, 3);
    flushAll(rig);
    rig.start(0);
    return top;
  }

  private static void flushAll(Rig rig) {
    rig.memory.writeBack(0x10_0000, 0x20_0000);
    rig.command(WBF);
  }

  private static boolean isDone(WalkPath path) {
    return path.outcome() instanceof Translation.Done done && done.memory();
  }

  @Test
  void entryInTheProcessorsCacheIsNotSeenUntilFlushed() {
    Rig rig = rig(false, false);
    long top = legacy(rig);
    long slot = rig.slot(top, 4, 0x2000, 1);
    rig.memory.writeQword(slot, DATA + 0x1000 | 3);
    assertThat(isDone(rig.read(0x2000))).isFalse();
    rig.memory.writeBack(slot, 8);
    assertThat(isDone(rig.read(0x2000))).isTrue();
  }

  @Test
  void flushReachesWholeLinesOnly() {
    Rig rig = rig(false, false);
    long top = legacy(rig);
    rig.memory.writeQword(rig.slot(top, 4, 0x7000, 1), DATA | 3);
    rig.memory.writeQword(rig.slot(top, 4, 0x8000, 1), DATA | 3);
    rig.memory.writeBack(rig.slot(top, 4, 0x2000, 1), 8);
    assertThat(isDone(rig.read(0x7000))).as("same 64 bytes").isTrue();
    assertThat(isDone(rig.read(0x8000))).as("next line").isFalse();
  }

  @Test
  void clearedEntryStillTranslatesUntilFlushed() {
    Rig rig = rig(false, false);
    long top = legacy(rig);
    rig.memory.writeQword(rig.slot(top, 4, 0x1000, 1), 0);
    rig.invalidateAll();
    assertThat(isDone(rig.read(0x1000))).as("invalidating alone does not help").isTrue();
    rig.memory.writeBack(rig.slot(top, 4, 0x1000, 1), 8);
    rig.invalidateAll();
    assertThat(isDone(rig.read(0x1000))).isFalse();
  }

  @Test
  void coherentUnitSeesEveryWrite() {
    Rig rig = rig(true, false);
    long top = legacy(rig);
    rig.map(top, 4, 0x2000, DATA | 3, 1, 3);
    assertThat(isDone(rig.read(0x2000))).isTrue();
    assertThat(rig.memory.holdsWrites()).isFalse();
  }

  @Test
  void writeBufferHoldsUntilItIsFlushed() {
    Rig rig = rig(true, true);
    long top = legacy(rig);
    rig.memory.writeQword(rig.slot(top, 4, 0x2000, 1), DATA | 3);
    assertThat(isDone(rig.read(0x2000))).isFalse();
    rig.command(WBF);
    assertThat(rig.status() & WBF).as("WBFS").isZero();
    assertThat(isDone(rig.read(0x2000))).isTrue();
  }

  @Test
  void invalidationEmptiesTheWriteBuffer() {
    Rig rig = rig(true, true);
    long top = legacy(rig);
    rig.memory.writeQword(rig.slot(top, 4, 0x2000, 1), DATA | 3);
    rig.invalidateAll();
    assertThat(isDone(rig.read(0x2000))).isTrue();
  }

  @Test
  void flushedLineStillWaitsInTheWriteBuffer() {
    Rig rig = rig(false, true);
    long top = legacy(rig);
    long slot = rig.slot(top, 4, 0x2000, 1);
    rig.memory.writeQword(slot, DATA | 3);
    rig.command(WBF);
    assertThat(isDone(rig.read(0x2000))).as("still in the cache").isFalse();
    rig.memory.writeBack(slot, 8);
    assertThat(isDone(rig.read(0x2000))).as("still in the buffer").isFalse();
    rig.command(WBF);
    assertThat(isDone(rig.read(0x2000))).isTrue();
  }

  @Test
  void contextEntriesAreHeldBackToo() {
    Rig rig = rig(false, false);
    long top = legacy(rig);
    long slot = rig.context + Rig.SID * 16L;
    rig.set(slot, 0);
    assertThat(isDone(rig.read(0x1000))).isTrue();
    rig.memory.writeBack(slot, 16);
    rig.invalidateAll();
    WalkPathAssert.assertThat(rig.read(0x1000)).faultsWith(FaultReason.CONTEXT_NOT_PRESENT);
    assertThat(top).isNotZero();
  }

  @Test
  void snoopedWalksOfAPasidSeeTheCache() {
    Rig rig = rig(false, false);
    rig.scalable(8);
    long snooped = rig.secondStage(1, 0);
    long blind = rig.secondStage(2, 0);
    rig.set(rig.pasids + 2 * 64 + 8, Rig.DID + 1);
    rig.map(snooped, 4, 0x1000, DATA | 3, 1, 3);
    rig.map(blind, 4, 0x1000, DATA | 3, 1, 3);
    flushAll(rig);
    rig.start(1);
    rig.map(snooped, 4, 0x2000, DATA | 3, 1, 3);
    rig.map(blind, 4, 0x2000, DATA | 3, 1, 3);
    assertThat(isDone(rig.request(Kind.READ, 0x2000, 1, false))).isTrue();
    assertThat(isDone(rig.request(Kind.READ, 0x2000, 2, false))).isFalse();
  }

  @Test
  void deviceWritesArriveAtOnce() {
    Rig rig = rig(false, false);
    long top = legacy(rig);
    long slot = rig.slot(top, 4, 0x2000, 1);
    rig.memory.writeQword(slot, DATA | 3);
    rig.memory.arrived(slot, 8);
    assertThat(isDone(rig.read(0x2000))).isTrue();
  }

  @Test
  void unitSeesItsOwnAccessedBits() {
    Rig rig = rig(false, false);
    rig.scalable(8);
    long top = rig.secondStage(1, 1 << 9);
    rig.map(top, 4, 0x1000, DATA | 3, 1, 3);
    flushAll(rig);
    rig.start(1);
    rig.request(Kind.WRITE, 0x1000, 1, false);
    long slot = rig.slot(top, 4, 0x1000, 1);
    long[] seen = rig.memory.frame(slot >>> 12, false);
    assertThat(seen[(int) (slot >>> 3) & 511] & 0x300).isEqualTo(0x300);
  }
}
