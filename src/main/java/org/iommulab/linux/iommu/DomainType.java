package org.iommulab.linux.iommu;

/** What a domain is for. */
public enum DomainType {
  BLOCKED("blocked", "BLOCKED"),
  IDENTITY("identity", "IDENTITY"),
  UNMANAGED("unmanaged", "UNMANAGED"),
  DMA("DMA", "DMA"),
  DMA_FQ("DMA-FQ", "DMA_FQ"),
  SVA("SVA", "SVA"),
  NESTED("nested", "NESTED");

  private final String sysfs;
  private final String label;

  DomainType(String sysfs, String label) {
    this.sysfs = sysfs;
    this.label = label;
  }

  /** The word in a group's {@code type} attribute. */
  public String sysfs() {
    return sysfs;
  }

  /** The name in the kernel's sources, without its prefix. */
  public String label() {
    return label;
  }
}
