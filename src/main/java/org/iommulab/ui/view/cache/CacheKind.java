package org.iommulab.ui.view.cache;

import java.util.Locale;
import org.iommulab.vtd.cache.CacheLine;
import org.jspecify.annotations.Nullable;

/** The caches that the overview lists: those of the unit, then those of the devices. */
enum CacheKind {
  IOTLB(CacheLine.Cache.IOTLB, "caches-iotlb"),
  CONTEXT(CacheLine.Cache.CONTEXT, "context-cache"),
  PASID(CacheLine.Cache.PASID, "pasid-cache"),
  PAGING_STRUCTURE(CacheLine.Cache.PAGING_STRUCTURE, "paging-cache"),
  INTERRUPT_ENTRY(CacheLine.Cache.INTERRUPT_ENTRY, "interrupt-cache"),
  /** The caches of all endpoints that translate for themselves. */
  DEVICE_TLB(null, "device-tlb");

  private final CacheLine.@Nullable Cache inUnit;
  private final String view;

  CacheKind(CacheLine.@Nullable Cache inUnit, String view) {
    this.inUnit = inUnit;
    this.view = view;
  }

  /** The unit's cache, or null for those of devices. */
  CacheLine.@Nullable Cache inUnit() {
    return inUnit;
  }

  /** Start of the ids of what it holds. */
  String view() {
    return view;
  }

  /** End of the ids of its line: {@code paging-structure}. */
  String key() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
