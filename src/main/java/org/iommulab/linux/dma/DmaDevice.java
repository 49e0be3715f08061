package org.iommulab.linux.dma;

import org.iommulab.linux.iommu.IommuDevice;
import org.iommulab.linux.pci.PciDevice;
import org.jspecify.annotations.Nullable;

/** What the DMA API knows about a device ({@code struct device}, its DMA part). */
public final class DmaDevice {

  private static final long DEFAULT_BOUNDARY = 0xFFFF_FFFFL;
  private static final long DEFAULT_SEGMENT = 65_536;

  private final PciDevice pci;
  private final @Nullable IommuDevice iommu;
  private long mask;
  private long coherentMask;
  private long minAlignMask;
  private long segmentBoundary = DEFAULT_BOUNDARY;
  private long maxSegment = DEFAULT_SEGMENT;
  private boolean triesLowFirst = true;
  private @Nullable DmaCookie cookie;

  DmaDevice(PciDevice pci, @Nullable IommuDevice iommu) {
    this.pci = pci;
    this.iommu = iommu;
    this.mask = pci.dmaMask();
    this.coherentMask = pci.dmaMask();
  }

  /** The PCI function. */
  public PciDevice pci() {
    return pci;
  }

  /** Its place in the IOMMU core, null if no IOMMU serves it. */
  @Nullable IommuDevice iommu() {
    return iommu;
  }

  /** What was kept for its domain when it was asked last; the domain may have changed since. */
  @Nullable DmaCookie cookie() {
    return cookie;
  }

  void setCookie(DmaCookie latest) {
    cookie = latest;
  }

  /** Highest address for streaming mappings. */
  public long mask() {
    return mask;
  }

  /** Highest address for coherent memory. */
  public long coherentMask() {
    return coherentMask;
  }

  void setMask(long highest) {
    mask = highest;
  }

  void setCoherentMask(long highest) {
    coherentMask = highest;
  }

  /** Low address bits that bouncing must preserve. */
  long minAlignMask() {
    return minAlignMask;
  }

  /** {@code dma_set_min_align_mask()}. */
  public void setMinAlignMask(long bits) {
    minAlignMask = bits;
  }

  /** Address bits that must not change within one segment of a scatter list. */
  long segmentBoundary() {
    return segmentBoundary;
  }

  /** {@code dma_set_seg_boundary()}. */
  public void setSegmentBoundary(long bits) {
    segmentBoundary = bits;
  }

  /** Most bytes in one segment of a scatter list. */
  long maxSegment() {
    return maxSegment;
  }

  /** {@code dma_set_max_seg_size()}. */
  public void setMaxSegment(long bytes) {
    maxSegment = bytes;
  }

  /** {@code pci_32bit_workaround}: IOVAs below 4 GiB are still tried first. */
  boolean triesLowFirst() {
    return triesLowFirst;
  }

  void giveUpLow() {
    triesLowFirst = false;
  }

  /** The device may be hostile: it sits at an external port. */
  boolean untrusted() {
    return pci.untrusted();
  }

  /** {@code dma_capable()}: the device can drive all these addresses. */
  boolean reaches(long address, long size) {
    return Long.compareUnsigned(address + size - 1, mask) <= 0;
  }

  /** As the log names it: driver and address. */
  String label() {
    String driver = iommu != null ? iommu.boundDriver() : pci.driver();
    return (driver == null ? "pci" : driver) + " " + pci.address();
  }
}
