package org.iommulab.linux.intel;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.iommulab.bus.Pasid;
import org.iommulab.linux.boot.KernelParts;
import org.iommulab.linux.intel.queue.FlushRange;
import org.iommulab.linux.intel.queue.QiDescriptors;
import org.iommulab.trace.CallTrace;
import org.iommulab.vtd.layout.CapabilityLayout;
import org.jspecify.annotations.Nullable;

/**
 * The caches that may hold translations of one domain, and how to make them forget ({@code
 * intel/cache.c}; before Linux 6.10 {@code iommu_flush_iotlb_psi()}, with the same result).
 */
final class CacheTags {

  private static final int BATCH = 16;

  private final KernelParts parts;
  private final CallTrace trace;
  private final boolean firstStage;
  private final List<CacheTag> tags = new ArrayList<>();
  private final long[] batch = new long[2 * BATCH];
  private int batched;
  private @Nullable IntelUnit batchUnit;

  CacheTags(KernelParts parts, boolean firstStage) {
    this.parts = parts;
    this.trace = parts.trace();
    this.firstStage = firstStage;
  }

  /**
   * {@code cache_tag_assign()}: the unit's IOTLB and, with ATS, the device's own TLB.
   *
   * @param nesting the device is attached to a domain that is nested on this one
   */
  void assign(DeviceInfo info, int domainId, Pasid pasid, boolean nesting) {
    assign(nesting ? CacheTag.Kind.NESTING_IOTLB : CacheTag.Kind.IOTLB, info, domainId, pasid);
    if (info.ats()) {
      assign(nesting ? CacheTag.Kind.NESTING_DEVTLB : CacheTag.Kind.DEVTLB, info, domainId, pasid);
    }
  }

  /** Tags of one unit stay together, so that one submission serves them. */
  private void assign(CacheTag.Kind kind, DeviceInfo info, int domainId, Pasid pasid) {
    int place = tags.size();
    for (int i = 0; i < tags.size(); i++) {
      CacheTag tag = tags.get(i);
      if (tag.same(kind, info, domainId, pasid)) {
        tag.take();
        return;
      }
      if (tag.unit() == info.unit()) {
        place = i + 1;
      }
    }
    tags.add(place, new CacheTag(kind, info, domainId, pasid));
  }

  /** {@code cache_tag_unassign()}. */
  void unassign(DeviceInfo info, int domainId, Pasid pasid, boolean nesting) {
    unassign(nesting ? CacheTag.Kind.NESTING_IOTLB : CacheTag.Kind.IOTLB, info, domainId, pasid);
    if (info.ats()) {
      unassign(
          nesting ? CacheTag.Kind.NESTING_DEVTLB : CacheTag.Kind.DEVTLB, info, domainId, pasid);
    }
  }

  private void unassign(CacheTag.Kind kind, DeviceInfo info, int domainId, Pasid pasid) {
    tags.removeIf(tag -> tag.same(kind, info, domainId, pasid) && tag.drop());
  }

  /** The tags, for the leak check and for people. */
  List<CacheTag> all() {
    return List.copyOf(tags);
  }

  /**
   * {@code cache_tag_flush_range()}: after translations went away.
   *
   * @param leafOnly no table was freed, so that upper levels may stay cached
   */
  void flushRange(long start, long last, boolean leafOnly) {
    FlushRange range = FlushRange.of(start, last, parts.era().widensFlushes());
    if (trace.isOn()) {
      trace
          .enter(parts.era().cacheTags() ? "cache_tag_flush_range" : "iommu_flush_iotlb_psi")
          .hex("start", start)
          .hex("end", last)
          .number("ih", leafOnly ? 1 : 0);
      trace.effect(
          String.format(Locale.ROOT, "mask %d, address 0x%x", range.mask(), range.address()));
    }
    for (CacheTag tag : tags) {
      flush(tag, start, range, leafOnly && parts.era().sendsLeafHint());
    }
    submitBatch();
    if (trace.isOn()) {
      trace.leave();
    }
  }

