package org.iommulab.linux;

import java.util.Map;
import org.iommulab.linux.iommu.IommuDevice;
import org.iommulab.linux.iommu.IommuSva;
import org.iommulab.linux.process.Process;
import org.iommulab.linux.process.SyscallResult;
import org.iommulab.linux.process.UserMemory;
import org.iommulab.linux.uapi.Errno;
import org.jspecify.annotations.Nullable;

/** Calls by which devices share the memory of a process, and by which the process takes it back. */
final class SharingCalls {

  private final Kernel kernel;
  private final KernelCalls calls;

  SharingCalls(Kernel kernel, KernelCalls calls) {
    this.kernel = kernel;
    this.calls = calls;
  }

  /** The call's outcome, or null if it is none of these. */
  @Nullable CallOutcome call(String function, KernelCalls.Arguments arguments) {
    return switch (function) {
      case "iommu_sva_bind_device" -> bind(arguments);
      case "iommu_sva_unbind_device" -> unbind(arguments);
      case "madvise" -> dontNeed(arguments);
      default -> null;
    };
  }

  private CallOutcome bind(KernelCalls.Arguments arguments) {
    IommuDevice device = calls.device(arguments, "dev");
    Process process = process(arguments);
    if (device == null || process == null) {
      return KernelCalls.misuse("");
    }
    IommuSva.Bound bound = kernel.iommu().sva().bind(device, process.memory());
    return KernelCalls.of(bound.status(), Map.of("pasid", (long) bound.pasid()));
  }

  private CallOutcome unbind(KernelCalls.Arguments arguments) {
    IommuDevice device = calls.device(arguments, "dev");
    Process process = process(arguments);
    return device == null || process == null
        ? KernelCalls.misuse("")
        : KernelCalls.of(kernel.iommu().sva().unbind(device, process.memory()), Map.of());
  }

  /** {@code madvise(MADV_DONTNEED)} of the process: its pages go away and come back with zeros. */
  private CallOutcome dontNeed(KernelCalls.Arguments arguments) {
    long address = arguments.number("addr");
    long length = arguments.number("len");
    Process process = process(arguments);
    if (process == null
        || !(process.memory() instanceof UserMemory memory)
        || arguments.problem() != null) {
      return KernelCalls.misuse("");
    }
    var trace = kernel.parts().trace();
    if (trace.isOn()) {
      trace.enter("madvise").hex("addr", address).hex("len", length);
    }
    SyscallResult result = memory.dontNeed(address, length);
    result.leave(trace);
    Errno errno = result.errno();
    return new CallOutcome(true, result.ret(), errno, result.cause(), Map.of());
  }

  /** The process with that {@code pid}, else the oldest one. */
  private @Nullable Process process(KernelCalls.Arguments arguments) {
    long pid = arguments.number("pid", 0);
    for (Process process : kernel.running()) {
      if (pid == 0 || process.pid() == pid) {
        return process;
      }
    }
    arguments.complain("needs a process that runs");
    return null;
  }
}
