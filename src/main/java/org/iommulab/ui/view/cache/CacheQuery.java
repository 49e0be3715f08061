package org.iommulab.ui.view.cache;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.iommulab.lab.LabView;
import org.iommulab.ui.Role;
import org.iommulab.ui.view.lookup.DomainTree;
import org.iommulab.ui.view.part.Mark;
import org.iommulab.ui.view.part.Phrase;
import org.iommulab.vtd.UnitView;
import org.iommulab.vtd.cache.CacheLine;
import org.iommulab.vtd.config.CacheGeometry;
import org.iommulab.vtd.config.UnitConfiguration;
import org.iommulab.vtd.request.WalkPath;
import org.iommulab.vtd.request.WalkStep;
import org.jspecify.annotations.Nullable;

/** Makes a picture of one cache; runs on the laboratory's thread. */
final class CacheQuery {

  private final LabView view;
  private final UnitView unit;
  private final CacheLine.Cache cache;
  private final List<DomainTree> trees;
  private final @Nullable WalkPath path;
  private int stale;
  private int negative;

  private CacheQuery(LabView view, UnitView unit, CacheLine.Cache cache) {
    this.view = view;
    this.unit = unit;
    this.cache = cache;
    this.trees = DomainTree.all(view.tables());
    this.path = view.lastPath().orElse(null);
  }

  static CachePicture answer(LabView view, CacheLine.Cache cache) {
    return view.unit()
        .map(unit -> new CacheQuery(view, unit, cache).picture())
        .orElse(CachePicture.NONE);
  }

  private CachePicture picture() {
    CacheGeometry geometry = geometry(unit.configuration(), cache);
    List<CacheLine> lines = unit.lines(cache);
    Lookups lookups = Lookups.of(unit.counters(), cache);
    List<CacheRow> rows = geometry.isUnbounded() ? list(lines) : grid(geometry, lines);
    return new CachePicture(
        geometry, lines.size(), stale, negative, lookups.hits(), lookups.misses(), rows);
  }

  static CacheGeometry geometry(UnitConfiguration unit, CacheLine.Cache cache) {
    return switch (cache) {
      case IOTLB -> unit.iotlb();
      case CONTEXT -> unit.contextCache();
      case PASID -> unit.pasidCache();
      case PAGING_STRUCTURE -> unit.pagingCache();
      case INTERRUPT_ENTRY -> unit.interruptCache();
    };
  }

  private List<CacheRow> list(List<CacheLine> lines) {
    var cells = new ArrayList<CacheCell>();
    for (CacheLine line : lines) {
      cells.add(cell(line.set(), line.way(), line));
    }
    return cells.isEmpty() ? List.of() : List.of(new CacheRow(0, cells));
  }

  private List<CacheRow> grid(CacheGeometry geometry, List<CacheLine> lines) {
    Map<Long, CacheLine> placed = new HashMap<>();
    lines.forEach(line -> placed.put((long) line.set() << 32 | line.way(), line));
    var rows = new ArrayList<CacheRow>();
    for (int set = 0; set < geometry.sets(); set++) {
      var cells = new ArrayList<CacheCell>();
      for (int way = 0; way < geometry.ways(); way++) {
        CacheLine line = placed.get((long) set << 32 | way);
        if (line != null || geometry.ways() <= CachePicture.MOST_WAYS) {
          cells.add(cell(set, way, line));
        }
      }
      rows.add(new CacheRow(set, cells));
    }
    return rows;
  }

  private CacheCell cell(int set, int way, @Nullable CacheLine line) {
    if (line == null) {
      return new CacheCell(set, way, null, CacheCell.State.EMPTY, null);
    }
    if (unit.isStale(line)) {
      stale++;
      Phrase reason = StaleReason.of(line, view.tables(), trees);
      Mark mark = Mark.bad(Phrase.of("view.cache.stale", reason));
      return new CacheCell(set, way, line, CacheCell.State.STALE, mark);
    }
    if (line.negative()) {
      negative++;
      Mark mark = new Mark(Role.WARN, "∅", Phrase.of("view.cache.negative"));
      return new CacheCell(set, way, line, CacheCell.State.NEGATIVE, mark);
    }
    return touched(line)
        .map(
            outcome ->
                outcome == WalkStep.Outcome.HIT
                    ? new CacheCell(
                        set, way, line, CacheCell.State.HIT, Mark.good(Phrase.of("view.cache.hit")))
                    : new CacheCell(
                        set,
                        way,
                        line,
                        CacheCell.State.FILLED,
                        new Mark(Role.OK, "+", Phrase.of("view.cache.filled"))))
        .orElseGet(() -> new CacheCell(set, way, line, CacheCell.State.VALID, null));
  }

  /** What the last request did with the line, if it had to do with it. */
  private Optional<WalkStep.Outcome> touched(CacheLine line) {
    WalkPath last = path;
    if (last == null || !covers(line, last)) {
      return Optional.empty();
    }
    return last.steps().stream()
        .filter(step -> step.stage() == stage(cache))
        .map(WalkStep::outcome)
        .filter(out -> out == WalkStep.Outcome.HIT || out == WalkStep.Outcome.MISS)
        .findFirst();
  }

  private boolean covers(CacheLine line, WalkPath last) {
    return switch (cache) {
      case IOTLB -> {
        long offset = last.request().address() - line.page();
        boolean sameDomain =
            trees.stream()
                .filter(tree -> tree.users().contains(last.request().source()))
                .anyMatch(tree -> tree.domain() == line.domain());
        yield offset >= 0 && offset < line.size() && sameDomain;
      }
      case CONTEXT, PASID -> line.source() == last.request().source().value();
      case PAGING_STRUCTURE, INTERRUPT_ENTRY -> false;
    };
  }

  private static WalkStep.Stage stage(CacheLine.Cache cache) {
    return switch (cache) {
      case IOTLB -> WalkStep.Stage.IOTLB;
      case CONTEXT -> WalkStep.Stage.CONTEXT_CACHE;
      case PASID -> WalkStep.Stage.PASID_CACHE;
      case PAGING_STRUCTURE -> WalkStep.Stage.PAGING_CACHE;
      case INTERRUPT_ENTRY -> WalkStep.Stage.INTERRUPT;
    };
  }
}
