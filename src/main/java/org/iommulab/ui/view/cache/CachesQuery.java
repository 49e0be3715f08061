package org.iommulab.ui.view.cache;

import java.util.ArrayList;
import java.util.List;
import org.iommulab.lab.LabView;
import org.iommulab.vtd.UnitView;
import org.iommulab.vtd.cache.CacheLine;

/** Makes a picture of all caches of a unit; runs on the laboratory's thread. */
final class CachesQuery {

  private CachesQuery() {}

  static CachesPicture answer(LabView view, CacheKind chosen) {
    UnitView unit = view.unit().orElse(null);
    if (unit == null) {
      return CachesPicture.NONE;
    }
    var rows = new ArrayList<CachesPicture.Row>();
    List<DeviceTlbLine> deviceTlbs = DeviceTlbQuery.lines(view);
    for (CacheKind cache : CacheKind.values()) {
      rows.add(row(unit, cache, deviceTlbs));
    }
    CacheLine.Cache shown = chosen.inUnit();
    int index = view.machine().map(machine -> machine.units().indexOf(unit)).orElse(0);
    return new CachesPicture(
        rows,
        shown == null ? CachePicture.NONE : CacheQuery.answer(view, shown),
        deviceTlbs,
        view.usage().stream()
            .map(sample -> new Ratio.Counted(sample.command(), sample.units().get(index)))
            .toList());
  }

  private static CachesPicture.Row row(
      UnitView unit, CacheKind kind, List<DeviceTlbLine> deviceTlbs) {
    CacheLine.Cache cache = kind.inUnit();
    if (cache == null) {
      int stale = (int) deviceTlbs.stream().filter(line -> line.stale() != null).count();
      return new CachesPicture.Row(kind, null, deviceTlbs.size(), stale, 0, Lookups.NONE);
    }
    List<CacheLine> lines = unit.lines(cache);
    return new CachesPicture.Row(
        kind,
        CacheQuery.geometry(unit.configuration(), cache),
        lines.size(),
        (int) lines.stream().filter(unit::isStale).count(),
        (int) lines.stream().filter(CacheLine::negative).count(),
        Lookups.of(unit.counters(), cache));
  }
}
