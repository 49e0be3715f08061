package org.iommulab.bus.ats;

import org.iommulab.bus.Pasid;

/**
 * The answer to a group of page requests.
 *
 * @param pasid the PASID it carries, {@link Pasid#NONE} if none
 * @param group page request group index
 * @param code the response code, 0 to 15
 */
public record PageGroupResponse(Pasid pasid, int group, int code) {

  /** The pages can be used now. */
  public static final int SUCCESS = 0;

  /** No such access will be possible. */
  public static final int INVALID_REQUEST = 1;

  /** The page request interface is broken. */
  public static final int FAILURE = 15;

  /** The code in words; codes without a meaning count as failure. */
  public String word() {
    return switch (code) {
      case SUCCESS -> "success";
      case INVALID_REQUEST -> "invalid";
      default -> "failure";
    };
  }
}
