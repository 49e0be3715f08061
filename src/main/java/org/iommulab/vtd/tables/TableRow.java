package org.iommulab.vtd.tables;

/**
 * One entry of a table page, or a run of neighbouring leaf entries that continue each other.
 *
 * @param entryAddress physical address of the (first) entry
 * @param level level of the table it is in
 * @param index index of the (first) entry in its table
 * @param count number of entries merged into this row
 * @param raw the (first) entry itself
 * @param iova first input address
 * @param size input bytes covered
 * @param kind what the entry is
 * @param target the next table, or the (first) page frame
 * @param own what the entry itself allows
 * @param effective what the whole path allows
 * @param snoop SNP bit of a second-stage leaf
 * @param accessed A bit
 * @param dirty D bit
 */
public record TableRow(
    long entryAddress,
    int level,
    int index,
    int count,
    long raw,
    long iova,
    long size,
    Kind kind,
    long target,
    EntryRights own,
    EntryRights effective,
    boolean snoop,
    boolean accessed,
    boolean dirty) {

  /** What an entry is. */
  public enum Kind {
    /** Points to a table of the next level. */
    TABLE,
    /** Maps a page. */
    LEAF,
    /** Points to a table that is not in memory. */
    MISSING_TABLE,
    /** Present, but a page-size bit stands where none may be. */
    BROKEN,
    /** Not present. */
    ABSENT
  }

  /** The table page this row leads to; only for {@link Kind#TABLE}. */
  public TableNode child() {
    return new TableNode(target, level - 1, iova, effective);
  }

  /** Index of the last merged entry. */
  public int lastIndex() {
    return index + count - 1;
  }

  /** Tells whether the next entry maps what follows, in the same way. */
  boolean isContinuedBy(TableRow next) {
    return kind == Kind.LEAF
        && next.kind == Kind.LEAF
        && next.index == index + count
        && next.target == target + size
        && next.own.equals(own)
        && next.snoop == snoop
        && next.accessed == accessed
        && next.dirty == dirty;
  }

  /** With as many entries behind it that continue it. */
  TableRow plus(int more) {
    return new TableRow(
        entryAddress,
        level,
        index,
        count + more,
        raw,
        iova,
        size / count * (count + more),
        kind,
        target,
        own,
        effective,
        snoop,
        accessed,
        dirty);
  }
}
