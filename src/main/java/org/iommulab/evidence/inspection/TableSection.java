package org.iommulab.evidence.inspection;

import org.iommulab.vtd.tables.MappedRange;
import org.iommulab.vtd.tables.PageTable;
import org.iommulab.vtd.tables.TableStatistics;

/** One page-table tree of an inspection, with every mapped range. */
final class TableSection {

  private final JsonWriter json;
  private long left;
  private boolean complete = true;

  /**
   * @param most how many ranges of all trees are written
   */
  TableSection(JsonWriter json, long most) {
    this.json = json;
    left = most;
  }

  boolean isComplete() {
    return complete;
  }

  void write(PageTable table) {
    TableStatistics statistics = table.statistics();
    json.hex("root", table.key().root());
    json.number("levels", table.key().levels());
    json.text("kind", table.key().stage().shortName());
    json.object(
        "table_pages_by_level",
        () -> {
          for (int level = table.key().levels(); level > 0; level--) {
            count(level, statistics.tablePages()[level]);
          }
        });
    json.object(
        "leaf_entries_by_level",
        () -> {
          for (int level = 1; level <= table.key().levels(); level++) {
            count(level, statistics.leaves()[level]);
          }
        });
    json.number("leaf_entries", statistics.allLeaves());
    json.number("leaf_with_A", statistics.accessed());
    json.number("leaf_with_D", statistics.dirty());
    json.number("leaf_with_SNP_bit11", statistics.snoop());
    json.number("mapped_bytes", statistics.mappedBytes());
    json.startArray("ranges");
    complete &=
        table.forEachRange(
            range -> {
              json.object(() -> range(range));
              return --left > 0;
            });
    complete &= left > 0;
    json.endArray();
  }

  private void count(int level, long count) {
    if (count != 0) {
      json.number(Integer.toString(level), count);
    }
  }

  private void range(MappedRange range) {
    json.hex("iova", range.iova());
    json.hex("size", range.size());
    json.hex("phys", range.physical());
    json.text("perm", range.rights().toString());
    json.text("page", range.pageName());
  }
}
