package org.iommulab.ui.view.tree;

import java.util.List;
import java.util.Set;
import org.iommulab.ui.view.lookup.DomainTree;
import org.jspecify.annotations.Nullable;

/**
 * What the tree pane draws.
 *
 * @param choices all trees in use
 * @param chosen the tree shown, or null if there is none
 * @param pages mapped 4 KiB pages
 * @param ranges merged ranges; {@link #MANY} stands for that many or more
 * @param tables table pages
 * @param changes entries of this tree that the last command changed
 * @param rows visible rows
 * @param opened keys of rows that were opened to reveal something
 * @param revealed physical address of the entry that was to be revealed, or -1
 */
record TreePicture(
    List<DomainTree> choices,
    @Nullable DomainTree chosen,
    long pages,
    int ranges,
    long tables,
    int changes,
    List<TreeRow> rows,
    Set<String> opened,
    long revealed) {

  /** Where counting of ranges stops. */
  static final int MANY = 100_000;

  /** Before anything is set up. */
  static final TreePicture EMPTY =
      new TreePicture(List.of(), null, 0, 0, 0, 0, List.of(), Set.of(), -1);

  TreePicture {
    choices = List.copyOf(choices);
    rows = List.copyOf(rows);
    opened = Set.copyOf(opened);
  }
}
