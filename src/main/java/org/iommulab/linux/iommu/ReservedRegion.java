package org.iommulab.linux.iommu;

/**
 * Addresses a device's mappings must leave out.
 *
 * @param start first address
 * @param last last address
 * @param type why
 */
public record ReservedRegion(long start, long last, Type type) {

  /** Why a region is reserved. */
  public enum Type {
    DIRECT("direct"),
    DIRECT_RELAXABLE("direct-relaxable"),
    RESERVED("reserved"),
    MSI("msi");

    private final String word;

    Type(String word) {
      this.word = word;
    }

    /** The word in sysfs. */
    public String word() {
      return word;
    }
  }
}
