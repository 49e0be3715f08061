package org.iommulab.lab.advice;

import org.iommulab.vtd.RemappingUnit;
import org.iommulab.vtd.config.Capabilities;
import org.iommulab.vtd.layout.InvalidationDescriptor;
import org.iommulab.vtd.layout.RegisterLayouts;
import org.jspecify.annotations.Nullable;

/** Invalidations through CCMD and IOTLB, as the descriptors that do the same; IVA reads as 0. */
final class RegisterCommand {

  private final Capabilities caps;
  private long address;

  RegisterCommand(RemappingUnit unit) {
    caps = unit.configuration().capabilities();
  }

  /** The descriptor that does the same as this write; null if it invalidates nothing. */
  @Nullable Descriptor of(Seen.Write write) {
    if (write.offset() == caps.iotlbOffset()) {
      address = write.value();
    }
    if (write.size() != 8) {
      return null;
    }
    long value = write.value();
    if (write.offset() == RegisterLayouts.CCMD.position()
        && RegisterLayouts.CCMD.field("ICC").isSet(value)) {
      long granularity = value >>> 61 & 3;
      long low = 1 | granularity << 4 | (value & 0xFFFF) << 16 | (value >>> 16 & 0xFFFF) << 32;
      return new Descriptor(InvalidationDescriptor.CONTEXT_CACHE, -1, low, 0);
    }
    if (write.offset() == caps.iotlbOffset() + 8
        && RegisterLayouts.IOTLB.field("IVT").isSet(value)) {
      long granularity = value >>> 60 & 3;
      long domain = value >>> 32 & 0xFFFF;
      long low = 2 | granularity << 4 | domain << 16 | (value >>> 48 & 3) << 6;
      return new Descriptor(InvalidationDescriptor.IOTLB, -1, low, address);
    }
    return null;
  }
}
