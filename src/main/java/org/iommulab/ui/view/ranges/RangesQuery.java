package org.iommulab.ui.view.ranges;

import java.util.ArrayList;
import java.util.function.Predicate;
import org.iommulab.lab.LabView;
import org.iommulab.linux.DomainView;
import org.iommulab.linux.KernelView;
import org.iommulab.ui.Subject;
import org.iommulab.ui.view.lookup.DomainTree;
import org.iommulab.vtd.tables.MappedRange;

/** Lists the ranges of the address space that all panes show; on the laboratory's thread. */
final class RangesQuery {

  private final Predicate<MappedRange> filter;
  private final String owner;
  private final ArrayList<RangeRow> rows = new ArrayList<>();
  private long total;
  private long found;
  private long bytes;

  private RangesQuery(Predicate<MappedRange> filter, String owner) {
    this.filter = filter;
    this.owner = owner;
  }

  static RangePicture answer(LabView view, Subject subject, Predicate<MappedRange> filter) {
    return DomainTree.all(view.tables()).stream()
        .filter(subject::means)
        .findFirst()
        .map(use -> new RangesQuery(filter, owner(view, use)).list(view, use))
        .orElse(RangePicture.NONE);
  }

  private RangePicture list(LabView view, DomainTree use) {
    use.open(view.tables()).forEachRange(this::add);
    return new RangePicture(use.domain(), rows, found, total, bytes);
  }

  private boolean add(MappedRange range) {
    total++;
    if (filter.test(range)) {
      found++;
      bytes += range.size();
      if (rows.size() < RangePicture.MOST) {
        rows.add(new RangeRow(range, owner));
      }
    }
    return true;
  }

  /** What the kernel uses the tables for, or who translates with them. */
  private static String owner(LabView view, DomainTree use) {
    return view.kernel().map(KernelView::domains).stream()
        .flatMap(domains -> domains.stream())
        .filter(domain -> domain.root() == use.key().root())
        .map(DomainView::owner)
        .findFirst()
        .orElseGet(() -> use.users().isEmpty() ? "" : use.users().getFirst().toString());
  }
}
