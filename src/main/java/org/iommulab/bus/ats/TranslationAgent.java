package org.iommulab.bus.ats;

import org.iommulab.bus.SourceId;

/** What an endpoint can say to the remapping unit above it, by its PCI Express name. */
public interface TranslationAgent {

  /**
   * What became of a page request.
   *
   * @param fault number of the failed check, 0 if none failed; no part of any message, but for
   *     those who look on
   */
  record Receipt(Fate fate, int fault) {}

  /** What becomes of a page request. */
  enum Fate {
    /** It waits in the queue for software. */
    QUEUED("queued"),
    /** The queue is full; it is lost. */
    OVERFLOW("overflow"),
    /** The endpoint may not ask; a fault tells software. */
    REFUSED("refused");

    private final String word;

    Fate(String word) {
      this.word = word;
    }

    /** The word used in scripts. */
    public String word() {
      return word;
    }
  }

  /** Asks where addresses lead. */
  TranslationCompletion translate(TranslationRequest request);

  /** An invalidation was carried out. */
  void invalidationCompleted(SourceId source, int tag);

  /** Asks for a page; the answer comes by {@link AtsEndpoint#pageGroupResponse}. */
  Receipt request(PageRequestMessage message);
}
