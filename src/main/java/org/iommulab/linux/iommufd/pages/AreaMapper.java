package org.iommulab.linux.iommufd.pages;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.iommulab.linux.boot.KernelParts;
import org.iommulab.linux.iommu.Protection;
import org.iommulab.linux.process.PagesFile;
import org.iommulab.linux.process.Process;
import org.iommulab.linux.uapi.Errno;
import org.iommulab.linux.uapi.Status;
import org.iommulab.memory.Page;
import org.iommulab.trace.CallTrace;
import org.jspecify.annotations.Nullable;

/** Makes areas: the map half of iommufd/io_pagetable.c. */
public final class AreaMapper {

  /** {@code IOPT_ALLOC_IOVA}: the kernel chooses the IOVA. */
  private static final int ALLOC_IOVA = 1;

  private final KernelParts parts;
  private final CallTrace trace;
  private final IoPageTable table;
  private final AreaFiller filler;
  private final IovaFinder finder;

  AreaMapper(KernelParts parts, IoPageTable table, AreaFiller filler) {
    this.parts = parts;
    this.trace = parts.trace();
    this.table = table;
    this.filler = filler;
    this.finder = new IovaFinder(table);
  }

  /** A piece of pages to map: where it begins inside them, in bytes, and how long it is. */
  public record PagesElm(IoptPages pages, long startByte, long length) {}

  /** How a map ended, and where. */
  public record Mapped(Status status, long iova) {

    static Mapped fail(Errno errno, String cause) {
      return new Mapped(Status.fail(errno, cause), 0);
    }

    Mapped leave(KernelParts parts) {
      parts.leave(status);
      return this;
    }
  }

  /** {@code iopt_map_user_pages()}: makes a page object for user memory and maps it. */
  public Mapped mapUserPages(Process process, AccountMode mode, MapWish wish, long userAddress) {
    if (trace.isOn()) {
      trace
          .enter("iopt_map_user_pages")
          .hex("iova", wish.iova())
          .hex("uptr", userAddress)
          .hex("length", wish.length())
          .hex("iommu_prot", wish.prot())
          .hex("flags", flags(wish));
    }
    return mapMemory(process, mode, wish, userAddress, null).leave(parts);
  }

  /**
   * As {@link #mapUserPages}, for a file's pages from {@code start} on ({@code
   * iopt_map_file_pages()}).
   */
  public Mapped mapFilePages(
      Process process, AccountMode mode, MapWish wish, PagesFile file, long start) {
    if (trace.isOn()) {
      trace
          .enter("iopt_map_file_pages")
          .hex("start", start)
          .hex("iova", wish.iova())
          .hex("length", wish.length());
    }
    boolean wraps = Unsigned.wraps(start, wish.length());
    return (wraps
            ? Mapped.fail(Errno.EOVERFLOW, "start + length wraps")
            : mapMemory(process, mode, wish, file.address(start), file))
        .leave(parts);
  }

  private static long flags(MapWish wish) {
    return wish.fixed() ? 0 : ALLOC_IOVA;
  }

  private Mapped mapMemory(
      Process process, AccountMode mode, MapWish wish, long userAddress, @Nullable PagesFile file) {
    long length = wish.length();
    if (length == 0 || Long.compareUnsigned(length, -4097L) > 0) {
      return Mapped.fail(Errno.EINVAL, "length is 0, or a page short of the whole space");
    }
    if (Unsigned.wraps(userAddress, length)) {
      return Mapped.fail(Errno.EOVERFLOW, "user_va + length wraps");
    }
    long down = Page.start(userAddress);
    long count = Page.count(userAddress - down + length);
    AccountMode used = process.capable("CAP_IPC_LOCK") ? AccountMode.NONE : mode;
    Status memory = parts.allocate("struct iopt_pages");
    if (memory.failed()) {
      return new Mapped(memory, 0);
    }
    boolean writable = (wish.prot() & Protection.WRITE) != 0;
    var pages = new IoptPages(parts, process, down, count, writable, used, file);
    Mapped mapped = mapCommon(new PagesElm(pages, userAddress - down, length), wish);
    if (mapped.status().failed()) {
      pages.put();
    }
    return mapped;
  }

  private Mapped mapCommon(PagesElm piece, MapWish wish) {
    if (trace.isOn()) {
      trace
          .enter("iopt_map_common")
          .number("npages", piece.pages().pages())
          .text("account_mode", piece.pages().accountMode().name());
    }
    return mapPages(List.of(piece), wish).leave(parts);
  }

