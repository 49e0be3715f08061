package org.iommulab.lab.rig;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.iommulab.bus.SourceId;
import org.iommulab.lab.script.Command;
import org.iommulab.lab.script.Complaint;
import org.iommulab.lab.script.Result;
import org.iommulab.linux.BootOptions;
import org.iommulab.linux.BootResult;
import org.iommulab.linux.Kernel;
import org.iommulab.linux.process.SyscallResult;
import org.iommulab.qemu.Guest;
import org.iommulab.qemu.GuestOptions;
import org.iommulab.qemu.MemorySection;
import org.iommulab.qemu.Vmm;
import org.iommulab.vtd.config.MachineOption;
import org.iommulab.vtd.config.MachineOptions;
import org.iommulab.vtd.config.Profiles;
import org.iommulab.vtd.config.UnitConfiguration;

/** What scripts do with the VMM's guest: start it, change its memory, run a kernel in it. */
final class GuestCalls {

  private final Rig rig;
  private final FunctionCalls functions;

  GuestCalls(Rig rig, FunctionCalls functions) {
    this.rig = rig;
    this.functions = functions;
  }

  static boolean knows(String function) {
    return switch (function) {
      case "guest_start", "guest_boot", "guest_call", "memory_region_add", "memory_region_del" ->
          true;
      default -> false;
    };
  }

  Result call(Command.Call c, Vmm vmm) throws Complaint {
    var args = new Options(c.fn(), c.args(), rig.names);
    return switch (c.fn()) {
      case "guest_start" -> start(c, args, vmm);
      case "guest_boot" -> boot(args, guest(vmm));
      case "guest_call" -> run(c, args, guest(vmm));
      case "memory_region_add" -> addRegion(c, args, guest(vmm));
      default -> removeRegion(c, args, guest(vmm));
    };
  }

  private static Guest guest(Vmm vmm) throws Complaint {
    return vmm.guest()
        .orElseThrow(
            () -> new Complaint("the VMM has no guest; start one with a call of guest_start"));
  }

  private Result start(Command.Call c, Options args, Vmm vmm) throws Complaint {
    if (vmm.guest().isPresent() || vmm.container() >= 0) {
      throw new Complaint("a guest is started once, before devices are assigned to it");
    }
    long ram = args.number("ram");
    boolean huge = args.flag("hugepage");
    boolean viommu = args.flag("viommu");
    boolean caching = args.flagOr("caching_mode", true);
    long bits = args.numberOr("aw_bits", 48);
    args.done();
    if (ram < GuestOptions.LEAST_RAM || ram % GuestOptions.LEAST_RAM != 0) {
      throw new Complaint("guest_start, \"ram\" must be a multiple of 2 MiB, not " + ram);
    }
    if (bits != 39 && bits != 48) {
      throw new Complaint("guest_start, \"aw_bits\" must be 39 or 48, not " + bits);
    }
    Optional<UnitConfiguration> unit =
        viommu ? Optional.of(unit((int) bits, caching)) : Optional.empty();
    var options = new GuestOptions(ram, huge, unit, () -> rig.timeNs);
    return functions.system(c, vmm.startGuest(options));
  }

  /** QEMU's unit; it always shows PT and SC only when asked to. */
  private static UnitConfiguration unit(int bits, boolean cachingMode) {
    MachineOptions options =
        MachineOptions.DEFAULT.withAwBits(bits).with(MachineOption.CACHING_MODE, cachingMode);
    return Profiles.named(Profiles.QEMU_7_2, options).orElseThrow();
  }

  private Result boot(Options args, Guest guest) throws Complaint {
    if (guest.kernel().isPresent()) {
      throw new Complaint("the guest's kernel runs already");
    }
    String cmdline = args.has("cmdline") ? args.text("cmdline") : "";
    BootOptions options = BootOptions.of(cmdline);
    if (args.has("walker")) {
      options = options.withWalker(BootKeys.walker(args.text("walker")));
    }
    if (args.has("era")) {
      options = options.withEra(BootKeys.era(args.text("era")));
    }
    String note = BootKeys.stoodFor(args.has("era") ? args.text("era") : null);
    args.done();
    var names = new LinkedHashMap<SourceId, String>();
    rig.machine.devices().forEach(device -> names.put(device.source(), device.name()));
    BootResult booted = guest.boot(options, names);
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

  private Result run(Command.Call c, Options args, Guest guest) throws Complaint {
    Kernel kernel =
        guest
            .kernel()
            .orElseThrow(
                () -> new Complaint("no kernel runs in the guest; a call of guest_boot boots one"));
    String function = args.text("fn");
    Object inner = c.args().getOrDefault("args", Map.of());
    args.has("args");
    args.done();
    if (!(inner instanceof Map<?, ?> map)) {
      throw new Complaint("guest_call, \"args\" must be an object");
    }
    var named = new LinkedHashMap<String, Object>();
    map.forEach((name, value) -> named.put(String.valueOf(name), value));
    return functions.kernel(new Command.Call(function, named, c.as()), kernel);
  }

  private Result addRegion(Command.Call c, Options args, Guest guest) throws Complaint {
    long start = args.number("start");
    long size = args.number("size");
    String word = args.text("kind");
    long vaddr = args.numberOr("vaddr", 0);
    String name = args.has("name") ? args.text("name") : word;
    args.done();
    MemorySection.Kind kind;
    try {
      kind = MemorySection.Kind.valueOf(word.toUpperCase(Locale.ROOT));
    } catch (IllegalArgumentException e) {
      throw new Complaint(
          "memory_region_add, \"kind\" is ram, rom, ram_device or mmio, not " + word);
    }
    if (start < 0 || size <= 0 || start + size < 0) {
      throw new Complaint("memory_region_add: the section must lie below 2^63 and have a size");
    }
    if (kind != MemorySection.Kind.MMIO && vaddr == 0) {
      throw new Complaint("memory_region_add: " + word + " needs a \"vaddr\" in the VMM");
    }
    return functions.system(c, guest.addRegion(new MemorySection(start, size, kind, vaddr, name)));
  }

  private Result removeRegion(Command.Call c, Options args, Guest guest) throws Complaint {
    long start = args.number("start");
    args.done();
    if (guest.removeRegion(start).isEmpty()) {
      throw new Complaint("memory_region_del: no section begins at 0x" + Long.toHexString(start));
    }
    return functions.system(c, SyscallResult.ok(0));
  }
}
