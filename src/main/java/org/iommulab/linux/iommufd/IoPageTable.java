package org.iommulab.linux.iommufd;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.iommulab.linux.boot.KernelParts;
import org.iommulab.linux.iommu.IommuDomain;
import org.iommulab.linux.iommu.Protection;
import org.iommulab.linux.process.MemoryFile;
import org.iommulab.linux.process.Process;
import org.iommulab.linux.uapi.Errno;
import org.iommulab.linux.uapi.Status;
import org.iommulab.trace.CallTrace;
import org.jspecify.annotations.Nullable;

/**
 * One IOVA space with everything mapped into it ({@code struct io_pagetable}): areas, allowed and
 * reserved addresses, and the domains that all areas are written into.
 */
final class IoPageTable {

  /** Flag of the map functions: the kernel chooses the IOVA. */
  static final int ALLOC_IOVA = 1;

  private static final int UNMAP_TRIES = 100;

  private final KernelParts parts;
  private final CallTrace trace;
  private final AreaFiller filler;
  private final TreeMap<Long, IoptArea> areas = new TreeMap<>(Long::compareUnsigned);
  private final IovaSpans allowed = new IovaSpans();
  private final IovaSpans reserved = new IovaSpans();
  private final List<IommuDomain> domains = new ArrayList<>();
  private final List<AccessUser> accesses = new ArrayList<>();
  private final IovaFinder finder = new IovaFinder(this);
  private long iovaAlignment = 1;
  private boolean largePages = true;
  private long lastIova;
  private long lastUnmapped;

  IoPageTable(KernelParts parts, AreaFiller filler) {
    this.parts = parts;
    this.trace = parts.trace();
    this.filler = filler;
  }

  IovaSpans allowed() {
    return allowed;
  }

  IovaSpans reserved() {
    return reserved;
  }

  List<IommuDomain> domains() {
    return Collections.unmodifiableList(domains);
  }

  Collection<IoptArea> areas() {
    return areas.values();
  }

  long iovaAlignment() {
    return iovaAlignment;
  }

  boolean largePages() {
    return largePages;
  }

  /** The IOVA of the last successful map. */
  long lastIova() {
    return lastIova;
  }

  /** Bytes the last unmap took out. */
  long lastUnmapped() {
    return lastUnmapped;
  }

  /** Areas that touch a range, ascending. */
  Collection<IoptArea> areasIn(long start, long last) {
    Map.Entry<Long, IoptArea> before = areas.floorEntry(start);
    boolean reaches = before != null && Unsigned.atMost(start, before.getValue().last());
    return areas.subMap(reaches ? before.getKey() : start, true, last, true).values();
  }

  @Nullable IoptArea firstAreaIn(long start, long last) {
    for (IoptArea area : areasIn(start, last)) {
      return area;
    }
    return null;
  }

  // ---- map --------------------------------------------------------------------------------------

  /** A piece of pages to map: where it begins inside them, in bytes, and how long it is. */
  record PagesElm(IoptPages pages, long startByte, long length) {}

  /** {@code iopt_map_user_pages()}: makes a page object for user memory and maps it. */
  Status mapUserPages(
      Process process,
      AccountMode mode,
      long iova,
      long userAddress,
      long length,
      int prot,
      int flags) {
    if (trace.isOn()) {
      trace
          .enter("iopt_map_user_pages")
          .hex("iova", iova)
          .hex("uptr", userAddress)
          .hex("length", length)
          .hex("iommu_prot", prot)
          .hex("flags", flags);
    }
    return parts.leave(mapMemory(process, mode, iova, userAddress, length, prot, flags, null));
  }

  /**
   * As {@link #mapUserPages}, for a file's pages from {@code start} on ({@code
   * iopt_map_file_pages()}).
   */
  Status mapFilePages(
      Process process,
      MemoryFile file,
      AccountMode mode,
      long iova,
      long start,
      long length,
      int prot,
      int flags) {
    if (trace.isOn()) {
      trace
          .enter("iopt_map_file_pages")
          .hex("start", start)
          .hex("iova", iova)
          .hex("length", length);
    }
    return parts.leave(
        mapMemory(process, mode, iova, file.address(start), length, prot, flags, file));
  }

