package org.iommulab.ui.view.path;

import java.util.List;

/**
 * The part of an address space around the address of a request.
 *
 * @param domain the domain whose space it is
 * @param first lowest address shown
 * @param last highest address shown
 * @param selected the address of the request
 * @param runs what is mapped or reserved there, ascending
 */
record Band(int domain, long first, long last, long selected, List<Run> runs) {

  Band {
    runs = List.copyOf(runs);
  }

  /** What a run of addresses is. */
  enum Kind {
    /** Mapped, may be read and written. */
    READ_WRITE,
    /** Mapped, may be read only. */
    READ_ONLY,
    /** Mapped, may be written only. */
    WRITE_ONLY,
    /** No longer mapped: the last command cleared it. */
    CLEARED,
    /** Not to be mapped: interrupt window or reserved by firmware. */
    RESERVED
  }

  /**
   * Neighbouring addresses that are alike.
   *
   * @param first lowest address
   * @param last highest address
   * @param kind what they are
   * @param changed whether the last command changed an entry of them
   */
  record Run(long first, long last, Kind kind, boolean changed) {}

  /** Where an address lies on the band, from 0 to 1. */
  double position(long address) {
    double whole = (double) (last - first) + 1;
    return Math.clamp((address - first) / whole, 0, 1);
  }
}
