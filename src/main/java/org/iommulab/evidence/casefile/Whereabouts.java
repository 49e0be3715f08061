package org.iommulab.evidence.casefile;

import java.util.List;
import java.util.Optional;
import org.iommulab.bus.Pasid;
import org.iommulab.bus.SourceId;
import org.iommulab.evidence.inspection.WalkReport;
import org.iommulab.vtd.tables.MappedRange;
import org.iommulab.vtd.tables.TableBrowser;
import org.iommulab.vtd.tables.TableUse;
import org.jspecify.annotations.Nullable;

/**
 * Where an address of a requester lies among what its tables map.
 *
 * @param source the requester
 * @param pasid its PASID, or {@link Pasid#NONE}
 * @param address the device address
 * @param domain the domain id, or -1 if the requester has no page tables
 * @param end where the walk ends
 * @param ranges how many ranges the domain maps
 * @param at the range it lies in
 * @param below the nearest range that ends before it
 * @param above the nearest range that begins behind it
 * @param alias the range that leads to memory of the same address: what a driver would have mapped
 *     that gave the device a physical address
 * @param before the range that leads to the memory just before it
 */
public record Whereabouts(
    SourceId source,
    Pasid pasid,
    long address,
    int domain,
    WalkReport.End end,
    int ranges,
    Optional<MappedRange> at,
    Optional<MappedRange> below,
    Optional<MappedRange> above,
    Optional<MappedRange> alias,
    Optional<MappedRange> before) {

  private static final long PAGE = 4096;

  /** Looks an address up. */
  public static Whereabouts of(TableBrowser tables, SourceId source, Pasid pasid, long address) {
    WalkReport.End end = WalkReport.end(tables, source, pasid, address);
    TableUse use = use(tables, source, pasid);
    List<MappedRange> ranges = ranges(tables, use);
    MappedRange at = null;
    MappedRange below = null;
    MappedRange above = null;
    MappedRange alias = null;
    MappedRange before = null;
    long page = address & -PAGE;
    for (MappedRange range : ranges) {
      if (holds(range.iova(), range.size(), address)) {
        at = range;
      } else if (Long.compareUnsigned(range.iova(), address) < 0) {
        below = range;
      } else if (above == null) {
        above = range;
      }
      if (alias == null && holds(range.physical(), range.size(), page)) {
        alias = range;
      }
      if (before == null && page > 0 && holds(range.physical(), range.size(), page - 1)) {
        before = range;
      }
    }
    return new Whereabouts(
        source,
        pasid,
        address,
        use == null ? -1 : use.domainId(),
        end,
        ranges.size(),
        Optional.ofNullable(at),
        Optional.ofNullable(below),
        Optional.ofNullable(above),
        Optional.ofNullable(alias),
        Optional.ofNullable(before));
  }

  /** What the requester's page tables map, by address. */
  public static List<MappedRange> ranges(TableBrowser tables, SourceId source, Pasid pasid) {
    return ranges(tables, use(tables, source, pasid));
  }

  private static List<MappedRange> ranges(TableBrowser tables, @Nullable TableUse use) {
    return use == null ? List.of() : tables.table(use.table()).ranges();
  }

  private static boolean holds(long start, long size, long address) {
    return Long.compareUnsigned(address - start, size) < 0;
  }

  private static @Nullable TableUse use(TableBrowser tables, SourceId source, Pasid pasid) {
    TableUse found = null;
    for (TableUse use : tables.uses()) {
      boolean own = use.source().equals(source) && !use.guestPointers();
      if (own
          && (use.pasid().equals(pasid)
              || found == null && (pasid.isNone() || use.pasid().isNone()))) {
        found = use;
      }
    }
    return found;
  }

  /** Bytes from the end of the range below to the address; -1 if there is none. */
  public long behind() {
    return below.map(range -> address - (range.iova() + range.size())).orElse(-1L);
  }
}