  /** {@code cache_tag_flush_all()}. */
  void flushAll() {
    if (trace.isOn()) {
      trace.enter("cache_tag_flush_all");
    }
    for (CacheTag tag : tags) {
      flush(tag, 0, FlushRange.ALL, false);
    }
    submitBatch();
    if (trace.isOn()) {
      trace.leave();
    }
  }

  /**
   * {@code cache_tag_flush_range_np()}: after translations appeared. Only a unit that caches
   * not-present entries has anything to forget; others may need their write buffer flushed.
   */
  void flushRangeNotPresent(long start, long last) {
    FlushRange range = FlushRange.of(start, last, parts.era().widensFlushes());
    if (trace.isOn()) {
      trace.enter("cache_tag_flush_range_np").hex("start", start).hex("end", last);
    }
    for (CacheTag tag : tags) {
      if (!tag.unit().cachingMode() || firstStage) {
        tag.unit().flushWriteBuffer();
      } else if (!tag.kind().ofDevice()) {
        flush(tag, start, range, false);
      }
    }
    submitBatch();
    if (trace.isOn()) {
      trace.leave();
    }
  }

  private void flush(CacheTag tag, long start, FlushRange range, boolean leafOnly) {
    switch (tag.kind()) {
      case IOTLB, NESTING_IOTLB -> flushIotlb(tag, start, range, leafOnly);
      case DEVTLB -> flushDeviceTlb(tag, range);
      // What a device cached of a nested translation cannot be told apart: it forgets everything.
      case NESTING_DEVTLB -> flushDeviceTlb(tag, FlushRange.ALL);
    }
  }

  /** A device's own TLB may only be told while translation is on. */
  private void flushDeviceTlb(CacheTag tag, FlushRange range) {
    IntelUnit unit = tag.unit();
    if (!unit.translating()) {
      return;
    }
    if (tag.pasid().equals(Pasid.OF_REQUESTER)) {
      add(
          unit,
          QiDescriptors.deviceTlb(tag.sid(), unit.namesPhysicalFunction()),
          QiDescriptors.deviceAddress(range.address(), range.mask()));
    } else {
      add(
          unit,
          QiDescriptors.pasidDeviceTlb(tag.sid(), tag.pasid(), unit.namesPhysicalFunction()),
          QiDescriptors.deviceAddress(range.address(), range.mask()));
    }
  }

  private void flushIotlb(CacheTag tag, long start, FlushRange range, boolean leafOnly) {
    IntelUnit unit = tag.unit();
    if (firstStage) {
      boolean page = range.mask() < FlushRange.EVERYTHING;
      add(
          unit,
          QiDescriptors.pasidIotlb(page, tag.domainId(), tag.pasid()),
          page ? QiDescriptors.address(range.address(), range.mask(), leafOnly) : 0);
      return;
    }
    boolean byPage =
        unit.capable(CapabilityLayout.PSI)
            && range.mask() <= CapabilityLayout.MAMV.get(unit.registers().cap());
    int granularity = byPage ? QiDescriptors.DEVICE_OR_PAGE : QiDescriptors.DOMAIN;
    // Old kernels left the address as it was: the unit ignores the bits below the mask.
    long address = parts.era().cacheTags() ? range.address() : start;
    Flusher flusher = unit.flusher();
    if (flusher.queued() && parts.era().cacheTags()) {
      add(
          unit,
          flusher.iotlbQw0(granularity, tag.domainId()),
          Flusher.iotlbQw1(granularity, address, range.mask(), leafOnly));
    } else {
      flusher.iotlb(granularity, tag.domainId(), address, range.mask(), leafOnly);
    }
  }

  private void add(IntelUnit unit, long qw0, long qw1) {
    if (batchUnit != unit || batched == BATCH) {
      submitBatch();
    }
    batchUnit = unit;
    batch[2 * batched] = qw0;
    batch[2 * batched + 1] = qw1;
    batched++;
  }

  private void submitBatch() {
    if (batchUnit != null && batched > 0) {
      batchUnit.flusher().submit(batch, batched);
    }
    batched = 0;
    batchUnit = null;
  }
}