  private Status mapMemory(
      Process process,
      AccountMode mode,
      long iova,
      long userAddress,
      long length,
      int prot,
      int flags,
      @Nullable MemoryFile file) {
    if (length == 0 || Long.compareUnsigned(length, -4097L) > 0) {
      return Status.fail(Errno.EINVAL, "length is 0, or a page short of the whole space");
    }
    if (Unsigned.wraps(userAddress, length)) {
      return Status.fail(Errno.EOVERFLOW, "user_va + length wraps");
    }
    long down = userAddress & -4096L;
    long count = userAddress - down + length + 4095 >>> 12;
    AccountMode used = process.capable("CAP_IPC_LOCK") ? AccountMode.NONE : mode;
    Status memory = parts.allocate("struct iopt_pages");
    if (memory.failed()) {
      return memory;
    }
    boolean writable = (prot & Protection.WRITE) != 0;
    var pages = new IoptPages(parts, process, down, count, writable, used, file);
    Status status = mapCommon(new PagesElm(pages, userAddress - down, length), iova, prot, flags);
    if (status.failed()) {
      pages.put();
    }
    return status;
  }

  private Status mapCommon(PagesElm piece, long iova, int prot, int flags) {
    if (trace.isOn()) {
      trace
          .enter("iopt_map_common")
          .number("npages", piece.pages().pages())
          .text("account_mode", piece.pages().accountMode().name());
    }
    return parts.leave(mapPages(List.of(piece), piece.length(), iova, prot, flags));
  }

  /** {@code iopt_map_pages()}: areas go into the tree, are filled, and only then published. */
  Status mapPages(List<PagesElm> pieces, long length, long iova, int prot, int flags) {
    if (trace.isOn()) {
      trace
          .enter("iopt_map_pages")
          .hex("length", length)
          .hex("iova", iova)
          .hex("iommu_prot", prot)
          .hex("flags", flags);
    }
    var made = new ArrayList<IoptArea>();
    Status status = allocAreaPages(pieces, length, iova, prot, flags, made);
    if (!status.failed()) {
      status = fillDomainsPages(made);
    }
    if (status.failed()) {
      made.forEach(area -> areas.remove(area.start()));
    } else {
      made.forEach(area -> area.setPublished(true));
      lastIova = made.getFirst().start();
      if (trace.isOn()) {
        trace.effect("area published: its pages pointer is set");
      }
    }
    return parts.leave(status);
  }

  private Status allocAreaPages(
      List<PagesElm> pieces, long length, long iova, int prot, int flags, List<IoptArea> made) {
    if (trace.isOn()) {
      trace.enter("iopt_alloc_area_pages").hex("length", length).hex("iova", iova);
    }
    Status status = place(pieces, length, iova, flags);
    if (!status.failed()) {
      status = insert(pieces, prot, made);
    }
    return parts.leave(status);
  }

  private Status place(List<PagesElm> pieces, long length, long iova, int flags) {
    if ((length & iovaAlignment - 1) != 0) {
      return Status.fail(
          Errno.EINVAL, "length is not a multiple of the alignment 0x%x".formatted(iovaAlignment));
    }
    PagesElm first = pieces.getFirst();
    if ((flags & ALLOC_IOVA) != 0) {
      Status status = finder.find(first.pages().userAddress() + first.startByte(), length);
      lastIova = finder.found();
      return status;
    }
    lastIova = iova;
    return checkIova(iova, length);
  }

