package org.iommulab.linux;

import org.iommulab.linux.boot.BootStage;
import org.iommulab.linux.boot.DmarFacts;
import org.iommulab.linux.boot.KernelParts;
import org.iommulab.linux.boot.choice.BootChoice;
import org.iommulab.linux.boot.choice.BootChoice.Driver;
import org.iommulab.linux.boot.choice.BootChoice.Phase;
import org.iommulab.linux.dma.DmaApi;
import org.iommulab.linux.dma.DmaBoot;
import org.iommulab.linux.intel.IntelBoot;
import org.iommulab.linux.iommu.IommuSubsystem;
import org.iommulab.linux.time.Timers;
import org.jspecify.annotations.Nullable;

/**
 * A boot as far as DMA goes: providers are detected early, the driver runs late. It can stop after
 * any stage and go on later.
 */
final class BootSequence {

  private final KernelParts parts;
  private final Platform platform;
  private final BootChoice choice;
  private final IommuSubsystem iommu;
  private final DmaBoot dmaBoot;
  private DmaApi dma;
  private @Nullable IntelBoot intel;
  private @Nullable String problem;
  private BootStage done = BootStage.PCI_IOMMU_ALLOC;
  private int knownDevices;

  /** Begins: the parsers have run, providers are detected. */
  BootSequence(
      KernelParts parts,
      Platform platform,
      BootChoice choice,
      IommuSubsystem iommu,
      Timers timers,
      BootOptions.Launch launch) {
    this.parts = parts;
    this.platform = platform;
    this.choice = choice;
    this.iommu = iommu;
    print(Phase.PARAMETERS);
    dmaBoot = new DmaBoot(parts, timers, choice, launch.cpus(), launch.shadowOnFlush());
    problem = detect();
    print(Phase.POLICY);
    dma = dmaBoot.api(iommu, platform.devices());
  }

  private void print(Phase phase) {
    choice.printed(phase).forEach(parts.log()::print);
  }

  /** {@code detect_intel_iommu()}; answers why there will be no driver. */
  private @Nullable String detect() {
    DmarFacts dmar = platform.dmar();
    if (choice.driver() == Driver.SKIPPED) {
      return "iommu=soft or swiotlb=force ended the search before VT-d, as in kernels up to 5.17";
    }
    if (!choice.driverBuilt()) {
      return "the kernel was built without CONFIG_INTEL_IOMMU";
    }
    if (dmar == null) {
      return "firmware has no DMAR table";
    }
    var found = IntelBoot.detect(parts, iommu, dmar, platform.mmio(), platform.devices());
    if (!found.found()) {
      return "no remapping unit answers where the DMAR table says";
    }
    intel = found;
    return null;
  }

  /** Goes on until a stage has been done. */
  void run(BootStage last) {
    if (done.compareTo(last) >= 0) {
      return;
    }
    if (done == BootStage.PCI_IOMMU_ALLOC) {
      print(Phase.OVERRIDE);
      panicIfLaunchIsUnprotected();
    }
    IntelBoot driver = intel;
    if (driver != null && problem == null) {
      problem = driver.init(last);
    }
    done = last;
    if (iommu.devices().size() != knownDevices) {
      knownDevices = iommu.devices().size();
      dma = dmaBoot.api(iommu, platform.devices());
    }
    if (last == BootStage.PCI_IOMMU_INIT) {
      dmaBoot.finish(translating());
    }
  }

  private void panicIfLaunchIsUnprotected() {
    if (choice.driver() == Driver.PANIC) {
      problem = "the kernel has panicked: tboot launched it, and there is no DMAR table";
      parts.log().print("Kernel panic - not syncing: tboot: Failed to initialize DMAR table");
    }
  }

  BootStage done() {
    return done;
  }

  DmaApi dma() {
    return dma;
  }

  @Nullable IntelBoot intel() {
    return intel;
  }

  /** Why translation is not to be had; null if it is, or may yet be. */
  @Nullable String problem() {
    return problem;
  }

  boolean translating() {
    return intel != null && intel.translating();
  }

  /** What {@code pci_iommu_init()} will call, as detection left it. */
  String hook() {
    return intel == null ? "iommu_init_noop" : "intel_iommu_init";
  }
}
