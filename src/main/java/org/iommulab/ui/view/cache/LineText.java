package org.iommulab.ui.view.cache;

import org.iommulab.bus.SourceId;
import org.iommulab.memory.Page;
import org.iommulab.ui.Hex;
import org.iommulab.vtd.cache.CacheLine;
import org.iommulab.vtd.layout.Irte;
import org.iommulab.vtd.request.Rights;

/** A cached entry in one line of figures. */
final class LineText {

  private LineText() {}

  /** {@code did 21 · 100400 → 180000 2M RW}. */
  static String of(CacheLine line) {
    return switch (line.cache()) {
      case IOTLB -> "did " + domain(line) + pasid(line) + " · " + page(line) + " → " + target(line);
      case CONTEXT -> new SourceId(line.source()) + " · did " + domain(line) + " → " + target(line);
      case PASID -> new SourceId(line.source()) + pasid(line) + " · did " + domain(line);
      case PAGING_STRUCTURE ->
          "did " + domain(line) + pasid(line) + " · " + page(line) + " → " + target(line);
      case INTERRUPT_ENTRY ->
          "irte " + Hex.plain(line.page()) + " · " + new SourceId(line.source()) + interrupt(line);
    };
  }

  /** Where the interrupt goes: the cached low half of the entry says so. */
  private static String interrupt(CacheLine line) {
    long low = line.frame();
    if (line.negative() || !Irte.P.isSet(low)) {
      return " → ∅";
    }
    String vector = " → vector " + Hex.plain(Irte.V.get(low), 2);
    return Irte.IM.isSet(low) ? vector + " posted" : vector + " apic " + Irte.DST.get(low);
  }

  static String domain(CacheLine line) {
    return Hex.plain(line.domain(), 2);
  }

  private static String pasid(CacheLine line) {
    return line.pasid() < 0 ? "" : " pasid " + Hex.plain(line.pasid());
  }

  static String page(CacheLine line) {
    return Hex.plain(Page.number(line.page()));
  }

  private static String target(CacheLine line) {
    if (line.negative()) {
      return "∅";
    }
    String frame = Hex.plain(Page.number(line.frame()));
    return line.size() == 0 ? frame : frame + " " + size(line) + " " + rights(line);
  }

  static String size(CacheLine line) {
    return Hex.size(line.size()).replace(" ", "").replace("iB", "");
  }

  static String rights(CacheLine line) {
    int shown = line.rights() & (Rights.READ | Rights.WRITE);
    return Rights.text(shown).replace(" ", "");
  }
}