  /** {@code iopt_check_iova()}. */
  private Status checkIova(long iova, long length) {
    if ((iova & iovaAlignment - 1) != 0) {
      return Status.fail(
          Errno.EINVAL, "iova is not a multiple of the alignment 0x%x".formatted(iovaAlignment));
    }
    long last = iova + length - 1;
    if (Unsigned.less(last, iova)) {
      return Status.fail(Errno.EOVERFLOW, "iova + length wraps");
    }
    IovaSpans.Span blocked = reserved.first(iova, last);
    if (blocked != null) {
      return Status.fail(
          Errno.EINVAL, "0x%x to 0x%x is reserved".formatted(blocked.start(), blocked.last()));
    }
    IoptArea area = firstAreaIn(iova, last);
    if (area != null) {
      return Status.fail(
          Errno.EEXIST,
          "an area from 0x%x to 0x%x is mapped there".formatted(area.start(), area.last()));
    }
    return Status.OK;
  }

  private Status insert(List<PagesElm> pieces, int prot, List<IoptArea> made) {
    long iova = lastIova;
    for (PagesElm piece : pieces) {
      if ((piece.startByte() & iovaAlignment - 1 & 4095) != 0) {
        return Status.fail(Errno.EINVAL, "user_va has a page offset the domains cannot map");
      }
      if ((prot & Protection.WRITE) != 0 && !piece.pages().writable()) {
        return Status.fail(Errno.EPERM, "the pages were made read-only");
      }
    }
    for (PagesElm piece : pieces) {
      Status memory = parts.allocate("struct iopt_area");
      if (memory.failed()) {
        return memory;
      }
      var area =
          new IoptArea(
              this, iova, iova + piece.length() - 1, prot, piece.pages(), piece.startByte());
      areas.put(area.start(), area);
      made.add(area);
      iova += piece.length();
      if (trace.isOn()) {
        trace.effect("area 0x%x to 0x%x in the tree".formatted(area.start(), area.last()));
      }
    }
    return Status.OK;
  }

  private Status fillDomainsPages(List<IoptArea> made) {
    if (trace.isOn()) {
      trace.enter("iopt_fill_domains_pages").number("areas", made.size());
    }
    Status status = Status.OK;
    for (int i = 0; i < made.size() && !status.failed(); i++) {
      status = filler.fillDomains(made.get(i), domains);
      if (status.failed()) {
        for (int undo = i - 1; undo >= 0; undo--) {
          filler.unfillDomains(made.get(undo), domains);
        }
      }
    }
    return parts.leave(status);
  }

  /** {@code iopt_get_pages()}: the pages behind a range that areas cover without a gap. */
  Status getPages(long iova, long length, List<PagesElm> pieces) {
    if (length == 0) {
      return Status.fail(Errno.EINVAL, "length is 0");
    }
    long last = iova + length - 1;
    if (Unsigned.less(last, iova)) {
      return Status.fail(Errno.EOVERFLOW, "src_iova + length wraps");
    }
    long next = iova;
    for (IoptArea area : areasIn(iova, last)) {
      if (!area.published() || Unsigned.less(next, area.start())) {
        break;
      }
      Status memory = parts.allocate("struct iopt_pages_list");
      if (memory.failed()) {
        return memory;
      }
      long end = Unsigned.min(area.last(), last);
      pieces.add(new PagesElm(area.source(), area.byteOf(next), end - next + 1));
      next = end + 1;
      if (end == last) {
        return Status.OK;
      }
    }
    return Status.fail(Errno.ENOENT, "nothing is mapped at 0x%x".formatted(next));
  }

  // ---- unmap ------------------------------------------------------------------------------------

  /** {@code iopt_unmap_iova()}: takes out all areas that lie wholly in a range. */
  Status unmapIova(long iova, long length) {
    if (trace.isOn()) {
      trace.enter("iopt_unmap_iova").hex("iova", iova).hex("length", length);
    }
    lastUnmapped = 0;
    Status status;
    if (length == 0) {
      status = Status.fail(Errno.EINVAL, "length is 0");
    } else if (Unsigned.less(iova + length - 1, iova)) {
      status = Status.fail(Errno.EOVERFLOW, "iova + length wraps");
    } else {
      status = unmapRange(iova, iova + length - 1);
      if (!status.failed() && lastUnmapped == 0) {
        status = Status.fail(Errno.ENOENT, "nothing is mapped in the range");
      }
    }
    return parts.leave(status);
  }

