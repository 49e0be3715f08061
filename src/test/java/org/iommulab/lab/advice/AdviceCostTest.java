package org.iommulab.lab.advice;

import static org.assertj.core.api.Assertions.assertThat;

import org.iommulab.lab.Laboratory;
import org.iommulab.lab.language.Command;
import org.iommulab.lab.script.Presets;
import org.iommulab.testing.Allocated;
import org.junit.jupiter.api.Test;

/** The advisor looks on by default, so what it looks at with every request is little. */
class AdviceCostTest {

  private static final int REQUESTS = 100;

  /** The pool of bounce buffers alone has 32,768 slots; nobody copies it for a request. */
  private static final long MOST_BYTES = 64 << 10;

  @Test
  void aRequestThatIsLookedAtCopiesNothingLarge() {
    var lab = new Laboratory();
    lab.setAdvised(true);
    lab.load(Presets.named("vfio-dma-map").orElseThrow().script());
    request(lab);
    long before = Allocated.here();
    for (int i = 0; i < REQUESTS; i++) {
      request(lab);
    }
    assertThat((Allocated.here() - before) / REQUESTS).isLessThan(MOST_BYTES);
  }

  private static void request(Laboratory lab) {
    lab.execute(new Command.DmaRead("nic", 0x1_0040_0000L, 4));
  }
}
