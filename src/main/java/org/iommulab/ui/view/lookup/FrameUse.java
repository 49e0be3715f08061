package org.iommulab.ui.view.lookup;

import java.util.ArrayList;
import java.util.List;
import org.iommulab.vtd.tables.EntryRights;
import org.iommulab.vtd.tables.ReverseMapping;
import org.iommulab.vtd.tables.TableBrowser;

/**
 * One input address that leads to a frame.
 *
 * @param domain whose address it is
 * @param iova the input address
 * @param rights what the way there allows
 */
public record FrameUse(int domain, long iova, EntryRights rights) {

  /** Most places reported. */
  private static final int LIMIT = 200;

  /** Every input address that leads to a physical address. */
  public static List<FrameUse> of(TableBrowser tables, long frame) {
    var found = new ArrayList<FrameUse>();
    for (ReverseMapping mapping : tables.mappingsOf(frame, LIMIT)) {
      for (DomainTree tree : DomainTree.all(tables)) {
        if (tree.key().equals(mapping.table())) {
          found.add(new FrameUse(tree.domain(), mapping.iova(), mapping.range().rights()));
        }
      }
    }
    return List.copyOf(found);
  }
}
