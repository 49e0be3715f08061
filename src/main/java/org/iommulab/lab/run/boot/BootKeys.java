package org.iommulab.lab.run.boot;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.iommulab.bus.SourceId;
import org.iommulab.lab.language.BootFields;
import org.iommulab.lab.language.Command;
import org.iommulab.lab.language.Complaint;
import org.iommulab.lab.run.state.Arguments;
import org.iommulab.lab.run.state.RunState;
import org.iommulab.linux.BootOptions;
import org.iommulab.linux.Platform;
import org.iommulab.linux.boot.BootStage;
import org.iommulab.linux.boot.DmarFacts;
import org.iommulab.linux.boot.Era;
import org.iommulab.linux.boot.Walker;
import org.iommulab.linux.boot.choice.Kconfig;
import org.iommulab.linux.pci.PciDevice;
import org.iommulab.memory.AddressRange;
import org.iommulab.memory.Page;
import org.iommulab.vtd.layout.ExtendedCapabilityLayout;
import org.jspecify.annotations.Nullable;

/** Reads what a {@code linux.boot} line says about the kernel and about the firmware below it. */
public final class BootKeys {

  private static final int MOST_CPUS = 64;
  private static final long FIRST_BAR = 0xE000_0000L;
  private static final long LARGEST_BAR = 16L << 20;

  private final RunState state;
  private final Command.LinuxBoot line;
  private final Arguments options;
  private final Arguments firmware;

  BootKeys(RunState state, Command.LinuxBoot line) throws Complaint {
    this.state = state;
    this.line = line;
    options = Arguments.of("linux.boot", line.options(), state.names(), BootFields.BOOT);
    firmware = options.inner("firmware", BootFields.FIRMWARE);
  }

  /** The kernel to boot. */
  BootOptions options() throws Complaint {
    BootOptions boot = BootOptions.of(line.cmdline()).withWalker(walker(line.walker()));
    String era = line.era();
    if (era != null) {
      boot = boot.withEra(era(era));
    } else if (boot.walker() == Walker.GENERIC_PT) {
      boot = boot.withEra(Era.V7_1);
    }
    boot = kconfig(boot);
    if (!remapsInterrupts()) {
      boot = boot.withUnsafeInterrupts();
    }
    if (options.has("until")) {
      boot = boot.withUntil(stage(options.text("until")));
    }
    boot =
        boot.withLaunch(
            new BootOptions.Launch(
                firmware.flag("tboot"),
                firmware.flag("memory_encryption"),
                cpus(),
                firmware.flag("shadow_on_flush")));
    return boot;
  }

  /**
   * A machine that was described without interrupt remapping is about DMA: its modules are loaded
   * with {@code allow_unsafe_interrupts}, as such a machine's owner would.
   */
  private boolean remapsInterrupts() {
    DmarFacts dmar = PlatformOf.machine(state).dmar();
    return dmar != null
        && dmar.interruptRemapping()
        && dmar.units().stream().anyMatch(unit -> !unit.ioApics().isEmpty())
        && state.machine().spec().units().stream()
            .map(unit -> unit.configuration().capabilities().ecap())
            .allMatch(ExtendedCapabilityLayout.IR::isSet);
  }

  private int cpus() throws Complaint {
    long cpus = firmware.numberOr("cpus", BootOptions.Launch.PLAIN.cpus());
    if (cpus < 1 || cpus > MOST_CPUS) {
      throw new Complaint(
          "linux.boot: \"cpus\" must be from 1 to %d, not %d",
          "linux.boot：\"cpus\" 必须在 1 到 %d 之间，而不是 %d", MOST_CPUS, cpus);
    }
    return (int) cpus;
  }

  /** The stage that a function ends. */
  public static BootStage stage(String function) throws Complaint {
    return BootStage.of(function)
        .orElseThrow(
            () ->
                new Complaint(
                    "a boot stops after one of %s, not after \"%s\"",
                    "启动可停在以下函数之后：%s；不能停在 \"%s\" 之后",
                    String.join(", ", BootStage.functions()),
                    function));
  }

  /** The walker of that name. */
  public static Walker walker(String name) throws Complaint {
    return switch (name) {
      case "classic" -> Walker.CLASSIC;
      case "generic_pt" -> Walker.GENERIC_PT;
      default ->
          throw new Complaint(
              "the walker is classic or generic_pt, not \"%s\"",
              "页表实现为 classic 或 generic_pt，而不是 \"%s\"", name);
    };
  }

  /** The latest era that is not after a version. */
  public static Era era(String version) throws Complaint {
    return Era.notAfter(version)
        .orElseThrow(
            () ->
                new Complaint(
                    "the era is a version from %s on, such as %s, not \"%s\"",
                    "内核版本须不早于 %s，例如 %s，而不是 \"%s\"",
                    Era.values()[0].version(),
                    String.join(", ", Arrays.stream(Era.values()).map(Era::version).toList()),
                    version));
  }

  /** Tells which kernel stands for a version in between; null if it has an era of its own. */
  public static @Nullable String stoodFor(@Nullable String version) throws Complaint {
    if (version == null || Era.of(version).isPresent()) {
      return null;
    }
    return String.format(
        Locale.ROOT,
        "era %s: this kernel behaves as %s, the latest era not after it",
        version,
        era(version).version());
  }

