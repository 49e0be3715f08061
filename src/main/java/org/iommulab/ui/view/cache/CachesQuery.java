package org.iommulab.ui.view.cache;

import java.util.ArrayList;
import java.util.List;
import org.iommulab.lab.LabView;
import org.iommulab.lab.rig.UsageSample;
import org.iommulab.vtd.CacheLine;
import org.iommulab.vtd.RemappingUnit;

/** Makes a picture of all caches of a unit; runs on the laboratory's thread. */
final class CachesQuery {

  private CachesQuery() {}

  static CachesPicture answer(LabView view, CacheLine.Cache chosen) {
    RemappingUnit unit = view.unit().orElse(null);
    if (unit == null) {
      return CachesPicture.NONE;
    }
    var rows = new ArrayList<CachesPicture.Row>();
    for (CacheLine.Cache cache : CacheLine.Cache.values()) {
      rows.add(row(unit, cache));
    }
    int index = view.machine().map(machine -> machine.units().indexOf(unit)).orElse(0);
    return new CachesPicture(
        rows, CacheQuery.answer(view, chosen), history(view.usage(), index, chosen));
  }

  private static CachesPicture.Row row(RemappingUnit unit, CacheLine.Cache cache) {
    List<CacheLine> lines = CacheQuery.lines(unit, cache);
    return new CachesPicture.Row(
        cache,
        CacheQuery.geometry(unit.configuration(), cache),
        lines.size(),
        (int) lines.stream().filter(unit::isStale).count(),
        (int) lines.stream().filter(CacheLine::negative).count(),
        Lookups.of(unit.counters(), cache));
  }

  /** The commands that made lookups, each with those it made. */
  static List<Lookups> history(List<UsageSample> samples, int unit, CacheLine.Cache cache) {
    var columns = new ArrayList<Lookups>();
    Lookups before = Lookups.NONE;
    for (UsageSample sample : samples) {
      Lookups now = Lookups.of(sample.units().get(unit), cache);
      Lookups made = now.since(before);
      if (made.all() > 0) {
        columns.add(made);
      }
      before = now;
    }
    return columns;
  }
}
