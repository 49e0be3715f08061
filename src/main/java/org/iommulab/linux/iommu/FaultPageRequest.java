package org.iommulab.linux.iommu;

import org.iommulab.bus.Pasid;

/**
 * One page a device asks for ({@code struct iommu_fault_page_request}).
 *
 * @param last the last of its group: an answer is awaited
 * @param pasid the PASID it carries, {@link Pasid#NONE} if none
 * @param groupId number that the requests of one group share
 * @param permissions {@link #READ} and the others
 * @param address the page, as the device sees it
 */
public record FaultPageRequest(
    boolean last, Pasid pasid, int groupId, int permissions, long address) {

  /** Permission asked for: read. */
  public static final int READ = 1;

  /** Permission asked for: write. */
  public static final int WRITE = 2;

  /** Permission asked for: execute. */
  public static final int EXECUTE = 4;

  /** Permission asked for: as supervisor. */
  public static final int PRIVILEGED = 8;

  /** Tells whether it carries a PASID. */
  public boolean hasPasid() {
    return !pasid.isNone();
  }
}
