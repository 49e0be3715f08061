package org.iommulab.linux.boot;

import java.util.Locale;
import java.util.function.LongSupplier;
import org.iommulab.linux.mm.FrameAllocator;
import org.iommulab.linux.uapi.Errno;
import org.iommulab.linux.uapi.Status;
import org.iommulab.memory.PhysicalMemory;
import org.iommulab.trace.CallTrace;

/**
 * What every part of the kernel works with.
 *
 * @param memory physical memory
 * @param frames its page frames
 * @param trace records calls
 * @param log the message buffer
 * @param era the kernel's age
 * @param walker who writes page tables
 * @param commandLine the parsed command line
 * @param policy what it and firmware ask of the IOMMU code
 * @param clock virtual time in nanoseconds
 */
public record KernelParts(
    PhysicalMemory memory,
    FrameAllocator frames,
    CallTrace trace,
    BootLog log,
    Era era,
    Walker walker,
    CommandLine commandLine,
    BootPolicy policy,
    LongSupplier clock) {

  /**
   * Allocates a kernel object, which fails only if {@link FrameAllocator#failures} says so.
   *
   * @param site what it is for
   * @return OK or ENOMEM
   */
  public Status allocate(String site) {
    if (!frames.failures().fails(site)) {
      return Status.OK;
    }
    if (trace.isOn()) {
      trace.effect("the allocation for " + site + " fails");
    }
    return Status.fail(Errno.ENOMEM, "no memory for " + site);
  }

  /**
   * {@code WARN_ON()}: the line that tells where; source line and offset differ with every build
   * and are left out.
   */
  public void warn(String file, String function) {
    log.print("------------[ cut here ]------------");
    log.print(
        era.atLeast(Era.V6_18)
            ? String.format(Locale.ROOT, "WARNING: %s at %s, CPU#0", file, function)
            : String.format(Locale.ROOT, "WARNING: CPU: 0 PID: 1 at %s %s", file, function));
  }

  /** Closes the open trace frame with a status, and passes the status on. */
  public Status leave(Status status) {
    return status.leave(trace);
  }
}
