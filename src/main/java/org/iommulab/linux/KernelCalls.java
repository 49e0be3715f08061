package org.iommulab.linux;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.iommulab.linux.boot.choice.DetectionOrder;
import org.iommulab.linux.dma.DmaCall;
import org.iommulab.linux.dma.DmaCalls;
import org.iommulab.linux.intel.IntelBoot;
import org.iommulab.linux.iommu.IommuDevice;
import org.iommulab.linux.iommu.IommuDomain;
import org.iommulab.linux.uapi.Errno;
import org.iommulab.linux.uapi.Status;
import org.jspecify.annotations.Nullable;

/** Kernel functions that a script can call by name. */
final class KernelCalls {

  private final Kernel kernel;
  private final SharingCalls sharing;
  private final InterruptCalls interrupts;
  private @Nullable DmaCalls dma;

  KernelCalls(Kernel kernel) {
    this.kernel = kernel;
    this.sharing = new SharingCalls(kernel, this);
    this.interrupts = new InterruptCalls(kernel, this);
  }

  /** Reads arguments by name; remembers the first that is missing or of the wrong kind. */
  static final class Arguments {
    private final Map<String, Object> values;
    private @Nullable String problem;

    Arguments(Map<String, Object> values) {
      this.values = values;
    }

    long number(String name) {
      Object value = values.get(name);
      if (value instanceof Number number) {
        return number.longValue();
      }
      complain("needs the number \"" + name + "\"");
      return 0;
    }

    long number(String name, long otherwise) {
      return values.containsKey(name) ? number(name) : otherwise;
    }

    String text(String name) {
      if (values.get(name) instanceof String text) {
        return text;
      }
      complain("needs the text \"" + name + "\"");
      return "";
    }

    List<?> list(String name) {
      if (values.get(name) instanceof List<?> list) {
        return list;
      }
      complain("needs the list \"" + name + "\"");
      return List.of();
    }

    void complain(String text) {
      if (problem == null) {
        problem = text;
      }
    }

    @Nullable String problem() {
      return problem;
    }
  }

  /** The boot has gone on: the DMA API may know more devices now. */
  void forgetDevices() {
    dma = null;
  }

  CallOutcome call(String function, Map<String, Object> values) {
    var arguments = new Arguments(values);
    CallOutcome outcome =
        switch (function) {
          case "iommu_map" -> iommuMap(arguments);
          case "iommu_unmap" -> iommuUnmap(arguments);
          case "iommu_iova_to_phys" -> iovaToPhys(arguments);
          case "iommu_attach_group" -> attachGroup(arguments, true);
          case "iommu_detach_group" -> attachGroup(arguments, false);
          case "sort_iommu_table" -> sortIommuTable(arguments);
          case "qi_flush_iotlb" -> flushIotlb(arguments);
          case "qi_flush_context" -> flushContext(arguments);
          default -> {
            CallOutcome known = sharing.call(function, arguments);
            known = known != null ? known : interrupts.call(function, arguments);
            yield known != null ? known : dmaCall(function, values);
          }
        };
    String problem = arguments.problem();
    return problem == null ? outcome : misuse(function + " " + problem);
  }

  private CallOutcome dmaCall(String function, Map<String, Object> values) {
    DmaCalls known = dma;
    if (known == null) {
      known = new DmaCalls(kernel.parts(), kernel.dma());
      dma = known;
    }
    DmaCall result = known.call(function, values);
    if (result == null) {
      return CallOutcome.unknown(function);
    }
    String problem = result.problem();
    return problem != null
        ? misuse(problem)
        : new CallOutcome(
            true,
            result.ret(),
            result.status().errno(),
            result.status().failed() ? result.status().cause() : null,
            result.out());
  }

  private @Nullable IommuDomain domain(Arguments arguments) {
    if (arguments.values.get("domain") instanceof String) {
      IommuDevice member = device(arguments, "domain");
      return member == null ? null : member.group().domain();
    }
    int id = (int) arguments.number("domain");
    IommuDomain domain = kernel.domain(id);
    if (domain == null) {
      arguments.complain("needs a domain that exists; there is no domain " + id);
    }
    return domain;
  }

  private CallOutcome iommuMap(Arguments arguments) {
    IommuDomain domain = domain(arguments);
    long iova = arguments.number("iova");
    long paddr = arguments.number("paddr");
    long size = arguments.number("size");
    int prot = (int) arguments.number("prot", 3);
    if (domain == null || arguments.problem() != null) {
      return misuse("iommu_map");
    }
    return of(kernel.iommuApi().map(domain, iova, paddr, size, prot), Map.of());
  }

