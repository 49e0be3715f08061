package org.iommulab.linux.boot.choice;

import java.util.ArrayList;
import java.util.List;
import org.iommulab.linux.boot.BootPolicy;
import org.iommulab.linux.boot.CommandLine;
import org.iommulab.linux.boot.Era;
import org.iommulab.linux.boot.choice.BootChoice.DefaultDomain;
import org.iommulab.linux.boot.choice.BootChoice.Driver;
import org.iommulab.linux.boot.choice.BootChoice.Invalidation;
import org.iommulab.linux.boot.choice.BootChoice.Phase;
import org.iommulab.linux.boot.choice.BootChoice.Pool;
import org.iommulab.linux.swiotlb.SwiotlbOptions;
import org.jspecify.annotations.Nullable;

/** One boot, decided step by step in the order in which the kernel does. */
final class Decision {

  private static final String BY_COMMAND_LINE = " (set via kernel command line)";

  private final CommandLine line;
  private final SwiotlbOptions swiotlb;
  private final Kconfig kconfig;
  private final Firmware firmware;
  private final Era era;
  private final List<BootChoice.Line> lines = new ArrayList<>();
  private final List<Reason> reasons = new ArrayList<>();
  private boolean noIommu;
  private boolean dmarDisabled;
  private boolean passthrough;
  private boolean strict;
  private boolean poolWanted;
  private boolean poolAllocated;

  Decision(String cmdline, Kconfig kconfig, Firmware firmware, Era era) {
    // Without the driver nobody parses its parameter, so nothing is printed about it.
    this.line =
        CommandLine.parse(
            cmdline,
            era,
            text -> {
              if (kconfig.intelIommu()) {
                print(Phase.PARAMETERS, text);
              }
            });
    this.swiotlb = SwiotlbOptions.parse(line.swiotlb(), era.atLeast(Era.V6_1));
    this.kconfig = kconfig;
    this.firmware = firmware;
    this.era = era;
    noIommu = line.iommuOff();
    dmarDisabled = !orElse(line.intelIommu(), kconfig.defaultOn());
  }

  private static boolean orElse(@Nullable Boolean given, boolean rest) {
    return given == null ? rest : given;
  }

  private void print(Phase phase, String text) {
    lines.add(new BootChoice.Line(phase, text));
  }

  private void because(String subject, String chosen, String why) {
    reasons.add(new Reason(subject, chosen, why));
  }

  BootChoice decide() {
    boolean skipped = detect();
    subsystem();
    Driver driver = skipped ? skip() : driver();
    boolean on = driver == Driver.ON;
    boolean wantsScalable = orElse(line.scalableAsked(), kconfig.scalableDefaultOn());
    var policy = new BootPolicy(on, passthrough, strict, wantsScalable);
    DefaultDomain domain = on ? defaultDomain() : DefaultDomain.NONE;
    Invalidation invalidation = on ? invalidation(domain) : Invalidation.NONE;
    if (on) {
      print(Phase.DRIVER, "DMAR: Intel(R) Virtualization Technology for Directed I/O");
    }
    Pool pool = pool(on);
    return new BootChoice(
        driver,
        domain,
        invalidation,
        pool,
        swiotlb.force() && pool == Pool.KEPT,
        swiotlb,
        kconfig.swiotlbDynamic() && era.atLeast(Era.V6_12) && pool != Pool.NEVER,
        line.superpages(),
        scalable(),
        line.gfxMapped(),
        line.forceDac(),
        kconfig.intelIommu(),
        firmware.dmarTable() && kconfig.intelIommu() && !skipped,
        policy,
        hooks(),
        reasons,
        lines);
  }

  // ---- early: pci_iommu_alloc() ---------------------------------------------------------------

