package org.iommulab.bus.ats;

import java.util.List;

/**
 * The answer to a translation request.
 *
 * @param status how it went
 * @param entries contiguous translations of one size from the requested address on; only with
 *     success, then at least one
 * @param fault number of the failed check, 0 if none failed; no part of the message, but for those
 *     who look on
 */
public record TranslationCompletion(Status status, List<TranslationEntry> entries, int fault) {

  /** The completion status. */
  public enum Status {
    SUCCESS("success"),
    /** The endpoint may not use ATS here. */
    UNSUPPORTED_REQUEST("ur"),
    /** The translation structures are broken. */
    COMPLETER_ABORT("ca");

    private final String word;

    Status(String word) {
      this.word = word;
    }

    /** The word used in scripts. */
    public String word() {
      return word;
    }
  }

  public TranslationCompletion {
    entries = List.copyOf(entries);
  }

  /** Granted. */
  public static TranslationCompletion of(List<TranslationEntry> entries) {
    return new TranslationCompletion(Status.SUCCESS, entries, 0);
  }

  /** Refused. */
  public static TranslationCompletion of(Status status, int fault) {
    return new TranslationCompletion(status, List.of(), fault);
  }
}
