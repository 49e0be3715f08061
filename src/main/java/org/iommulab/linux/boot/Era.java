package org.iommulab.linux.boot;

import java.util.Optional;

/** The kernel's age: which of the behaviours that changed over the years it shows. */
public enum Era {
  /** iommufd is new; every leaf entry carries bit 0; queued invalidations never carry IH. */
  V6_3("6.3"),
  /** Cache tags and batched descriptors; leaf entries still carry bit 0, IH is still lost. */
  V6_12("6.12"),
  /** The last kernels with the driver's own page-table walker. */
  V6_18("6.18"),
  /** Page tables by {@code generic_pt}. */
  V7_1("7.1");

  private final String version;

  Era(String version) {
    this.version = version;
  }

  /** The version as people write it. */
  public String version() {
    return version;
  }

  /** The era of that version. */
  public static Optional<Era> of(String version) {
    for (Era era : values()) {
      if (era.version.equals(version)) {
        return Optional.of(era);
      }
    }
    return Optional.empty();
  }

  /** Leaves are always readable: bit 0 doubled as the first-stage present bit (5.12.9 to 6.14). */
  public boolean leafAlwaysReadable() {
    return this == V6_3 || this == V6_12;
  }

  /** Queued IOTLB invalidations really carry the leaf-only hint. */
  public boolean sendsLeafHint() {
    return this == V6_18 || this == V7_1;
  }

  /** Invalidations go through cache tags, aligned down to their mask, up to 16 with one wait. */
  public boolean cacheTags() {
    return this != V6_3;
  }
}
