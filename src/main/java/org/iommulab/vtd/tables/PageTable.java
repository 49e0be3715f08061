package org.iommulab.vtd.tables;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.iommulab.memory.PhysicalMemory;

/** One page-table tree in memory, read when asked. */
public final class PageTable {

  private final PhysicalMemory memory;
  private final TableKey key;

  PageTable(PhysicalMemory memory, TableKey key) {
    this.memory = memory;
    this.key = key;
  }

  /** Which tree this is. */
  public TableKey key() {
    return key;
  }

  /** The top table. */
  public TableNode root() {
    return new TableNode(key.root(), key.levels(), 0, Rights.ALL);
  }

  /** The present entries of one table, leaves that continue each other merged. */
  public List<TableRow> rows(TableNode table) {
    return List.of();
  }

  /** Number of entries of a table that are not present. */
  public int absentEntries(TableNode table) {
    return 512;
  }

  /** The entries on the way to an input address, from the top down, as far as it leads. */
  public List<TableRow> path(long iova) {
    return List.of();
  }

  /** Figures of the whole tree. */
  public TableStatistics statistics() {
    return new TableStatistics(new long[6], new long[6], 0, 0, 0, 0);
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

  /** Hands over every mapped range until the visitor returns false. */
  public void forEachRange(Predicate<MappedRange> visitor) {
    memory.ram();
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
