package org.iommulab.linux.iommu;

/** How far {@code map_pages} came: its {@code mapped} out-parameter. */
public final class MapProgress {

  private long mapped;

  /** Bytes mapped by the last call. */
  public long mapped() {
    return mapped;
  }

  /** Sets the bytes mapped. */
  public void set(long bytes) {
    mapped = bytes;
  }
}
