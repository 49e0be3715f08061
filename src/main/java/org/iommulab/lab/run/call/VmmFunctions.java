package org.iommulab.lab.run.call;

import java.util.List;
import java.util.stream.Stream;
import org.iommulab.bus.SourceId;
import org.iommulab.lab.language.Complaint;
import org.iommulab.lab.language.Field;
import org.iommulab.lab.run.state.Arguments;
import org.iommulab.linux.process.MemoryOptions;
import org.iommulab.linux.process.ModelProcess;
import org.iommulab.linux.process.Process;
import org.iommulab.linux.process.SyscallResult;
import org.iommulab.qemu.Vmm;

/** What the VMM does for its devices, and what the process that it is may do besides. */
final class VmmFunctions {

  private static final long HUGE = 2L << 20;

  private VmmFunctions() {}

  static List<Function> all() {
    return Stream.of(List.of(BootFunctions.DECLARED), vmm(), process(), GuestFunctions.all())
        .flatMap(List::stream)
        .toList();
  }

  private static Parameter number(String name) {
    return Parameter.of(Field.expression(name).needed());
  }

  private static List<Function> vmm() {
    return List.of(
        Function.of(
            "vfio_attach_device",
            "Assigns a device to the VMM.",
            VmmFunctions::attach,
            Parameter.of(Field.device("device"))),
        Function.of(
            "vfio_dma_map",
            "Maps memory of the VMM for its devices.",
            VmmFunctions::map,
            number("iova"),
            number("size"),
            number("vaddr"),
            Parameter.of(Field.flag("readonly"))),
        Function.of(
            "vfio_dma_unmap",
            "Takes such a mapping back.",
            VmmFunctions::unmap,
            number("iova"),
            number("size")));
  }

  private static Function.Work attach(Scope scope, Arguments arguments) throws Complaint {
    Vmm vmm = scope.state().vmm();
    SourceId device = scope.state().device(arguments.text("device"));
    for (var group : scope.kernel().groups()) {
      if (group.devices().contains(device)) {
        return () -> Outcome.of(vmm.assignDevice(group.id(), device));
      }
    }
    throw new Complaint("the device %s is in no IOMMU group", "设备 %s 不在任何 IOMMU 组中", device);
  }

  private static Function.Work map(Scope scope, Arguments arguments) throws Complaint {
    Vmm vmm = scope.state().vmm();
    long iova = arguments.number("iova");
    long size = arguments.number("size");
    long vaddr = arguments.number("vaddr");
    boolean readonly = arguments.flag("readonly");
    return () -> Outcome.of(vmm.vfioDmaMap(iova, size, vaddr, readonly));
  }

  private static Function.Work unmap(Scope scope, Arguments arguments) throws Complaint {
    Vmm vmm = scope.state().vmm();
    long iova = arguments.number("iova");
    long size = arguments.number("size");
    return () -> Outcome.of(vmm.vfioDmaUnmap(iova, size));
  }

  // ---- the process ------------------------------------------------------------------------------

  private static List<Function> process() {
    return List.of(
        Function.of(
            "sysfs_write",
            "The process writes a text to a file of sysfs.",
            VmmFunctions::write,
            Parameter.of(Field.text("path").needed()),
            Parameter.of(Field.text("value").needed())),
        Function.of(
            "setrlimit",
            "Limits how much memory the process may lock.",
            VmmFunctions::limit,
            number("memlock")),
        Function.of(
            "capset",
            "Gives the process a capability, or takes it.",
            VmmFunctions::capability,
            Parameter.of(Field.text("cap").needed()),
            Parameter.of(Field.flag("granted"))),
        Function.of(
            "memfd_create",
            "The process makes a file in memory; returns its descriptor.",
            VmmFunctions::createFile,
            number("size"),
            Parameter.of(Field.text("name")),
            Parameter.of(Field.flag("hugepage"))),
        Function.of(
            "ftruncate",
            "The process cuts such a file.",
            VmmFunctions::truncate,
            number("fd"),
            number("length")),
        Function.of(
            "mmap",
            "The process maps such a file; returns the address.",
            VmmFunctions::mapFile,
            number("fd"),
            number("length"),
            Parameter.of(Field.expression("offset")),
            Parameter.of(Field.expression("addr"))),
        Function.of(
            "pread",
            "The process reads from a place in a file into its memory; returns how many bytes.",
            (scope, arguments) -> transfer(scope, arguments, Process::readFileAt),
            number("fd"),
            number("buf"),
            number("count"),
            number("offset")),
        Function.of(
            "pwrite",
            "The process writes from its memory to a place in a file; returns how many bytes.",
            (scope, arguments) -> transfer(scope, arguments, Process::writeFileAt),
            number("fd"),
            number("buf"),
            number("count"),
            number("offset")));
  }

  /** A system call that moves bytes between the process and a place in a file. */
  private interface Transfer {
    SyscallResult move(Process process, int fd, long buffer, long count, long offset);
  }

  private static Function.Work transfer(Scope scope, Arguments arguments, Transfer call)
      throws Complaint {
    ModelProcess process = scope.state().process();
    int fd = (int) arguments.number("fd");
    long buffer = arguments.number("buf");
    long count = arguments.number("count");
    long offset = arguments.number("offset");
    return () -> Outcome.of(call.move(process, fd, buffer, count, offset));
  }

  private static Function.Work write(Scope scope, Arguments arguments) throws Complaint {
    ModelProcess process = scope.state().process();
    String path = arguments.text("path");
    String value = arguments.text("value");
    return () -> Outcome.of(process.writeFile(path, value));
  }

  private static Function.Work limit(Scope scope, Arguments arguments) throws Complaint {
    ModelProcess process = scope.state().process();
    long limit = arguments.number("memlock");
    return () -> {
      process.setMemlockLimit(limit);
      return Outcome.of(SyscallResult.ok(0));
    };
  }

  private static Function.Work capability(Scope scope, Arguments arguments) throws Complaint {
    ModelProcess process = scope.state().process();
    String capability = arguments.text("cap");
    boolean granted = arguments.flag("granted");
    return () -> {
      process.setCapability(capability, granted);
      return Outcome.of(SyscallResult.ok(0));
    };
  }

  private static Function.Work createFile(Scope scope, Arguments arguments) throws Complaint {
    ModelProcess process = scope.state().process();
    String name = arguments.textOr("name", "");
    long size = arguments.number("size");
    MemoryOptions options =
        arguments.flag("hugepage") ? MemoryOptions.PLAIN.withPageSize(HUGE) : MemoryOptions.PLAIN;
    return () -> Outcome.of(process.createMemoryFile(name, size, options));
  }

  private static Function.Work truncate(Scope scope, Arguments arguments) throws Complaint {
    ModelProcess process = scope.state().process();
    int fd = (int) arguments.number("fd");
    long length = arguments.number("length");
    return () -> Outcome.of(process.truncate(fd, length));
  }

  private static Function.Work mapFile(Scope scope, Arguments arguments) throws Complaint {
    ModelProcess process = scope.state().process();
    int fd = (int) arguments.number("fd");
    long length = arguments.number("length");
    long offset = arguments.numberOr("offset", 0);
    long at = arguments.numberOr("addr", 0);
    return () -> Outcome.of(process.map(fd, offset, length, at));
  }
}
