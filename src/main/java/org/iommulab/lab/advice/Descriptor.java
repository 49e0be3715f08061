package org.iommulab.lab.advice;

import org.iommulab.vtd.layout.InvalidationDescriptor;
import org.jspecify.annotations.Nullable;

/** A descriptor of the invalidation queue, taken apart. */
record Descriptor(InvalidationDescriptor type, long address, long low, long high) {

  private static final InvalidationDescriptor CC = InvalidationDescriptor.CONTEXT_CACHE;
  private static final InvalidationDescriptor PI = InvalidationDescriptor.PASID_IOTLB;

  static @Nullable Descriptor of(Seen.Descriptor seen) {
    InvalidationDescriptor type = InvalidationDescriptor.of(seen.low());
    return type == null ? null : new Descriptor(type, seen.address(), seen.low(), seen.high());
  }

  int granularity() {
    return (int) CC.field("G").get(low);
  }

  int domain() {
    return (int) CC.field("DID").get(low);
  }

  int source() {
    return type == InvalidationDescriptor.PASID_DEVICE_TLB
        ? (int) InvalidationDescriptor.PASID_DEVICE_TLB.field("SID").get(low)
        : (int) CC.field("SID").get(low);
  }

  /** Low bits of a requester id that a context-cache invalidation does not compare. */
  int functions() {
    int mask = (int) CC.field("FM").get(low);
    return mask == 0 ? 0 : mask == 1 ? 4 : mask == 2 ? 6 : 7;
  }

  int pasid() {
    return (int) PI.field("PASID").get(low);
  }

  boolean hint() {
    return PI.field("IH").isSet(high);
  }

  boolean drainsWrites() {
    return InvalidationDescriptor.IOTLB.field("DW").isSet(low);
  }

  boolean drainsReads() {
    return InvalidationDescriptor.IOTLB.field("DR").isSet(low);
  }

  /** First address of a page-selective command. */
  long from() {
    return PI.field("ADDR").get(high) & -bytes();
  }

  long bytes() {
    return 4096L << (int) PI.field("AM").get(high);
  }

  /** Last address of a page-selective command. */
  long to() {
    return from() + bytes() - 1;
  }

  /** Whether a device-TLB command covers an address. */
  boolean covers(long iova) {
    boolean many =
        type == InvalidationDescriptor.DEVICE_TLB
            ? InvalidationDescriptor.DEVICE_TLB.field("S").isSet(high)
            : InvalidationDescriptor.PASID_DEVICE_TLB.field("S").isSet(high);
    long address = high & -4096L;
    if (!many) {
      return (iova & -4096L) == address;
    }
    long ones = ~address >>> 12;
    int size = Long.numberOfTrailingZeros(ones == 0 ? 1L << 51 : ones) + 1;
    long mask = size + 12 >= 64 ? 0 : -1L << size + 12;
    return (iova & mask) == (address & mask);
  }

  boolean reports() {
    return InvalidationDescriptor.WAIT.field("SW").isSet(low)
        || InvalidationDescriptor.WAIT.field("IF").isSet(low);
  }

  boolean writesStatus() {
    return InvalidationDescriptor.WAIT.field("SW").isSet(low);
  }

  boolean fences() {
    return InvalidationDescriptor.WAIT.field("FN").isSet(low);
  }

  boolean drainsPageRequests() {
    return InvalidationDescriptor.WAIT.field("PD").isSet(low);
  }

  int status() {
    return (int) InvalidationDescriptor.WAIT.field("STATUS_DATA").get(low);
  }

  long statusAddress() {
    return high & ~3L;
  }

  int group() {
    return (int) InvalidationDescriptor.PAGE_GROUP_RESPONSE.field("PRGI").get(high);
  }

  int responder() {
    return (int) InvalidationDescriptor.PAGE_GROUP_RESPONSE.field("RID").get(low);
  }
}
