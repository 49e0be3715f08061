package org.iommulab.ui.view.cache;

import java.util.List;
import org.iommulab.memory.Page;
import org.iommulab.ui.Hex;
import org.iommulab.ui.view.lookup.DomainTree;
import org.iommulab.ui.view.part.Phrase;
import org.iommulab.vtd.cache.CacheLine;
import org.iommulab.vtd.tables.TableBrowser;
import org.iommulab.vtd.tables.TableRow;

/** Says in what the tables contradict a cached entry. */
final class StaleReason {

  private StaleReason() {}

  static Phrase of(CacheLine line, TableBrowser tables, List<DomainTree> trees) {
    if (line.cache() != CacheLine.Cache.IOTLB) {
      return Phrase.of("view.cache.stale.entry");
    }
    List<DomainTree> own = trees.stream().filter(tree -> tree.domain() == line.domain()).toList();
    if (own.isEmpty()) {
      return Phrase.of("view.cache.stale.domain");
    }
    List<TableRow> path = own.getFirst().open(tables).path(line.page());
    if (path.isEmpty() || path.getLast().kind() != TableRow.Kind.LEAF) {
      return Phrase.of("view.cache.stale.clear");
    }
    TableRow leaf = path.getLast();
    long frame = leaf.target() + (line.page() - leaf.iova());
    if (frame != line.frame()) {
      return Phrase.of("view.cache.stale.frame", Hex.plain(Page.number(frame)));
    }
    if (leaf.size() != line.size()) {
      return Phrase.of("view.cache.stale.size", Hex.size(leaf.size()));
    }
    return Phrase.of("view.cache.stale.rights", leaf.effective().toString());
  }
}
