package org.iommulab.vtd.invalidation;

import java.util.ArrayDeque;
import java.util.Deque;
import org.iommulab.bus.Pasid;
import org.iommulab.bus.SourceId;
import org.iommulab.bus.ats.AtsEndpoint;
import org.iommulab.bus.ats.AtsEndpoint.Answer;
import org.iommulab.bus.ats.AtsEndpoints;
import org.iommulab.bus.ats.InvalidationRequest;
import org.iommulab.bus.ats.PageRange;
import org.iommulab.vtd.config.Quirk;
import org.iommulab.vtd.config.UnitConfiguration;
import org.iommulab.vtd.register.FaultLog;

/**
 * Device-TLB invalidations that endpoints have not answered yet, and the wait descriptors behind
 * them. Source: vtd.md 7.2, 7.3.
 *
 * <p>An endpoint that never answers is found out as soon as the queue has nothing more to do: real
 * hardware waits for a minute then, and nothing else could happen in it. One that answers later has
 * {@link #TIME_OUT_NS} of virtual time.
 */
final class OutstandingInvalidations {

  /** How long an endpoint may take. */
  static final long TIME_OUT_NS = 60_000_000_000L;

  /** A wait descriptor that cannot complete yet. */
  record Wait(long low, long high, long number, boolean fence) {}

  /** Completes a wait descriptor. */
  @FunctionalInterface
  interface Completion {
    void complete(long low, long high);
  }

  private final FaultLog faults;
  private final AtsEndpoints endpoints;

  /** Bit N: tag N is in use. */
  private int pending;

  private final int[] sources = new int[InvalidationRequest.TAGS];
  private final boolean[] silent = new boolean[InvalidationRequest.TAGS];
  private final long[] numbers = new long[InvalidationRequest.TAGS];
  private final long[] deadlines = new long[InvalidationRequest.TAGS];
  private final Deque<Wait> waits = new ArrayDeque<>();
  private final boolean answersExpected;
  private long submitted;
  private long now;

  OutstandingInvalidations(
      UnitConfiguration configuration, FaultLog faults, AtsEndpoints endpoints) {
    this.faults = faults;
    this.endpoints = endpoints;
    answersExpected = !configuration.has(Quirk.DESCRIPTORS_LOOSELY_CHECKED);
  }

  void reset() {
    pending = 0;
    waits.clear();
  }

  /** Tells whether another invalidation can be sent now. */
  boolean hasFreeTag() {
    return pending != -1;
  }

  private boolean isPending(int tag) {
    return (pending & 1 << tag) != 0;
  }

  /** Sends an invalidation; there must be a free tag. */
  void send(int source, Pasid pasid, boolean everyPasid, PageRange range) {
    int tag = Integer.numberOfTrailingZeros(~pending);
    AtsEndpoint endpoint = endpoints.endpoint(new SourceId(source));
    pending |= 1 << tag;
    sources[tag] = source;
    numbers[tag] = submitted++;
    deadlines[tag] = now + TIME_OUT_NS;
    Answer answer =
        endpoint == null
            ? Answer.NEVER
            : endpoint.invalidate(new InvalidationRequest(tag, pasid, everyPasid, range));
    silent[tag] = answer == Answer.NEVER;
    if (answer == Answer.COMPLETED || !answersExpected) {
      pending &= ~(1 << tag);
    }
  }

  /** Tells whether a wait descriptor must be kept for later; if so, keeps it. */
  boolean defer(long low, long high, boolean fence) {
    if (pending == 0) {
      return false;
    }
    waits.add(new Wait(low, high, submitted, fence));
    return true;
  }

  /** Tells whether a fence keeps later descriptors from being fetched. */
  boolean isFenced() {
    return !waits.isEmpty() && waits.stream().anyMatch(Wait::fence);
  }

  /** An endpoint completed an invalidation. */
  void completed(int source, int tag, Completion completion) {
    if (tag < 0 || tag >= sources.length || !isPending(tag) || sources[tag] != source) {
      faults.completionError(source);
      return;
    }
    pending &= ~(1 << tag);
    while (!waits.isEmpty() && isDone(waits.getFirst())) {
      Wait wait = waits.removeFirst();
      completion.complete(wait.low(), wait.high());
    }
  }

  private boolean isDone(Wait wait) {
    for (int tag = 0; tag < sources.length; tag++) {
      if (isPending(tag) && numbers[tag] < wait.number()) {
        return false;
      }
    }
    return true;
  }

  /** The queue has come to rest: endpoints that never answer are found out. */
  void atRest() {
    if (pending == 0) {
      return;
    }
    for (int tag = 0; tag < sources.length; tag++) {
      if (isPending(tag) && silent[tag]) {
        timeOut(sources[tag]);
        return;
      }
    }
  }

  /** Virtual time passes. */
  void elapse(long ns) {
    now += ns;
    for (int tag = 0; tag < sources.length; tag++) {
      if (isPending(tag) && deadlines[tag] <= now) {
        timeOut(sources[tag]);
        return;
      }
    }
  }

  /** Everything pending is given up; software submits it again. */
  private void timeOut(int source) {
    pending = 0;
    waits.clear();
    faults.timeoutError(source);
  }
}
