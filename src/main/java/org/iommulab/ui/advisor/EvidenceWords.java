package org.iommulab.ui.advisor;

import java.util.Locale;
import org.iommulab.lab.advice.Evidence;
import org.iommulab.ui.Hex;
import org.iommulab.ui.Texts;

/** What the advisor points at, in the language of the window. */
final class EvidenceWords {

  private EvidenceWords() {}

  static String of(Texts texts, Evidence evidence) {
    String key = evidence.kind().name().toLowerCase(Locale.ROOT).replace('_', '-');
    return switch (evidence.kind()) {
      case COMMAND -> texts.get("advisor.evidence." + key, evidence.value());
      case REGISTER -> evidence.text();
      case ENTRY, CACHE_LINE, DESCRIPTOR, MAPPING ->
          texts.get("advisor.evidence." + key, Hex.group(evidence.value()));
    };
  }
}
