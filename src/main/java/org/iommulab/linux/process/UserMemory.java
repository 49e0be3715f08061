package org.iommulab.linux.process;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import org.iommulab.linux.mm.FrameAllocator;
import org.iommulab.linux.uapi.Errno;
import org.iommulab.linux.uapi.Status;
import org.iommulab.memory.AddressRange;
import org.iommulab.memory.Page;
import org.iommulab.memory.PhysicalMemory;
import org.jspecify.annotations.Nullable;

/**
 * The address space of a process ({@code mm_struct}): user pages, their frames, and the counters of
 * pages held for DMA.
 */
public final class UserMemory extends UserPages {

  private static final long FIRST = 0x7F00_0000_0000L;

  private final PhysicalMemory memory;
  private final FrameAllocator frames;
  private final UserAreas areas = new UserAreas();
  private final List<Listener> listeners = new ArrayList<>();
  private @Nullable ProcessTables tables;

  /** Frames whose memory has gone while they were pinned. */
  private final TreeSet<Long> orphans = new TreeSet<>();

  /** Files that areas show; each is held once. */
  private final List<OpenFile> shown = new ArrayList<>();

  private long next = FIRST;

  UserMemory(PhysicalMemory memory, FrameAllocator frames) {
    this.memory = memory;
    this.frames = frames;
  }

  /** The physical memory its pages lie in. */
  public PhysicalMemory physical() {
    return memory;
  }

  // ---- making and freeing ---------------------------------------------------------------------

  SyscallResult alloc(long length, MemoryOptions options) {
    if (length <= 0 || length > UserAreas.END - FIRST) {
      return SyscallResult.fail(Errno.EINVAL, "the length of user memory must be 1 byte to 1 TiB");
    }
    long pageSize = options.pageSize();
    if (pageSize != 1L << 12 && pageSize != 1L << 21 && pageSize != 1L << 30) {
      return SyscallResult.fail(Errno.EINVAL, "a page is 4 KiB, 2 MiB or 1 GiB");
    }
    long pages = (length + pageSize - 1) / pageSize * Page.number(pageSize);
    // Address and physical frames agree modulo 2 MiB where both are chosen here.
    long align = Math.max(pageSize, pages >= 512 ? 1L << 21 : 1L << 12);
    long chosen = options.address();
    long start = chosen != 0 ? chosen : areas.vacant(next, Page.address(pages), align);
    if (chosen == 0 && start < 0) {
      return noRoom(length);
    }
    if ((start & (pageSize - 1)) != 0 || !UserAreas.holds(start, Page.address(pages))) {
      return SyscallResult.fail(Errno.EINVAL, "the user address does not fit the page size");
    }
    if (areas.overlaps(start, Page.address(pages))) {
      return SyscallResult.fail(Errno.EINVAL, "the process has memory at that address already");
    }
    var area = new UserArea(start, pages, options.readOnly(), kind(options), null, 0);
    Status filled = fill(area, options);
    if (filled.failed()) {
      release(area.extents());
      return SyscallResult.of(filled);
    }
    area.withoutHoles().forEach(areas::add);
    showToProcessor(area);
    if (chosen == 0) {
      next = start + Page.address(pages) + 4096;
    }
    return SyscallResult.ok(start);
  }

  private static SyscallResult noRoom(long length) {
    return SyscallResult.fail(
        Errno.ENOMEM,
        String.format(Locale.ROOT, "the address space has no room for 0x%x bytes", length));
  }

  private static String kind(MemoryOptions options) {
    String pages =
        options.pageSize() == 4096
            ? options.scattered() ? "4K scattered" : "4K"
            : options.pageSize() == 1L << 21 ? "2M" : "1G";
    return pages + (options.readOnly() ? " r-" : " rw");
  }