  /** {@code iopt_unmap_all()}: success even if there is nothing. */
  Status unmapAll() {
    if (trace.isOn()) {
      trace.enter("iopt_unmap_all");
    }
    lastUnmapped = 0;
    return parts.leave(unmapRange(0, Unsigned.MAX));
  }

  private Status unmapRange(long start, long last) {
    int tries = 0;
    IoptArea area = firstAreaIn(start, last);
    while (area != null) {
      if (!area.published()) {
        return Status.fail(Errno.EBUSY, "an area is under construction");
      }
      if (Unsigned.less(area.start(), start) || Unsigned.less(last, area.last())) {
        return Status.fail(
            Errno.ENOENT,
            "the area from 0x%x to 0x%x is only partly in the range"
                .formatted(area.start(), area.last()));
      }
      if (area.locks() > 0) {
        return Status.fail(Errno.EBUSY, "a hardware queue uses the area");
      }
      if (area.accesses() > 0) {
        area.setPreventAccess(true);
        for (AccessUser access : List.copyOf(accesses)) {
          access.unmapNotice(area.start(), area.length());
        }
        if (area.accesses() > 0 && ++tries > UNMAP_TRIES) {
          area.setPreventAccess(false);
          return Status.fail(Errno.EDEADLK, "an access does not let go");
        }
        area.setPreventAccess(false);
      } else {
        remove(area);
        lastUnmapped += area.length();
        area = nextArea(area, last);
      }
    }
    return Status.OK;
  }

  private @Nullable IoptArea nextArea(IoptArea before, long last) {
    return before.last() == Unsigned.MAX || before.last() == last
        ? null
        : firstAreaIn(before.last() + 1, last);
  }

  private void remove(IoptArea area) {
    area.setPublished(false);
    filler.unfillDomains(area, domains);
    areas.remove(area.start());
    area.source().put();
  }

  /** {@code iopt_cut_iova()}: splits areas at the given addresses (type 1 version 1 semantics). */
  Status cutIova(long... cuts) {
    for (long iova : cuts) {
      IoptArea area = firstAreaIn(iova, iova);
      if (area != null && area.start() != iova) {
        Status status = split(area, iova);
        if (status.failed()) {
          return status;
        }
      }
    }
    return Status.OK;
  }

  /** {@code iopt_area_split()}. */
  private Status split(IoptArea area, long iova) {
    if (trace.isOn()) {
      trace.enter("iopt_area_split").hex("area", area.start()).hex("iova", iova);
    }
    return parts.leave(trySplit(area, iova));
  }

  private Status trySplit(IoptArea area, long iova) {
    if (!area.published() || area.locks() > 0) {
      return Status.fail(Errno.EBUSY, "the area is in use");
    }
    if ((iova & iovaAlignment - 1) != 0) {
      return Status.fail(Errno.EINVAL, "the cut is not aligned");
    }
    if (area.accesses() > 0) {
      return Status.fail(Errno.EINVAL, "a kernel access uses the area");
    }
    if (area.storageDomain() != null && largePages) {
      return Status.fail(Errno.EINVAL, "the area may be mapped with large pages");
    }
    for (String half : List.of("lower", "upper")) {
      Status memory = parts.allocate("struct iopt_area of the " + half + " part");
      if (memory.failed()) {
        return memory;
      }
    }
    long cut = area.byteOf(iova);
    var low =
        new IoptArea(
            this, area.start(), iova - 1, area.prot(), area.source(), area.byteOf(area.start()));
    var high = new IoptArea(this, iova, area.last(), area.prot(), area.source().get(), cut);
    IommuDomain storage = area.storageDomain();
    area.setStorageDomain(null);
    areas.remove(area.start());
    for (IoptArea half : List.of(low, high)) {
      half.setStorageDomain(storage);
      half.setPublished(true);
      areas.put(half.start(), half);
    }
    return Status.OK;
  }

