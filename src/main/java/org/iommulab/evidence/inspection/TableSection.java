package org.iommulab.evidence.inspection;

import java.util.Map;
import org.iommulab.vtd.layout.FirstStageEntry;
import org.iommulab.vtd.tables.EntryFigures;
import org.iommulab.vtd.tables.MappedRange;
import org.iommulab.vtd.tables.PageTable;
import org.iommulab.vtd.tables.TableKey;
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
    figures(table);
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

  private void figures(PageTable table) {
    EntryFigures figures = table.figures();
    if (table.key().stage() == TableKey.Stage.FIRST) {
      json.number("leaf_with_US", figures.leavesWith(FirstStageEntry.US.mask()));
      json.number("leaf_with_XD", figures.leavesWith(FirstStageEntry.XD.mask()));
      json.number("leaf_with_G", figures.leavesWith(FirstStageEntry.G.mask()));
      json.number("leaf_with_EA", figures.leavesWith(FirstStageEntry.EA.mask()));
      json.number("nonleaf_with_US", figures.tablesWith(FirstStageEntry.US.mask()));
    }
    json.number("nonleaf_entries", figures.tables());
    json.number("nonleaf_with_A", figures.tablesAccessed());
    json.number("path_rights_narrower", figures.narrower());
    json.object(
        "flags_by_level",
        () -> {
          for (int level = table.key().levels(); level > 0; level--) {
            Map<Long, Long> flags = figures.flags(level);
            if (!flags.isEmpty()) {
              json.object(
                  Integer.toString(level),
                  () ->
                      flags.forEach(
                          (bits, count) -> json.number("0x" + Long.toHexString(bits), count)));
            }
          }
        });
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
