package org.iommulab.lab.replay;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.iommulab.lab.language.Command;
import org.iommulab.lab.language.Json;
import org.iommulab.lab.replay.LoggedCall.UserRange;
import org.iommulab.memory.Page;

/**
 * The memory of the logged process: nothing if the log tells it by itself, else as far as its calls
 * betray it. What could be mapped for a device was there (without one, the kernel does not look);
 * what could be mapped only for reading was read-only; what failed with EFAULT later than it worked
 * went away in between; all else is absent. The program's notes tell huge pages.
 */
final class LogMemory {

  private static final long HUGE = 2L << 20;
  private static final long GIGANTIC = 1L << 30;

  private final List<LoggedCall> calls;
  private final TreeMap<Long, Area> areas = new TreeMap<>();
  private final Map<Integer, List<Long>> leaving = new TreeMap<>();

  /** Memory of one kind: {@code end} is the first byte behind it. */
  private record Area(long end, long page, boolean readOnly) {}

  private LogMemory(List<LoggedCall> calls) {
    this.calls = calls;
  }

  static LogMemory of(CallLog log) {
    if (log.tellsMemory()) {
      return new LogMemory(List.of());
    }
    var memory = new LogMemory(log.calls());
    memory.guess();
    return memory;
  }

  /** Allocates everything, before the first call. */
  List<Command> allocations() {
    var commands = new ArrayList<Command>();
    areas.forEach(
        (start, area) -> {
          var options = new LinkedHashMap<String, Object>();
          options.put("at", Json.hex(start));
          if (area.page() == GIGANTIC) {
            options.put("hugepage", "1G");
          } else if (area.page() == HUGE) {
            options.put("hugepage", "2M");
          }
          if (area.readOnly()) {
            options.put("readonly", true);
          }
          String name = "mem_" + Long.toHexString(start);
          commands.add(new Command.UserAlloc(name, area.end() - start, options));
        });
    return commands;
  }

  /** What the program let go just before call {@code n}. */
  List<Command> before(int n) {
    var commands = new ArrayList<Command>();
    for (long start : leaving.getOrDefault(n, List.of())) {
      commands.add(new Command.UserFree("mem_" + Long.toHexString(start), null));
    }
    return commands;
  }

  // ---- guessing ---------------------------------------------------------------------------------

  private void guess() {
    var borders = new TreeSet<Long>();
    var present = new ArrayList<UserRange>();
    var huge = new ArrayList<UserRange>();
    Set<LoggedCall> pinning = PinnedMaps.of(calls);
    for (LoggedCall call : calls) {
      UserRange range = call.userRange();
      if (range == null || !range.isPlain() || !provesMemory(call) || !pinning.contains(call)) {
        continue;
      }
      long page = pageSize(call, range);
      if (page > Page.BYTES) {
        long start = range.start() & -page;
        long end = range.end() + page - 1 & -page;
        huge.add(new UserRange(start, end - start, page == GIGANTIC));
      } else {
        present.add(range);
      }
    }
    var refused = new ArrayList<UserRange>();
    for (LoggedCall call : calls) {
      UserRange range = call.userRange();
      if (range != null && range.isPlain() && call.errno().equals("EFAULT")) {
        refused.add(range);
        borders.add(range.start());
        borders.add(range.end());
      }
    }
    for (UserRange range : huge) {
      put(range.start(), range.end(), range.writable() ? GIGANTIC : HUGE, false);
    }
    for (UserRange range : present) {
      borders.add(range.start());
      borders.add(range.end());
    }
    for (UserRange range : present) {
      for (long at = range.start(); at < range.end(); ) {
        Long next = borders.higher(at);
        long end = next == null ? range.end() : Math.min(next, range.end());
        if (!isCovered(at)) {
          put(at, end, Page.BYTES, onlyRead(present, refused, at));
        }
        at = end;
      }
    }
    joinNeighbours(refused);
    findLeaving();
  }

  /** The kernel got at the memory: all of it is there. */
  private static boolean provesMemory(LoggedCall call) {
    return !call.failed() || call.errno().equals("ENOMEM");
  }

  private static long pageSize(LoggedCall call, UserRange range) {
    String note = call.note().toLowerCase(Locale.ROOT);
    boolean saysHuge = note.contains("huge") || note.contains("superpage");
    if (note.contains("1g") && range.bytes() >= GIGANTIC && (range.start() & GIGANTIC - 1) == 0) {
      return GIGANTIC;
    }
    boolean aligned = ((range.start() | range.bytes()) & HUGE - 1) == 0;
    return saysHuge || (aligned && !note.contains("ordinary")) ? HUGE : Page.BYTES;
  }

  private boolean isCovered(long at) {
    Map.Entry<Long, Area> below = areas.floorEntry(at);
    return below != null && at < below.getValue().end();
  }

  private static boolean onlyRead(List<UserRange> present, List<UserRange> refused, long at) {
    return refused.stream().anyMatch(range -> range.writable() && holds(range, at))
        && present.stream().noneMatch(range -> range.writable() && holds(range, at));
  }

  private static boolean holds(UserRange range, long at) {
    return range.start() <= at && at < range.end();
  }

  private void put(long start, long end, long page, boolean readOnly) {
    Map.Entry<Long, Area> below = areas.floorEntry(start);
    if (below != null && start < below.getValue().end()) {
      Area old = below.getValue();
      areas.put(
          below.getKey(), new Area(Math.max(end, old.end()), Math.max(page, old.page()), readOnly));
    } else {
      areas.put(start, new Area(end, page, readOnly));
    }
  }

  /** Neighbours of one kind become one area, so that their frames are neighbours too. */
  private void joinNeighbours(List<UserRange> refused) {
    for (long start : List.copyOf(areas.keySet())) {
      Map.Entry<Long, Area> below = areas.lowerEntry(start);
      Area own = areas.get(start);
      if (below == null || own == null || below.getValue().end() != start) {
        continue;
      }
      Area other = below.getValue();
      boolean apart =
          refused.stream().anyMatch(range -> range.start() == start || range.end() == start);
      boolean alike = other.page() == own.page() && other.readOnly() == own.readOnly();
      if (alike && !apart) {
        areas.remove(start);
        areas.put(below.getKey(), new Area(own.end(), own.page(), own.readOnly()));
      }
    }
  }

  private void findLeaving() {
    for (LoggedCall call : calls) {
      UserRange range = call.userRange();
      if (range == null || !range.isPlain() || !call.errno().equals("EFAULT")) {
        continue;
      }
      var gone = new ArrayList<Long>();
      boolean covered = true;
      for (long at = range.start(); at < range.end() && covered; ) {
        Map.Entry<Long, Area> area = areas.floorEntry(at);
        covered =
            area != null && at < area.getValue().end() && area.getValue().page() == Page.BYTES;
        if (covered) {
          boolean explained = area.getValue().readOnly() && range.writable();
          covered = !explained;
          gone.add(area.getKey());
          at = area.getValue().end();
        }
      }
      if (covered) {
        leaving.put(call.n(), gone);
      }
    }
  }
}
