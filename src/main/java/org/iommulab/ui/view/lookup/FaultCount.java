package org.iommulab.ui.view.lookup;

import org.iommulab.lab.LabView;
import org.iommulab.linux.KernelView;
import org.iommulab.vtd.tables.FaultNode;

/**
 * How many faults all units have recorded.
 *
 * @param pending records that wait for software
 * @param handled those that software has read and cleared
 */
public record FaultCount(int pending, int handled) {

  /** Counts them. */
  public static FaultCount of(LabView view) {
    int units = view.units();
    int pending = 0;
    int left = 0;
    for (int unit = 0; unit < units; unit++) {
      for (FaultNode record : view.ofUnit(unit).tables().faults()) {
        pending += record.pending() ? 1 : 0;
        left += isLeft(record) ? 1 : 0;
      }
    }
    int printed =
        view.kernel().map(KernelView::messages).map(log -> FaultLine.in(log).size()).orElse(0);
    return new FaultCount(pending, Math.max(printed, left));
  }

  /** Whether a free record still holds what it said. */
  public static boolean isLeft(FaultNode record) {
    return !record.pending() && (record.lo() | record.hi()) != 0;
  }
}
