package org.iommulab.lab.run.call;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.iommulab.lab.language.Complaint;
import org.iommulab.lab.language.Field;
import org.iommulab.lab.run.state.Arguments;
import org.iommulab.linux.iommu.IommuDevice;
import org.iommulab.linux.pci.Interrupts;
import org.iommulab.linux.uapi.Status;

/** Functions of device drivers about message-signalled interrupts. */
final class InterruptFunctions {

  private static final Parameter DEVICE = Parameter.of(Field.device("dev"));
  private static final Parameter IRQ = Parameter.of(Field.expression("irq").needed());

  private InterruptFunctions() {}

  static List<Function> all() {
    return List.of(
        Function.of(
                "pci_alloc_irq_vectors",
                "Gives a device interrupts; returns how many.",
                InterruptFunctions::allocate,
                DEVICE,
                Parameter.of(Field.expression("min_vecs")),
                Parameter.of(Field.expression("max_vecs")),
                Parameter.of(Field.expression("flags")))
            .answers("`irq`, `vector`, `address`, `data` of the first one"),
        Function.of(
            "pci_free_irq_vectors",
            "Takes a device's interrupts back.",
            InterruptFunctions::free,
            DEVICE),
        Function.of(
            "request_irq",
            "Gives an interrupt its handler.",
            InterruptFunctions::request,
            IRQ,
            Parameter.of(Field.text("name").needed()),
            Parameter.of(Field.expression("flags"))),
        Function.of(
                "irq_set_affinity",
                "Lets another CPU take an interrupt.",
                InterruptFunctions::setAffinity,
                IRQ,
                Parameter.of(Field.expression("cpu").needed()))
            .answers("`irq`, `vector`, `address`, `data`"));
  }

  private static Function.Work allocate(Scope scope, Arguments arguments) throws Complaint {
    IommuDevice device = scope.iommuDevice(arguments, "dev");
    int count = (int) arguments.numberOr("max_vecs", 1);
    return () -> {
      Interrupts.Allocated made = scope.kernel().interrupts().allocate(device.pci(), count);
      List<Interrupts.Irq> irqs = made.irqs();
      return irqs.isEmpty()
          ? Outcome.of(made.status())
          : Outcome.value(irqs.size(), message(irqs.getFirst()));
    };
  }

  private static Map<String, Object> message(Interrupts.Irq irq) {
    var out = new LinkedHashMap<String, Object>();
    out.put("irq", (long) irq.number());
    out.put("vector", (long) irq.vector());
    out.put("address", irq.message().address());
    out.put("data", (long) irq.message().data());
    return out;
  }

  private static Function.Work free(Scope scope, Arguments arguments) throws Complaint {
    IommuDevice device = scope.iommuDevice(arguments, "dev");
    return () -> {
      scope.kernel().interrupts().free(device.pci());
      return Outcome.value(0);
    };
  }

  private static Function.Work request(Scope scope, Arguments arguments) throws Complaint {
    int number = (int) arguments.number("irq");
    String name = arguments.text("name");
    return () -> Outcome.of(scope.kernel().interrupts().request(number, name));
  }

  private static Function.Work setAffinity(Scope scope, Arguments arguments) throws Complaint {
    int number = (int) arguments.number("irq");
    int cpu = (int) arguments.number("cpu");
    return () -> {
      Status status = scope.kernel().interrupts().setAffinity(number, cpu);
      Interrupts.Irq irq = scope.kernel().interrupts().irq(number);
      return Outcome.of(status, irq == null ? Map.of() : message(irq));
    };
  }
}
