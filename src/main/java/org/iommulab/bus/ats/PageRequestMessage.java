package org.iommulab.bus.ats;

import org.iommulab.bus.Pasid;
import org.iommulab.bus.SourceId;

/**
 * An endpoint asks the system to make a page accessible.
 *
 * @param source the requester
 * @param pasid the PASID it carries, {@link Pasid#NONE} if none
 * @param address page address; bits 11:0 do not count
 * @param read it wants to read
 * @param write it wants to write
 * @param execute it wants to execute
 * @param privileged it wants supervisor access
 * @param last the LPIG flag: last request of its group, which is answered as a whole
 * @param group page request group index, 0 to 511
 */
public record PageRequestMessage(
    SourceId source,
    Pasid pasid,
    long address,
    boolean read,
    boolean write,
    boolean execute,
    boolean privileged,
    boolean last,
    int group) {

  /** Group indexes an endpoint can use. */
  public static final int GROUPS = 512;

  public PageRequestMessage {
    if (group < 0 || group >= GROUPS) {
      throw new IllegalArgumentException("page request group " + group);
    }
  }

  /** The last message before an endpoint stops using a PASID; it wants nothing and no answer. */
  public static PageRequestMessage stopMarker(SourceId source, Pasid pasid) {
    return new PageRequestMessage(source, pasid, 0, false, false, false, false, true, 0);
  }

  /** Tells whether it only marks the end of a PASID's requests. */
  public boolean isStopMarker() {
    return last && !read && !write && !pasid.isNone();
  }

  /** Tells whether it carries a PASID. */
  public boolean hasPasid() {
    return !pasid.isNone();
  }
}
