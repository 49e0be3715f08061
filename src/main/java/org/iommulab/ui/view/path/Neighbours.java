package org.iommulab.ui.view.path;

import java.util.ArrayList;
import org.iommulab.ui.Hex;
import org.iommulab.ui.view.part.Phrase;
import org.iommulab.vtd.tables.MappedRange;
import org.iommulab.vtd.tables.PageTable;
import org.jspecify.annotations.Nullable;

/** Finds what is mapped on both sides of an address that is not. */
final class Neighbours {

  private final long iova;
  private @Nullable MappedRange below;
  private @Nullable MappedRange above;
  private boolean mapped;

  private Neighbours(long iova) {
    this.iova = iova;
  }

  /** {@code nearest ranges: 1000 … 1FFF and 8000 … 8FFF}; nothing if the address is mapped. */
  static Phrase of(PageTable tree, long iova) {
    var found = new Neighbours(iova);
    tree.forEachRange(found::look);
    return found.words();
  }

  private boolean look(MappedRange range) {
    if (Long.compareUnsigned(iova - range.iova(), range.size()) < 0) {
      mapped = true;
      return false;
    }
    if (Long.compareUnsigned(range.iova(), iova) > 0) {
      above = range;
      return false;
    }
    below = range;
    return true;
  }

  private Phrase words() {
    var ranges = new ArrayList<String>();
    for (MappedRange range : new MappedRange[] {below, above}) {
      if (range != null) {
        ranges.add(Hex.range(range.iova(), range.iova() + range.size() - 1));
      }
    }
    if (mapped) {
      return Phrase.NONE;
    }
    return switch (ranges.size()) {
      case 0 -> Phrase.of("view.path.nearest.none");
      case 1 -> Phrase.of("view.path.nearest.one", ranges.getFirst());
      default -> Phrase.of("view.path.nearest.two", ranges.getFirst(), ranges.getLast());
    };
  }
}
