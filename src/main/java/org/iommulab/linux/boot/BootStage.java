package org.iommulab.linux.boot;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** How far a boot has come: named after the kernel function that has just returned. */
public enum BootStage {
  /** Providers are detected, SWIOTLB has its pool; a function pointer is all there is of VT-d. */
  PCI_IOMMU_ALLOC,
  /** The DMAR table is parsed, the units are known. */
  DMAR_TABLE_INIT,
  /** First pass over the units: invalidation queues run, root tables exist. */
  INTEL_IOMMU_INIT_QI,
  /** Second pass: root tables are in the hardware, caches are flushed. */
  IOMMU_SET_ROOT_ENTRY,
  /** Third pass: faults are reported. */
  DMAR_SET_INTERRUPT,
  /** Every device has its group and default domain; the tables are full, the hardware is idle. */
  BUS_IOMMU_PROBE,
  /** Translation is on. */
  IOMMU_ENABLE_TRANSLATION,
  /** The kernel is up. */
  PCI_IOMMU_INIT;

  /** The function's name. */
  public String function() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The stage after that function. */
  public static Optional<BootStage> of(String function) {
    return Arrays.stream(values()).filter(stage -> stage.function().equals(function)).findFirst();
  }

  /** All functions, in order. */
  public static List<String> functions() {
    return Arrays.stream(values()).map(BootStage::function).toList();
  }
}
