package org.iommulab.evidence.debugfs;

import org.iommulab.bus.SourceId;
import org.iommulab.vtd.layout.Irte;

/** The columns of an interrupt entry; all but its number repeat what its bits say. */
final class InterruptRows {

  private static final int LOW_ADDRESS_SHIFT = 6;

  private InterruptRows() {}

  static void print(Block.Interrupts.Row row, boolean posted, StringBuilder out) {
    var source = new SourceId((int) Irte.SID.get(row.hi()));
    out.append(" %-5d %s ".formatted(row.index(), source));
    if (posted) {
      out.append(
          "%08x %08x "
              .formatted(
                  Irte.PDA_HIGH.get(row.hi()), Irte.PDA_LOW.get(row.lo()) << LOW_ADDRESS_SHIFT));
    } else {
      out.append("%08x ".formatted(Irte.DST.get(row.lo())));
    }
    out.append("%02x  %016x\t%016x\n".formatted(Irte.V.get(row.lo()), row.hi(), row.lo()));
  }
}
