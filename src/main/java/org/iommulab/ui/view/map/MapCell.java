package org.iommulab.ui.view.map;

import java.util.Locale;
import org.iommulab.vtd.tables.EntryRights;

/**
 * One entry of the table on show.
 *
 * @param index its place in the table, 0 to 511
 * @param iova first address it translates
 * @param span bytes it translates
 * @param kind what is there
 * @param rights what the way there allows
 * @param mapped bytes mapped under it
 * @param target where a page leads, or the next table; 0 if neither
 * @param entry physical address of the entry
 * @param changed the last command changed it, or a table right under it
 * @param reserved why no mapping may be here, or null
 */
record MapCell(
    int index,
    long iova,
    long span,
    Kind kind,
    EntryRights rights,
    long mapped,
    long target,
    long entry,
    boolean changed,
    Reserved reserved) {

  /** What an entry leads to. */
  enum Kind {
    /** Nothing. */
    FREE,
    /** A table: part of it may be mapped. */
    TABLE,
    /** One page. */
    PAGE,
    /** Something a walk stops at with a fault. */
    BROKEN
  }

  /** Addresses that no mapping may use. */
  enum Reserved {
    /** None of them. */
    NO,
    /** Interrupt requests. */
    MSI,
    /** Memory that firmware keeps for a device, mapped one to one. */
    DIRECT,
    /** Whatever else the platform reserves. */
    OTHER
  }

  /** Last address it translates. */
  long last() {
    return iova + span - 1;
  }

  /** Share of its bytes that is mapped, 0 to 1. */
  double share() {
    return Math.clamp((double) mapped / span, 0, 1);
  }

  /** Tells whether it can be looked into. */
  boolean opens() {
    return kind == Kind.TABLE;
  }

  /** What its colour and stripes tell. */
  enum Tone {
    FREE,
    RESERVED,
    BROKEN,
    TABLE_RW,
    TABLE_R,
    TABLE_W,
    PAGE_RW,
    PAGE_R,
    PAGE_W;

    /** Style class of the box, {@code table-rw}. */
    String styleClass() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  /** What its colour and stripes tell. */
  Tone tone() {
    return switch (kind) {
      case FREE -> reserved == Reserved.NO ? Tone.FREE : Tone.RESERVED;
      case BROKEN -> Tone.BROKEN;
      case TABLE -> tone(Tone.TABLE_RW, Tone.TABLE_R, Tone.TABLE_W);
      case PAGE -> tone(Tone.PAGE_RW, Tone.PAGE_R, Tone.PAGE_W);
    };
  }

  private Tone tone(Tone both, Tone readOnly, Tone writeOnly) {
    if (rights.read()) {
      return rights.write() ? both : readOnly;
    }
    return rights.write() ? writeOnly : Tone.FREE;
  }
}