  private Status fill(UserArea area, MemoryOptions options) {
    long page = 0;
    for (MemoryOptions.Frames chosen : options.frames()) {
      long count = Math.min(chosen.count(), area.pages() - page);
      if (count > 0) {
        if (!frames.take(chosen.first(), count)) {
          return Status.fail(
              Errno.EINVAL,
              String.format(
                  Locale.ROOT, "page frames from 0x%x on are in use or not RAM", chosen.first()));
        }
        area.append(chosen.first(), count);
        page += count;
      }
    }
    long unit = Page.number(options.pageSize());
    while (page < area.pages()) {
      MemoryOptions.Hole hole = holeAt(options, Page.address(page));
      if (hole != null) {
        long to = Math.min(area.pages(), Page.count(hole.offset() + hole.length()));
        area.append(UserArea.HOLE, to - page);
        page = to;
        continue;
      }
      if (options.lazy()) {
        long to = Math.min(area.pages(), nextHole(options, Page.address(page)));
        area.append(UserArea.UNTOUCHED, to - page);
        page = to;
        continue;
      }
      long wanted = Math.min(area.pages(), nextHole(options, Page.address(page))) - page;
      FrameAllocator.Run run =
          options.scattered()
              ? frames.allocateRun(1, 2)
              : frames.allocateRun(wanted, Math.max(unit, wanted >= 512 ? 512 : 1));
      if (run.count() == 0) {
        run = frames.allocateRun(wanted, unit);
      }
      if (run.count() == 0) {
        return Status.fail(Errno.ENOMEM, "no page frames are left");
      }
      area.append(run.first(), run.count());
      page += run.count();
    }
    return Status.OK;
  }

  private static MemoryOptions.@Nullable Hole holeAt(MemoryOptions options, long offset) {
    for (MemoryOptions.Hole hole : options.holes()) {
      if (offset >= hole.offset() && offset < hole.offset() + hole.length()) {
        return hole;
      }
    }
    return null;
  }

  private static long nextHole(MemoryOptions options, long offset) {
    long nearest = Long.MAX_VALUE;
    for (MemoryOptions.Hole hole : options.holes()) {
      if (hole.offset() > offset) {
        nearest = Math.min(nearest, Page.number(hole.offset()));
      }
    }
    return nearest;
  }

  /**
   * Shows a file's pages from {@code offset} on, {@code mmap()} with MAP_SHARED. What lies behind
   * the end of the file has an address but no pages.
   *
   * @param at where it should lie, 0 for the kernel's choice
   * @return the address; EINVAL, EOVERFLOW behind the largest offset, ENOMEM without room
   */
  SyscallResult show(MemoryFile file, long offset, long length, long at) {
    if (length == 0 || !Page.isWhole(offset)) {
      return SyscallResult.fail(Errno.EINVAL, "the length is 0 or the offset no whole page");
    }
    if (length < 0 || length > UserAreas.END) {
      return noRoom(length);
    }
    long bytes = Page.roundUp(length);
    if (offset < 0 || offset > MemoryFile.LARGEST - bytes) {
      return SyscallResult.fail(Errno.EOVERFLOW, "a file cannot be that long");
    }
    long start = at != 0 ? at : areas.vacant(next, bytes, 4096);
    if (start < 0 || !UserAreas.holds(start, bytes)) {
      return noRoom(length);
    }
    if (!Page.isWhole(start) || areas.overlaps(start, bytes)) {
      return SyscallResult.fail(Errno.EINVAL, "something lies at that address");
    }
    var area = new UserArea(start, Page.number(bytes), false, file.path(), file, offset);
    area.append(UserArea.UNTOUCHED, area.pages());
    if (hold(file)) {
      file.addMapper(this);
    }
    areas.add(area);
    next = at != 0 ? next : start + bytes + 4096;
    return SyscallResult.ok(start);
  }

  /** A file stays open as long as it is shown; true if it was not shown before. */
  private boolean hold(OpenFile file) {
    if (shown.contains(file)) {
      return false;
    }
    shown.add(file.get());
    return true;
  }

