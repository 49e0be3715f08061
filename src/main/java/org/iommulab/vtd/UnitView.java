package org.iommulab.vtd;

import java.util.List;
import org.iommulab.bus.DmaAccess;
import org.iommulab.bus.SourceId;
import org.iommulab.bus.ats.DeviceTlb;
import org.iommulab.vtd.cache.CacheLine;
import org.iommulab.vtd.config.UnitConfiguration;
import org.iommulab.vtd.request.UnitCounters;
import org.iommulab.vtd.request.WalkPath;

/** A unit that is looked at only: what can be asked of it and changes nothing. */
public interface UnitView {

  /** How it is built. */
  UnitConfiguration configuration();

  /** A register of 4 or 8 bytes; reading a VT-d register has no side effects. */
  long read(int offset, int size);

  /** RTADDR as SRTP took it over: the root table in use with its mode. */
  long latchedRootAddress();

  /** What would happen to a request now. */
  WalkPath probe(DmaAccess access);

  /** What the IOTLB holds. */
  List<CacheLine> iotlb();

  /** What the context cache holds. */
  List<CacheLine> contextCache();

  /** What the PASID cache holds. */
  List<CacheLine> pasidCache();

  /** What the paging-structure cache holds. */
  List<CacheLine> pagingCache();

  /** What the interrupt-entry cache holds. */
  List<CacheLine> interruptCache();

  /** What one of its caches holds. */
  default List<CacheLine> lines(CacheLine.Cache cache) {
    return switch (cache) {
      case IOTLB -> iotlb();
      case CONTEXT -> contextCache();
      case PASID -> pasidCache();
      case PAGING_STRUCTURE -> pagingCache();
      case INTERRUPT_ENTRY -> interruptCache();
    };
  }

  /** Tells whether a cached entry differs from what the tables now say. */
  boolean isStale(CacheLine line);

  /** Tells whether a cached entry lets requests do what the tables would not. */
  boolean grantsTooMuch(CacheLine line);

  /** Tells whether a translation that a device has cached differs from what the tables now say. */
  boolean isStale(SourceId source, DeviceTlb.Line line);

  /** Event counts since reset. */
  UnitCounters counters();
}
