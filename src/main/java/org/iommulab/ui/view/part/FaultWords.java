package org.iommulab.ui.view.part;

import org.iommulab.vtd.layout.FaultReason;

/** What a fault reason is called and what it means, in the language in use. */
public final class FaultWords {

  private FaultWords() {}

  /** {@code No write permission}. */
  public static Phrase text(FaultReason reason) {
    return Phrase.translated("fault." + reason.name() + ".text", reason.text());
  }

  /** What must have happened, one sentence. */
  public static Phrase cause(FaultReason reason) {
    return Phrase.translated("fault." + reason.name() + ".cause", reason.cause());
  }
}
