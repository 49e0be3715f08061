package org.iommulab.linux.iommufd.pages;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import org.iommulab.linux.boot.KernelParts;
import org.iommulab.linux.iommu.PagingDomain;
import org.iommulab.linux.uapi.Errno;
import org.iommulab.linux.uapi.Status;
import org.iommulab.trace.CallTrace;
import org.jspecify.annotations.Nullable;

/**
 * One IOVA space with everything mapped into it ({@code struct io_pagetable}): areas, allowed and
 * reserved addresses, and the domains that all areas are written into.
 */
public final class IoPageTable {

  private final KernelParts parts;
  private final CallTrace trace;
  private final AreaFiller filler;
  private final AreaTree areas = new AreaTree();
  private final IovaSpans allowed = new IovaSpans();
  private final IovaSpans reserved = new IovaSpans();
  private final List<PagingDomain> domains = new ArrayList<>();
  private final List<AccessUser> accesses = new ArrayList<>();
  private final AreaMapper mapper;
  private final AreaRemover remover;
  private long iovaAlignment = 1;
  private boolean largePages = true;

  public IoPageTable(KernelParts parts, AreaFiller filler) {
    this.parts = parts;
    this.trace = parts.trace();
    this.filler = filler;
    this.mapper = new AreaMapper(parts, this, filler);
    this.remover = new AreaRemover(parts, this, filler);
  }

  /** Makes areas. */
  public AreaMapper mapper() {
    return mapper;
  }

  /** Takes areas away. */
  public AreaRemover remover() {
    return remover;
  }

  IovaSpans allowed() {
    return allowed;
  }

  public IovaSpans reserved() {
    return reserved;
  }

  public List<PagingDomain> domains() {
    return Collections.unmodifiableList(domains);
  }

  public AreaTree areas() {
    return areas;
  }

  /** Kernel drivers that use the space. */
  List<AccessUser> accesses() {
    return accesses;
  }

  public long iovaAlignment() {
    return iovaAlignment;
  }

  public boolean largePages() {
    return largePages;
  }

  // ---- allowed and reserved ---------------------------------------------------------------------

  /** {@code iopt_set_allow_iova()}: replaces the list, unless it meets a reservation. */
  public Status setAllowed(IovaSpans list) {
    for (IovaSpans.Span span : list.all()) {
      if (reserved.overlaps(span.start(), span.last())) {
        return Status.fail(
            Errno.EADDRINUSE,
            String.format(
                Locale.ROOT, "0x%x to 0x%x meets a reservation", span.start(), span.last()));
      }
    }
    allowed.clear();
    list.all().forEach(span -> allowed.add(span.start(), span.last(), null));
    return Status.OK;
  }

  /** {@code iopt_reserve_iova()}: no mapping and no allowed range may be there. */
  public Status reserve(long start, long last, @Nullable Object owner) {
    IoptArea area = areas.first(start, last);
    if (area != null || allowed.overlaps(start, last)) {
      return Status.fail(
          Errno.EADDRINUSE,
          String.format(
              Locale.ROOT,
              "0x%x to 0x%x cannot be reserved: %s is there",
              start,
              last,
              area != null ? "a mapping" : "an allowed range"));
    }
    Status memory = parts.allocate("struct iopt_reserved");
    if (!memory.failed()) {
      reserved.add(start, last, owner);
    }
    return memory;
  }

  /** {@code iopt_remove_reserved_iova()}. */
  public void removeReserved(Object owner) {
    reserved.removeOwner(owner);
  }

  // ---- domains ----------------------------------------------------------------------------------

  /** {@code iopt_table_add_domain()}: every area goes into the new domain. */
  public Status addDomain(PagingDomain domain) {
    if (trace.isOn()) {
      trace.enter("iopt_table_add_domain").number("domain", domain.id());
    }
    return parts.leave(tryAddDomain(domain));
  }

  private Status tryAddDomain(PagingDomain domain) {
    long smallest = Long.lowestOneBit(domain.pageSizes());
    if (smallest > 4096) {
      return Status.fail(Errno.EINVAL, "the domain cannot map 4 KiB");
    }
    long alignment = Math.max(iovaAlignment, smallest);
    Status status = checkAlignment(alignment);
    if (!status.failed() && domain.apertureStart() != 0) {
      status = reserve(0, domain.apertureStart() - 1, domain);
    }
    if (!status.failed() && domain.apertureEnd() != Unsigned.MAX) {
      status = reserve(domain.apertureEnd() + 1, Unsigned.MAX, domain);
    }
    if (!status.failed()) {
      status = fillDomain(domain);
    }
    if (status.failed()) {
      removeReserved(domain);
      return status;
    }
    iovaAlignment = alignment;
    domains.add(domain);
    return Status.OK;
  }

