package org.iommulab.evidence.casefile;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.iommulab.bus.Pasid;
import org.iommulab.bus.SourceId;
import org.iommulab.vtd.layout.PasidEntry;
import org.iommulab.vtd.tables.ContextNode;
import org.iommulab.vtd.tables.MappedRange;
import org.iommulab.vtd.tables.PasidNode;
import org.iommulab.vtd.tables.TableBrowser;
import org.iommulab.vtd.tables.TableUse;
import org.iommulab.words.Bilingual;

/** Which memory each requester of a dump gets to, and by which way. */
public final class Reach {

  private static final int PASS_THROUGH = 2;

  private final List<Way> ways = new ArrayList<>();
  private final TableBrowser tables;

  private Reach(TableBrowser tables) {
    this.tables = tables;
  }

  /**
   * A way of a requester into memory.
   *
   * @param source the requester
   * @param pasid or {@link Pasid#NONE}
   * @param domainId of the entry
   * @param everything true if addresses pass through untranslated
   * @param ranges what is mapped otherwise
   */
  public record Way(
      SourceId source, Pasid pasid, int domainId, boolean everything, List<MappedRange> ranges) {

    /** The range that leads to a physical range, or null. */
    public @org.jspecify.annotations.Nullable MappedRange leadsTo(long start, long end) {
      for (MappedRange range : ranges) {
        if (range.physical() <= end && range.physical() + range.size() > start) {
          return range;
        }
      }
      return null;
    }

    /** Who it is, for a person. */
    public String who() {
      return pasid.value() > 0 ? source + " PASID " + pasid : source.toString();
    }
  }

  /** All ways; none if translation is off, when every device reaches everything. */
  public static List<Way> of(TableBrowser tables) {
    var reach = new Reach(tables);
    if (reach.tables.translationEnabled()) {
      reach.passThrough();
      reach.tables();
    }
    return reach.ways;
  }

  private void passThrough() {
    for (ContextNode context : tables.contexts()) {
      if (!context.present()) {
        continue;
      }
      switch (context) {
        case ContextNode.Legacy legacy -> {
          if (legacy.translationType() == PASS_THROUGH) {
            ways.add(new Way(legacy.source(), Pasid.NONE, legacy.domainId(), true, List.of()));
          }
        }
        case ContextNode.Scalable scalable -> {
          for (PasidNode pasid : tables.pasids(scalable)) {
            if (pasid.present() && pasid.translationType() == PasidEntry.PASS_THROUGH) {
              ways.add(new Way(pasid.source(), pasid.pasid(), pasid.domainId(), true, List.of()));
            }
          }
        }
      }
    }
  }

  private void tables() {
    Map<Object, List<MappedRange>> known = new LinkedHashMap<>();
    for (TableUse use : tables.uses()) {
      if (!use.guestPointers()) {
        List<MappedRange> ranges =
            known.computeIfAbsent(use.table(), key -> tables.table(use.table()).ranges());
        ways.add(new Way(use.source(), use.pasid(), use.domainId(), false, ranges));
      }
    }
  }

  /** A range as evidence. */
  static Bilingual words(MappedRange range) {
    return Bilingual.of(
        "IOVA 0x%x -> 0x%x, 0x%x bytes, %s, %s pages",
        "IOVA 0x%x -> 0x%x，0x%x 字节，%s，%s 页",
        range.iova(),
        range.physical(),
        range.size(),
        range.rights(),
        range.pageName());
  }

  static String hex(long value) {
    return String.format(Locale.ROOT, "0x%x", value);
  }
}
