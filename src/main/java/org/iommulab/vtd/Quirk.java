package org.iommulab.vtd;

/**
 * One way in which an implementation departs from the architecture or chooses among what it allows.
 * Named by what it does; a profile is a set of them. D-numbers refer to the oracle's list.
 */
public enum Quirk {
  /** A right missing in a cached translation blocks without a fault record (D1). */
  CACHED_DENIAL_IS_NOT_RECORDED
}
