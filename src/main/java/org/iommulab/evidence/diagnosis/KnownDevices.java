package org.iommulab.evidence.diagnosis;

import java.util.Set;

/**
 * Devices whose habits are known by their number. Source: diagnosis.md 3; Linux {@code
 * drivers/pci/quirks.c}, {@code drivers/iommu/intel/iommu.c}.
 */
final class KnownDevices {

  /** DMA with another function's number: {@code quirk_dma_func1_alias}, {@code func0_alias}. */
  private static final Set<String> PHANTOM =
      Set.of(
          "1b4b:9120",
          "1b4b:9123",
          "1b4b:9125",
          "1b4b:9128",
          "1b4b:9130",
          "1b4b:9170",
          "1b4b:9172",
          "1b4b:917a",
          "1b4b:9182",
          "1b4b:9183",
          "1b4b:91a0",
          "1b4b:9215",
          "1b4b:9220",
          "1b4b:9230",
          "1b4b:9235",
          "1103:0642",
          "1103:0645",
          "1c28:0122",
          "1180:e832",
          "1180:e476",
          "6766:3d40",
          "6766:3d41");

  /** Bridges that put their own number on requests: {@code quirk_use_pcie_bridge_dma_alias}. */
  private static final Set<String> ALIASING =
      Set.of("1b21:1080", "10e3:8113", "1283:8892", "1283:8893", "8086:244e");

  /** Host bridges whose graphics cannot live behind the unit: {@code quirk_iommu_igfx}. */
  private static final Set<String> OLD_GRAPHICS =
      Set.of(
          "8086:2a40",
          "8086:2e00",
          "8086:2e10",
          "8086:2e20",
          "8086:2e30",
          "8086:2e40",
          "8086:2e90",
          "8086:0040",
          "8086:0044",
          "8086:0062",
          "8086:006a");

  private KnownDevices() {}

  static boolean usesOtherFunctions(String ids) {
    return PHANTOM.contains(ids);
  }

  static boolean isAliasingBridge(String ids) {
    return ALIASING.contains(ids);
  }

  static boolean isHostOfOldGraphics(String ids) {
    return OLD_GRAPHICS.contains(ids);
  }
}
