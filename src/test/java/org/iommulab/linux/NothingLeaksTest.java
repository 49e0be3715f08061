package org.iommulab.linux;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.iommulab.linux.process.MemoryOptions;
import org.iommulab.linux.process.ModelProcess;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What is left behind is noticed, in every test of the kernel. */
@ExtendWith(NothingLeaks.class)
final class NothingLeaksTest {

  @Test
  void aPinThatNobodyGivesBackIsALeak() {
    Kernel kernel = Lab.boot("intel_iommu=on").kernel;
    ModelProcess process = kernel.createProcess("careless");
    long address = process.alloc(4096, MemoryOptions.PLAIN).ret();
    process.memory().pin(process.pfn(address), 1);
    process.memory().addPinned(1);
    assertThat(kernel.leaks()).containsExactly("careless has 1 pinned pages");
    process.memory().unpin(process.pfn(address), 1);
    process.memory().addPinned(-1);
    assertThat(kernel.leaks()).isEmpty();
  }

  @Test
  void anOpenContextHoldsWhatItHas() {
    Kernel kernel = Lab.boot("intel_iommu=on").kernel;
    ModelProcess process = kernel.createProcess("busy");
    process.open("/dev/iommu");
    assertThat(kernel.leaks()).containsExactly("1 iommufd contexts are open");
    process.exit();
    assertThat(kernel.leaks()).isEmpty();
  }

  @Test
  void everyTestThatBootsAKernelLooks() throws IOException {
    var careless = new ArrayList<String>();
    List<String> fixtures = List.of(" Lab.boot(", "new MockBench(", "ScalableLab(");
    try (Stream<Path> files = Files.walk(Path.of("src/test/java/org/iommulab/linux"))) {
      for (Path file : files.filter(one -> one.toString().endsWith("Test.java")).toList()) {
        String text = Files.readString(file);
        boolean boots = fixtures.stream().anyMatch(text::contains);
        if (boots && !text.contains("@ExtendWith(NothingLeaks.class)")) {
          careless.add(file.toString());
        }
      }
    }
    assertThat(careless).isEmpty();
  }
}
