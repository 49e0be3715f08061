package org.iommulab.linux.intel;

import java.util.Locale;
import org.iommulab.bus.Pasid;

/** Where translations of a domain may be cached ({@code struct cache_tag}). */
final class CacheTag {

  /** Kinds of caches ({@code enum cache_tag_type}). */
  enum Kind {
    /** The unit's IOTLB, under a domain id. */
    IOTLB,
    /** A device's own TLB. */
    DEVTLB,
    /** The IOTLB, under the id of a domain nested on this one. */
    NESTING_IOTLB,
    /** The TLB of a device attached to a domain nested on this one. */
    NESTING_DEVTLB;

    boolean ofDevice() {
      return this == DEVTLB || this == NESTING_DEVTLB;
    }
  }

  private final Kind kind;
  private final DeviceInfo info;
  private final int domainId;
  private final Pasid pasid;
  private int users = 1;

  CacheTag(Kind kind, DeviceInfo info, int domainId, Pasid pasid) {
    this.kind = kind;
    this.info = info;
    this.domainId = domainId;
    this.pasid = pasid;
  }

  Kind kind() {
    return kind;
  }

  IntelUnit unit() {
    return info.unit();
  }

  int domainId() {
    return domainId;
  }

  int sid() {
    return info.sid().value();
  }

  Pasid pasid() {
    return pasid;
  }

  /** {@code cache_tag_match()}: devices behind one unit share its IOTLB's tag. */
  boolean same(Kind otherKind, DeviceInfo other, int otherId, Pasid otherPasid) {
    return kind == otherKind
        && domainId == otherId
        && pasid.equals(otherPasid)
        && (kind.ofDevice() ? info == other : info.unit() == other.unit());
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
    String where = kind.ofDevice() ? info.device().toString() : unit().name();
    return String.format(
        Locale.ROOT, "%s %s DID %x PASID %x", kind, where, domainId, pasid.value());
  }
}
