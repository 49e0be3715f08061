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
import org.iommulab.words.Bilingual;

/** What the keys of a machine line need of each other; answers are sentences. */
final class OptionCheck {

  private static final int WIDEST_PASID = 20;

  /** One condition and what is said where it does not hold. */
  private record Rule(boolean holds, Bilingual sentence) {

    Rule(boolean holds, String english, String chinese, Object... arguments) {
      this(holds, Bilingual.of(english, chinese, arguments));
    }
  }

  static Optional<Bilingual> spec(MachineOptions options) {
    return first(
        any(options),
        List.of(
            new Rule(
                !options.has(SCALABLE) || options.has(DMA_DRAIN),
                "\"scalable\" needs \"dma_drain\"",
                "\"scalable\" 需要 \"dma_drain\"")));
  }

  static Optional<Bilingual> of72(MachineOptions options) {
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
                    + " \"version\"; the profile \"qemu-11.1\" does",
                "QEMU 7.2 不认识 \"fsts\"、\"svm\"、\"stale_tm\"、\"pasid_bits\" 和 \"version\"；机型配置"
                    + " \"qemu-11.1\" 认识"),
            new Rule(
                !options.has(PASID) || !options.has(DEVICE_IOTLB),
                "\"pasid\" does not go with \"device_iotlb\" in QEMU 7.2",
                "在 QEMU 7.2 中，\"pasid\" 不能与 \"device_iotlb\" 同用"),
            new Rule(
                !options.has(SCALABLE) || options.has(DMA_DRAIN),
                "\"scalable\" needs \"dma_drain\"",
                "\"scalable\" 需要 \"dma_drain\"")));
  }

  static Optional<Bilingual> of111(MachineOptions options) {
    return first(
        any(options),
        List.of(
            new Rule(
                options.awBits() == 39 || options.awBits() == 48,
                "\"aw_bits\" must be 39 or 48 in QEMU 11.1, not %d",
                "在 QEMU 11.1 中，\"aw_bits\" 必须是 39 或 48，而不是 %d",
                options.awBits()),
            new Rule(
                !options.has(FSTS) || options.awBits() == 48,
                "\"fsts\" needs \"aw_bits\" 48 in QEMU 11.1, not %d",
                "在 QEMU 11.1 中，\"fsts\" 要求 \"aw_bits\" 为 48，而不是 %d",
                options.awBits()),
            new Rule(
                options.has(DMA_DRAIN),
                "QEMU 11.1 always drains; leave out \"dma_drain\":false",
                "QEMU 11.1 总是排空；请去掉 \"dma_drain\":false"),
            new Rule(
                options.has(PASS_THROUGH),
                "QEMU 11.1 always passes through; leave out \"pass_through\":false",
                "QEMU 11.1 总是支持直通；请去掉 \"pass_through\":false"),
            new Rule(
                !options.has(EIM) || options.has(INTREMAP),
                "\"eim\" needs \"intremap\" in QEMU 11.1",
                "在 QEMU 11.1 中，\"eim\" 需要 \"intremap\"")));
  }

  private static List<Rule> any(MachineOptions options) {
    boolean pasids = options.has(PASID) || options.pasidBits() > 0;
    return List.of(
        new Rule(
            !pasids || options.has(SCALABLE), "PASIDs need \"scalable\"", "PASID 需要 \"scalable\""),
        new Rule(
            options.pasidBits() >= 0 && options.pasidBits() <= WIDEST_PASID,
            "\"pasid_bits\" must be between 0 and 20, not %d",
            "\"pasid_bits\" 必须在 0 到 20 之间，而不是 %d",
            options.pasidBits()),
        new Rule(
            !options.has(FSTS) || options.has(SCALABLE),
            "\"fsts\" needs \"scalable\"",
            "\"fsts\" 需要 \"scalable\""),
        new Rule(
            !options.has(SVM) || (options.has(DEVICE_IOTLB) && options.has(FSTS) && pasids),
            "\"svm\" needs \"device_iotlb\", \"fsts\" and \"pasid_bits\"",
            "\"svm\" 需要 \"device_iotlb\"、\"fsts\" 和 \"pasid_bits\""));
  }

  private static Optional<Bilingual> first(List<Rule> common, List<Rule> own) {
    for (Rule rule : common) {
      if (!rule.holds()) {
        return Optional.of(rule.sentence());
      }
    }
    return own.stream().filter(rule -> !rule.holds()).map(Rule::sentence).findFirst();
  }

  private OptionCheck() {}
}
