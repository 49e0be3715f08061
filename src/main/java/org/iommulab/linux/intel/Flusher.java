package org.iommulab.linux.intel;

import org.iommulab.linux.boot.KernelParts;
import org.iommulab.trace.CallTrace;
import org.iommulab.vtd.layout.CapabilityLayout;
import org.iommulab.vtd.layout.RegisterLayouts;
import org.jspecify.annotations.Nullable;

/**
 * Invalidates a unit's caches, through the queue when it is on, else through registers ({@code
 * iommu->flush}).
 */
final class Flusher {

  private static final int PATIENCE = 1000;

  private final CallTrace trace;
  private final UnitRegisters registers;
  private final @Nullable InvalidationQueue queue;
  private final boolean drainWrites;
  private final boolean drainReads;
  private final long[] one = new long[2];

  Flusher(KernelParts parts, UnitRegisters registers, @Nullable InvalidationQueue queue) {
    this.trace = parts.trace();
    this.registers = registers;
    this.queue = queue;
    this.drainWrites = CapabilityLayout.LAYOUT.field("DWD").isSet(registers.cap());
    this.drainReads = CapabilityLayout.LAYOUT.field("DRD").isSet(registers.cap());
  }

  boolean queued() {
    return queue != null;
  }

  /** Context-cache invalidation. */
  void context(int granularity, int did, int sid, int functionMask) {
    if (trace.isOn()) {
      trace
          .enter(queue == null ? "__iommu_flush_context" : "qi_flush_context")
          .hex("did", did)
          .hex("sid", sid)
          .hex("fm", functionMask)
          .text("type", granularity(granularity, "device"));
    }
    if (queue != null) {
      submit(Descriptors.context(granularity, did, sid, functionMask), 0);
    } else {
      contextByRegister(granularity, did, sid, functionMask);
    }
    if (trace.isOn()) {
      trace.leave();
    }
  }

  private void contextByRegister(int granularity, int did, int sid, int functionMask) {
    var ccmd = RegisterLayouts.CCMD;
    long value = ccmd.field("ICC").mask();
    value = ccmd.field("CIRG").with(value, granularity);
    value = ccmd.field("DID").with(value, did);
    value = ccmd.field("SID").with(value, sid);
    value = ccmd.field("FM").with(value, functionMask);
    registers.write(ccmd, value);
    for (int i = 0; i < PATIENCE && ccmd.field("ICC").isSet(registers.read(ccmd)); i++) {
      // The unit clears the bit when it is done.
    }
  }

  /** IOTLB invalidation. */
  void iotlb(int granularity, int did, long address, int mask, boolean leafOnly) {
    if (trace.isOn()) {
      trace
          .enter(queue == null ? "__iommu_flush_iotlb" : "qi_flush_iotlb")
          .hex("did", did)
          .hex("addr", address)
          .number("size_order", mask)
          .text("type", granularity(granularity, "page"));
    }
    if (queue != null) {
      submit(iotlbQw0(granularity, did), iotlbQw1(granularity, address, mask, leafOnly));
    } else {
      iotlbByRegister(granularity, did, address, mask, leafOnly);
    }
    if (trace.isOn()) {
      trace.leave();
    }
  }

  long iotlbQw0(int granularity, int did) {
    return Descriptors.iotlb(granularity, did, drainWrites, drainReads);
  }

  static long iotlbQw1(int granularity, long address, int mask, boolean leafOnly) {
    return granularity == Descriptors.DEVICE_OR_PAGE
        ? Descriptors.address(address, mask, leafOnly)
        : 0;
  }

  private void iotlbByRegister(int granularity, int did, long address, int mask, boolean leafOnly) {
    if (granularity == Descriptors.DEVICE_OR_PAGE) {
      registers.write(RegisterLayouts.IVA, Descriptors.address(address, mask, leafOnly));
    }
    var iotlb = RegisterLayouts.IOTLB;
    long value = iotlb.field("IVT").mask();
    value = iotlb.field("IIRG").with(value, granularity);
    value = iotlb.field("DID").with(value, did);
    value = iotlb.field("DW").with(value, drainWrites ? 1 : 0);
    value = iotlb.field("DR").with(value, drainReads ? 1 : 0);
    registers.write(iotlb, value);
    for (int i = 0; i < PATIENCE && iotlb.field("IVT").isSet(registers.read(iotlb)); i++) {
      // The unit clears the bit when it is done.
    }
  }

  /** PASID-cache invalidation; needs the queue. */
  void pasidCache(int granularity, int did, int pasid) {
    submit(Descriptors.pasidCache(granularity, did, pasid), 0);
  }

  private void submit(long qw0, long qw1) {
    one[0] = qw0;
    one[1] = qw1;
    submit(one, 1);
  }

  /** Submits several descriptors with one wait; nothing happens without a queue. */
  void submit(long[] quadwords, int count) {
    if (queue != null) {
      queue.submitSync(quadwords, count);
    }
  }

  private static String granularity(int value, String finest) {
    return switch (value) {
      case Descriptors.GLOBAL -> "global";
      case Descriptors.DOMAIN -> "domain";
      default -> finest;
    };
  }
}