  private Status fillDomain(PagingDomain domain) {
    var filled = new ArrayList<IoptArea>();
    for (IoptArea area : areas.all()) {
      if (area.source().isRevoked()) {
        continue;
      }
      boolean first = area.storageDomain() == null;
      Status status = filler.fillDomain(area, domain);
      if (status.failed()) {
        for (IoptArea undo : filled) {
          if (undo.storageDomain() == domain) {
            filler.unpinDomain(undo, domain);
          } else {
            filler.unmapDomain(undo, domain);
          }
        }
        return status;
      }
      if (first && area.storageDomain() == null) {
        throw new IllegalStateException("the first domain did not become storage");
      }
      filled.add(area);
    }
    return Status.OK;
  }

  /** Takes an area out of every domain; it stays in the tree. */
  void unfill(IoptArea area) {
    filler.unfillDomains(area, domains);
  }

  /** {@code iopt_table_remove_domain()}: the last domain's pages are unpinned. */
  public void removeDomain(PagingDomain domain) {
    if (trace.isOn()) {
      trace.enter("iopt_table_remove_domain").number("domain", domain.id());
    }
    int at = domains.indexOf(domain);
    PagingDomain tail = domains.removeLast();
    if (tail != domain) {
      domains.set(at, tail);
    }
    for (IoptArea area : areas.all()) {
      if (area.source().isRevoked()) {
        continue;
      }
      if (domains.isEmpty()) {
        filler.unpinDomain(area, domain);
      } else {
        if (area.storageDomain() == domain) {
          area.setStorageDomain(domains.getFirst());
        }
        filler.unmapDomain(area, domain);
      }
    }
    removeReserved(domain);
    recalculateAlignment();
    if (trace.isOn()) {
      trace.leave();
    }
  }

  // ---- alignment --------------------------------------------------------------------------------

  private long neededAlignment() {
    long needed = largePages ? 1 : 4096;
    for (PagingDomain domain : domains) {
      needed = Math.max(needed, Long.lowestOneBit(domain.pageSizes()));
    }
    for (AccessUser access : accesses) {
      needed = Math.max(needed, access.alignment());
    }
    return needed;
  }

  private Status checkAlignment(long alignment) {
    if (alignment <= iovaAlignment) {
      return Status.OK;
    }
    for (IoptArea area : areas.all()) {
      boolean fits =
          (area.start() & alignment - 1) == 0
              && (area.length() & alignment - 1) == 0
              && (area.pageOffset() & alignment - 1) == 0;
      if (!fits) {
        return Status.fail(
            Errno.EADDRINUSE,
            String.format(
                Locale.ROOT, "the area at 0x%x is not aligned to 0x%x", area.start(), alignment));
      }
    }
    return Status.OK;
  }

  private void recalculateAlignment() {
    iovaAlignment = neededAlignment();
  }

  /** {@code iopt_enable_large_pages()}. */
  public void enableLargePages() {
    largePages = true;
    recalculateAlignment();
  }

  /** {@code iopt_disable_large_pages()}: only before anything was mapped with them. */
  public Status disableLargePages() {
    if (!largePages) {
      return Status.OK;
    }
    if (!domains.isEmpty() && !areas.isEmpty()) {
      return Status.fail(Errno.EINVAL, "areas may be mapped with large pages already");
    }
    largePages = false;
    Status status = checkAlignment(neededAlignment());
    if (status.failed()) {
      largePages = true;
      return status;
    }
    recalculateAlignment();
    return Status.OK;
  }

  /** A kernel access joins ({@code iopt_add_access()}). */
  public Status addAccess(AccessUser access) {
    Status status = checkAlignment(access.alignment());
    if (!status.failed()) {
      accesses.add(access);
      recalculateAlignment();
    }
    return status;
  }

  /** A kernel access leaves. */
  public void removeAccess(AccessUser access) {
    accesses.remove(access);
    recalculateAlignment();
  }
}
