package org.iommulab.linux.vfio;

import java.util.ArrayList;
import java.util.List;
import org.iommulab.linux.iommu.IommuDevice;
import org.iommulab.linux.iommu.PagingDomain;
import org.iommulab.linux.iommu.ReservedRegion;

/** The IOVA ranges a container may use: apertures without reserved regions. */
final class IovaList {

  /** {@code start} to {@code last}, both inside. */
  record Range(long start, long last) {}

  private IovaList() {}

  /** The whole space, cut by the domains' apertures and the devices' regions. */
  static List<Range> of(List<Type1Domain> domains) {
    List<Range> ranges = List.of(new Range(0, -1L));
    for (Type1Domain entry : domains) {
      PagingDomain domain = entry.domain();
      ranges = keep(ranges, domain.apertureStart(), domain.apertureEnd());
      for (VfioGroup group : entry.groups()) {
        for (IommuDevice device : group.group().devices()) {
          for (ReservedRegion region : device.ops().reservedRegions(device)) {
            if (region.type() != ReservedRegion.Type.DIRECT_RELAXABLE) {
              ranges = drop(ranges, region.start(), region.last());
            }
          }
        }
      }
    }
    return ranges;
  }

  private static List<Range> keep(List<Range> ranges, long start, long last) {
    var kept = new ArrayList<Range>();
    for (Range range : ranges) {
      long from = Long.compareUnsigned(range.start(), start) < 0 ? start : range.start();
      long to = Long.compareUnsigned(range.last(), last) > 0 ? last : range.last();
      if (Long.compareUnsigned(from, to) <= 0) {
        kept.add(new Range(from, to));
      }
    }
    return kept;
  }

  private static List<Range> drop(List<Range> ranges, long start, long last) {
    var kept = new ArrayList<Range>();
    for (Range range : ranges) {
      boolean apart =
          Long.compareUnsigned(last, range.start()) < 0
              || Long.compareUnsigned(start, range.last()) > 0;
      if (apart) {
        kept.add(range);
        continue;
      }
      if (Long.compareUnsigned(range.start(), start) < 0) {
        kept.add(new Range(range.start(), start - 1));
      }
      if (Long.compareUnsigned(last, range.last()) < 0) {
        kept.add(new Range(last + 1, range.last()));
      }
    }
    return kept;
  }

  /** Tells whether one range holds all of {@code start} to {@code last}. */
  static boolean holds(List<Range> ranges, long start, long last) {
    for (Range range : ranges) {
      if (Long.compareUnsigned(range.start(), start) <= 0
          && Long.compareUnsigned(last, range.last()) <= 0) {
        return true;
      }
    }
    return false;
  }
}