  /** Looks for providers; true if a software option ended the search before VT-d. */
  private boolean detect() {
    boolean force = swiotlb.force();
    boolean hooks = !era.atLeast(Era.V5_19);
    boolean finishes = hooks && (line.softwareOnly() || force);
    poolWanted =
        line.softwareOnly() || (!noIommu && firmware.highMemory()) || firmware.memoryEncryption();
    if (hooks) {
      poolWanted |= force;
    }
    poolAllocated = (poolWanted || force) && !swiotlb.noforce();
    if (finishes) {
      because(
          "detection",
          "ends at SWIOTLB",
          (line.softwareOnly() ? "iommu=soft" : "swiotlb=force") + " is asked before VT-d");
    }
    return finishes;
  }

  /** Who is asked, and who answers. */
  private List<Hook> hooks() {
    var asked = new ArrayList<Hook>();
    boolean over = false;
    for (Hook hook : DetectionOrder.of(era)) {
      boolean there = !over && detects(hook.detect());
      asked.add(hook.found(there));
      over |= there && hook.finishes();
    }
    return asked;
  }

  private boolean detects(String function) {
    return switch (function) {
      case DetectionOrder.OVERRIDE -> line.softwareOnly() || swiotlb.force();
      case DetectionOrder.FOUR_GIB -> firmware.highMemory() && !line.iommuOff();
      case "pci_swiotlb_detect" -> poolWanted;
      case DetectionOrder.INTEL -> firmware.dmarTable() && kconfig.intelIommu();
      default -> false;
    };
  }

  private Driver skip() {
    because("driver", "skipped", "the search for providers had ended");
    return Driver.SKIPPED;
  }

  // ---- iommu_subsys_init() --------------------------------------------------------------------

  private void subsystem() {
    Boolean asked = line.passthrough();
    passthrough = asked == null ? kconfig.passthrough() : asked;
    String why = asked == null ? "the Kconfig default" : "the command line";
    if (asked == null && passthrough && firmware.memoryEncryption()) {
      print(
          Phase.POLICY, "iommu: Memory encryption detected - Disabling default IOMMU Passthrough");
      passthrough = false;
      why = "memory is encrypted";
    }
    because("default domain type", passthrough ? "Passthrough" : "Translated", why);
    print(
        Phase.POLICY,
        "iommu: Default domain type: "
            + (passthrough ? "Passthrough" : "Translated")
            + (asked != null ? BY_COMMAND_LINE : ""));
    boolean common = era.atLeast(Era.V5_15);
    Boolean askedStrict = line.commonStrict();
    strict = common ? orElse(askedStrict, kconfig.strict()) : false;
    strict |= line.intelStrict();
    if (common && !passthrough) {
      print(
          Phase.POLICY,
          "iommu: DMA domain TLB invalidation policy: "
              + (strict ? "strict" : "lazy")
              + " mode"
              + (askedStrict != null ? BY_COMMAND_LINE : ""));
    }
  }

  // ---- intel_iommu_init() ---------------------------------------------------------------------

  private Driver driver() {
    if (!kconfig.intelIommu()) {
      because("driver", "absent", "CONFIG_INTEL_IOMMU is not set");
      return Driver.ABSENT;
    }
    if (!firmware.dmarTable()) {
      because("driver", "absent", "firmware has no DMAR table (VT-d is off there)");
      return tbootForces() ? Driver.PANIC : Driver.ABSENT;
    }
    if (tbootForces()) {
      forceOn("tboot launched the kernel", tbootPrefix() + "Forcing Intel-IOMMU to enabled");
    } else if (optInForces()) {
      // Off by default means nobody asked for translation: only untrusted devices get it.
      passthrough |= dmarDisabled;
      forceOn(
          "the DMAR table opts in and there is an external port",
          "DMAR: Intel-IOMMU force enabled due to platform opt in");
    }
    if (noIommu) {
      because("driver", "disabled", "iommu=off");
      return Driver.DISABLED;
    }
    if (dmarDisabled) {
      because(
          "driver",
          "disabled",
          line.intelIommu() == null
              ? "Kconfig leaves it off without a parameter"
              : "intel_iommu=off");
      return Driver.DISABLED;
    }
    because("driver", "on", line.intelIommu() == null ? "Kconfig, or forced" : "intel_iommu=on");
    return Driver.ON;
  }

