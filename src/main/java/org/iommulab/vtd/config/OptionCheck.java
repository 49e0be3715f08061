package org.iommulab.vtd.config;

import static org.iommulab.vtd.config.MachineOption.DEVICE_IOTLB;
import static org.iommulab.vtd.config.MachineOption.DMA_DRAIN;
import static org.iommulab.vtd.config.MachineOption.EIM;
import static org.iommulab.vtd.config.MachineOption.FSTS;
import static org.iommulab.vtd.config.MachineOption.INTREMAP;
import static org.iommulab.vtd.config.MachineOption.PASID;
import static org.iommulab.vtd.config.MachineOption.PASS_THROUGH;
import static org.iommulab.vtd.config.MachineOption.SCALABLE;
import static org.iommulab.vtd.config.MachineOption.STALE_TM;
import static org.iommulab.vtd.config.MachineOption.SVM;

import java.util.List;
import java.util.Optional;

/** What the keys of a machine line need of each other; answers are sentences. */
final class OptionCheck {

  private static final int WIDEST_PASID = 20;

  /** One condition and what is said where it does not hold. */
  private record Rule(boolean holds, String sentence) {}

  static Optional<String> spec(MachineOptions options) {
    return first(
        any(options),
        List.of(
            new Rule(
                !options.has(SCALABLE) || options.has(DMA_DRAIN),
                "\"scalable\" needs \"dma_drain\"")));
  }

  static Optional<String> of72(MachineOptions options) {
    return first(
        any(options),
        List.of(
            new Rule(
                !options.has(FSTS)
                    && !options.has(SVM)
                    && !options.has(STALE_TM)
                    && options.pasidBits() == 0
                    && options.version() == 0,
                "QEMU 7.2 knows none of \"fsts\", \"svm\", \"stale_tm\", \"pasid_bits\" and"
                    + " \"version\"; the profile \"qemu-11.1\" does"),
            new Rule(
                !options.has(PASID) || !options.has(DEVICE_IOTLB),
                "\"pasid\" does not go with \"device_iotlb\" in QEMU 7.2"),
            new Rule(
                !options.has(SCALABLE) || options.has(DMA_DRAIN),
                "\"scalable\" needs \"dma_drain\"")));
  }

  static Optional<String> of111(MachineOptions options) {
    return first(
        any(options),
        List.of(
            new Rule(
                options.awBits() == 39 || options.awBits() == 48,
                "\"aw_bits\" must be 39 or 48 in QEMU 11.1, not " + options.awBits()),
            new Rule(
                !options.has(FSTS) || options.awBits() == 48,
                "\"fsts\" needs \"aw_bits\" 48 in QEMU 11.1, not " + options.awBits()),
            new Rule(
                options.has(DMA_DRAIN), "QEMU 11.1 always drains; leave out \"dma_drain\":false"),
            new Rule(
                options.has(PASS_THROUGH),
                "QEMU 11.1 always passes through; leave out \"pass_through\":false"),
            new Rule(
                !options.has(EIM) || options.has(INTREMAP),
                "\"eim\" needs \"intremap\" in QEMU 11.1")));
  }

  private static List<Rule> any(MachineOptions options) {
    boolean pasids = options.has(PASID) || options.pasidBits() > 0;
    return List.of(
        new Rule(!pasids || options.has(SCALABLE), "PASIDs need \"scalable\""),
        new Rule(
            options.pasidBits() >= 0 && options.pasidBits() <= WIDEST_PASID,
            "\"pasid_bits\" must be between 0 and 20, not " + options.pasidBits()),
        new Rule(!options.has(FSTS) || options.has(SCALABLE), "\"fsts\" needs \"scalable\""),
        new Rule(
            !options.has(SVM) || (options.has(DEVICE_IOTLB) && options.has(FSTS) && pasids),
            "\"svm\" needs \"device_iotlb\", \"fsts\" and \"pasid_bits\""));
  }

  private static Optional<String> first(List<Rule> common, List<Rule> own) {
    for (Rule rule : common) {
      if (!rule.holds()) {
        return Optional.of(rule.sentence());
      }
    }
    return own.stream().filter(rule -> !rule.holds()).map(Rule::sentence).findFirst();
  }

  private OptionCheck() {}
}
