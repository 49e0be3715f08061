package org.iommulab.linux.vfio;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.iommulab.linux.BootOptions;
import org.iommulab.linux.Kernel;
import org.iommulab.linux.Platform;
import org.iommulab.linux.process.Process;
import org.iommulab.memory.PhysicalMemory;
import org.iommulab.trace.CallTrace;
import org.junit.jupiter.api.Test;

/**
 * Mappings of a container by IOVA.
 *
 * <pre>
 *   1000   3000 4000   5000            ...F000 end of the space
 *   |--low--|    |-high-|                  |-top-|
 * </pre>
 */
class DmaTreeTest {

  private final Process process =
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

  private final DmaTree tree = new DmaTree();
  private final VfioDma low = add(0x1000, 0x2000);
  private final VfioDma high = add(0x4000, 0x1000);
  private final VfioDma top = add(-0x1000, 0x1000);

  private VfioDma add(long iova, long bytes) {
    var dma = new VfioDma(process, iova, 0x2000_0000, 0);
    dma.grow(bytes);
    tree.add(dma);
    return dma;
  }

  @Test
  void addressesAreOrderedWithoutSign() {
    assertThat(tree.all()).containsExactly(low, high, top);
  }

  @Test
  void mappingThatBeginsBeforeTheRangeIsTouchedByIt() {
    assertThat(tree.in(0x2FFF, 0x4000)).containsExactly(low, high);
    assertThat(tree.in(0x3000, 0x3FFF)).isEmpty();
    assertThat(tree.in(0, -1)).containsExactly(low, high, top);
  }

  @Test
  void lastByteOfTheSpaceCanBeMapped() {
    assertThat(tree.at(-1)).isSameAs(top);
    assertThat(tree.cuts(-0x1000, -1)).isFalse();
  }

  @Test
  void borderInsideAMappingCutsIt() {
    assertThat(tree.cuts(0x1000, 0x2FFF)).isFalse();
    assertThat(tree.cuts(0x2000, 0x2FFF)).isTrue();
    assertThat(tree.cuts(0x1000, 0x1FFF)).isTrue();
    assertThat(tree.cuts(0x3000, 0x3FFF)).isFalse();
  }

  @Test
  void mappingThatWasTakenOutIsNotFound() {
    tree.remove(high);
    assertThat(tree.at(0x4000)).isNull();
    assertThat(tree.snapshot()).containsExactly(low, top);
  }
}
