package org.iommulab.bus.ats;

import org.iommulab.bus.Pasid;

/**
 * An endpoint is told to drop translations.
 *
 * @param tag number the completion carries, 0 to 31
 * @param pasid the PASID it is for, {@link Pasid#NONE} if for requests without one
 * @param everyPasid the G flag: whatever the PASID
 * @param range the endpoint's addresses
 */
public record InvalidationRequest(int tag, Pasid pasid, boolean everyPasid, PageRange range) {

  /** Tags in use at a time, at most. */
  public static final int TAGS = 32;

  /** Tells whether a translation must go. */
  public boolean covers(Pasid translationPasid, PageRange translation) {
    boolean samePasid = everyPasid ? !translationPasid.isNone() : translationPasid.equals(pasid);
    return samePasid && range.overlaps(translation);
  }
}
