package org.iommulab.ui.view.lookup;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.iommulab.bus.Pasid;
import org.iommulab.bus.SourceId;
import org.iommulab.vtd.tables.PageTable;
import org.iommulab.vtd.tables.TableBrowser;
import org.iommulab.vtd.tables.TableKey;
import org.iommulab.vtd.tables.TableUse;
import org.jspecify.annotations.Nullable;

/**
 * A page-table tree of one domain and all who translate with it.
 *
 * @param key the tree
 * @param domain the domain id that tags what caches keep of it
 * @param host the tree that translates its guest pointers, or null if they are host addresses
 * @param users requesters, in order of first use
 */
public record DomainTree(TableKey key, int domain, @Nullable TableKey host, List<SourceId> users) {

  public DomainTree {
    users = List.copyOf(users);
  }

  /** Every tree in use, in order of first use. A tree that two domains use appears twice. */
  public static List<DomainTree> all(TableBrowser tables) {
    return all(tables.uses());
  }

  private static List<DomainTree> all(List<TableUse> uses) {
    Map<Tagged, List<SourceId>> found = new LinkedHashMap<>();
    for (TableUse use : uses) {
      TableKey host = use.guestPointers() ? host(uses, use) : null;
      var tagged = new Tagged(use.table(), use.domainId(), host);
      List<SourceId> users = found.computeIfAbsent(tagged, _ -> new ArrayList<>());
      if (!users.contains(use.source())) {
        users.add(use.source());
      }
    }
    var trees = new ArrayList<DomainTree>();
    found.forEach(
        (tagged, users) ->
            trees.add(new DomainTree(tagged.key(), tagged.domain(), tagged.host(), users)));
    return List.copyOf(trees);
  }

  private record Tagged(TableKey key, int domain, @Nullable TableKey host) {}

  private static @Nullable TableKey host(List<TableUse> uses, TableUse guest) {
    for (TableUse use : uses) {
      boolean samePasid = use.source().equals(guest.source()) && use.pasid().equals(guest.pasid());
      if (samePasid && use.table().stage() == TableKey.Stage.SECOND) {
        return use.table();
      }
    }
    return null;
  }

  /** The tree that a requester's addresses are of, those with a PASID or those without one. */
  public static Optional<DomainTree> of(TableBrowser tables, SourceId source, Pasid pasid) {
    List<TableUse> uses = tables.uses();
    return use(uses, source, pasid)
        .flatMap(
            use ->
                all(uses).stream()
                    .filter(tree -> tree.key().equals(use.table()))
                    .filter(tree -> tree.domain() == use.domainId())
                    .findFirst());
  }

  /** What leads a requester to the tree that its addresses are of: with two stages the first. */
  public static Optional<TableUse> use(TableBrowser tables, SourceId source, Pasid pasid) {
    return use(tables.uses(), source, pasid);
  }

  private static Optional<TableUse> use(List<TableUse> all, SourceId source, Pasid pasid) {
    List<TableUse> uses = all.stream().filter(use -> use.source().equals(source)).toList();
    Predicate<TableUse> first = use -> use.table().stage() == TableKey.Stage.FIRST;
    Predicate<TableUse> exact =
        use -> pasid.isNone() ? use.pasid().value() <= 0 : use.pasid().equals(pasid);
    return uses.stream()
        .filter(exact.and(first))
        .findFirst()
        .or(() -> uses.stream().filter(exact).findFirst())
        .or(() -> pasid.isNone() ? uses.stream().findFirst() : Optional.empty());
  }

  /** The tree of a domain. */
  public static Optional<DomainTree> of(TableBrowser tables, int domain) {
    return all(tables).stream().filter(tree -> tree.domain() == domain).findFirst();
  }

  /** The entries of a tree as one user sees them. */
  public static PageTable open(TableBrowser tables, TableUse use) {
    TableKey under = use.guestPointers() ? host(tables.uses(), use) : null;
    return under == null ? tables.table(use.table()) : tables.nestedTable(use.table(), under);
  }

  /** The tree's entries. */
  public PageTable open(TableBrowser tables) {
    TableKey under = host;
    return under == null ? tables.table(key) : tables.nestedTable(key, under);
  }
}
