package org.iommulab.ui.view.lookup;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.iommulab.bus.SourceId;
import org.iommulab.vtd.tables.ContextNode;
import org.iommulab.vtd.tables.PasidNode;
import org.iommulab.vtd.tables.TableBrowser;
import org.iommulab.vtd.tables.TableKey;

/**
 * A page-table tree and who translates with it.
 *
 * @param key the tree
 * @param domain the domain id its entries are tagged with
 * @param users requesters, ascending
 */
public record TableUse(TableKey key, int domain, List<SourceId> users) {

  public TableUse {
    users = List.copyOf(users);
  }

  /** Every tree in use, in order of first use. A tree used by two domains appears twice. */
  public static List<TableUse> all(TableBrowser tables) {
    Map<Tagged, List<SourceId>> found = new LinkedHashMap<>();
    for (ContextNode context : tables.contexts()) {
      switch (context) {
        case ContextNode.Legacy legacy ->
            add(found, legacy.table(), legacy.domainId(), legacy.source());
        case ContextNode.Scalable scalable -> {
          for (PasidNode pasid : tables.pasids(scalable)) {
            add(found, pasid.secondStage(), pasid.domainId(), pasid.source());
            add(found, pasid.firstStage(), pasid.domainId(), pasid.source());
          }
        }
      }
    }
    var uses = new ArrayList<TableUse>();
    found.forEach((tagged, users) -> uses.add(new TableUse(tagged.key(), tagged.domain(), users)));
    return List.copyOf(uses);
  }

  /** The tree a requester translates with when it sends no PASID. */
  public static Optional<TableUse> of(TableBrowser tables, SourceId source) {
    return all(tables).stream().filter(use -> use.users().contains(source)).findFirst();
  }

  /** The tree of a domain. */
  public static Optional<TableUse> of(TableBrowser tables, int domain) {
    return all(tables).stream().filter(use -> use.domain() == domain).findFirst();
  }

  private record Tagged(TableKey key, int domain) {}

  private static void add(
      Map<Tagged, List<SourceId>> found, Optional<TableKey> key, int domain, SourceId source) {
    key.ifPresent(
        tree -> {
          List<SourceId> users =
              found.computeIfAbsent(new Tagged(tree, domain), _ -> new ArrayList<>());
          if (!users.contains(source)) {
            users.add(source);
          }
        });
  }
}
