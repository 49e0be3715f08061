package org.iommulab.evidence.debugfs;

import java.util.Locale;
import org.iommulab.bus.SourceId;
import org.iommulab.vtd.layout.Irte;

/** The columns of an interrupt entry; all but its number repeat what its bits say. */
final class InterruptRows {

  private static final int LOW_ADDRESS_SHIFT = 6;

  private InterruptRows() {}

  static void print(Block.Interrupts.Row row, boolean posted, StringBuilder out) {
    var source = new SourceId((int) Irte.SID.get(row.hi()));
    out.append(String.format(Locale.ROOT, " %-5d %s ", row.index(), source));
    if (posted) {
      out.append(
          String.format(
              Locale.ROOT,
              "%08x %08x ",
              Irte.PDA_HIGH.get(row.hi()),
              Irte.PDA_LOW.get(row.lo()) << LOW_ADDRESS_SHIFT));
    } else {
      out.append(String.format(Locale.ROOT, "%08x ", Irte.DST.get(row.lo())));
    }
    out.append(
        String.format(
            Locale.ROOT, "%02x  %016x\t%016x\n", Irte.V.get(row.lo()), row.hi(), row.lo()));
  }
}
