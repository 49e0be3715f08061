package org.iommulab.ui.view.lookup;

import java.util.ArrayList;
import java.util.List;
import org.iommulab.vtd.tables.MappedRange;
import org.iommulab.vtd.tables.TableBrowser;

/**
 * One input address that leads to a frame.
 *
 * @param use the tree and who uses it
 * @param iova the input address
 * @param range the mapped range it lies in
 */
public record FrameUse(TableUse use, long iova, MappedRange range) {

  /** Most places reported. */
  public static final int LIMIT = 200;

  /** Every input address that leads to the frame at a physical address. */
  public static List<FrameUse> of(TableBrowser tables, long frame) {
    var found = new ArrayList<FrameUse>();
    for (TableUse use : TableUse.all(tables)) {
      tables
          .table(use.key())
          .forEachRange(
              range -> {
                long offset = frame - range.physical();
                if (offset >= 0 && offset < range.size()) {
                  found.add(new FrameUse(use, range.iova() + offset, range));
                }
                return found.size() < LIMIT;
              });
    }
    return List.copyOf(found);
  }
}
