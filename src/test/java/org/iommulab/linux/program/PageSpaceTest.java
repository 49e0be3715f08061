package org.iommulab.linux.program;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class PageSpaceTest {

  @Test
  void neighboursOnNeighbouringFramesAreOneRunAcrossEntries() {
    var space = new PageSpace(1, false);
    space.put(10, 100, 5);
    space.put(15, 105, 5);
    space.put(20, 200, 5);
    assertThat(space.contiguous(10, 100)).isEqualTo(10);
    assertThat(space.contiguous(12, 4)).isEqualTo(4);
    assertThat(space.contiguous(9, 4)).isZero();
    assertThat(space.nextKnown(0, 50)).isEqualTo(10);
    assertThat(space.nextKnown(25, 50)).isEqualTo(50);
  }

  @Test
  void pagesAgreeWithAPlainMapWhateverIsPutAndRemoved() {
    var random = new Random(7);
    var space = new PageSpace(1, false);
    Map<Long, Long> plain = new HashMap<>();
    long frame = 0;
    for (int round = 0; round < 3000; round++) {
      long page = random.nextInt(200);
      long end = page + 1 + random.nextInt(20);
      if (random.nextBoolean()) {
        for (long at = page; at < end; at++) {
          if (!plain.containsKey(at)) {
            space.put(at, ++frame, 1);
            plain.put(at, frame);
          }
        }
      } else {
        long removed = space.remove(page, end).stream().mapToLong(PageSpace.Run::count).sum();
        long expected = 0;
        for (long at = page; at < end; at++) {
          expected += plain.remove(at) == null ? 0 : 1;
        }
        assertThat(removed).isEqualTo(expected);
      }
      for (long at = 0; at < 221; at++) {
        assertThat(space.frame(at)).isEqualTo(plain.getOrDefault(at, -1L));
      }
    }
  }
}
