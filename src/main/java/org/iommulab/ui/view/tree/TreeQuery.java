package org.iommulab.ui.view.tree;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.iommulab.memory.PhysicalMemory;
import org.iommulab.ui.view.lookup.DomainTree;
import org.iommulab.ui.view.lookup.EntryPlace;
import org.iommulab.vtd.tables.PageTable;
import org.iommulab.vtd.tables.TableBrowser;
import org.iommulab.vtd.tables.TableNode;
import org.iommulab.vtd.tables.TableRow;
import org.iommulab.vtd.tables.TableStatistics;

/** Answers a {@link TreeRequest}; runs on the laboratory's thread. */
final class TreeQuery {

  /** Trees looked into when the reader did not choose one. */
  private static final int MOST_TREES = 64;

  private TreeQuery() {}

  static TreePicture answer(
      TreeRequest request, TableBrowser tables, List<PhysicalMemory.Change> changes) {
    NavigableSet<Long> changed = new TreeSet<>();
    changes.forEach(change -> changed.add(change.address()));
    List<DomainTree> choices = DomainTree.all(tables);
    Optional<EntryPlace> wanted = wantedEntry(request, tables);
    Optional<DomainTree> chosen = choose(request, choices, wanted, tables, changed);
    if (chosen.isEmpty()) {
      return new TreePicture(choices, null, 0, 0, 0, 0, List.of(), Set.of(), -1);
    }
    PageTable tree = chosen.get().open(tables);
    TableStatistics figures = tree.statistics();
    Set<String> opened = new HashSet<>();
    long revealed = reveal(request, tree, wanted, opened);
    boolean small = figures.allTablePages() <= TreeRows.SMALL;
    List<TreeRow> rows = new TreeRows(tree, small, request.decided(), opened, changed).lay();
    return new TreePicture(
        choices,
        chosen.get(),
        figures.mappedBytes() >>> 12,
        countRanges(tree),
        figures.allTablePages(),
        countChanges(tree, tree.root(), changed),
        rows,
        opened,
        revealed);
  }

  private static Optional<EntryPlace> wantedEntry(TreeRequest request, TableBrowser tables) {
    return request.reveal() instanceof TreeRequest.EntryAddress entry
        ? EntryPlace.of(tables, entry.address())
        : Optional.empty();
  }

  private static Optional<DomainTree> choose(
      TreeRequest request,
      List<DomainTree> choices,
      Optional<EntryPlace> wanted,
      TableBrowser tables,
      NavigableSet<Long> changed) {
    if (wanted.isPresent()) {
      return choices.stream()
          .filter(use -> use.key().equals(wanted.get().key()))
          .min(
              (a, b) ->
                  Boolean.compare(b.domain() == request.domain(), a.domain() == request.domain()));
    }
    Optional<DomainTree> shown =
        choices.stream()
            .filter(use -> use.domain() == request.domain())
            .filter(use -> request.tree() == null || use.key().equals(request.tree()))
            .findFirst();
    boolean stays = !request.follows() || request.reveal() != null;
    if (stays && shown.isPresent()) {
      return shown;
    }
    return shown
        .filter(use -> isChanged(use, tables, changed))
        .or(() -> firstChanged(choices, tables, changed))
        .or(() -> shown.filter(use -> !isEmpty(use, tables)))
        .or(
            () ->
                choices.stream().limit(MOST_TREES).filter(use -> !isEmpty(use, tables)).findFirst())
        .or(() -> shown)
        .or(() -> choices.stream().findFirst());
  }

  private static Optional<DomainTree> firstChanged(
      List<DomainTree> choices, TableBrowser tables, NavigableSet<Long> changed) {
    if (changed.isEmpty()) {
      return Optional.empty();
    }
    return choices.stream()
        .limit(MOST_TREES)
        .filter(use -> isChanged(use, tables, changed))
        .findFirst();
  }

  private static boolean isChanged(
      DomainTree use, TableBrowser tables, NavigableSet<Long> changed) {
    PageTable tree = use.open(tables);
    return use.host() == null && countChanges(tree, tree.root(), changed) > 0;
  }

  private static boolean isEmpty(DomainTree use, TableBrowser tables) {
    PageTable tree = use.open(tables);
    return tree.rows(tree.root()).isEmpty();
  }

  private static long reveal(
      TreeRequest request, PageTable tree, Optional<EntryPlace> wanted, Set<String> opened) {
    if (wanted.isPresent()) {
      open(wanted.get().above(), opened);
      return wanted.get().address();
    }
    if (request.reveal() instanceof TreeRequest.InputAddress input) {
      List<TableRow> path = new ArrayList<>(tree.path(input.iova()));
      // An address that is not mapped is shown by the last entry that leads towards it.
      if (path.size() > 1 && path.getLast().kind() == TableRow.Kind.ABSENT) {
        path.removeLast();
      }
      if (!path.isEmpty()) {
        open(path.subList(0, path.size() - 1), opened);
        return path.getLast().entryAddress();
      }
    }
    return -1;
  }

  private static void open(List<TableRow> above, Set<String> opened) {
    var key = new StringBuilder();
    for (TableRow row : above) {
      key.append(key.isEmpty() ? "" : "-").append(row.index());
      opened.add(key.toString());
    }
  }

  private static int countRanges(PageTable tree) {
    int[] count = {0};
    tree.forEachRange(range -> ++count[0] < TreePicture.MANY);
    return count[0];
  }

  /** Changed quadwords that lie in tables of the tree, including entries that were cleared. */
  private static int countChanges(PageTable tree, TableNode top, NavigableSet<Long> changed) {
    if (changed.isEmpty()) {
      return 0;
    }
    return new Counter(tree, changed).count(top);
  }

  private static final class Counter {
    private final PageTable tree;
    private final NavigableSet<Long> changed;
    private final Set<Long> seen = new HashSet<>();

    Counter(PageTable tree, NavigableSet<Long> changed) {
      this.tree = tree;
      this.changed = changed;
    }

    int count(TableNode table) {
      if (!seen.add(table.address())) {
        return 0;
      }
      long from = table.address();
      int count = changed.subSet(from, true, from + 4096, false).size();
      if (table.level() > 1) {
        for (TableRow row : tree.rows(table)) {
          if (row.kind() == TableRow.Kind.TABLE) {
            count += count(row.child());
          }
        }
      }
      return count;
    }
  }
}
