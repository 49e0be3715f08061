package org.iommulab.lab.run;

import java.util.LinkedHashMap;
import org.iommulab.lab.language.Command;
import org.iommulab.lab.language.Complaint;
import org.iommulab.lab.language.ControlCommand;
import org.iommulab.lab.language.DeviceCommand;
import org.iommulab.lab.language.DriverCommand;
import org.iommulab.lab.language.HardwareCommand;
import org.iommulab.lab.language.KernelCommand;
import org.iommulab.lab.language.ProcessCommand;
import org.iommulab.lab.language.Result;
import org.iommulab.lab.run.boot.BootRoom;
import org.iommulab.lab.run.call.CallRoom;
import org.iommulab.lab.run.device.DriverRoom;
import org.iommulab.lab.run.device.TranslationRoom;
import org.iommulab.lab.run.hardware.HardwareRoom;
import org.iommulab.lab.run.process.ProcessRoom;
import org.iommulab.lab.run.state.Prepared;
import org.iommulab.lab.run.state.Returns;
import org.iommulab.lab.run.state.RunState;
import org.iommulab.linux.Kernel;
import org.iommulab.linux.process.SyscallResult;
import org.iommulab.qemu.Guest;

/** Which room prepares which command. */
final class Rooms {

  private final RunState state;
  private final Rig rig;
  private final HardwareRoom hardware;
  private final TranslationRoom translation;
  private final DriverRoom drivers;
  private final BootRoom boot;
  private final CallRoom calls;
  private final ProcessRoom process;

  Rooms(RunState state, Rig rig) {
    this.state = state;
    this.rig = rig;
    hardware = new HardwareRoom(state);
    translation = new TranslationRoom(state);
    drivers = new DriverRoom(state);
    boot = new BootRoom(state);
    calls = new CallRoom(state, boot);
    process = new ProcessRoom(state);
  }

  Prepared prepare(Command command) throws Complaint {
    return switch (command) {
      case HardwareCommand c -> hardware.prepare(c);
      case DeviceCommand c -> translation.prepare(c);
      case DriverCommand c -> drivers.prepare(c);
      case KernelCommand c -> kernel(c);
      case ProcessCommand c -> process.prepare(c);
      case ControlCommand c -> control(c);
    };
  }

  private Prepared kernel(KernelCommand command) throws Complaint {
    return switch (command) {
      case Command.LinuxBoot c -> boot.prepare(c);
      case Command.Call c -> calls.prepare(c);
      case Command.FailNth c -> failNth(c);
    };
  }

  private Prepared failNth(Command.FailNth c) throws Complaint {
    var failures = state.kernel().failures();
    long n = Math.max(0, state.names().value(c.n()));
    return () -> {
      var fields = new LinkedHashMap<String, Object>();
      // What became of the last one, as reading the file tells.
      fields.put("remaining", failures.remaining());
      String site = failures.lastSite();
      if (site != null) {
        fields.put("failed", site);
      }
      failures.failNth(n);
      return Returns.of(SyscallResult.ok(0), fields);
    };
  }

  private Prepared control(ControlCommand command) throws Complaint {
    return switch (command) {
      case Command.ClockAdvance c -> () -> advance(c.ns());
      case Command.Let c -> {
        long value = state.names().value(c.value());
        yield () -> {
          state.names().put(c.as(), value);
          return Result.NOTHING;
        };
      }
      case Command.Expect c -> {
        Result checked = new Expectation(state, rig).check(c);
        yield () -> checked;
      }
      case Command.Rewind c ->
          throw new Complaint("only the laboratory can go back", "只有实验室本身能够回退");
      case Command.Checkpoint c -> () -> Result.NOTHING;
      case Command.Answer c -> () -> Result.NOTHING;
      case Command.Hint c -> () -> Result.NOTHING;
      case Command.Note c -> () -> Result.NOTHING;
    };
  }

  private Result advance(long ns) {
    state.elapse(ns);
    state.machine().elapse(ns);
    state.booted().ifPresent(Kernel::timePassed);
    state.hypervisor().flatMap(vmm -> vmm.guest()).ifPresent(Guest::timePassed);
    return Result.NOTHING;
  }
}
