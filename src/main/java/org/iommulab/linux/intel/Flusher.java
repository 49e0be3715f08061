package org.iommulab.linux.intel;

import org.iommulab.bus.Pasid;
import org.iommulab.linux.boot.KernelParts;
import org.iommulab.linux.intel.queue.FlushRange;
import org.iommulab.linux.intel.queue.QiDescriptors;
import org.iommulab.linux.intel.queue.QueuedInvalidation;
import org.iommulab.linux.intel.queue.UnitRegisters;
import org.iommulab.trace.CallTrace;
import org.iommulab.vtd.layout.CapabilityLayout;
import org.iommulab.vtd.layout.ExtendedCapabilityLayout;
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
  private final @Nullable QueuedInvalidation queue;
  private final boolean drainWrites;
  private final boolean drainReads;
  private final boolean namesFunction;
  private final long[] one = new long[2];

  Flusher(KernelParts parts, UnitRegisters registers, @Nullable QueuedInvalidation queue) {
    this.trace = parts.trace();
    this.registers = registers;
    this.queue = queue;
    this.drainWrites = CapabilityLayout.LAYOUT.field("DWD").isSet(registers.cap());
    this.namesFunction = ExtendedCapabilityLayout.DIT.isSet(registers.ecap());
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
      submit(QiDescriptors.context(granularity, did, sid, functionMask), 0);
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
    return QiDescriptors.iotlb(granularity, did, drainWrites, drainReads);
  }

  static long iotlbQw1(int granularity, long address, int mask, boolean leafOnly) {
    return granularity == QiDescriptors.DEVICE_OR_PAGE
        ? QiDescriptors.address(address, mask, leafOnly)
        : 0;
  }

  private void iotlbByRegister(int granularity, int did, long address, int mask, boolean leafOnly) {
    if (granularity == QiDescriptors.DEVICE_OR_PAGE) {
      registers.write(RegisterLayouts.IVA, QiDescriptors.address(address, mask, leafOnly));
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

  /** {@code pasid_cache_invalidation_with_pasid()}. */
  void pasidCache(int did, Pasid pasid) {
    if (trace.isOn()) {
      trace
          .enter("pasid_cache_invalidation_with_pasid")
          .hex("did", did)
          .number("pasid", pasid.value());
    }
    submit(QiDescriptors.pasidCache(QiDescriptors.ONE_PASID, did, pasid), 0);
    if (trace.isOn()) {
      trace.leave();
    }
  }

  /** {@code qi_flush_pasid_cache()} for all domains and PASIDs. */
  void wholePasidCache() {
    submit(QiDescriptors.pasidCache(QiDescriptors.ALL_PASIDS, 0, Pasid.OF_REQUESTER), 0);
  }

  /** {@code qi_flush_piotlb()}: all first-stage translations of a PASID. */
  void pasidIotlb(int did, Pasid pasid) {
    if (trace.isOn()) {
      trace.enter("qi_flush_piotlb").hex("did", did).number("pasid", pasid.value());
    }
    submit(QiDescriptors.pasidIotlb(false, did, pasid), 0);
    if (trace.isOn()) {
      trace.leave();
    }
  }

  /** {@code qi_flush_iec()}: 2^mask entries from an index on. */
  void interruptEntry(int index, int mask) {
    if (trace.isOn()) {
      trace.enter("qi_flush_iec").number("index", index).number("mask", mask);
    }
    submit(QiDescriptors.interruptEntry(false, index, mask), 0);
    if (trace.isOn()) {
      trace.leave();
    }
  }

  /** {@code qi_global_iec()}. */
  void allInterruptEntries() {
    if (trace.isOn()) {
      trace.enter("qi_global_iec");
    }
    submit(QiDescriptors.interruptEntry(true, 0, 0), 0);
    if (trace.isOn()) {
      trace.leave();
    }
  }

  /** {@code qi_flush_dev_iotlb()} or, with a PASID, its sister: everything the device cached. */
  void deviceTlb(int sid, Pasid pasid) {
    boolean plain = pasid.equals(Pasid.OF_REQUESTER);
    if (trace.isOn()) {
      trace
          .enter(plain ? "qi_flush_dev_iotlb" : "qi_flush_dev_iotlb_pasid")
          .hex("sid", sid)
          .number("pasid", pasid.value());
    }
    submit(
        plain
            ? QiDescriptors.deviceTlb(sid, namesFunction)
            : QiDescriptors.pasidDeviceTlb(sid, pasid, namesFunction),
        QiDescriptors.deviceAddress(0, FlushRange.EVERYTHING));
    if (trace.isOn()) {
      trace.leave();
    }
  }

  private void submit(long qw0, long qw1) {
    one[0] = qw0;
    one[1] = qw1;
    submit(one, 1);
  }

  /** Submits several descriptors with one wait; nothing happens without a queue. */
  void submit(long[] quadwords, int count) {
    if (queue != null) {
      queue.submitSync(quadwords, count, false);
    }
  }

  /** The same, and the wait drains page requests first ({@code QI_OPT_WAIT_DRAIN}). */
  void submitAndDrain(long[] quadwords, int count) {
    if (queue != null) {
      queue.submitSync(quadwords, count, true);
    }
  }

  private static String granularity(int value, String finest) {
    return switch (value) {
      case QiDescriptors.GLOBAL -> "global";
      case QiDescriptors.DOMAIN -> "domain";
      default -> finest;
    };
  }
}
