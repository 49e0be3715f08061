package org.iommulab.lab.run.call;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.iommulab.bus.SourceId;
import org.iommulab.lab.language.Complaint;
import org.iommulab.lab.language.Field;
import org.iommulab.lab.run.boot.BootKeys;
import org.iommulab.lab.run.boot.BootRoom;
import org.iommulab.lab.run.state.Arguments;
import org.iommulab.lab.run.state.RunState;
import org.iommulab.linux.BootOptions;
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
final class GuestFunctions {

  private GuestFunctions() {}

  private static Parameter number(String name) {
    return Parameter.of(Field.expression(name).needed());
  }

  static List<Function> all() {
    return List.of(
        Function.of(
            "guest_start",
            "Starts a guest, before devices are assigned; returns where its RAM lies.",
            GuestFunctions::start,
            Parameter.of(Field.expression("ram").needed().note("multiple of 2 MiB")),
            Parameter.of(Field.flag("hugepage")),
            Parameter.of(Field.flag("viommu")),
            Parameter.of(Field.flag("caching_mode")),
            Parameter.of(Field.expression("aw_bits").note("39 or 48"))),
        Function.of(
                "guest_boot",
                "Boots a kernel in the guest on the devices assigned so far.",
                GuestFunctions::boot,
                Parameter.of(Field.text("cmdline")),
                Parameter.of(Field.words("walker", List.of("classic", "generic_pt"))),
                Parameter.of(Field.text("era")))
            .answers("as `linux.boot`"),
        Function.of(
                "guest_call",
                "Calls a function of the guest's kernel.",
                GuestFunctions::run,
                Parameter.of(Field.text("fn").needed()),
                Parameter.of(Field.object("args")))
            .answers("as that function"),
        Function.of(
            "memory_region_add",
            "Lays a section over the guest's memory.",
            GuestFunctions::addRegion,
            number("start"),
            number("size"),
            Parameter.of(Field.words("kind", kinds()).needed()),
            Parameter.of(Field.expression("vaddr").note("in the VMM; but for `mmio`")),
            Parameter.of(Field.text("name"))),
        Function.of(
            "memory_region_del",
            "Takes the section that begins there away.",
            GuestFunctions::removeRegion,
            number("start")));
  }

  private static List<String> kinds() {
    return Arrays.stream(MemorySection.Kind.values())
        .map(kind -> kind.name().toLowerCase(Locale.ROOT))
        .toList();
  }

  private static Guest guest(Scope scope) throws Complaint {
    return scope
        .state()
        .vmm()
        .guest()
        .orElseThrow(
            () ->
                new Complaint(
                    "the VMM has no guest; start one with a call of guest_start",
                    "VMM 还没有客户机；请调用 guest_start 启动一个"));
  }

  private static Function.Work start(Scope scope, Arguments arguments) throws Complaint {
    RunState state = scope.state();
    Vmm vmm = state.vmm();
    if (vmm.guest().isPresent() || vmm.container() >= 0) {
      throw new Complaint(
          "a guest is started once, before devices are assigned to it", "客户机只能启动一次，且须在分配设备之前");
    }
    long ram = arguments.number("ram");
    boolean huge = arguments.flag("hugepage");
    boolean viommu = arguments.flag("viommu");
    boolean caching = arguments.flagOr("caching_mode", true);
    long bits = arguments.numberOr("aw_bits", 48);
    if (ram < GuestOptions.LEAST_RAM || ram % GuestOptions.LEAST_RAM != 0) {
      throw arguments.wrong(
          "ram", "must be a multiple of 2 MiB, not %d", "必须是 2 MiB 的整数倍，而不是 %d", ram);
    }
    if (bits != 39 && bits != 48) {
      throw arguments.wrong("aw_bits", "must be 39 or 48, not %d", "必须是 39 或 48，而不是 %d", bits);
    }
    Optional<UnitConfiguration> unit =
        viommu ? Optional.of(unit((int) bits, caching)) : Optional.empty();
    var options = new GuestOptions(ram, huge, unit, state::timeNs);
    return () -> Outcome.of(vmm.startGuest(options));
  }

