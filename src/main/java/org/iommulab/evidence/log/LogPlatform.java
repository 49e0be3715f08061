package org.iommulab.evidence.log;

/** Whose IOMMU a log is about. */
public enum LogPlatform {
  INTEL_VTD("intel-vtd"),
  XEN_VTD("xen-vtd"),
  /** Firmware has a table, no driver speaks. */
  TABLE_ONLY("intel-vtd-table-only"),
  AMD_VI("amd-vi"),
  /** An AMD machine whose IOMMU is off. */
  AMD_INACTIVE("amd-vi-inactive"),
  NONE("none");

  private final String word;

  LogPlatform(String word) {
    this.word = word;
  }

  /** As in JSON. */
  public String word() {
    return word;
  }
}
