package org.iommulab.lab.advice;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.iommulab.bus.SourceId;
import org.iommulab.linux.GroupView;
import org.iommulab.linux.Kernel;
import org.iommulab.linux.ProcessView;
import org.iommulab.words.Bilingual;
import org.jspecify.annotations.Nullable;

/** What processes have: memory, areas mapped for devices, devices. */
final class ProcessBooks implements ProcessAreas {

  /**
   * A mapping of an address space.
   *
   * @param space id of the IOAS; -1 for the container of VFIO
   * @param va where it lies in the process
   * @param step the command that made it
   */
  record Area(long space, long iova, long size, long va, boolean writable, int step) {

    boolean meets(long first, long length) {
      return first < iova + size && iova < first + length;
    }

    boolean backs(long first, long length) {
      return first < va + size && va < first + length;
    }
  }

  private record Memory(long length, boolean writable) {}

  private final List<Area> areas = new ArrayList<>();
  private final Map<Long, Memory> memory = new HashMap<>();
  private final Set<SourceId> handed = new HashSet<>();

  void clear() {
    areas.clear();
    memory.clear();
    handed.clear();
  }

  List<Area> areas() {
    return areas;
  }

  // ---- memory ----------------------------------------------------------------------------------

  void allocated(long at, long length, boolean writable) {
    memory.put(at, new Memory(length, writable));
  }

  long length(long at) {
    Memory known = memory.get(at);
    return known == null ? 4096 : known.length();
  }

  void freed(long at) {
    memory.remove(at);
  }

  private @Nullable Memory holding(long va) {
    for (Map.Entry<Long, Memory> one : memory.entrySet()) {
      if (va >= one.getKey() && va - one.getKey() < one.getValue().length()) {
        return one.getValue();
      }
    }
    return null;
  }

  boolean isReadOnly(long va) {
    Memory found = holding(va);
    return found != null && !found.writable();
  }

  /** Whether the process has memory there, as far as anybody can tell. */
  boolean has(Step step, long va) {
    ProcessView process = process(step);
    return holding(va) != null
        || process != null
            && process.areas().stream()
                .anyMatch(area -> va >= area.start() && va - area.start() < area.length());
  }

  static @Nullable ProcessView process(Step step) {
    return step.kernel().map(Kernel::processes).orElse(List.of()).stream().findFirst().orElse(null);
  }

  // ---- devices ---------------------------------------------------------------------------------

  void hand(SourceId device) {
    handed.add(device);
  }

  boolean isHanded(SourceId device) {
    return handed.contains(device);
  }

  boolean hasDevices() {
    return !handed.isEmpty();
  }

  @Override
  public boolean isAssigned(Step step, SourceId device, GroupView group) {
    return handed.contains(device);
  }

  // ---- areas -----------------------------------------------------------------------------------

  @Override
  public int readOnlySince(long iova) {
    return areas.stream()
        .filter(area -> area.meets(iova, 1) && !area.writable())
        .mapToInt(Area::step)
        .findFirst()
        .orElse(-1);
  }

  @Override
  public Bilingual describe(long iova) {
    for (Area area : areas) {
      if (area.backs(iova, 1)) {
        return Wording.PROCESS_ADDRESS.with(Digits.of(area.iova() + iova - area.va()));
      }
    }
    return areas.isEmpty()
        ? Wording.NOTHING_MAPPED.with()
        : Wording.NEAREST.with(Digits.of(nearest(iova)));
  }

  private long nearest(long iova) {
    long best = areas.getFirst().iova();
    for (Area area : areas) {
      if (Math.abs(area.iova() - iova) < Math.abs(best - iova)) {
        best = area.iova();
      }
    }
    return best;
  }
}