  private BootOptions kconfig(BootOptions boot) throws Complaint {
    Arguments symbols = options.inner("kconfig", BootFields.KCONFIG);
    Kconfig normal = Kconfig.DEFAULT;
    var kconfig =
        new Kconfig(
            symbols.flagOr("INTEL_IOMMU", normal.intelIommu()),
            symbols.flagOr("INTEL_IOMMU_DEFAULT_ON", normal.defaultOn()),
            symbols.flagOr(
                "INTEL_IOMMU_SCALABLE_MODE_DEFAULT_ON",
                normal.scalableDefaultOn() || boot.era().scalableByDefault()),
            symbols.flagOr("IOMMU_DEFAULT_PASSTHROUGH", normal.passthrough()),
            symbols.flagOr("IOMMU_DEFAULT_DMA_STRICT", normal.strict()),
            symbols.flagOr("SWIOTLB_DYNAMIC", normal.swiotlbDynamic()));
    boolean compatible = symbols.flagOr("IOMMUFD_VFIO_CONTAINER", true);
    return boot.withKconfig(kconfig)
        .withContainer(
            compatible ? BootOptions.VfioContainer.IOMMUFD : BootOptions.VfioContainer.TYPE1);
  }

  /** The machine as its firmware presents it. */
  Platform platform() throws Complaint {
    Platform machine = PlatformOf.machine(state);
    List<PciDevice> devices = fixed(windows(external(machine.devices())));
    DmarFacts dmar = machine.dmar();
    boolean vtd = firmware.flagOr("vtd", true);
    DmarFacts table = dmar == null || !vtd ? null : table(dmar);
    return new Platform(
        machine.memory(), machine.mmio(), table, devices, machine.trace(), machine.clock());
  }

  private DmarFacts table(DmarFacts dmar) throws Complaint {
    var reserved = new ArrayList<>(dmar.reserved());
    for (Arguments rmrr : firmware.list("rmrr", BootFields.RMRR)) {
      long base = rmrr.number("base");
      long limit = rmrr.number("limit");
      List<SourceId> scope = sources(rmrr.texts("devices"));
      if (!Page.isWhole(base) || (limit & 4095) != 4095 || limit < base) {
        throw new Complaint(
            "linux.boot: an \"rmrr\" goes from a page's first byte, \"base\", to a page's last"
                + " byte, \"limit\"",
            "linux.boot：\"rmrr\" 从某页的首字节 \"base\" 到某页的末字节 \"limit\"");
      }
      boolean mapped = rmrr.flagOr("reserved", true);
      reserved.add(new DmarFacts.Rmrr(new AddressRange(base, limit + 1), scope, mapped));
    }
    return new DmarFacts(
        dmar.hostAddressWidth(),
        dmar.interruptRemapping(),
        dmar.x2apicOptOut(),
        firmware.flagOr("x2apic", dmar.x2apic()),
        firmware.flagOr("platform_opt_in", dmar.platformOptIn()),
        dmar.units(),
        reserved,
        dmar.atsrs());
  }

  private List<SourceId> sources(List<String> words) throws Complaint {
    var sources = new ArrayList<SourceId>();
    for (String word : words) {
      sources.add(state.device(word));
    }
    return sources;
  }

  /** Devices that offer no reset. */
  private List<PciDevice> fixed(List<PciDevice> devices) throws Complaint {
    Set<SourceId> without = Set.copyOf(sources(firmware.texts("no_reset")));
    return devices.stream()
        .map(device -> without.contains(device.sid()) ? device.withoutReset() : device)
        .toList();
  }

  /** Devices at a port that firmware marks as external are not trusted. */
  private List<PciDevice> external(List<PciDevice> devices) throws Complaint {
    Set<SourceId> outside = Set.copyOf(sources(firmware.texts("external")));
    return devices.stream()
        .map(device -> outside.contains(device.sid()) ? device.atExternalPort() : device)
        .toList();
  }

  /** Firmware gives memory windows to devices, each at a multiple of its size, from below 4 GiB. */
  private List<PciDevice> windows(List<PciDevice> devices) throws Complaint {
    var bars = new LinkedHashMap<SourceId, List<AddressRange>>();
    long next = FIRST_BAR;
    for (Arguments bar : firmware.list("bars", BootFields.BAR)) {
      SourceId device = state.device(bar.text("device"));
      long bytes = bar.number("bytes");
      if (Long.bitCount(bytes) != 1 || bytes < 4096 || bytes > LARGEST_BAR) {
        throw new Complaint(
            "linux.boot: \"bytes\" of a bar is a power of two, 4 KiB to 16 MiB",
            "linux.boot：BAR 的 \"bytes\" 必须是 2 的幂，从 4 KiB 到 16 MiB");
      }
      next = next + bytes - 1 & -bytes;
      var ranges = new ArrayList<>(bars.getOrDefault(device, List.of()));
      ranges.add(AddressRange.ofSize(next, bytes));
      bars.put(device, ranges);
      next += bytes;
    }
    return devices.stream()
        .map(
            device ->
                bars.containsKey(device.sid())
                    ? device.withBars(bars.getOrDefault(device.sid(), List.of()))
                    : device)
        .toList();
  }
}
