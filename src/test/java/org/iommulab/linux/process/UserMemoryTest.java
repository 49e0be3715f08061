package org.iommulab.linux.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.iommulab.linux.BootOptions;
import org.iommulab.linux.Kernel;
import org.iommulab.linux.Platform;
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
}
