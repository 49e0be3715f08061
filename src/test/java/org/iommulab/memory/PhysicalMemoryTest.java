package org.iommulab.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.MemorySegment;
import java.util.List;
import org.iommulab.memory.PhysicalMemory.Change;
import org.iommulab.memory.PhysicalMemory.Checkpoint;
import org.junit.jupiter.api.Test;

final class PhysicalMemoryTest {

  private static final long MIB = 1 << 20;

  @Test
  void untouchedMemoryReadsZeroAndOwnsNothing() {
    var memory = PhysicalMemory.ofSize(1L << 40);

    assertThat(memory.readQword(0)).isZero();
    assertThat(memory.readQword((1L << 40) - 8)).isZero();
    assertThat(memory.allocatedFrames()).isZero();
  }

  @Test
  void outsideOfRamIsNothing() {
    var memory =
        PhysicalMemory.of(List.of(AddressRange.ofSize(0, MIB), AddressRange.ofSize(4 * MIB, MIB)));

    memory.writeQword(2 * MIB, -1);
    memory.writeQword(5 * MIB, -1);

    assertThat(memory.frame(2 * MIB >>> 12)).isNull();
    assertThat(memory.frameForWrite(5 * MIB >>> 12)).isNull();
    assertThat(memory.readQword(2 * MIB)).isZero();
    assertThat(memory.allocatedFrames()).isZero();
  }

  @Test
  void frameNumbersBeyondTheLimitAreNothing() {
    var memory = PhysicalMemory.ofSize(MIB);

    assertThat(memory.frame(-1)).isNull();
    assertThat(memory.frame(Long.MIN_VALUE)).isNull();
    assertThat(memory.frame(1L << 52)).as("wraps to address 0").isNull();
    assertThat(memory.frameForWrite(1L << 52)).isNull();
    assertThat(memory.readQword(-8)).isZero();
  }

  @Test
  void rangesThatTouchAreOneRunOfRam() {
    var memory =
        PhysicalMemory.of(List.of(AddressRange.ofSize(MIB, MIB), AddressRange.ofSize(0, MIB)));

    assertThat(memory.isRam(MIB - 4, 8)).isTrue();
    assertThat(memory.isRam(2 * MIB - 4, 8)).isFalse();
    assertThat(memory.ram()).hasSize(2);
  }

  @Test
  void ramMustBeWholeFramesBelowTheLimit() {
    assertThatThrownBy(() -> PhysicalMemory.of(List.of(new AddressRange(0, 100))))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> PhysicalMemory.ofSize(PhysicalMemory.LIMIT + 4096))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void framesFarUpAreAsGoodAsThoseBelow() {
    var memory = PhysicalMemory.ofSize(1L << 40);
    long[] addresses = {0, (1L << 34) - 8, 1L << 34, (1L << 40) - 8, 1L << 33};
    for (long address : addresses) {
      memory.writeQword(address, ~address);
    }
    Checkpoint start = memory.checkpoint();
    for (long address : addresses) {
      memory.writeQword(address, 1);
    }
    memory.restore(start);

    for (long address : addresses) {
      assertThat(memory.readQword(address)).isEqualTo(~address);
    }
    assertThat(memory.allocatedFrames()).isEqualTo(addresses.length);
  }

  @Test
  void dwordsAreTheHalvesOfAQword() {
    var memory = PhysicalMemory.ofSize(MIB);

    memory.writeQword(0x100, 0x1122_3344_5566_7788L);
    assertThat(memory.readDword(0x100)).isEqualTo(0x5566_7788);
    assertThat(memory.readDword(0x104)).isEqualTo(0x1122_3344);

    memory.writeDword(0x104, -1);
    assertThat(memory.readQword(0x100)).isEqualTo(0xFFFF_FFFF_5566_7788L);
  }

  @Test
  void changesNameEachQwordThatDiffers() {
    var memory = PhysicalMemory.ofSize(MIB);
    memory.writeQword(0x2008, 1);
    Checkpoint start = memory.checkpoint();

    memory.writeQword(0x2008, 2);
    memory.writeQword(0x2010, 3);
    memory.writeQword(0x2010, 0);
    memory.checkpoint();
    memory.writeQword(0x1000, 4);
    memory.writeQword(0x2008, 5);

    assertThat(memory.changesSince(start))
        .containsExactly(new Change(0x1000, 0, 4), new Change(0x2008, 1, 5));
  }

  @Test
  void changesAreAskedForByRange() {
    var memory = PhysicalMemory.ofSize(MIB);
    Checkpoint start = memory.checkpoint();
    memory.writeQword(0x1FF8, 1);
    memory.writeQword(0x2000, 2);
    memory.writeQword(0x5000, 3);
    memory.writeQword(0x5000, 0);

    Changes changes = memory.changesSince(start);
    assertThat(changes.count()).isEqualTo(2);
    assertThat(changes.in(0x1000, 0x1000)).containsExactly(new Change(0x1FF8, 0, 1));
    assertThat(changes.count(0x1FF8, 16)).isEqualTo(2);
    assertThat(changes.any(0x2008, 0x10_0000)).isFalse();
    assertThat(changes.any(0x2000, 0)).isFalse();
    assertThat(changes.at(0x2000)).contains(new Change(0x2000, 0, 2));
    assertThat(changes.at(0x5000)).as("written and put back").isEmpty();
  }

