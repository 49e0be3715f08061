package org.iommulab.vtd.tables;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * One page-table tree in memory, read when asked. A walk goes down one level with every pointer it
 * follows, so a table that points to itself or to a parent ends it like any other.
 */
public final class PageTable {

  /** Entries of a table. */
  public static final int ENTRIES = 512;

  private final TableSource source;
  private final TableKey key;
  private final EntryFormat format;

  PageTable(TableSource source, TableKey key) {
    this.source = source;
    this.key = key;
    this.format = EntryFormat.of(key.stage());
  }

  /** Which tree this is. */
  public TableKey key() {
    return key;
  }

  TableSource source() {
    return source;
  }

  /** The top table. */
  public TableNode root() {
    return new TableNode(key.root(), key.levels(), 0, EntryRights.ALL);
  }

  /** Tells whether memory holds that table page. */
  public boolean isThere(TableNode table) {
    return source.page(table.address()) != null;
  }

  /** The present entries of one table, leaves that continue each other merged. */
  public List<TableRow> rows(TableNode table) {
    var rows = new ArrayList<TableRow>();
    long[] entries = source.page(table.address());
    @Nullable TableRow last = null;
    for (int i = 0; entries != null && i < ENTRIES; i++) {
      if (!format.isPresent(entries[i])) {
        continue;
      }
      TableRow row = row(table, i, entries[i]);
      int more = row.kind() == TableRow.Kind.LEAF ? alike(entries, i, table.entrySpan()) : 0;
      i += more;
      if (last != null && last.isContinuedBy(row)) {
        last = last.plus(1 + more);
        rows.set(rows.size() - 1, last);
      } else {
        last = more == 0 ? row : row.plus(more);
        rows.add(last);
      }
    }
    return rows;
  }

  /** How many entries behind one are the same but for the page, which is the next in memory. */
  private static int alike(long[] entries, int index, long span) {
    int more = 0;
    while (index + more + 1 < ENTRIES
        && entries[index + more + 1] == entries[index + more] + span) {
      more++;
    }
    return more;
  }

  /** Number of entries of a table that are not present. */
  public int absentEntries(TableNode table) {
    long[] entries = source.page(table.address());
    int absent = ENTRIES;
    for (int i = 0; entries != null && i < ENTRIES; i++) {
      absent -= format.isPresent(entries[i]) ? 1 : 0;
    }
    return absent;
  }

  /** One entry of a table, present or not. */
  public TableRow row(TableNode table, int index) {
    long[] entries = source.page(table.address());
    return row(table, index, entries == null ? 0 : entries[index]);
  }

  private TableRow row(TableNode table, int index, long entry) {
    int level = table.level();
    TableRow.Kind kind = kind(level, entry);
    boolean leaf = kind == TableRow.Kind.LEAF;
    EntryRights own = format.rights(entry);
    return new TableRow(
        table.address() + 8L * index,
        level,
        index,
        1,
        entry,
        iova(table, index),
        table.entrySpan(),
        kind,
        leaf ? format.frame(level, entry) : format.table(entry),
        own,
        own.and(table.rights()),
        leaf && (entry & format.snoop) != 0,
        (entry & format.accessed) != 0,
        leaf && (entry & format.dirty) != 0);
  }

  private TableRow.Kind kind(int level, long entry) {
    if (!format.isPresent(entry)) {
      return TableRow.Kind.ABSENT;
    }
    if (format.isLeaf(level, entry)) {
      return TableRow.Kind.LEAF;
    }
    if (format.isBroken(level, entry)) {
      return TableRow.Kind.BROKEN;
    }
    return source.page(format.table(entry)) == null
        ? TableRow.Kind.MISSING_TABLE
        : TableRow.Kind.TABLE;
  }

  /** First input address of an entry; the upper half of a first-stage tree is canonical. */
  private long iova(TableNode table, int index) {
    return iova(key, table.iova() + ((long) index << EntryFormat.shift(table.level())));
  }

  static long iova(TableKey key, long input) {
    if (key.stage() == TableKey.Stage.SECOND) {
      return input;
    }
    int unused = 64 - key.inputBits();
    return input << unused >> unused;
  }

  /** The entries on the way to an input address, from the top down, as far as it leads. */
  public List<TableRow> path(long iova) {
    var path = new ArrayList<TableRow>();
    TableNode table = root();
    while (isThere(table)) {
      TableRow row = row(table, (int) (iova >>> EntryFormat.shift(table.level())) & ENTRIES - 1);
      path.add(row);
      if (row.kind() != TableRow.Kind.TABLE) {
        break;
      }
      table = row.child();
    }
    return path;
  }

  /** Tells whether a tree of this depth can have that input address. */
  public boolean reaches(long iova) {
    return iova(key, iova & (1L << key.inputBits()) - 1) == iova;
  }

  /** Figures of the whole tree. */
  public EntryFigures figures() {
    return new EntryFigures(this);
  }

  /** Figures of the whole tree. */
  public TableStatistics statistics() {
    return new TableScan(this, format).statistics();
  }

  /**
   * Tells how many bytes lie under a table of this tree. Counts each table once, when it is first
   * asked about; holds until memory changes.
   */
  public ToLongFunction<TableNode> mappedBytes() {
    return new TableScan(this, format)::mappedBytes;
  }

  /** Hands over every table page that memory holds, once for each level it is met at. */
  public void forEachTable(TableVisitor visitor) {
    new TableScan(this, format).forEachTable(visitor);
  }

  /** All mapped ranges by ascending input address. */
  public List<MappedRange> ranges() {
    var all = new ArrayList<MappedRange>();
    forEachRange(
        range -> {
          all.add(range);
          return true;
        });
    return all;
  }

  /**
   * Hands over every mapped range, by ascending index, until the visitor returns false.
   *
   * @return false if the listing was cut short because tables are shared again and again
   */
  public boolean forEachRange(Predicate<MappedRange> visitor) {
    return new RangeWalk(this, format, visitor, (iova, level, path) -> true).walk();
  }

  /**
   * Hands over every leaf entry with those above it, by ascending index, until the visitor returns
   * false.
   *
   * @return false if the listing was cut short because tables are shared again and again
   */
  public boolean forEachLeaf(LeafVisitor visitor) {
    return new RangeWalk(this, format, range -> true, visitor).walk();
  }

  /** {@code 4K}, {@code 2M}, {@code 1G}: the page a leaf of that level maps. */
  public static String sizeName(int level) {
    return switch (level) {
      case 1 -> "4K";
      case 2 -> "2M";
      case 3 -> "1G";
      case 4 -> "512G";
      default -> "256T";
    };
  }
}