  // ---- allowed and reserved ---------------------------------------------------------------------

  /** {@code iopt_set_allow_iova()}: replaces the list, unless it meets a reservation. */
  Status setAllowed(IovaSpans list) {
    for (IovaSpans.Span span : list.all()) {
      if (reserved.overlaps(span.start(), span.last())) {
        return Status.fail(
            Errno.EADDRINUSE,
            "0x%x to 0x%x meets a reservation".formatted(span.start(), span.last()));
      }
    }
    allowed.clear();
    list.all().forEach(span -> allowed.add(span.start(), span.last(), null));
    return Status.OK;
  }

  /** {@code iopt_reserve_iova()}: no mapping and no allowed range may be there. */
  Status reserve(long start, long last, @Nullable Object owner) {
    IoptArea area = firstAreaIn(start, last);
    if (area != null || allowed.overlaps(start, last)) {
      return Status.fail(
          Errno.EADDRINUSE,
          "0x%x to 0x%x cannot be reserved: %s is there"
              .formatted(start, last, area != null ? "a mapping" : "an allowed range"));
    }
    Status memory = parts.allocate("struct iopt_reserved");
    if (!memory.failed()) {
      reserved.add(start, last, owner);
    }
    return memory;
  }

  /** {@code iopt_remove_reserved_iova()}. */
  void removeReserved(Object owner) {
    reserved.removeOwner(owner);
  }

  // ---- domains ----------------------------------------------------------------------------------

  /** {@code iopt_table_add_domain()}: every area goes into the new domain. */
  Status addDomain(IommuDomain domain) {
    if (trace.isOn()) {
      trace.enter("iopt_table_add_domain").number("domain", domain.id());
    }
    return parts.leave(tryAddDomain(domain));
  }

  private Status tryAddDomain(IommuDomain domain) {
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

  private Status fillDomain(IommuDomain domain) {
    var filled = new ArrayList<IoptArea>();
    for (IoptArea area : areas.values()) {
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

  /** {@code iopt_table_remove_domain()}: the last domain's pages are unpinned. */
  void removeDomain(IommuDomain domain) {
    if (trace.isOn()) {
      trace.enter("iopt_table_remove_domain").number("domain", domain.id());
    }
    int at = domains.indexOf(domain);
    IommuDomain tail = domains.removeLast();
    if (tail != domain) {
      domains.set(at, tail);
    }
    for (IoptArea area : areas.values()) {
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
    for (IommuDomain domain : domains) {
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
    for (IoptArea area : areas.values()) {
      boolean fits =
          (area.start() & alignment - 1) == 0
              && (area.length() & alignment - 1) == 0
              && (area.pageOffset() & alignment - 1) == 0;
      if (!fits) {
        return Status.fail(
            Errno.EADDRINUSE,
            "the area at 0x%x is not aligned to 0x%x".formatted(area.start(), alignment));
      }
    }
    return Status.OK;
  }

  private void recalculateAlignment() {
    iovaAlignment = neededAlignment();
  }

  /** {@code iopt_enable_large_pages()}. */
  void enableLargePages() {
    largePages = true;
    recalculateAlignment();
  }

  /** {@code iopt_disable_large_pages()}: only before anything was mapped with them. */
  Status disableLargePages() {
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
  Status addAccess(AccessUser access) {
    Status status = checkAlignment(access.alignment());
    if (!status.failed()) {
      accesses.add(access);
      recalculateAlignment();
    }
    return status;
  }

  /** A kernel access leaves. */
  void removeAccess(AccessUser access) {
    accesses.remove(access);
    recalculateAlignment();
  }
}
