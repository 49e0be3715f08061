package org.iommulab.linux.boot.choice;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.iommulab.linux.boot.Era;

/**
 * In which order a boot asks for providers of DMA. Up to Linux 5.17 each provider put an entry into
 * a table that was sorted by what depends on what; later kernels call the functions one by one.
 */
public final class DetectionOrder {

  private static final String XEN = "pci_xen_swiotlb_detect";
  static final String OVERRIDE = "pci_swiotlb_detect_override";
  static final String FOUR_GIB = "pci_swiotlb_detect_4gb";
  private static final String GART = "gart_iommu_hole_init";
  private static final String AMD = "amd_iommu_detect";
  private static final String CALGARY = "detect_calgary";

  /** VT-d's. */
  public static final String INTEL = "detect_intel_iommu";

  private DetectionOrder() {}

  /** The providers of a kernel of that age, as they are asked. */
  static List<Hook> of(Era era) {
    return era.atLeast(Era.V5_19)
        ? List.of(
            hook("pci_swiotlb_detect", ""),
            hook(GART, "pci_swiotlb_detect"),
            hook(AMD, GART),
            hook(INTEL, AMD))
        : sort(table(era));
  }

  private static Hook hook(String detect, String depends) {
    return new Hook(detect, depends, false, false);
  }

  /** The section {@code .iommu_table} as the linker left it: in no order that means anything. */
  private static List<Hook> table(Era era) {
    var table = new ArrayList<Hook>();
    table.add(hook(INTEL, FOUR_GIB));
    table.add(new Hook(AMD, GART, true, false));
    table.add(hook(GART, FOUR_GIB));
    if (!era.atLeast(Era.V5_7)) {
      table.add(hook(CALGARY, FOUR_GIB));
    }
    table.add(hook(XEN, ""));
    table.add(hook(FOUR_GIB, OVERRIDE));
    table.add(new Hook(OVERRIDE, XEN, true, false));
    return table;
  }

  /**
   * {@code sort_iommu_table()}: every entry comes behind the one it depends on; entries that do not
   * depend on each other come in the order the kernels' builds gave them.
   */
  static List<Hook> sort(List<Hook> table) {
    var left = new ArrayList<>(table);
    var sorted = new ArrayList<Hook>();
    while (!left.isEmpty()) {
      Hook next =
          left.stream()
              .filter(hook -> left.stream().noneMatch(o -> o.detect().equals(hook.depends())))
              .min(Comparator.comparingInt(DetectionOrder::rank))
              .orElse(left.getFirst());
      left.remove(next);
      sorted.add(next);
    }
    return sorted;
  }

  private static int rank(Hook hook) {
    return List.of(XEN, OVERRIDE, FOUR_GIB, GART, AMD, CALGARY, INTEL).indexOf(hook.detect());
  }

  /**
   * Sorts entries given by the names of their functions; empty if one is not known to a kernel of
   * that age.
   */
  public static List<String> sort(Era era, List<String> functions) {
    List<Hook> known = of(era);
    var table = new ArrayList<Hook>();
    for (String function : functions) {
      known.stream().filter(hook -> hook.detect().equals(function)).forEach(table::add);
    }
    return table.size() == functions.size()
        ? sort(table).stream().map(Hook::detect).toList()
        : List.of();
  }
}
