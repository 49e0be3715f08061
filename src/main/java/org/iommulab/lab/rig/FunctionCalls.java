package org.iommulab.lab.rig;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.iommulab.bus.SourceId;
import org.iommulab.lab.script.Command;
import org.iommulab.lab.script.Complaint;
import org.iommulab.lab.script.Json;
import org.iommulab.lab.script.Result;
import org.iommulab.linux.CallOutcome;
import org.iommulab.linux.Kernel;
import org.iommulab.linux.process.SyscallResult;
import org.iommulab.linux.uapi.Errno;
import org.iommulab.qemu.Vmm;

/** Functions of kernel and VMM that scripts call by name. */
final class FunctionCalls {

  private final Rig rig;
  private final GuestCalls guest;

  FunctionCalls(Rig rig) {
    this.rig = rig;
    this.guest = new GuestCalls(rig, this);
  }

  Result call(Command.Call c) throws Complaint {
    Vmm vmm = rig.vmm;
    Kernel kernel = rig.kernel;
    if (vmm == null || kernel == null) {
      throw new Complaint("no kernel is running; boot one with \"linux.boot\" first");
    }
    var args = new Options(c.fn(), c.args(), rig.names);
    return switch (c.fn()) {
      case "vfio_attach_device" -> attach(c, args, vmm, kernel);
      case "vfio_dma_map" -> {
        long iova = args.number("iova");
        long size = args.number("size");
        long vaddr = args.number("vaddr");
        boolean readonly = args.flag("readonly");
        args.done();
        yield system(c, vmm.vfioDmaMap(iova, size, vaddr, readonly));
      }
      case "vfio_dma_unmap" -> {
        long iova = args.number("iova");
        long size = args.number("size");
        args.done();
        yield system(c, vmm.vfioDmaUnmap(iova, size));
      }
      case "sysfs_write" -> {
        String path = args.text("path");
        String value = args.text("value");
        args.done();
        yield system(c, vmm.process().writeFile(path, value));
      }
      case "setrlimit" -> {
        long limit = args.number("memlock");
        args.done();
        vmm.process().setMemlockLimit(limit);
        yield system(c, SyscallResult.ok(0));
      }
      case "capset" -> {
        String capability = args.text("cap");
        boolean granted = args.flag("granted");
        args.done();
        vmm.process().setCapability(capability, granted);
        yield system(c, SyscallResult.ok(0));
      }
      case "memfd_create", "ftruncate", "mmap" ->
          system(c, MemoryCalls.call(c.fn(), args, vmm.process()));
      default -> GuestCalls.knows(c.fn()) ? guest.call(c, vmm) : kernel(c, kernel);
    };
  }

  private Result attach(Command.Call c, Options args, Vmm vmm, Kernel kernel) throws Complaint {
    SourceId device = rig.device(args.text("device"));
    args.done();
    for (var group : kernel.groups()) {
      if (group.devices().contains(device)) {
        return system(c, vmm.assignDevice(group.id(), device.address()));
      }
    }
    throw new Complaint("the device " + device + " is in no IOMMU group");
  }

  Result system(Command.Call c, SyscallResult result) {
    name(c, result.ret(), Map.of());
    return KernelOperations.returned(result, Map.of());
  }

  Result kernel(Command.Call c, Kernel kernel) throws Complaint {
    CallOutcome outcome = kernel.call(c.fn(), resolve(c.args()));
    if (!outcome.known()) {
      throw new Complaint(String.valueOf(outcome.cause()));
    }
    name(c, outcome.ret(), outcome.out());
    var out = new LinkedHashMap<String, Object>();
    outcome.out().entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .forEach(entry -> out.put(entry.getKey(), shown(entry.getValue())));
    Errno errno = outcome.errno();
    return KernelOperations.returned(
        outcome.ret(), errno == null ? null : errno.name(), outcome.cause(), out);
  }

  private static Object shown(Object value) {
    return value instanceof Long number ? Json.hex(number) : value;
  }

  private void name(Command.Call c, long ret, Map<String, Object> out) {
    String as = c.as();
    if (as == null) {
      return;
    }
    rig.names.put(as, ret);
    out.forEach(
        (field, value) -> {
          if (value instanceof Long number) {
            rig.names.put(as + "." + field, number);
          }
        });
  }

  /** Texts that are numbers or sums of known names become numbers; other texts stay as they are. */
  private Map<String, Object> resolve(Map<String, Object> args) {
    var resolved = new LinkedHashMap<String, Object>();
    args.forEach((name, value) -> resolved.put(name, resolve(value)));
    return resolved;
  }

  private Object resolve(Object value) {
    return switch (value) {
      case String text -> {
        try {
          yield rig.names.value(text);
        } catch (Complaint notAnExpression) {
          yield text;
        }
      }
      case List<?> list -> list.stream().map(this::resolve).toList();
      case Map<?, ?> map -> {
        var copy = new LinkedHashMap<String, Object>();
        map.forEach((name, inner) -> copy.put((String) name, resolve(inner)));
        yield copy;
      }
      default -> value;
    };
  }
}
