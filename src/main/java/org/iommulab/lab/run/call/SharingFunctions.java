package org.iommulab.lab.run.call;

import java.util.List;
import java.util.Map;
import org.iommulab.lab.language.Complaint;
import org.iommulab.lab.language.Field;
import org.iommulab.lab.run.state.Arguments;
import org.iommulab.linux.iommu.IommuDevice;
import org.iommulab.linux.iommu.IommuSva;
import org.iommulab.linux.process.Process;

/** Functions by which devices share the memory of a process, and it takes the memory back. */
final class SharingFunctions {

  private static final Parameter DEVICE = Parameter.of(Field.device("dev"));

  private static final Parameter PID =
      Parameter.of(Field.expression("pid").note("the oldest process without it"));

  private SharingFunctions() {}

  static List<Function> all() {
    return List.of(
        Function.of(
                "iommu_sva_bind_device",
                "Lets a device use the memory of a process under a PASID.",
                SharingFunctions::bind,
                DEVICE,
                PID)
            .answers("`pasid`"),
        Function.of("iommu_sva_unbind_device", "Ends that.", SharingFunctions::unbind, DEVICE, PID),
        Function.of(
            "madvise",
            "The process gives its page frames back (`MADV_DONTNEED`); they come back with zeros.",
            SharingFunctions::dontNeed,
            Parameter.of(Field.expression("addr").needed()),
            Parameter.of(Field.expression("len").needed()),
            Parameter.of(Field.text("advice")),
            PID));
  }

  private static Function.Work bind(Scope scope, Arguments arguments) throws Complaint {
    IommuDevice device = scope.iommuDevice(arguments, "dev");
    Process process = scope.process(arguments);
    return () -> {
      IommuSva.Bound bound = scope.kernel().iommu().sva().bind(device, process.memory());
      return Outcome.of(bound.status(), Map.of("pasid", (long) bound.pasid().value()));
    };
  }

  private static Function.Work unbind(Scope scope, Arguments arguments) throws Complaint {
    IommuDevice device = scope.iommuDevice(arguments, "dev");
    Process process = scope.process(arguments);
    return () -> Outcome.of(scope.kernel().iommu().sva().unbind(device, process.memory()));
  }

  private static Function.Work dontNeed(Scope scope, Arguments arguments) throws Complaint {
    long address = arguments.number("addr");
    long length = arguments.number("len");
    Process process = scope.process(arguments);
    return () -> Outcome.of(scope.kernel().madvise(process, address, length));
  }
}