  /** Tells whether some of a file's window is shown. */
  boolean shows(OpenFile file, AddressRange window) {
    long first = Page.number(window.start());
    long end = first + Page.number(window.size());
    return areas.all().stream()
        .filter(area -> area.holder() == file)
        .flatMap(area -> area.extents().stream())
        .anyMatch(extent -> extent.frame() < end && extent.frame() + extent.count() > first);
  }

  /**
   * Shows registers of a device, {@code mmap()} of a VFIO device's file.
   *
   * @param window physical addresses, in whole pages
   * @param file what it is a window of, or null
   * @param at where they should lie, 0 for the kernel's choice
   */
  SyscallResult showDevice(AddressRange window, @Nullable OpenFile file, String name, long at) {
    long start = at != 0 ? at : areas.vacant(next, window.size(), 4096);
    if (start < 0 || !UserAreas.holds(start, window.size())) {
      return noRoom(window.size());
    }
    if (!Page.isWhole(start) || areas.overlaps(start, window.size())) {
      return SyscallResult.fail(Errno.EINVAL, "something lies at that address");
    }
    UserArea area =
        UserArea.ofDevice(
            start, Page.number(window.size()), Page.number(window.start()), name, file);
    if (file != null) {
      hold(file);
    }
    areas.add(area);
    showToProcessor(area);
    next = at != 0 ? next : start + window.size() + 4096;
    return SyscallResult.ok(start);
  }

  /**
   * {@code munmap()}: takes memory away; what it leaves of an area on either side stays. Frames
   * that are pinned stay allocated until they are unpinned.
   *
   * @param length bytes from {@code address} on, 0 for all that is left of the piece that was given
   *     at that address
   */
  SyscallResult free(long address, long length) {
    if (length == 0) {
      List<UserArea> piece = areas.ofPiece(address);
      piece.forEach(area -> take(area.start(), area.end() - area.start()));
      return piece.isEmpty()
          ? SyscallResult.fail(Errno.EINVAL, "no user memory starts at that address")
          : SyscallResult.ok(0);
    }
    if (!Page.isWhole(address | length) || !UserAreas.holds(address, length)) {
      return SyscallResult.fail(Errno.EINVAL, "the range is not whole pages of user memory");
    }
    if (!areas.overlaps(address, length)) {
      return SyscallResult.fail(Errno.EINVAL, "no user memory is at that address");
    }
    take(address, length);
    return SyscallResult.ok(0);
  }

  /** Takes out whatever is in a range. */
  private void take(long address, long length) {
    for (UserArea area : areas.cut(address, length)) {
      hide(area.start(), area.pages());
      if (area.ownsFrames()) {
        release(area.extents());
      }
    }
    letFilesGo();
  }

  /** Files of which no area is left are not held any more. */
  private void letFilesGo() {
    for (OpenFile file : List.copyOf(shown)) {
      if (areas.all().stream().noneMatch(area -> area.holder() == file)) {
        shown.remove(file);
        file.put();
      }
    }
  }

  private void release(List<UserArea.Extent> extents) {
    for (UserArea.Extent extent : extents) {
      if (extent.frame() >= 0 && unpinned()) {
        frames.release(extent.frame(), extent.count());
      }
      for (long i = 0; extent.frame() >= 0 && !unpinned() && i < extent.count(); i++) {
        long frame = extent.frame() + i;
        if (pinCount(frame) > 0) {
          orphans.add(frame);
        } else {
          frames.release(frame, 1);
        }
      }
    }
  }

  @Override
  protected void exit() {
    List.copyOf(listeners).forEach(Listener::exiting);
    for (UserArea area : areas.all()) {
      if (area.ownsFrames()) {
        release(area.extents());
      }
    }
    areas.clear();
    letFilesGo();
    if (tables != null) {
      tables.free();
      tables = null;
    }
  }

