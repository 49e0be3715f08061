package org.iommulab.ui.view.lookup;

import java.util.Optional;
import java.util.Set;
import org.iommulab.lab.LabView;
import org.iommulab.vtd.RemappingUnit;
import org.iommulab.vtd.WalkPath;
import org.iommulab.vtd.tables.RegisterValues;
import org.iommulab.vtd.tables.TableBrowser;

/** The tables of what is looked at. */
public final class Tables {

  private Tables() {}

  /** The browser of the present state. */
  public static TableBrowser of(LabView view) {
    return new TableBrowser(view.memory(), RegisterValues.of(new byte[0x1000]));
  }

  /**
   * Capabilities that the unit has, as {@link org.iommulab.bits.Layout#reservedMask} wants them.
   */
  public static Set<String> features(LabView view) {
    return Set.of("SC", "TM", "DIT", "PDS");
  }

  /** The way of the latest DMA request. */
  public static Optional<WalkPath> lastPath(LabView view) {
    return Optional.empty();
  }

  /** The live unit; empty for opened evidence. */
  public static Optional<RemappingUnit> unit(LabView view) {
    return Optional.empty();
  }
}
