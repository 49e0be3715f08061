package org.iommulab.evidence;

import java.util.Locale;
import org.iommulab.vtd.tables.Mode;

/**
 * A root table that was found by searching memory, because no register page says where it is.
 *
 * @param address physical address of the table
 * @param mode how it has to be read
 * @param certainty from 0 to 1
 * @param contexts entries of devices that are as the specification wants them
 * @param trees page-table trees that are
 * @param odd entries and trees that are not
 * @param byDriver the kernel's own notes about the unit (struct intel_iommu) name the table
 */
public record FoundRoot(
    long address, Mode mode, double certainty, int contexts, int trees, int odd, boolean byDriver) {

  private static final double SURE = 0.95;
  private static final double LIKELY = 0.75;

  /** {@code sure}, {@code likely} or {@code doubtful}. */
  public String word() {
    return certainty >= SURE ? "sure" : certainty >= LIKELY ? "likely" : "doubtful";
  }

  /** What was found and how sure that is, one sentence. */
  public String sentence(String unit) {
    return String.format(
        Locale.ROOT,
        "No registers of %s are in the dump; its root table at 0x%x was found by search: %s (%d %%;"
            + " %s mode, %d valid device entries, %d valid page tables, %d odd ones%s).",
        unit,
        address,
        word(),
        Math.round(100 * certainty),
        mode.name().toLowerCase(Locale.ROOT),
        contexts,
        trees,
        odd,
        byDriver ? ", and the driver's own notes name it" : "");
  }
}
