package org.iommulab.linux.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.iommulab.linux.BootOptions;
import org.iommulab.linux.Kernel;
import org.iommulab.linux.Platform;
import org.iommulab.linux.uapi.Errno;
import org.iommulab.memory.PhysicalMemory;
import org.iommulab.trace.CallTrace;
import org.junit.jupiter.api.Test;

/** User memory and its addresses. */
class UserMemoryTest {

  private final ModelProcess process =
      Kernel.boot(
              new Platform(
                  PhysicalMemory.ofSize(64 << 20),
                  Map.of(),
                  null,
                  List.of(),
                  new CallTrace(),
                  () -> 0L),
              BootOptions.of(""))
          .kernel()
          .createProcess("test");

  @Test
  void memoryWithoutAnAddressGivesWayToMemoryWithOne() {
    long first = process.alloc(4096, MemoryOptions.PLAIN).ret();
    long wanted = first + 0x2000;
    assertThat(process.alloc(0x4000, MemoryOptions.PLAIN.at(wanted)).ret()).isEqualTo(wanted);
    assertThat(process.alloc(0x3000, MemoryOptions.PLAIN).ret())
        .isGreaterThanOrEqualTo(wanted + 0x4000);
  }

  @Test
  void whatWasFreedInPartCanBeUsedAgain() {
    long pool = process.alloc(0x80_0000, MemoryOptions.PLAIN.at(0x2000_0020_0000L)).ret();
    assertThat(process.free(pool + 0x20_0000, 0x20_0000).failed()).isFalse();
    assertThat(process.read(pool + 0x20_0000, new byte[4])).isFalse();
    assertThat(process.read(pool + 0x1F_F000, new byte[4096])).isTrue();
    assertThat(process.read(pool + 0x40_0000, new byte[4])).isTrue();
    MemoryOptions there = MemoryOptions.PLAIN.at(pool + 0x20_0000);
    assertThat(process.alloc(0x20_0000, there).ret()).isEqualTo(pool + 0x20_0000);
    assertThat(process.alloc(0x1000, there).errno()).isEqualTo(Errno.EINVAL);
  }

  @Test
  void freeingAPieceTakesWhatIsLeftOfItAndNothingElse() {
    long pool = process.alloc(0x3000, MemoryOptions.PLAIN.at(0x2000_0000)).ret();
    process.free(pool + 0x1000, 0x1000);
    process.alloc(0x1000, MemoryOptions.PLAIN.at(pool + 0x1000));
    assertThat(process.free(pool, 0).failed()).isFalse();
    assertThat(process.read(pool, new byte[1])).isFalse();
    assertThat(process.read(pool + 0x1000, new byte[1])).isTrue();
    assertThat(process.read(pool + 0x2000, new byte[1])).isFalse();
    assertThat(process.free(pool, 0).errno()).isEqualTo(Errno.EINVAL);
  }

  @Test
  void aHoleIsVacant() {
    MemoryOptions holed =
        MemoryOptions.PLAIN
            .at(0x3000_0000)
            .withHoles(List.of(new MemoryOptions.Hole(0x1000, 0x1000)));
    process.alloc(0x3000, holed);
    MemoryOptions inside = MemoryOptions.PLAIN.at(0x3000_1000);
    assertThat(process.alloc(0x2000, inside).errno()).isEqualTo(Errno.EINVAL);
    assertThat(process.alloc(0x1000, inside).ret()).isEqualTo(0x3000_1000);
  }

  @Test
  void aMappedFileLiesWhereNothingIs() {
    long first = process.alloc(4096, MemoryOptions.PLAIN).ret();
    process.alloc(0x1_0000, MemoryOptions.PLAIN.at(first + 0x4000));
    int fd = (int) process.createMemoryFile("f", 0x8000, MemoryOptions.PLAIN).ret();
    long shown = process.map(fd, 0, 0x8000).ret();
    assertThat(shown).isGreaterThanOrEqualTo(first + 0x1_4000);
    process.write(first + 0x4000, new byte[] {1});
    process.write(shown, new byte[] {2});
    assertThat(byteAt(first + 0x4000)).isEqualTo((byte) 1);
  }

  private byte byteAt(long address) {
    byte[] one = new byte[1];
    assertThat(process.read(address, one)).isTrue();
    return one[0];
  }

  @Test
  void aLengthThatWrapsIsRefusedAndPoisonsNothing() {
    int fd = (int) process.createMemoryFile("f", 0x2000, MemoryOptions.PLAIN).ret();
    assertThat(process.map(fd, 0, Long.MAX_VALUE & -4096L).errno()).isEqualTo(Errno.ENOMEM);
    assertThat(process.map(fd, 0, -4096).errno()).isEqualTo(Errno.ENOMEM);
    assertThat(process.map(fd, Long.MAX_VALUE & -4096L, 4096).errno()).isEqualTo(Errno.EOVERFLOW);
    assertThat(process.map(fd, 0, 0).errno()).isEqualTo(Errno.EINVAL);
    long top = Long.MAX_VALUE & -4096L;
    assertThat(process.alloc(0x2000, MemoryOptions.PLAIN.at(top)).errno()).isEqualTo(Errno.EINVAL);
    long piece = process.alloc(0x2000, MemoryOptions.PLAIN).ret();
    assertThat(process.free(piece, top).errno()).isEqualTo(Errno.EINVAL);
    assertThat(process.memory().dontNeed(piece, top).errno()).isEqualTo(Errno.EINVAL);
    assertThat(process.alloc(0x1000, MemoryOptions.PLAIN).failed()).isFalse();
    assertThat(process.map(fd, 0, 0x2000).failed()).isFalse();
  }

  @Test
  void behindTheEndOfAFileThereIsAnAddressButNoPage() {
    int fd = (int) process.createMemoryFile("f", 0x1800, MemoryOptions.PLAIN).ret();
    long shown = process.map(fd, 0x1000, 0x4000).ret();
    assertThat(process.read(shown, new byte[4096])).isTrue();
    assertThat(process.read(shown + 0x1000, new byte[1])).isFalse();
    assertThat(process.memory().contiguousPages(shown, 4)).isEqualTo(1);
    process.truncate(fd, 0x1000);
    assertThat(process.read(shown, new byte[1])).isFalse();
  }

  @Test
  void aFileLivesAsLongAsAPartOfItIsMapped() {
    int fd = (int) process.createMemoryFile("f", 0x3000, MemoryOptions.PLAIN).ret();
    long shown = process.map(fd, 0, 0x3000).ret();
    process.close(fd);
    process.free(shown + 0x1000, 0x1000);
    assertThat(process.read(shown + 0x2000, new byte[1])).isTrue();
    process.free(shown, 0x3000);
    assertThat(process.read(shown + 0x2000, new byte[1])).isFalse();
  }
}