  @Test
  void changesSinceGoOnWithFurtherWrites() {
    var memory = PhysicalMemory.ofSize(MIB);
    Checkpoint start = memory.checkpoint();
    memory.writeQword(0x1000, 1);
    assertThat(memory.changesSince(start)).hasSize(1);

    memory.writeQword(0x3000, 1);
    assertThat(memory.changesSince(start)).hasSize(2);
    Checkpoint later = memory.checkpoint();
    assertThat(memory.changesSince(later)).isEmpty();
    memory.restore(start);
    assertThat(memory.changesSince(start)).isEmpty();
    memory.writeQword(0x4000, 1);
    assertThat(memory.changesSince(start)).containsExactly(new Change(0x4000, 0, 1));
  }

  @Test
  void checkpointsWithoutAWriteBetweenThemAreEqual() {
    var memory = PhysicalMemory.ofSize(MIB);

    assertThat(memory.checkpoint()).isEqualTo(memory.checkpoint());
    memory.writeQword(0, 1);
    assertThat(memory.checkpoint()).isEqualTo(memory.checkpoint());
  }

  @Test
  void restoringGivesBackMemoryToo() {
    var memory = PhysicalMemory.ofSize(MIB);
    Checkpoint start = memory.checkpoint();

    memory.writeQword(0x3000, 7);
    memory.restore(start);

    assertThat(memory.readQword(0x3000)).isZero();
    assertThat(memory.allocatedFrames()).isZero();
    memory.writeQword(0x3000, 8);
    memory.restore(start);
    assertThat(memory.readQword(0x3000)).as("the checkpoint stays valid").isZero();
  }

  @Test
  void undoneCheckpointIsRefusedEvenWhenItsPlaceIsTakenAgain() {
    var memory = PhysicalMemory.ofSize(MIB);
    Checkpoint start = memory.checkpoint();
    memory.writeQword(0, 1);
    Checkpoint undone = memory.checkpoint();
    memory.restore(start);
    memory.writeQword(0, 2);
    Checkpoint other = memory.checkpoint();

    assertThat(other).isNotEqualTo(undone);
    assertThatThrownBy(() -> memory.restore(undone)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> memory.changesSince(undone))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void forgottenCheckpointIsRefusedAndLaterOnesStay() {
    var memory = PhysicalMemory.ofSize(MIB);
    Checkpoint first = memory.checkpoint();
    memory.writeQword(0, 1);
    Checkpoint second = memory.checkpoint();
    memory.writeQword(0, 2);

    memory.forgetBefore(second);

    assertThatThrownBy(() -> memory.restore(first)).isInstanceOf(IllegalArgumentException.class);
    memory.restore(second);
    assertThat(memory.readQword(0)).isEqualTo(1);
  }

  /**
   * Two files under three frames; the second lies over the end of the first.
   *
   * <pre>
   *   frame      0          1          2
   *   first      ....aaaaaaa|aaaa......|
   *   second                |  bbbbbbbb|bb......
   * </pre>
   */
  @Test
  void imagesThatShareAFrameAreBothSeenAndTheLaterWins() {
    var memory = PhysicalMemory.ofSize(MIB);
    memory.underlay(0x803, filled(0x1000, (byte) 0xAA));
    memory.underlay(0x1401, filled(0xD00, (byte) 0xBB));

    assertThat(bytes(memory, 0x800, 5)).containsExactly(0, 0, 0, 0xAA, 0xAA);
    assertThat(bytes(memory, 0x13FF, 4)).containsExactly(0xAA, 0xAA, 0xBB, 0xBB);
    assertThat(bytes(memory, 0x1801, 4)).containsExactly(0xBB, 0xBB, 0xBB, 0xBB);
    assertThat(bytes(memory, 0x20FF, 4)).containsExactly(0xBB, 0xBB, 0, 0);
  }

  @Test
  void imageIsNeverWritten() {
    byte[] file = new byte[4096];
    file[8] = 5;
    var memory = PhysicalMemory.ofSize(MIB);
    memory.underlay(0x1000, MemorySegment.ofArray(file));
    Checkpoint start = memory.checkpoint();

    memory.writeQword(0x1008, 6);
    assertThat(file[8]).isEqualTo((byte) 5);
    assertThat(memory.changesSince(start)).containsExactly(new Change(0x1008, 5, 6));

    memory.restore(start);
    assertThat(memory.readQword(0x1008)).isEqualTo(5);
  }

  private static MemorySegment filled(int length, byte value) {
    return MemorySegment.ofArray(new byte[length]).fill(value);
  }

  private static int[] bytes(PhysicalMemory memory, long address, int length) {
    byte[] bytes = new byte[length];
    memory.read(address, bytes, 0, length);
    int[] unsigned = new int[length];
    for (int i = 0; i < length; i++) {
      unsigned[i] = bytes[i] & 0xFF;
    }
    return unsigned;
  }
}
