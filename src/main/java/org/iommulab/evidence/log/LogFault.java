package org.iommulab.evidence.log;

import org.jspecify.annotations.Nullable;

/**
 * One fault as the log tells it.
 *
 * @param line of the log where it begins, from 1
 * @param boot which boot of the log it belongs to, from 0
 * @param seconds since boot, or NaN
 * @param clock time of day as written, if there is one
 * @param kind what was refused
 * @param segment as printed, or null
 * @param bdf {@code bb:dd.f}, or null if it was made unreadable
 * @param address of DMA, or index of an interrupt; empty if the log does not say
 * @param pasid number, or null for none
 * @param pasidRaw as printed, or null
 * @param reason what the log says about the cause
 * @param form how the line looked
 */
public record LogFault(
    long line,
    int boot,
    double seconds,
    @Nullable String clock,
    Kind kind,
    @Nullable String segment,
    @Nullable String bdf,
    @Nullable Long address,
    @Nullable Long pasid,
    @Nullable String pasidRaw,
    Reason reason,
    Form form) {

  /** What was refused. */
  public enum Kind {
    DMA_READ("dma-read"),
    DMA_WRITE("dma-write"),
    INTERRUPT("interrupt");

    private final String word;

    Kind(String word) {
      this.word = word;
    }

    /** As in JSON. */
    public String word() {
      return word;
    }
  }

  /** Who printed it, and how. */
  public enum Form {
    /** Linux: reasons are decimal unless they have {@code 0x}. */
    LINUX,
    /** Xen: reasons are hexadecimal. */
    XEN
  }

  /** The requester with its segment, for a person. */
  public String requester() {
    return bdf == null
        ? "?"
        : segment == null || segment.equals("0000") ? bdf : segment + ":" + bdf;
  }

  /** Seconds since boot or, where the log has only the time of day, since the month began. */
  public double moment() {
    return Clock.moment(seconds, clock);
  }

  LogFault because(Reason found) {
    return new LogFault(
        line, boot, seconds, clock, kind, segment, bdf, address, pasid, pasidRaw, found, form);
  }
}
