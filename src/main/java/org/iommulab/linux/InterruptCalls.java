package org.iommulab.linux;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.iommulab.linux.iommu.IommuDevice;
import org.iommulab.linux.pci.Interrupts;
import org.iommulab.linux.uapi.Status;
import org.iommulab.trace.CallTrace;
import org.jspecify.annotations.Nullable;

/** Calls of device drivers about message-signalled interrupts. */
final class InterruptCalls {

  private final Kernel kernel;
  private final KernelCalls calls;

  InterruptCalls(Kernel kernel, KernelCalls calls) {
    this.kernel = kernel;
    this.calls = calls;
  }

  /** The call's outcome, or null if it is none of these. */
  @Nullable CallOutcome call(String function, KernelCalls.Arguments arguments) {
    return switch (function) {
      case "pci_alloc_irq_vectors" -> allocate(arguments);
      case "pci_free_irq_vectors" -> free(arguments);
      case "request_irq" -> request(arguments);
      case "irq_set_affinity" -> setAffinity(arguments);
      default -> null;
    };
  }

  /** {@code ret}: how many; {@code out}: number and message of the first one. */
  private CallOutcome allocate(KernelCalls.Arguments arguments) {
    IommuDevice device = calls.device(arguments, "dev");
    int count = (int) arguments.number("max_vecs", 1);
    if (device == null || arguments.problem() != null) {
      return KernelCalls.misuse("");
    }
    Interrupts.Allocated made = kernel.interrupts().allocate(device.pci(), count);
    List<Interrupts.Irq> irqs = made.irqs();
    if (irqs.isEmpty()) {
      return KernelCalls.of(made.status(), Map.of());
    }
    return new CallOutcome(true, irqs.size(), null, null, message(irqs.getFirst()));
  }

  private static Map<String, Object> message(Interrupts.Irq irq) {
    var out = new LinkedHashMap<String, Object>();
    out.put("irq", (long) irq.number());
    out.put("vector", (long) irq.vector());
    out.put("address", irq.message().address());
    out.put("data", (long) irq.message().data());
    return out;
  }

  private CallOutcome free(KernelCalls.Arguments arguments) {
    IommuDevice device = calls.device(arguments, "dev");
    if (device == null) {
      return KernelCalls.misuse("");
    }
    kernel.interrupts().free(device.pci());
    return KernelCalls.value(0);
  }

  private CallOutcome request(KernelCalls.Arguments arguments) {
    int number = (int) arguments.number("irq");
    String name = arguments.text("name");
    if (arguments.problem() != null) {
      return KernelCalls.misuse("");
    }
    CallTrace trace = kernel.parts().trace();
    if (trace.isOn()) {
      trace.enter("request_irq").number("irq", number).text("name", name);
    }
    Status status = kernel.interrupts().request(number, name);
    return KernelCalls.of(status.leave(trace), Map.of());
  }

  private CallOutcome setAffinity(KernelCalls.Arguments arguments) {
    int number = (int) arguments.number("irq");
    int cpu = (int) arguments.number("cpu");
    if (arguments.problem() != null) {
      return KernelCalls.misuse("");
    }
    Status status = kernel.interrupts().setAffinity(number, cpu);
    Interrupts.Irq irq = kernel.interrupts().irq(number);
    return KernelCalls.of(status, irq == null ? Map.of() : message(irq));
  }
}