  /** Takes everything away from an address on, as truncating a file does. */
  void cutOff(long address) {
    take(address, UserAreas.END - address);
  }

  // ---- pages ------------------------------------------------------------------------------------

  @Override
  public long pfn(long address) {
    UserArea area = areas.at(address);
    if (area == null || !area.isThere()) {
      return -1;
    }
    long page = Page.number(address - area.start());
    UserArea.Extent extent = area.extent(page);
    if (extent.frame() == UserArea.UNTOUCHED) {
      MemoryFile file = area.file();
      return file == null ? touch(area, page) : show(area, file, address);
    }
    return extent.frame() < 0 ? -1 : extent.frame() + (page - extent.page());
  }

  /** The frame of a file's page, which the processor sees from now on; -1 behind its end. */
  private long show(UserArea area, MemoryFile file, long address) {
    long pfn = file.memory().pfn(area.inFile(file, address));
    if (pfn >= 0 && tables != null) {
      tables.map(Page.start(address), pfn, 1, !area.readOnly());
    }
    return pfn;
  }

  /** A file that is mapped here has become shorter: nobody sees the pages any more. */
  void hideBehind(MemoryFile file, long size) {
    for (UserArea area : List.copyOf(areas.all())) {
      if (area.file() == file) {
        long from = Math.max(area.start(), area.ofFile(size));
        hide(from, Page.number(area.end() - from));
      }
    }
  }

  /** Gives an untouched page its frame; -1 if none is left. */
  private long touch(UserArea area, long page) {
    FrameAllocator.Run run = frames.allocateRun(1, 1);
    if (run.count() == 0) {
      return -1;
    }
    long[] frame = memory.frameForWrite(run.first());
    if (frame != null) {
      Arrays.fill(frame, 0);
    }
    area.replace(page, run.first());
    if (tables != null) {
      tables.map(area.start() + Page.address(page), run.first(), 1, !area.readOnly());
    }
    return run.first();
  }

  @Override
  public boolean isDeviceMemory(long address) {
    UserArea area = areas.at(address);
    return area != null && area.device();
  }

  // ---- shared with devices ----------------------------------------------------------------------

  @Override
  public long pgd() {
    if (tables == null) {
      tables = ProcessTables.make(memory, frames);
      areas.all().forEach(this::showToProcessor);
    }
    return tables == null ? -1 : tables.root();
  }

  @Override
  public long tableFrames() {
    return tables == null ? 0 : tables.frames();
  }

  private void showToProcessor(UserArea area) {
    for (UserArea.Extent extent : tables == null ? List.<UserArea.Extent>of() : area.extents()) {
      if (extent.frame() >= 0 && tables != null) {
        long at = area.start() + Page.address(extent.page());
        tables.map(at, extent.frame(), extent.count(), !area.readOnly());
      }
    }
  }

  @Override
  public Fault handleFault(long address, boolean write) {
    UserArea area = areas.at(address);
    if (area == null || (write && area.readOnly())) {
      return Fault.BAD_AREA;
    }
    if (area.extent(Page.number(address - area.start())).frame() == UserArea.HOLE) {
      return Fault.BAD_AREA;
    }
    return pfn(address) < 0 ? Fault.OUT_OF_MEMORY : Fault.DONE;
  }

  @Override
  public void addListener(Listener listener) {
    listeners.add(listener);
  }

  @Override
  public void removeListener(Listener listener) {
    listeners.remove(listener);
  }

  /** Takes pages out of the processor's tables and tells everybody who may have cached them. */
  private void hide(long address, long pages) {
    if (pages > 0 && tables != null) {
      tables.unmap(address, pages);
      for (Listener listener : List.copyOf(listeners)) {
        listener.invalidateSecondaryTlbs(address, address + Page.address(pages) - 1);
      }
    }
  }