  /** {@code iopt_map_pages()}: areas go into the tree, are filled, and only then published. */
  public Mapped mapPages(List<PagesElm> pieces, MapWish wish) {
    if (trace.isOn()) {
      trace
          .enter("iopt_map_pages")
          .hex("length", wish.length())
          .hex("iova", wish.iova())
          .hex("iommu_prot", wish.prot())
          .hex("flags", flags(wish));
    }
    var made = new ArrayList<IoptArea>();
    Status status = allocAreaPages(pieces, wish, made);
    if (!status.failed()) {
      status = fillDomainsPages(made);
    }
    if (status.failed()) {
      made.forEach(table.areas()::remove);
      return new Mapped(status, 0).leave(parts);
    }
    made.forEach(area -> area.setPublished(true));
    if (trace.isOn()) {
      trace.effect("area published: its pages pointer is set");
    }
    return new Mapped(status, made.getFirst().start()).leave(parts);
  }

  private Status allocAreaPages(List<PagesElm> pieces, MapWish wish, List<IoptArea> made) {
    if (trace.isOn()) {
      trace.enter("iopt_alloc_area_pages").hex("length", wish.length()).hex("iova", wish.iova());
    }
    Mapped place = place(pieces.getFirst(), wish);
    Status status = place.status();
    if (!status.failed()) {
      status = insert(pieces, place.iova(), wish.prot(), made);
    }
    return parts.leave(status);
  }

  private Mapped place(PagesElm first, MapWish wish) {
    long alignment = table.iovaAlignment();
    if ((wish.length() & alignment - 1) != 0) {
      return Mapped.fail(
          Errno.EINVAL,
          String.format(Locale.ROOT, "length is not a multiple of the alignment 0x%x", alignment));
    }
    if (!wish.fixed()) {
      long address = first.pages().userAddress() + first.startByte();
      return finder.find(address, wish.length());
    }
    return new Mapped(checkIova(wish.iova(), wish.length()), wish.iova());
  }

  /** {@code iopt_check_iova()}. */
  private Status checkIova(long iova, long length) {
    long alignment = table.iovaAlignment();
    if ((iova & alignment - 1) != 0) {
      return Status.fail(
          Errno.EINVAL,
          String.format(Locale.ROOT, "iova is not a multiple of the alignment 0x%x", alignment));
    }
    long last = iova + length - 1;
    if (Unsigned.less(last, iova)) {
      return Status.fail(Errno.EOVERFLOW, "iova + length wraps");
    }
    IovaSpans.Span blocked = table.reserved().first(iova, last);
    if (blocked != null) {
      return Status.fail(
          Errno.EINVAL,
          String.format(Locale.ROOT, "0x%x to 0x%x is reserved", blocked.start(), blocked.last()));
    }
    IoptArea area = table.areas().first(iova, last);
    if (area != null) {
      return Status.fail(
          Errno.EEXIST,
          String.format(
              Locale.ROOT, "an area from 0x%x to 0x%x is mapped there", area.start(), area.last()));
    }
    return Status.OK;
  }

  private Status insert(List<PagesElm> pieces, long start, int prot, List<IoptArea> made) {
    long alignment = table.iovaAlignment();
    for (PagesElm piece : pieces) {
      if ((piece.startByte() & alignment - 1 & 4095) != 0) {
        return Status.fail(Errno.EINVAL, "user_va has a page offset the domains cannot map");
      }
      if ((prot & Protection.WRITE) != 0 && !piece.pages().writable()) {
        return Status.fail(Errno.EPERM, "the pages were made read-only");
      }
    }
    long iova = start;
    for (PagesElm piece : pieces) {
      Status memory = parts.allocate("struct iopt_area");
      if (memory.failed()) {
        return memory;
      }
      var area =
          new IoptArea(
              table, iova, iova + piece.length() - 1, prot, piece.pages(), piece.startByte());
      table.areas().put(area);
      made.add(area);
      iova += piece.length();
      if (trace.isOn()) {
        trace.effect(
            String.format(Locale.ROOT, "area 0x%x to 0x%x in the tree", area.start(), area.last()));
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
      status = filler.fillDomains(made.get(i), table.domains());
      if (status.failed()) {
        for (int undo = i - 1; undo >= 0; undo--) {
          filler.unfillDomains(made.get(undo), table.domains());
        }
      }
    }
    return parts.leave(status);
  }

  /** {@code iopt_get_pages()}: the pages behind a range that areas cover without a gap. */
  public Status getPages(long iova, long length, List<PagesElm> pieces) {
    if (length == 0) {
      return Status.fail(Errno.EINVAL, "length is 0");
    }
    long last = iova + length - 1;
    if (Unsigned.less(last, iova)) {
      return Status.fail(Errno.EOVERFLOW, "src_iova + length wraps");
    }
    long next = iova;
    for (IoptArea area : table.areas().in(iova, last)) {
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
    return Status.fail(Errno.ENOENT, String.format(Locale.ROOT, "nothing is mapped at 0x%x", next));
  }
}
