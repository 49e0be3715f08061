package org.iommulab.linux.process;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.iommulab.linux.mm.FrameAllocator;
import org.iommulab.linux.uapi.Errno;
import org.iommulab.linux.uapi.Status;
import org.iommulab.memory.PhysicalMemory;
import org.jspecify.annotations.Nullable;

/**
 * The address space of a process ({@code mm_struct}): user pages, their frames, and the counters of
 * pages held for DMA.
 */
public final class UserMemory extends UserPages {

  private static final long FIRST = 0x7F00_0000_0000L;
  private static final long END = 0x7FFF_FFFF_F000L;

  private final PhysicalMemory memory;
  private final FrameAllocator frames;
  private final TreeMap<Long, UserArea> areas = new TreeMap<>();
  private final List<Listener> listeners = new ArrayList<>();
  private @Nullable ProcessTables tables;

  /** Frames whose memory has gone while they were pinned. */
  private final BitSet orphans = new BitSet();

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
    if (length <= 0 || length > END - FIRST) {
      return SyscallResult.fail(Errno.EINVAL, "the length of user memory must be 1 byte to 1 TiB");
    }
    long pageSize = options.pageSize();
    if (pageSize != 1L << 12 && pageSize != 1L << 21 && pageSize != 1L << 30) {
      return SyscallResult.fail(Errno.EINVAL, "a page is 4 KiB, 2 MiB or 1 GiB");
    }
    long pages = (length + pageSize - 1) / pageSize * (pageSize >>> 12);
    // Address and physical frames agree modulo 2 MiB where both are chosen here.
    long align = Math.max(pageSize, pages >= 512 ? 1L << 21 : 1L << 12);
    long start = options.address() != 0 ? options.address() : vacant(pages << 12, align);
    if ((start & (pageSize - 1)) != 0 || start < 0 || start + (pages << 12) > END) {
      return SyscallResult.fail(Errno.EINVAL, "the user address does not fit the page size");
    }
    if (overlaps(start, pages << 12)) {
      return SyscallResult.fail(Errno.EINVAL, "the process has memory at that address already");
    }
    var area = new UserArea(start, pages, options.readOnly(), kind(options), null, 0);
    Status filled = fill(area, options);
    if (filled.failed()) {
      release(area.extents());
      return SyscallResult.of(filled);
    }
    areas.put(start, area);
    showToProcessor(area);
    if (options.address() == 0) {
      next = start + (pages << 12) + 4096;
    }
    return SyscallResult.ok(start);
  }

  /** The next place where nothing is yet, also not where the process asked for an address. */
  private long vacant(long length, long align) {
    long start = (next + align - 1) & -align;
    while (start + length <= END && overlaps(start, length)) {
      start = (areas.lowerEntry(start + length).getValue().end() + align - 1) & -align;
    }
    return start;
  }

  private static String kind(MemoryOptions options) {
    String pages =
        options.pageSize() == 4096
            ? options.scattered() ? "4K scattered" : "4K"
            : options.pageSize() == 1L << 21 ? "2M" : "1G";
    return pages + (options.readOnly() ? " r-" : " rw");
  }

  private boolean overlaps(long start, long length) {
    Map.Entry<Long, UserArea> before = areas.lowerEntry(start + length);
    return before != null && before.getValue().end() > start;
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
    long unit = options.pageSize() >>> 12;
    while (page < area.pages()) {
      MemoryOptions.Hole hole = holeAt(options, page << 12);
      if (hole != null) {
        long to = Math.min(area.pages(), (hole.offset() + hole.length() + 4095) >>> 12);
        area.append(UserArea.HOLE, to - page);
        page = to;
        continue;
      }
      if (options.lazy()) {
        long to = Math.min(area.pages(), nextHole(options, page << 12));
        area.append(UserArea.UNTOUCHED, to - page);
        page = to;
        continue;
      }
      long wanted = Math.min(area.pages(), nextHole(options, page << 12)) - page;
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
        nearest = Math.min(nearest, hole.offset() >>> 12);
      }
    }
    return nearest;
  }

  /** Shows a file's pages from {@code offset} on, {@code mmap()} with MAP_SHARED. */
  SyscallResult show(MemoryFile file, long offset, long length) {
    if (length <= 0 || ((length | offset) & 4095) != 0 || offset < 0) {
      return SyscallResult.fail(Errno.EINVAL, "offset and length are not whole pages");
    }
    long start = next;
    var area = new UserArea(start, length >>> 12, false, file.path(), file, offset);
    area.append(UserArea.UNTOUCHED, area.pages());
    file.get();
    file.addMapper(this);
    areas.put(start, area);
    next = start + length + 4096;
    return SyscallResult.ok(start);
  }

  /**
   * {@code munmap()}: takes memory away. Frames that are pinned stay allocated until they are
   * unpinned.
   *
   * @param length bytes from {@code address} on, 0 for the whole piece that begins there
   */
  SyscallResult free(long address, long length) {
    UserArea area = length == 0 ? areas.get(address) : areaOf(address);
    if (area == null) {
      return SyscallResult.fail(Errno.EINVAL, "no user memory starts at that address");
    }
    long bytes = length == 0 ? area.end() - address : length;
    if (((address | bytes) & 4095) != 0 || bytes < 0 || address + bytes > area.end()) {
      return SyscallResult.fail(Errno.EINVAL, "the range is not whole pages of one piece");
    }
    if (bytes == area.end() - area.start()) {
      areas.remove(area.start());
    }
    hide(address, bytes >>> 12);
    List<UserArea.Extent> dropped = area.cut((address - area.start()) >>> 12, bytes >>> 12);
    if (area.file() == null) {
      release(dropped);
    } else if (!areas.containsKey(area.start())) {
      area.file().put();
    }
    return SyscallResult.ok(0);
  }

  private void release(List<UserArea.Extent> extents) {
    for (UserArea.Extent extent : extents) {
      if (extent.frame() >= 0 && unpinned()) {
        frames.release(extent.frame(), extent.count());
      }
      for (long i = 0; extent.frame() >= 0 && !unpinned() && i < extent.count(); i++) {
        long frame = extent.frame() + i;
        if (pinCount(frame) > 0) {
          orphans.set((int) frame);
        } else {
          frames.release(frame, 1);
        }
      }
    }
  }

  @Override
  protected void exit() {
    List.copyOf(listeners).forEach(Listener::exiting);
    for (UserArea area : areas.values()) {
      if (area.file() == null) {
        release(area.extents());
      } else {
        area.file().put();
      }
    }
    areas.clear();
    if (tables != null) {
      tables.free();
      tables = null;
    }
  }

  /** Cuts a piece of memory off at an offset, as truncating the file behind it does. */
  public boolean truncate(long address, long length) {
    UserArea area = areas.get(address);
    long keep = (length + 4095) >>> 12;
    if (area == null || keep > area.pages()) {
      return false;
    }
    hide(area.start() + (keep << 12), area.pages() - keep);
    release(area.cut(keep, area.pages() - keep));
    return true;
  }

  // ---- pages ------------------------------------------------------------------------------------

  private @Nullable UserArea areaOf(long address) {
    Map.Entry<Long, UserArea> entry = areas.floorEntry(address);
    return entry != null && address < entry.getValue().end() ? entry.getValue() : null;
  }

  @Override
  public long pfn(long address) {
    UserArea area = areaOf(address);
    if (area == null) {
      return -1;
    }
    long page = (address - area.start()) >>> 12;
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
      tables.map(address & -4096L, pfn, 1, !area.readOnly());
    }
    return pfn;
  }

  /** A file that is mapped here has become shorter: nobody sees the pages any more. */
  void hideBehind(MemoryFile file) {
    for (UserArea area : areas.values()) {
      for (long at = area.start(); area.file() == file && at < area.end(); at += 4096) {
        if (file.memory().pfn(area.inFile(file, at)) < 0) {
          hide(at, 1);
        }
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
      tables.map(area.start() + (page << 12), run.first(), 1, !area.readOnly());
    }
    return run.first();
  }

  // ---- shared with devices ----------------------------------------------------------------------

  @Override
  public long pgd() {
    if (tables == null) {
      tables = ProcessTables.make(memory, frames);
      areas.values().forEach(this::showToProcessor);
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
        long at = area.start() + (extent.page() << 12);
        tables.map(at, extent.frame(), extent.count(), !area.readOnly());
      }
    }
  }

  @Override
  public Fault handleFault(long address, boolean write) {
    UserArea area = areaOf(address);
    if (area == null || (write && area.readOnly())) {
      return Fault.BAD_AREA;
    }
    if (area.extent((address - area.start()) >>> 12).frame() == UserArea.HOLE) {
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
        listener.invalidateSecondaryTlbs(address, address + (pages << 12) - 1);
      }
    }
  }

  /**
   * Gives page frames back; the pages get new ones, with zeros, when they are touched again ({@code
   * madvise(MADV_DONTNEED)}). Pages pinned for DMA stay as they are.
   */
  public SyscallResult dontNeed(long address, long length) {
    if ((address & 4095) != 0 || length < 0) {
      return SyscallResult.fail(Errno.EINVAL, "the address is no multiple of 4096");
    }
    for (long at = address; at < address + length; at += 4096) {
      UserArea area = areaOf(at);
      if (area == null) {
        return SyscallResult.fail(Errno.ENOMEM, "no memory of the process is there");
      }
      long page = (at - area.start()) >>> 12;
      UserArea.Extent extent = area.extent(page);
      long frame = extent.frame() < 0 ? -1 : extent.frame() + (page - extent.page());
      if (frame >= 0 && area.file() == null && pinCount(frame) == 0) {
        area.replace(page, UserArea.UNTOUCHED);
        hide(at, 1);
        frames.release(frame, 1);
      }
    }
    return SyscallResult.ok(0);
  }

  // ---- copying ----------------------------------------------------------------------------------

  @Override
  public long contiguousPages(long address, long limit) {
    UserArea area = areaOf(address);
    if (area == null) {
      return 0;
    }
    if (pfn(address) < 0) {
      return 0;
    }
    long page = (address - area.start()) >>> 12;
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
    UserArea area = areaOf(address);
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
      memory.read(pfn << 12 | at & 4095, target, done, count);
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
      memory.write(pfn << 12 | at & 4095, source, done, count);
      done += count;
    }
    return true;
  }

  // ---- pages held for DMA -----------------------------------------------------------------------

  @Override
  protected void letGo(long firstPfn, long count) {
    if (!orphans.isEmpty()) {
      int end = (int) (firstPfn + count);
      for (int frame = orphans.nextSetBit((int) firstPfn);
          frame >= 0 && frame < end;
          frame = orphans.nextSetBit(frame + 1)) {
        if (pinCount(frame) == 0) {
          orphans.clear(frame);
          frames.release(frame, 1);
        }
      }
    }
  }

  @Override
  public int pinsAt(long address) {
    UserArea area = areaOf(address);
    long pfn = pfn(address);
    if (area == null || pfn < 0) {
      return -1;
    }
    return area.file() == null ? pinCount(pfn) : area.file().memory().pinCount(pfn);
  }

  @Override
  public List<Piece> pieces() {
    var pieces = new ArrayList<Piece>();
    for (UserArea area : areas.values()) {
      pieces.add(new Piece(area.start(), area.pages() << 12, area.kind()));
    }
    return pieces;
  }
}
