package org.iommulab.linux.program;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongPredicate;
import org.iommulab.linux.mm.FrameAllocator;
import org.iommulab.linux.process.OpenFile;
import org.iommulab.memory.AddressRange;
import org.iommulab.memory.FrameSource;
import org.iommulab.memory.Page;
import org.iommulab.memory.PhysicalMemory;
import org.jspecify.annotations.Nullable;

/**
 * Pages of real programs as page frames of the laboratory. A page has one frame however many
 * processes see it. Its bytes are fetched when somebody reads the frame, and what changed goes back
 * at the end of the request; between requests nothing is kept here.
 */
final class BorrowedFrames implements FrameSource {

  private static final int PAGE = PhysicalMemory.FRAME_BYTES;
  private static final long LARGE = 512;

  /** A frame's bytes during a request. */
  private record Loaded(long[] now, long[] before) {}

  /** Whose pages consecutive frames are. */
  private record Lent(PageSpace space, PageSpace.Run run) {}

  private final PhysicalMemory memory;
  private final FrameAllocator frames;
  private final World world;
  private final Map<Integer, PageSpace> processes = new HashMap<>();
  private final Map<Long, PageSpace> files = new HashMap<>();
  private final Map<Long, World.Place> seenAt = new HashMap<>();
  private final TreeMap<Long, Lent> lent = new TreeMap<>();
  private final Map<Long, Loaded> loaded = new LinkedHashMap<>();
  private final TreeMap<Long, Boolean> kept = new TreeMap<>();
  private LongPredicate pinned = pfn -> false;
  private boolean working;

  BorrowedFrames(PhysicalMemory memory, FrameAllocator frames, World world) {
    this.memory = memory;
    this.frames = frames;
    this.world = world;
    memory.borrowFrom(this);
  }

  /** A request, or another command, begins. */
  void begin() {
    working = true;
  }

  /** Who tells whether a frame is held for DMA. */
  void setPinned(LongPredicate test) {
    pinned = test;
  }

  PageSpace ofProcess(int pid) {
    return processes.computeIfAbsent(pid, id -> new PageSpace(id, false));
  }

  PageSpace ofFile(long inode) {
    return files.computeIfAbsent(inode, id -> new PageSpace(id, true));
  }

  /** A file shows memory of a device: its pages have frames that are no RAM. */
  void addWindows(long inode, List<OpenFile.Window> windows) {
    for (OpenFile.Window window : windows) {
      PageSpace space = ofFile(inode);
      space.setWindow();
      AddressRange physical = window.physical();
      space.put(
          Page.number(window.offset()),
          Page.number(physical.start()),
          Page.number(physical.size()));
    }
  }

  /** A process shows a file's page 0 at that address, as far as it maps the file. */
  void seen(long inode, int pid, long addressOfFirst) {
    seenAt.put(inode, new World.Place(pid, addressOfFirst));
  }

  /**
   * Gives pages frames where they have none: as few runs as there is room for, and so that page and
   * frame numbers agree modulo 2 MiB where many are asked for.
   *
   * @return pages from the first on that lie on consecutive frames; 0 if memory is full
   */
  long provide(PageSpace space, long page, long count) {
    long end = space.isWindow() ? page : page + count;
    for (long at = page; at < end; ) {
      long known = space.nextKnown(at, end);
      if (known > at && !take(space, at, known - at)) {
        break;
      }
      at = known > at ? at + space.contiguous(at, known - at) : at + space.contiguous(at, end - at);
    }
    return space.contiguous(page, count);
  }

  private boolean take(PageSpace space, long page, long count) {
    long lead = count >= LARGE ? page & LARGE - 1 : 0;
    FrameAllocator.Run run =
        frames.allocateRun(count + lead, lead > 0 || count >= LARGE ? LARGE : 1);
    if (run.count() <= lead) {
      return false;
    }
    if (lead > 0) {
      frames.release(run.first(), lead);
    }
    long got = Math.min(count, run.count() - lead);
    lend(space, page, run.first() + lead, got);
    return true;
  }

  private void lend(PageSpace space, long page, long frame, long count) {
    memory.forget(frame, count);
    space.put(page, frame, count);
    lent.put(frame, new Lent(space, new PageSpace.Run(page, frame, count)));
  }

  private @Nullable Lent lentAt(long pfn) {
    Map.Entry<Long, Lent> entry = lent.floorEntry(pfn);
    return entry != null && pfn < entry.getKey() + entry.getValue().run().count()
        ? entry.getValue()
        : null;
  }

  @Override
  public long @Nullable [] frame(long pfn) {
    if (lent.isEmpty()) {
      return null;
    }
    Loaded have = loaded.get(pfn);
    if (have == null) {
      Lent from = lentAt(pfn);
      if (from == null) {
        return null;
      }
      long[] now = fetch(from.space(), from.run().page() + (pfn - from.run().frame()));
      if (!working) {
        // Somebody looks; the program may change it at any moment.
        return now;
      }
      have = new Loaded(now, now.clone());
      loaded.put(pfn, have);
    }
    return have.now();
  }

  @Override
  public long @Nullable [] frameForWrite(long pfn) {
    return frame(pfn);
  }

  private long[] fetch(PageSpace space, long page) {
    byte[] bytes = new byte[PAGE];
    if (!space.ofFile()) {
      world.read((int) space.owner(), Page.address(page), bytes);
    } else {
      World.Place place = place(space, page, bytes);
      if (place == null) {
        world.readFile(space.owner(), Page.address(page), bytes);
      }
    }
    long[] now = new long[PhysicalMemory.FRAME_QUADWORDS];
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asLongBuffer().get(now);
    return now;
  }

