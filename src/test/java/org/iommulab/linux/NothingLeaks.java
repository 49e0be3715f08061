package org.iommulab.linux;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.iommulab.linux.process.Process;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * After each test all processes of the kernels it booted exit, and then nothing may be left: no
 * iommufd object, pinned or locked page, domain, domain id or page frame.
 */
public final class NothingLeaks implements AfterEachCallback {

  private record Watched(Kernel kernel, long userFrames) {}

  private static final ThreadLocal<List<Watched>> WATCHED = ThreadLocal.withInitial(ArrayList::new);

  /** Looks at a kernel when the test ends. */
  public static Kernel watch(Kernel kernel) {
    WATCHED.get().add(new Watched(kernel, kernel.parts().frames().userFrames()));
    return kernel;
  }

  @Override
  public void afterEach(ExtensionContext test) {
    List<Watched> kernels = List.copyOf(WATCHED.get());
    WATCHED.get().clear();
    if (test.getExecutionException().isEmpty()) {
      kernels.forEach(NothingLeaks::check);
    }
  }

  private static void check(Watched watched) {
    Kernel kernel = watched.kernel();
    List.copyOf(kernel.running()).forEach(Process::exit);
    assertThat(kernel.leaks()).as("what is left behind").isEmpty();
    assertThat(kernel.parts().frames().userFrames())
        .as("frames of user memory")
        .isEqualTo(watched.userFrames());
  }
}
