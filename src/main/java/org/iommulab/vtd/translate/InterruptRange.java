package org.iommulab.vtd.translate;

import org.iommulab.bus.MessageSink;
import org.iommulab.vtd.config.Quirk;
import org.iommulab.vtd.config.UnitConfiguration;

/** The physical addresses that mean interrupts, FEE0_0000h to FEEF_FFFFh. Source: vtd.md 4.6. */
final class InterruptRange {

  private static final int SHIFT = 20;

  private final boolean refusesWholePage;

  public InterruptRange(UnitConfiguration configuration) {
    refusesWholePage = configuration.has(Quirk.INTERRUPT_RANGE_REFUSES_WHOLE_PAGE);
  }

  public static boolean contains(long address) {
    return address >>> SHIFT == MessageSink.FIRST >>> SHIFT;
  }

  /** Tells whether output in a page of that level must be refused. */
  public boolean forbids(long output, int level) {
    if (!refusesWholePage) {
      return contains(output);
    }
    int shift = Math.max(SHIFT, 9 * level + 3);
    return output >>> shift == MessageSink.FIRST >>> shift;
  }
}
