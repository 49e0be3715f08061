package org.iommulab.lab.rig;

import java.util.LinkedHashMap;
import java.util.Map;
import org.iommulab.lab.script.Command;
import org.iommulab.lab.script.Complaint;
import org.iommulab.lab.script.Json;
import org.iommulab.lab.script.Result;
import org.iommulab.linux.BootOptions;
import org.iommulab.linux.BootResult;
import org.iommulab.linux.Kernel;
import org.iommulab.linux.boot.BootStage;
import org.iommulab.linux.boot.choice.BootChoice;
import org.iommulab.linux.process.ModelProcess;
import org.iommulab.linux.process.SyscallResult;
import org.iommulab.linux.uapi.Errno;
import org.iommulab.linux.uapi.UapiStruct;
import org.iommulab.qemu.Guest;
import org.iommulab.qemu.Vmm;
import org.jspecify.annotations.Nullable;

/** Boot, system calls and kernel functions called by name. */
final class KernelOperations {

  private final Rig rig;
  private final FunctionCalls functions;

  KernelOperations(Rig rig) {
    this.rig = rig;
    functions = new FunctionCalls(rig);
  }

  Result boot(Command.LinuxBoot c) throws Complaint {
    if (rig.kernel != null) {
      throw new Complaint("the kernel runs already; a new \"machine\" line starts afresh");
    }
    var keys = new BootKeys(rig, c);
    BootOptions options = keys.options();
    BootResult booted = Kernel.boot(keys.platform(), options);
    rig.kernel = booted.kernel();
    return come(booted, BootKeys.stoodFor(c.era()));
  }

  /** {@code do_initcalls()}: goes on with a boot that stopped early. */
  Result continueBoot(Command.Call c) throws Complaint {
    Kernel kernel = rig.kernel;
    if (kernel == null) {
      throw new Complaint("no kernel is running; boot one with \"linux.boot\" first");
    }
    return come(kernel.continueBoot(BootKeys.until(c.args(), rig.names)), null);
  }

  /** What the boot has come to; a kernel that is up runs a process. */
  private Result come(BootResult booted, @Nullable String note) {
    Kernel kernel = booted.kernel();
    boolean panicked = kernel.bootChoice().driver() == BootChoice.Driver.PANIC;
    if (kernel.bootStage() == BootStage.PCI_IOMMU_INIT && rig.process == null && !panicked) {
      ModelProcess process = kernel.createProcess("qemu");
      rig.process = process;
      rig.vmm = new Vmm(process, rig.trace);
    }
    var fields = new LinkedHashMap<String, Object>();
    fields.put("ret", 0L);
    fields.put("translating", booted.translating());
    String problem = booted.problem();
    if (problem != null) {
      fields.put("problem", problem);
    }
    if (note != null) {
      fields.put("note", note);
    }
    return new Result.Done(fields);
  }

  Result open(Command.Open c) throws Complaint {
    SyscallResult result = rig.process().open(c.path());
    if (!result.failed()) {
      rig.names.put(c.as(), result.ret());
    }
    return returned(result, Map.of());
  }

  Result close(Command.Close c) throws Complaint {
    return returned(rig.process().close(descriptor(c.fd())), Map.of());
  }

  private int descriptor(String word) throws Complaint {
    return (int) rig.names.value(word);
  }

  Result ioctl(Command.Ioctl c) throws Complaint {
    ModelProcess process = rig.process();
    UapiStruct command = IoctlArgument.command(c.cmd());
    IoctlArgument argument = IoctlArgument.of(c, command, rig.names);
    int fd = descriptor(c.fd());
    byte[] bytes = argument.bytes();
    Scratch.check(bytes.length);
    long address = bytes.length == 0 ? 0 : rig.scratch.place(process, bytes);
    if (address < 0) {
      return returned(Scratch.NO_ROOM, Map.of());
    }
    SyscallResult result = process.ioctl(fd, command.number(), argument.value(address));
    byte[] after = bytes.clone();
    if (bytes.length > 0) {
      process.read(address, after);
    }
    String as = c.as();
    if (as != null && !result.failed()) {
      rig.names.put(as, result.ret());
      argument.numbers(after).forEach((field, value) -> rig.names.put(as + "." + field, value));
    }
    return returned(result, argument.output(after, result.failed()));
  }

  Result call(Command.Call c) throws Complaint {
    if (c.fn().equals("do_initcalls")) {
      return continueBoot(c);
    }
    rig.process();
    return functions.call(c);
  }

  Result advance(Command.ClockAdvance c) {
    rig.timeNs += c.ns();
    rig.machine.elapse(c.ns());
    Kernel kernel = rig.kernel;
    if (kernel != null) {
      kernel.timePassed();
    }
    Vmm vmm = rig.vmm;
    if (vmm != null) {
      vmm.guest().ifPresent(Guest::timePassed);
    }
    return Result.NOTHING;
  }

  static Result returned(SyscallResult result, Map<String, Object> out) {
    Errno errno = result.errno();
    return returned(result.ret(), errno == null ? null : errno.name(), result.cause(), out);
  }

  static Result returned(
      long ret, @Nullable String errno, @Nullable String cause, Map<String, Object> out) {
    var fields = new LinkedHashMap<String, Object>();
    // Small values keep their sign in JSON; anything else is an address.
    fields.put("ret", ret == (int) ret ? (Object) (int) ret : Json.hex(ret));
    if (errno != null) {
      fields.put("errno", errno);
      if (cause != null && !cause.isEmpty()) {
        fields.put("cause", cause);
      }
    }
    if (!out.isEmpty()) {
      fields.put("out", out);
    }
    return new Result.Returned(ret, errno, cause, fields);
  }
}