  /** Where a page of a file can be read, with its bytes; null if no process maps it. */
  private World.@Nullable Place place(PageSpace space, long page, byte[] bytes) {
    World.Place first = seenAt.get(space.owner());
    if (first != null && world.read(first.pid(), first.address() + Page.address(page), bytes)) {
      return new World.Place(first.pid(), first.address() + Page.address(page));
    }
    World.Place other = world.mapping(space.owner(), page, first == null ? -1 : first.pid());
    if (other != null && world.read(other.pid(), other.address(), bytes)) {
      seenAt.put(space.owner(), new World.Place(other.pid(), other.address() - Page.address(page)));
      return other;
    }
    return null;
  }

  /** The request is over: what was written goes back to where it belongs. */
  void flush() {
    loaded.forEach(
        (pfn, frame) -> {
          Lent from = lentAt(pfn);
          for (int i = 0; from != null && i < frame.now().length; i++) {
            int start = i;
            while (i < frame.now().length && frame.now()[i] != frame.before()[i]) {
              i++;
            }
            if (i > start) {
              store(from, pfn, start, i, frame.now());
            }
          }
        });
    loaded.clear();
    working = false;
  }

  private void store(Lent from, long pfn, int start, int end, long[] words) {
    var bytes = ByteBuffer.allocate((end - start) * 8).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = start; i < end; i++) {
      bytes.putLong(words[i]);
    }
    long at = (from.run().page() + (pfn - from.run().frame()) << 12) + start * 8L;
    PageSpace space = from.space();
    if (!space.ofFile()) {
      world.write((int) space.owner(), at, bytes.array());
      return;
    }
    World.Place first = seenAt.get(space.owner());
    if (first == null || !world.write(first.pid(), first.address() + at, bytes.array())) {
      world.writeFile(space.owner(), at, bytes.array());
    }
  }

  /** Tells whether some of these private pages have frames. */
  boolean hasLent(int pid, long firstPage, long endPage) {
    PageSpace space = processes.get(pid);
    return space != null && space.nextKnown(firstPage, endPage) < endPage;
  }

  /**
   * A process gives private memory back. Frames that are held for DMA keep what they have now;
   * addresses get new frames if memory comes there again.
   */
  void goes(int pid, long firstPage, long endPage) {
    PageSpace space = processes.get(pid);
    if (space != null) {
      giveBack(space, firstPage, endPage, true);
    }
  }

  /**
   * A process has ended, or is about to: what only it showed goes.
   *
   * @param survived whether somebody is left who could still send DMA to frames that are held
   */
  void ends(int pid, boolean survived) {
    PageSpace own = processes.remove(pid);
    if (own != null) {
      giveBack(own, 0, Long.MAX_VALUE, survived);
    }
    for (Map.Entry<Long, World.Place> seen : List.copyOf(seenAt.entrySet())) {
      if (seen.getValue().pid() != pid) {
        continue;
      }
      long inode = seen.getKey();
      World.Place other = world.mapping(inode, -1, pid);
      if (other != null) {
        seenAt.put(inode, other);
        continue;
      }
      PageSpace space = files.get(inode);
      if (space != null && !space.isWindow()) {
        giveBack(space, 0, Long.MAX_VALUE, survived);
        files.remove(inode);
      }
      seenAt.remove(inode);
    }
  }

  private void giveBack(PageSpace space, long firstPage, long endPage, boolean keep) {
    if (space.isWindow()) {
      space.remove(firstPage, endPage);
      return;
    }
    for (PageSpace.Run run : space.runs(firstPage, endPage)) {
      // Fetched while the frames are still known to be lent.
      for (long pfn = run.frame(); pfn < run.frame() + run.count(); pfn++) {
        if (keep && pinned.test(pfn)) {
          frame(pfn);
        }
      }
    }
    for (PageSpace.Run run : space.remove(firstPage, endPage)) {
      unlend(run);
      for (long pfn = run.frame(); pfn < run.frame() + run.count(); pfn++) {
        Loaded have = loaded.remove(pfn);
        if (!pinned.test(pfn)) {
          frames.release(pfn, 1);
        } else {
          kept.put(pfn, true);
          long[] own = memory.frameForWrite(pfn);
          if (own != null && have != null) {
            System.arraycopy(have.now(), 0, own, 0, own.length);
          }
        }
      }
    }
  }

  private void unlend(PageSpace.Run gone) {
    for (Map.Entry<Long, Lent> entry :
        List.copyOf(
            lent.subMap(
                    lent.floorKey(gone.frame()) == null
                        ? gone.frame()
                        : lent.floorKey(gone.frame()),
                    gone.frame() + gone.count())
                .entrySet())) {
      PageSpace.Run run = entry.getValue().run();
      long from = Math.max(run.frame(), gone.frame());
      long to = Math.min(run.frame() + run.count(), gone.frame() + gone.count());
      if (from >= to) {
        continue;
      }
      lent.remove(entry.getKey());
      PageSpace space = entry.getValue().space();
      if (run.frame() < from) {
        lent.put(
            run.frame(),
            new Lent(space, new PageSpace.Run(run.page(), run.frame(), from - run.frame())));
      }
      if (to < run.frame() + run.count()) {
        lent.put(
            to,
            new Lent(
                space,
                new PageSpace.Run(
                    run.page() + (to - run.frame()), to, run.frame() + run.count() - to)));
      }
    }
  }

  /** References were given back: frames that nobody shows any more go. */
  void letGo(long firstPfn, long count) {
    if (kept.isEmpty()) {
      return;
    }
    for (Long pfn : List.copyOf(kept.subMap(firstPfn, firstPfn + count).keySet())) {
      if (!pinned.test(pfn)) {
        kept.remove(pfn);
        frames.release(pfn, 1);
      }
    }
  }
}