  /**
   * Gives page frames back; the pages get new ones, with zeros, when they are touched again ({@code
   * madvise(MADV_DONTNEED)}). Pages pinned for DMA stay as they are.
   */
  public SyscallResult dontNeed(long address, long length) {
    long bytes = Page.roundUp(length);
    if (!Page.isWhole(address) || length < 0 || !UserAreas.holds(address, bytes)) {
      return SyscallResult.fail(Errno.EINVAL, "the address is no multiple of 4096");
    }
    // What is there goes, also where there are gaps between.
    long there = 0;
    for (UserArea area : areas.within(address, bytes)) {
      there += area.end() - area.start();
      if (area.ownsFrames()) {
        forget(area);
      }
    }
    return there == bytes
        ? SyscallResult.ok(0)
        : SyscallResult.fail(Errno.ENOMEM, "no memory of the process is there");
  }

  private void forget(UserArea wanted) {
    for (UserArea.Extent extent : wanted.extents()) {
      for (long i = 0; extent.frame() >= 0 && i < extent.count(); i++) {
        long address = wanted.start() + (extent.page() + i << 12);
        UserArea area = areas.at(address);
        if (area != null && pinCount(extent.frame() + i) == 0) {
          area.replace(Page.number(address - area.start()), UserArea.UNTOUCHED);
          hide(address, 1);
          frames.release(extent.frame() + i, 1);
        }
      }
    }
  }

  // ---- copying ----------------------------------------------------------------------------------

  @Override
  public long contiguousPages(long address, long limit) {
    UserArea area = areas.at(address);
    if (area == null) {
      return 0;
    }
    if (pfn(address) < 0) {
      return 0;
    }
    long page = Page.number(address - area.start());
    UserArea.Extent extent = area.extent(page);
    MemoryFile file = area.file();
    if (file != null) {
      long here = Math.min(limit, extent.page() + extent.count() - page);
      return file.memory().contiguousPages(area.inFile(file, address), here);
    }
    return extent.frame() < 0 ? 0 : Math.min(limit, extent.page() + extent.count() - page);
  }

  @Override
  public boolean writable(long address) {
    UserArea area = areas.at(address);
    return area != null && !area.readOnly();
  }

  @Override
  public boolean read(long address, byte[] target) {
    for (int done = 0; done < target.length; ) {
      long at = address + done;
      long pfn = pfn(at);
      if (pfn < 0) {
        return false;
      }
      int count = (int) Math.min(target.length - done, 4096 - (at & 4095));
      memory.read(Page.address(pfn) | at & 4095, target, done, count);
      done += count;
    }
    return true;
  }

  @Override
  public boolean write(long address, byte[] source) {
    for (int done = 0; done < source.length; ) {
      long at = address + done;
      long pfn = writable(at) ? pfn(at) : -1;
      if (pfn < 0) {
        return false;
      }
      int count = (int) Math.min(source.length - done, 4096 - (at & 4095));
      memory.write(Page.address(pfn) | at & 4095, source, done, count);
      done += count;
    }
    return true;
  }

  // ---- pages held for DMA -----------------------------------------------------------------------

  @Override
  protected void letGo(long firstPfn, long count) {
    for (long frame : List.copyOf(orphans.subSet(firstPfn, firstPfn + count))) {
      if (pinCount(frame) == 0) {
        orphans.remove(frame);
        frames.release(frame, 1);
      }
    }
  }

  @Override
  public int pinsAt(long address) {
    UserArea area = areas.at(address);
    long pfn = pfn(address);
    if (area == null || pfn < 0) {
      return -1;
    }
    return area.file() == null ? pinCount(pfn) : area.file().memory().pinCount(pfn);
  }

  @Override
  public List<Piece> pieces() {
    var pieces = new ArrayList<Piece>();
    for (UserArea area : areas.all()) {
      pieces.add(new Piece(area.start(), Page.address(area.pages()), area.kind()));
    }
    return pieces;
  }
}
