package org.iommulab.lab.run.call;

import java.util.List;
import java.util.Map;
import org.iommulab.lab.language.Complaint;
import org.iommulab.lab.language.Field;
import org.iommulab.lab.run.state.Arguments;
import org.iommulab.linux.intel.IntelBoot;
import org.iommulab.linux.iommu.IommuDevice;
import org.iommulab.linux.iommu.IommuDomain;
import org.iommulab.linux.iommu.PagingDomain;
import org.iommulab.linux.uapi.Errno;
import org.iommulab.linux.uapi.Status;

/** Functions of the IOMMU core and of the Intel driver. */
final class IommuFunctions {

  private static final Parameter DOMAIN = Parameter.of(Field.expression("domain").needed());

  private static final Parameter DEVICE = Parameter.of(Field.device("dev"));

  private IommuFunctions() {}

  static List<Function> all() {
    return List.of(
        Function.of(
            "iommu_map",
            "Maps physical memory into a domain.",
            IommuFunctions::map,
            DOMAIN,
            number("iova"),
            number("paddr"),
            number("size"),
            optional("prot"),
            Parameter.of(Field.text("gfp"))),
        Function.of(
            "iommu_unmap",
            "Takes a mapping out of a domain.",
            IommuFunctions::unmap,
            DOMAIN,
            number("iova"),
            number("size")),
        Function.of(
            "iommu_iova_to_phys",
            "Looks up where an address leads.",
            IommuFunctions::lookUp,
            DOMAIN,
            number("iova")),
        Function.of(
            "iommu_attach_group",
            "Moves a device's group to a domain.",
            IommuFunctions::attach,
            DOMAIN,
            DEVICE),
        Function.of(
            "iommu_detach_group",
            "Moves a device's group back to its default domain.",
            IommuFunctions::detach,
            DEVICE),
        Function.of(
                "sort_iommu_table",
                "Sorts detection functions into the order in which this kernel asks them.",
                IommuFunctions::sort,
                Parameter.of(Field.texts("entries")))
            .answers("`order`"),
        Function.of(
            "qi_flush_iotlb",
            "Invalidates the IOTLB through the driver's queue.",
            IommuFunctions::flushIotlb,
            Parameter.of(Field.words("type", List.of("global", "domain", "page")).needed()),
            optional("did"),
            optional("addr"),
            optional("size_order")),
        Function.of(
            "qi_flush_context",
            "Invalidates the context cache through the driver's queue.",
            IommuFunctions::flushContext,
            Parameter.of(Field.words("type", List.of("global", "domain", "device")).needed()),
            optional("did"),
            optional("source_id")));
  }

  private static Parameter number(String name) {
    return Parameter.of(Field.expression(name).needed());
  }

  private static Parameter optional(String name) {
    return Parameter.of(Field.expression(name));
  }

  private static Function.Work map(Scope scope, Arguments arguments) throws Complaint {
    IommuDomain domain = scope.domain(arguments);
    long iova = arguments.number("iova");
    long paddr = arguments.number("paddr");
    long size = arguments.number("size");
    int prot = (int) arguments.numberOr("prot", 3);
    return () ->
        Outcome.of(
            domain instanceof PagingDomain paging
                ? scope.kernel().iommuApi().map(paging, iova, paddr, size, prot)
                : Status.fail(Errno.EINVAL, "the kernel does not write the domain's table"));
  }

  private static Function.Work unmap(Scope scope, Arguments arguments) throws Complaint {
    IommuDomain domain = scope.domain(arguments);
    long iova = arguments.number("iova");
    long size = arguments.number("size");
    return () ->
        Outcome.value(
            domain instanceof PagingDomain paging
                ? scope.kernel().iommuApi().unmap(paging, iova, size)
                : 0);
  }

  private static Function.Work lookUp(Scope scope, Arguments arguments) throws Complaint {
    IommuDomain domain = scope.domain(arguments);
    long iova = arguments.number("iova");
    return () ->
        Outcome.value(
            domain instanceof PagingDomain paging ? Math.max(0, paging.iovaToPhys(iova)) : 0);
  }

  private static Function.Work attach(Scope scope, Arguments arguments) throws Complaint {
    IommuDevice device = scope.iommuDevice(arguments, "dev");
    IommuDomain domain = scope.domain(arguments);
    return () -> Outcome.of(device.group().attach(domain));
  }

  private static Function.Work detach(Scope scope, Arguments arguments) throws Complaint {
    IommuDevice device = scope.iommuDevice(arguments, "dev");
    return () -> {
      device.group().detach();
      return Outcome.value(0);
    };
  }

  private static Function.Work sort(Scope scope, Arguments arguments) throws Complaint {
    List<String> entries = arguments.texts("entries");
    List<String> known =
        scope.kernel().bootChoice().hooks().stream().map(hook -> hook.detect()).sorted().toList();
    if (entries.isEmpty() || !known.containsAll(entries)) {
      throw arguments.wrong("entries", "must be out of %s", "必须取自 %s", String.join(", ", known));
    }
    return () -> Outcome.value(0, Map.of("order", scope.kernel().sortIommuTable(entries)));
  }

  private static Function.Work flushIotlb(Scope scope, Arguments arguments) throws Complaint {
    int type = granularity(arguments, "page");
    int did = (int) arguments.numberOr("did", 0);
    long address = arguments.numberOr("addr", 0);
    int order = (int) arguments.numberOr("size_order", 0);
    IntelBoot driver = driver(scope);
    return () -> {
      driver.flushIotlb(type, did, address, order);
      return Outcome.value(0);
    };
  }

  private static Function.Work flushContext(Scope scope, Arguments arguments) throws Complaint {
    int type = granularity(arguments, "device");
    int did = (int) arguments.numberOr("did", 0);
    int source = (int) arguments.numberOr("source_id", 0);
    IntelBoot driver = driver(scope);
    return () -> {
      driver.flushContext(type, did, source);
      return Outcome.value(0);
    };
  }

  private static IntelBoot driver(Scope scope) throws Complaint {
    IntelBoot driver = scope.kernel().intel();
    if (driver == null) {
      throw new Complaint(
          "intel-iommu does not run; boot with \"intel_iommu=on\"",
          "intel-iommu 没有运行；请用 \"intel_iommu=on\" 启动");
    }
    return driver;
  }

  /** The code that descriptors have for {@code type}: global, domain, or the finest. */
  private static int granularity(Arguments arguments, String finest) throws Complaint {
    List<String> known = List.of("global", "domain", finest);
    arguments.text("type");
    return known.indexOf(arguments.choice("type", "", known)) + 1;
  }
}
