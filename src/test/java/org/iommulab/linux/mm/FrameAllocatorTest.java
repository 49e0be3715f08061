package org.iommulab.linux.mm;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.iommulab.memory.AddressRange;
import org.iommulab.memory.PhysicalMemory;
import org.junit.jupiter.api.Test;

final class FrameAllocatorTest {

  private static final long TIB = 1L << 40;
  private static final long AT_8_TIB = 1L << 31;

  @Test
  void framesBeyond8TiBAreNeverHandedOut() {
    var high = new AddressRange(8 * TIB - 0x10_0000, 12 * TIB);
    var frames =
        new FrameAllocator(
            PhysicalMemory.of(List.of(new AddressRange(0, 0x80_0000), high)), 0x10_0000);
    assertThat(frames.take(AT_8_TIB + 5, 1)).isFalse();
    assertThat(frames.take(AT_8_TIB - 5, 10)).isFalse();
    assertThat(frames.isTaken(AT_8_TIB + 5)).isFalse();
    assertThat(frames.take(AT_8_TIB - 5, 2)).isTrue();
    assertThat(frames.isTaken(AT_8_TIB - 4)).isTrue();
    FrameAllocator.Run run = frames.allocateRun(1 << 20, 1);
    assertThat(run.first() + run.count()).isLessThan(AT_8_TIB);
    assertThat(run.count()).isPositive();
    FrameAllocator.Run aligned = frames.allocateRun(512, 512);
    assertThat(aligned.first() + aligned.count()).isLessThan(AT_8_TIB);
  }

  @Test
  void tablesComeFromLowMemoryWhenAllOtherLiesBeyond() {
    var memory =
        PhysicalMemory.of(
            List.of(new AddressRange(0, 0x20_0000), new AddressRange(9 * TIB, 10 * TIB)));
    var frames = new FrameAllocator(memory, 0);
    long last = 0;
    for (long pfn = frames.allocate(); pfn >= 0; pfn = frames.allocate()) {
      last = Math.max(last, pfn);
    }
    assertThat(last).isEqualTo(0x1FF);
  }
}
