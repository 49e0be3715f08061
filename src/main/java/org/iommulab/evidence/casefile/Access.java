package org.iommulab.evidence.casefile;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.iommulab.bus.Pasid;
import org.iommulab.bus.SourceId;
import org.iommulab.evidence.Snapshot;
import org.iommulab.evidence.context.PciList;
import org.iommulab.evidence.inspection.WalkReport;
import org.iommulab.vtd.tables.ContextNode;
import org.iommulab.vtd.tables.MappedRange;
import org.iommulab.vtd.tables.TableBrowser;
import org.iommulab.words.Bilingual;

/**
 * Whether one requester reaches a piece of memory, with the proof.
 *
 * @param who the requester, with its PASID if it has one
 * @param source the requester
 * @param pasid its PASID, or {@link Pasid#NONE}
 * @param reaches whether it does
 * @param proof the range that leads there, or the entry that blocks the way
 * @param range the range that leads there, if one does
 */
public record Access(
    String who,
    SourceId source,
    Pasid pasid,
    boolean reaches,
    Bilingual proof,
    Optional<MappedRange> range) {

  /**
   * The same over all units of a snapshot: each requester with the unit that has its entry, and
   * those without any with the unit in front.
   */
  public static List<Access> of(Case opened, Snapshot snapshot, Target target) {
    var all = new ArrayList<Access>();
    for (int unit = 0; unit < snapshot.units().size(); unit++) {
      int here = unit;
      of(opened, snapshot.ofUnit(unit).tables(), target).stream()
          .filter(
              access ->
                  snapshot.ofUnit(here).tables().context(access.source()).isPresent()
                      || Witness.unit(snapshot, access.source()) == here)
          .forEach(all::add);
    }
    all.sort(java.util.Comparator.comparing(access -> !access.reaches()));
    return List.copyOf(all);
  }

  /** Every requester that tables or lists of the case name, those that get there first. */
  public static List<Access> of(Case opened, TableBrowser tables, Target target) {
    var yes = new ArrayList<Access>();
    var no = new ArrayList<Access>();
    boolean on = tables.translationEnabled();
    Set<SourceId> open = new LinkedHashSet<>(sources(opened, tables));
    for (Reach.Way way : Reach.of(tables)) {
      MappedRange range = way.leadsTo(target.start(), target.end());
      open.remove(way.source());
      if (way.everything()) {
        yes.add(
            access(
                way,
                true,
                Bilingual.of("pass-through, domain %d", "直通，域 %d", way.domainId()),
                null));
      } else if (range != null) {
        yes.add(access(way, true, Reach.words(range), range));
      } else {
        no.add(access(way, false, blocked(tables, way.source(), way.pasid(), target), null));
      }
    }
    for (SourceId source : open) {
      if (on) {
        no.add(
            new Access(
                source.toString(),
                source,
                Pasid.NONE,
                false,
                blocked(tables, source, Pasid.NONE, target),
                Optional.empty()));
      } else {
        yes.add(
            new Access(
                source.toString(),
                source,
                Pasid.NONE,
                true,
                Bilingual.of("translation is off", "转换关闭"),
                Optional.empty()));
      }
    }
    yes.addAll(no);
    return List.copyOf(yes);
  }

  private static Access access(
      Reach.Way way,
      boolean reaches,
      Bilingual proof,
      @org.jspecify.annotations.Nullable MappedRange range) {
    return new Access(
        way.who(), way.source(), way.pasid(), reaches, proof, Optional.ofNullable(range));
  }

  /** No range leads there; and at the address itself this entry ends the way. */
  private static Bilingual blocked(
      TableBrowser tables, SourceId source, Pasid pasid, Target target) {
    WalkReport.End end = WalkReport.end(tables, source, pasid, target.start());
    if (end.reached()) {
      return Bilingual.of(
          "no range leads there; IOVA 0x%x goes elsewhere",
          "没有区间通向该处；IOVA 0x%x 通向别处", target.start());
    }
    return Bilingual.of("no range leads there; %s", "没有区间通向该处；%s", end.words());
  }

  private static List<SourceId> sources(Case opened, TableBrowser tables) {
    var sources = new ArrayList<SourceId>();
    for (ContextNode context : tables.contexts()) {
      sources.add(context.source());
    }
    for (String bdf : opened.devices().map(PciList::devices).orElse(java.util.Map.of()).keySet()) {
      SourceId.parse(bdf).filter(id -> !sources.contains(id)).ifPresent(sources::add);
    }
    sources.sort(java.util.Comparator.naturalOrder());
    return sources;
  }
}
