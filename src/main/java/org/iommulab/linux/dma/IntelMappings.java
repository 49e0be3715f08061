package org.iommulab.linux.dma;

import org.iommulab.linux.iommu.IotlbGather;
import org.iommulab.linux.iommu.PagingDomain;
import org.iommulab.linux.uapi.Status;

/**
 * What the VT-d driver's own DMA operations, up to Linux 5.10, want of its domains: they wrote the
 * tables past {@code iommu_map()}.
 */
public interface IntelMappings extends PagingDomain {

  /** {@code domain_mapping()}: writes the tables and lets units with caching mode know. */
  Status domainMapping(long iovPfn, long physPfn, long pages, boolean read, boolean write);

  /** {@code domain_unmap()}: clears entries; empty tables go to the gather's list. */
  void domainUnmap(long firstPfn, long lastPfn, IotlbGather gather);

  /** {@code iommu_flush_iotlb_psi()} on every unit, then {@code dma_free_pagelist()}. */
  void flushPages(long firstPfn, long lastPfn, IotlbGather gather);

  /** Every unit answers zero-length reads of write-only pages (CAP.ZLR). */
  boolean zeroLengthReads();
}
