package org.iommulab.ui.view.tree;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.iommulab.memory.Changes;
import org.iommulab.memory.Page;
import org.iommulab.ui.view.lookup.ChangedTables;
import org.iommulab.ui.view.lookup.DomainTree;
import org.iommulab.ui.view.lookup.EntryPlace;
import org.iommulab.vtd.tables.PageTable;
import org.iommulab.vtd.tables.TableBrowser;
import org.iommulab.vtd.tables.TableRow;
import org.iommulab.vtd.tables.TableStatistics;

/** Answers a {@link TreeRequest}; runs on the laboratory's thread. */
final class TreeQuery {

  private TreeQuery() {}

  static TreePicture answer(TreeRequest request, TableBrowser tables, Changes changed) {
    List<DomainTree> choices = DomainTree.all(tables);
    Optional<EntryPlace> wanted = wantedEntry(request, tables);
    Optional<DomainTree> chosen = choose(request, choices, wanted);
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
        Page.number(figures.mappedBytes()),
        countRanges(tree),
        figures.allTablePages(),
        ChangedTables.count(tree, changed),
        rows,
        opened,
        revealed);
  }

  private static Optional<EntryPlace> wantedEntry(TreeRequest request, TableBrowser tables) {
    return request.reveal() instanceof TreeRequest.EntryAddress entry
        ? EntryPlace.of(tables, entry.address())
        : Optional.empty();
  }

  /** The tree of the entry looked for, or the subject's. */
  private static Optional<DomainTree> choose(
      TreeRequest request, List<DomainTree> choices, Optional<EntryPlace> wanted) {
    int domain = request.subject().domain();
    return wanted
        .flatMap(
            place ->
                choices.stream()
                    .filter(use -> use.key().equals(place.key()))
                    .min(Comparator.comparing(use -> use.domain() != domain)))
        .or(() -> choices.stream().filter(request.subject()::means).findFirst());
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
}
