package org.iommulab.ui.view.lookup;

import java.util.Set;
import org.iommulab.lab.LabView;
import org.iommulab.vtd.config.Capabilities;
import org.iommulab.vtd.tables.RegisterValues;

/** What a unit can do, live or from evidence. */
public final class UnitFacts {

  /** A physical address never has more bits; only the features of the answer are used. */
  private static final int WIDEST = 52;

  private UnitFacts() {}

  /** What the unit's capability registers say. */
  public static Capabilities capabilities(LabView view) {
    RegisterValues registers = view.tables().registers();
    return new Capabilities(registers.cap(), registers.ecap(), (int) registers.version(), WIDEST);
  }

  /** Names of the capabilities, as {@link org.iommulab.bits.Layout#reservedMask} wants them. */
  public static Set<String> features(LabView view) {
    return capabilities(view).features();
  }
}