  /** QEMU's unit; it always shows PT and SC only when asked to. */
  private static UnitConfiguration unit(int bits, boolean cachingMode) {
    MachineOptions options =
        MachineOptions.DEFAULT.withAwBits(bits).with(MachineOption.CACHING_MODE, cachingMode);
    return Profiles.named(Profiles.QEMU_7_2, options).orElseThrow();
  }

  private static Function.Work boot(Scope scope, Arguments arguments) throws Complaint {
    Guest guest = guest(scope);
    if (guest.kernel().isPresent()) {
      throw new Complaint("the guest's kernel runs already", "客户机的内核已在运行");
    }
    BootOptions options = BootOptions.of(arguments.textOr("cmdline", ""));
    if (arguments.has("walker")) {
      options = options.withWalker(BootKeys.walker(arguments.text("walker")));
    }
    if (arguments.has("era")) {
      options = options.withEra(BootKeys.era(arguments.text("era")));
    }
    BootOptions chosen = options;
    String note = BootKeys.stoodFor(arguments.has("era") ? arguments.text("era") : null);
    return () -> {
      var names = new LinkedHashMap<SourceId, String>();
      scope
          .state()
          .machine()
          .devices()
          .forEach(device -> names.put(device.source(), device.name()));
      return new Outcome.Told(BootRoom.result(guest.boot(chosen, names), note));
    };
  }

  private static Function.Work run(Scope scope, Arguments arguments) throws Complaint {
    Kernel kernel =
        guest(scope)
            .kernel()
            .orElseThrow(
                () ->
                    new Complaint(
                        "no kernel runs in the guest; a call of guest_boot boots one",
                        "客户机中没有内核在运行；调用 guest_boot 可启动内核"));
    Function function = Functions.ofAnyKernel(arguments.text("fn"));
    Object given = arguments.has("args") ? arguments.value("args") : Map.of();
    if (!(given instanceof Map<?, ?> inner)) {
      throw arguments.wrong("args", "must be an object", "必须是对象");
    }
    Arguments own = function.arguments(inner, scope.state().names());
    return function.body().prepare(new Scope(scope.state(), kernel), own);
  }

  private static Function.Work addRegion(Scope scope, Arguments arguments) throws Complaint {
    Guest guest = guest(scope);
    long start = arguments.number("start");
    long size = arguments.number("size");
    arguments.text("kind");
    String word = arguments.choice("kind", "", kinds());
    long vaddr = arguments.numberOr("vaddr", 0);
    String name = arguments.textOr("name", word);
    var kind = MemorySection.Kind.valueOf(word.toUpperCase(Locale.ROOT));
    if (start < 0 || size <= 0 || start + size < 0) {
      throw new Complaint(
          "memory_region_add: the section must lie below 2^63 and have a size",
          "memory_region_add：内存段必须位于 2^63 以下，且大小不为 0");
    }
    if (kind != MemorySection.Kind.MMIO && vaddr == 0) {
      throw new Complaint(
          "memory_region_add: %s needs a \"vaddr\" in the VMM",
          "memory_region_add：%s 需要 VMM 中的 \"vaddr\"", word);
    }
    var section = new MemorySection(start, size, kind, vaddr, name);
    return () -> Outcome.of(guest.addRegion(section));
  }

  private static Function.Work removeRegion(Scope scope, Arguments arguments) throws Complaint {
    Guest guest = guest(scope);
    long start = arguments.number("start");
    if (guest.sections().stream().noneMatch(section -> section.start() == start)) {
      throw new Complaint(
          "memory_region_del: no section begins at 0x%x",
          "memory_region_del：没有始于 0x%x 的内存段", start);
    }
    return () -> {
      guest.removeRegion(start);
      return Outcome.of(SyscallResult.ok(0));
    };
  }
}
