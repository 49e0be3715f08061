package org.iommulab.linux.dma;

import java.util.ArrayList;
import java.util.List;
import org.iommulab.linux.iommu.IotlbGather;
import org.iommulab.linux.iommu.PagingDomain;
import org.iommulab.linux.iova.IovaDomain;
import org.iommulab.linux.time.Timers;
import org.iommulab.trace.CallTrace;
import org.jspecify.annotations.Nullable;

/**
 * Unmapped ranges whose translations the hardware may still remember. Each CPU has a ring; when one
 * is full, or the timer fires, the whole domain is flushed at once and ranges that were queued
 * before go back to the IOVA allocator. Until then a device can still use them: that is the
 * exposure window of lazy mode.
 */
final class FlushQueue {

  private static final int ENTRIES = 256;
  private static final int SINGLE_ENTRIES = 32_768;
  private static final long TIMEOUT_NS = 10_000_000;
  private static final long SINGLE_TIMEOUT_NS = 1_000_000_000;
  private static final long[] NO_FRAMES = {};

  /** A ring; one place always stays empty, so that full and empty differ. */
  private static final class Ring {
    private final long[] pfns;
    private final long[] pages;
    private final long[][] tables;
    private final long[] counters;
    private final long[] since;
    private int head;
    private int tail;

    Ring(int size) {
      pfns = new long[size];
      pages = new long[size];
      tables = new long[size][];
      counters = new long[size];
      since = new long[size];
    }

    boolean isFull() {
      return ((tail + 1) & (pfns.length - 1)) == head;
    }
  }

  private final DmaContext context;
  private final PagingDomain domain;
  private final IovaDomain iovad;
  private final Ring[] rings;
  private final long timeoutNs;
  private long flushStarted;
  private long flushFinished;
  private Timers.@Nullable Timer timer;

  FlushQueue(DmaContext context, PagingDomain domain, IovaDomain iovad) {
    this.context = context;
    this.domain = domain;
    this.iovad = iovad;
    boolean single = context.options().singleQueue();
    rings = new Ring[single ? 1 : context.cpus().count()];
    for (int i = 0; i < rings.length; i++) {
      rings[i] = new Ring(single ? SINGLE_ENTRIES : ENTRIES);
    }
    timeoutNs = single ? SINGLE_TIMEOUT_NS : TIMEOUT_NS;
  }

  /** {@code queue_iova()}: takes a range and the table frames that became free with it. */
  void queue(long pfn, long pages, IotlbGather gather) {
    CallTrace trace = context.trace();
    boolean on = trace.isOn();
    if (on) {
      trace.enter("queue_iova").hex("pfn", pfn).number("pages", pages);
    }
    Ring ring = rings.length == 1 ? rings[0] : rings[context.cpus().current()];
    freeFlushed(ring);
    if (ring.isFull()) {
      flush();
      freeFlushed(ring);
    }
    int at = ring.tail;
    ring.tail = (at + 1) & (ring.pfns.length - 1);
    ring.pfns[at] = pfn;
    ring.pages[at] = pages;
    ring.tables[at] = frames(gather);
    ring.counters[at] = flushStarted;
    ring.since[at] = context.timers().now();
    if (timer == null) {
      timer = context.timers().after(timeoutNs, this::timeout);
    }
    if (on) {
      trace.effect("unmapped, but not yet flushed");
      trace.leave();
    }
  }

  private static long[] frames(IotlbGather gather) {
    if (gather.freeCount() == 0) {
      return NO_FRAMES;
    }
    var frames = new long[gather.freeCount()];
    for (int i = 0; i < frames.length; i++) {
      frames[i] = gather.freeAt(i);
    }
    return frames;
  }

  /** {@code fq_flush_iotlb()}: one invalidation of the whole domain. */
  private void flush() {
    CallTrace trace = context.trace();
    boolean inDmaIommu = context.rules().queueInDmaIommu();
    if (trace.isOn()) {
      trace.enter(inDmaIommu ? "fq_flush_iotlb" : "iova_domain_flush");
      if (!inDmaIommu) {
        trace.enter(context.rules().intelOps() ? "iommu_flush_iova" : "iommu_dma_flush_iotlb_all");
      }
    }
    flushStarted++;
    domain.flushIotlbAll();
    flushFinished++;
    if (trace.isOn()) {
      if (!inDmaIommu) {
        trace.leave();
      }
      trace.leave();
    }
  }

  /** {@code fq_ring_free()}: gives back what was queued before the last finished flush. */
  private void freeFlushed(Ring ring) {
    while (ring.head != ring.tail && ring.counters[ring.head] < flushFinished) {
      int at = ring.head;
      for (long frame : ring.tables[at]) {
        context.parts().frames().free(frame);
      }
      ring.tables[at] = NO_FRAMES;
      iovad.freeFast(ring.pfns[at], ring.pages[at]);
      ring.head = (at + 1) & (ring.pfns.length - 1);
    }
  }

  /** {@code fq_flush_timeout()}. */
  private void timeout() {
    CallTrace trace = context.trace();
    if (trace.isOn()) {
      trace.enter("fq_flush_timeout");
    }
    timer = null;
    flush();
    for (Ring ring : rings) {
      freeFlushed(ring);
    }
    if (trace.isOn()) {
      trace.leave();
    }
  }

  /** Flushes and gives everything back now, as when the domain goes away. */
  void drain() {
    if (timer != null) {
      context.timers().cancel(timer);
    }
    timeout();
  }

  /** Ranges in all rings. */
  int size() {
    int size = 0;
    for (Ring ring : rings) {
      size += (ring.tail - ring.head) & (ring.pfns.length - 1);
    }
    return size;
  }

  void collectExposed(int domainId, List<DmaView.Exposed> into) {
    for (int cpu = 0; cpu < rings.length; cpu++) {
      for (FlushQueueView.Entry entry : entries(rings[cpu])) {
        if (!entry.flushed()) {
          into.add(new DmaView.Exposed(domainId, cpu, entry.iova(), entry.size(), entry.sinceNs()));
        }
      }
    }
  }

  FlushQueueView view() {
    var views = new ArrayList<FlushQueueView.Ring>();
    for (int i = 0; i < rings.length; i++) {
      views.add(
          new FlushQueueView.Ring(
              i, rings[i].pfns.length, rings[i].head, rings[i].tail, entries(rings[i])));
    }
    return new FlushQueueView(
        rings.length == 1 && context.options().singleQueue(),
        timeoutNs,
        timer == null ? -1 : timer.deadlineNs(),
        flushStarted,
        flushFinished,
        views);
  }

  private List<FlushQueueView.Entry> entries(Ring ring) {
    var entries = new ArrayList<FlushQueueView.Entry>();
    for (int at = ring.head; at != ring.tail; at = (at + 1) & (ring.pfns.length - 1)) {
      entries.add(
          new FlushQueueView.Entry(
              ring.pfns[at] << iovad.granuleShift(),
              ring.pages[at] << iovad.granuleShift(),
              ring.since[at],
              ring.counters[at] < flushFinished,
              ring.tables[at].length));
    }
    return entries;
  }
}
