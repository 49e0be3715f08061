package org.iommulab.lab.advice;

import static org.assertj.core.api.Assertions.assertThat;

import org.iommulab.lab.Laboratory;
import org.iommulab.lab.language.Command;
import org.iommulab.lab.script.Presets;
import org.junit.jupiter.api.Test;

/** The advisor looks on by default, so what it looks at with every request is little. */
class AdviceCostTest {

  private static final int REQUESTS = 100;

  /** The pool of bounce buffers alone has 32,768 slots; nobody copies it for a request. */
  private static final long MOST_BYTES = 64 << 10;

  @Test
  void aRequestThatIsLookedAtCopiesNothingLarge() throws ReflectiveOperationException {
    var lab = new Laboratory();
    lab.setAdvised(true);
    lab.load(Presets.named("vfio-dma-map").orElseThrow().script());
    request(lab);
    long before = allocatedBytes();
    for (int i = 0; i < REQUESTS; i++) {
      request(lab);
    }
    assertThat((allocatedBytes() - before) / REQUESTS).isLessThan(MOST_BYTES);
  }

  private static void request(Laboratory lab) {
    lab.execute(new Command.DmaRead("nic", 0x1_0040_0000L, 4));
  }

  // By name: the program's module does not read the management modules.
  private static long allocatedBytes() throws ReflectiveOperationException {
    Object bean =
        Class.forName("java.lang.management.ManagementFactory")
            .getMethod("getThreadMXBean")
            .invoke(null);
    return (long)
        Class.forName("com.sun.management.ThreadMXBean")
            .getMethod("getCurrentThreadAllocatedBytes")
            .invoke(bean);
  }
}
