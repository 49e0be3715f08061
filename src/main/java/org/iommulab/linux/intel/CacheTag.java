package org.iommulab.linux.intel;

import org.iommulab.bus.SourceId;
import org.jspecify.annotations.Nullable;

/** Where translations of a domain may be cached ({@code struct cache_tag}). */
final class CacheTag {

  private final IntelUnit unit;
  private final int domainId;
  private final @Nullable SourceId device;
  private final int pasid;
  private int users = 1;

  /** The unit's IOTLB under a domain id, or a device's own TLB if a device is named. */
  CacheTag(IntelUnit unit, int domainId, @Nullable SourceId device, int pasid) {
    this.unit = unit;
    this.domainId = domainId;
    this.device = device;
    this.pasid = pasid;
  }

  IntelUnit unit() {
    return unit;
  }

  int domainId() {
    return domainId;
  }

  @Nullable SourceId device() {
    return device;
  }

  int pasid() {
    return pasid;
  }

  boolean same(IntelUnit otherUnit, int otherId, @Nullable SourceId otherDevice, int otherPasid) {
    return unit == otherUnit
        && domainId == otherId
        && pasid == otherPasid
        && java.util.Objects.equals(device, otherDevice);
  }

  void take() {
    users++;
  }

  /** Gives a reference back; true if it was the last. */
  boolean drop() {
    return --users == 0;
  }

  @Override
  public String toString() {
    return device == null ? unit.name() + " DID %x".formatted(domainId) : "device-TLB " + device;
  }
}