  private CallOutcome iommuUnmap(Arguments arguments) {
    IommuDomain domain = domain(arguments);
    long iova = arguments.number("iova");
    long size = arguments.number("size");
    if (domain == null || arguments.problem() != null) {
      return misuse("iommu_unmap");
    }
    return value(kernel.iommuApi().unmap(domain, iova, size));
  }

  private CallOutcome iovaToPhys(Arguments arguments) {
    IommuDomain domain = domain(arguments);
    long iova = arguments.number("iova");
    if (domain == null || arguments.problem() != null) {
      return misuse("iommu_iova_to_phys");
    }
    return value(Math.max(0, domain.iovaToPhys(iova)));
  }

  /** Moves a device's group to a domain and back; {@code domain} may also be a device in it. */
  private CallOutcome attachGroup(Arguments arguments, boolean attach) {
    IommuDevice device = device(arguments, "dev");
    IommuDomain domain = attach ? domain(arguments) : null;
    if (device == null || arguments.problem() != null) {
      return misuse("");
    }
    if (domain != null) {
      return of(device.group().attach(domain), Map.of());
    }
    device.group().detach();
    return value(0);
  }

  /** The device that an argument names by name or id. */
  @Nullable IommuDevice device(Arguments arguments, String name) {
    Object word = arguments.values.get(name);
    for (IommuDevice device : kernel.iommu().devices()) {
      if (device.pci().name().equals(word) || device.sid().toString().equals(word)) {
        return device;
      }
    }
    arguments.complain("needs \"" + name + "\", a device behind an IOMMU");
    return null;
  }

  /** Detection functions in the order in which this kernel asks them. */
  private CallOutcome sortIommuTable(Arguments arguments) {
    List<String> functions = arguments.list("entries").stream().map(String::valueOf).toList();
    List<String> sorted = DetectionOrder.sort(kernel.parts().era(), functions);
    if (sorted.isEmpty()) {
      List<String> known =
          kernel.bootChoice().hooks().stream().map(hook -> hook.detect()).sorted().toList();
      arguments.complain("needs \"entries\" out of " + String.join(", ", known));
    }
    return new CallOutcome(true, 0, null, null, Map.of("order", sorted));
  }

  private CallOutcome flushIotlb(Arguments arguments) {
    int type = granularity(arguments, "page");
    int did = (int) arguments.number("did", 0);
    long address = arguments.number("addr", 0);
    int order = (int) arguments.number("size_order", 0);
    IntelBoot driver = driver(arguments);
    if (driver == null || arguments.problem() != null) {
      return misuse("qi_flush_iotlb");
    }
    driver.flushIotlb(type, did, address, order);
    return value(0);
  }

  private CallOutcome flushContext(Arguments arguments) {
    int type = granularity(arguments, "device");
    int did = (int) arguments.number("did", 0);
    int source = (int) arguments.number("source_id", 0);
    IntelBoot driver = driver(arguments);
    if (driver == null || arguments.problem() != null) {
      return misuse("qi_flush_context");
    }
    driver.flushContext(type, did, source);
    return value(0);
  }

  private @Nullable IntelBoot driver(Arguments arguments) {
    IntelBoot driver = kernel.intel();
    if (driver == null) {
      arguments.complain("needs intel-iommu; boot with \"intel_iommu=on\"");
    }
    return driver;
  }

  /** The code that descriptors have for {@code type}: global, domain, or the finest. */
  private static int granularity(Arguments arguments, String finest) {
    List<String> known = List.of("global", "domain", finest);
    int index = known.indexOf(arguments.text("type"));
    if (index < 0) {
      arguments.complain("needs \"type\" to be one of " + String.join(", ", known));
    }
    return index + 1;
  }

  static CallOutcome value(long ret) {
    return new CallOutcome(true, ret, null, null, Map.of());
  }

  static CallOutcome of(Status status, Map<String, Object> out) {
    Errno errno = status.errno();
    return errno == null
        ? new CallOutcome(true, 0, null, null, new LinkedHashMap<>(out))
        : new CallOutcome(true, -1, errno, status.cause(), Map.of());
  }

  static CallOutcome misuse(String text) {
    return new CallOutcome(false, -1, null, text, Map.of());
  }
}