  private boolean tbootForces() {
    return firmware.tboot() && !line.tbootNoforce();
  }

  private String tbootPrefix() {
    return era.atLeast(Era.V5_19) ? "DMAR: " : "tboot: ";
  }

  private boolean optInForces() {
    return firmware.platformOptIn() && firmware.externalPort() && !line.noPlatformOptIn();
  }

  private void forceOn(String why, String message) {
    if (noIommu || dmarDisabled) {
      print(Phase.OVERRIDE, message);
      because("driver", "forced on", why);
    }
    noIommu = false;
    dmarDisabled = false;
  }

  private boolean scalable() {
    return firmware.scalableMode() && orElse(line.scalableAsked(), kconfig.scalableDefaultOn());
  }

  private DefaultDomain defaultDomain() {
    if (!passthrough) {
      return DefaultDomain.TRANSLATED;
    }
    if (firmware.passThrough()) {
      because("default domain", "pass-through contexts", "the units have ECAP.PT");
      return DefaultDomain.PASS_THROUGH;
    }
    boolean tables = !era.atLeast(Era.V6_12);
    because(
        "default domain",
        tables ? "one-to-one tables over all memory" : "translated",
        "the units lack ECAP.PT");
    return tables ? DefaultDomain.IDENTITY_TABLES : DefaultDomain.TRANSLATED;
  }

  private Invalidation invalidation(DefaultDomain domain) {
    boolean virtual = firmware.cachingMode() && !scalable() && era.atLeast(Era.V5_12);
    if (virtual && !strict) {
      strict = true;
      print(
          Phase.DRIVER,
          "DMAR: IOMMU batching "
              + (era.atLeast(Era.V5_15) ? "disallowed" : "is disabled")
              + " due to virtualization");
      because("invalidation", "strict", "a unit in caching mode makes every flush expensive");
    } else {
      because("invalidation", strict ? "strict" : "lazy", invalidationReason());
    }
    if (domain == DefaultDomain.PASS_THROUGH) {
      return Invalidation.NONE;
    }
    return strict ? Invalidation.STRICT : Invalidation.LAZY;
  }

  private String invalidationReason() {
    if (line.intelStrict()) {
      return "intel_iommu=strict";
    }
    if (line.commonStrict() == null) {
      return "the Kconfig default";
    }
    return era.atLeast(Era.V5_15)
        ? "iommu.strict"
        : "iommu.strict does not reach Intel's own DMA operations in this kernel";
  }

  // ---- late: pci_iommu_init() -----------------------------------------------------------------

  private Pool pool(boolean on) {
    if (!poolAllocated) {
      because(
          "SWIOTLB",
          "no pool",
          swiotlb.noforce()
              ? "swiotlb=noforce"
              : noIommu ? "iommu=off" : "all memory lies below 4 GiB");
      return Pool.NEVER;
    }
    boolean needless = !firmware.externalPort() || line.noBounce();
    if (on && needless && !era.atLeast(Era.V5_9)) {
      because("SWIOTLB", "pool freed", "VT-d works, and no device is untrusted");
      return Pool.FREED;
    }
    if (poolWanted) {
      print(Phase.LATE, "PCI-DMA: Using software bounce buffering for IO (SWIOTLB)");
    }
    because("SWIOTLB", "pool kept", poolWanted ? poolReason() : "swiotlb=force");
    return Pool.KEPT;
  }

  private String poolReason() {
    if (line.softwareOnly()) {
      return "iommu=soft";
    }
    return firmware.highMemory() ? "memory lies above 4 GiB" : "memory is encrypted";
  }
}
