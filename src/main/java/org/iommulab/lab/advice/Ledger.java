package org.iommulab.lab.advice;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.iommulab.vtd.layout.InvalidationDescriptor;

/** Changes of one unit's tables that its caches have not been told of, and how they are settled. */
final class Ledger {

  /** Most changes kept; the oldest go first. */
  private static final int LIMIT = 4096;

  /** Most settled changes kept, for those who reuse a frame that was not drained. */
  private static final int SETTLED = 256;

  private final Shadow shadow;
  private final InvalidationRules invalidations;
  private final WaitRules waitRules;
  private final List<Obligation> open = new ArrayList<>();
  private final List<Obligation> settled = new ArrayList<>();
  private final List<Descriptor> waits = new ArrayList<>();

  Ledger(Shadow shadow, InvalidationRules invalidations, WaitRules waitRules) {
    this.shadow = shadow;
    this.invalidations = invalidations;
    this.waitRules = waitRules;
  }

  void clear() {
    open.clear();
    settled.clear();
    waits.clear();
    invalidations.clear();
  }

  /** Changes that are open, oldest first. */
  List<Obligation> open() {
    return List.copyOf(open);
  }

  /** The last ones that were settled. */
  List<Obligation> settled() {
    return settled;
  }

  void add(Obligation obligation) {
    if (open.size() >= LIMIT) {
      open.removeFirst();
    }
    open.add(obligation);
  }

  /** A command was carried out. */
  void invalidated(Step step, Descriptor d) {
    if (d.type() == InvalidationDescriptor.WAIT) {
      waited(step, d);
      return;
    }
    for (Obligation o : open) {
      boolean fetchedBefore = o.fetched;
      Coverage.apply(o, d);
      if (o.fetched && !fetchedBefore || o.partial == d) {
        invalidations.covered(step, o, d);
      }
    }
    if (d.type() == InvalidationDescriptor.IOTLB && d.granularity() == 3) {
      invalidations.rounded(step, d, open);
    }
  }

  /** A register command has done what a descriptor would have done. */
  void invalidatedByRegister(Step step, Descriptor d) {
    invalidated(step, d);
    finish();
  }

  private void waited(Step step, Descriptor wait) {
    for (Obligation o : open) {
      if (!o.byKernel) {
        waitRules.judge(step, o);
      }
    }
    if (step.byKernel()) {
      // A kernel function polls until its wait is through, and then uses the word again.
      finish();
    } else if (wait.reports()) {
      waits.add(wait);
    }
  }

  /** Looks which waits have reported by now. */
  void complete(Step step) {
    for (Iterator<Descriptor> all = waits.iterator(); all.hasNext(); ) {
      Descriptor wait = all.next();
      boolean written =
          !wait.writesStatus()
              || step.rig().machine().memory().readDword(wait.statusAddress()) == wait.status();
      if (written) {
        all.remove();
        open.forEach(o -> o.done |= o.fetched);
      }
    }
    if (waits.size() > LIMIT) {
      waits.clear();
    }
    settle();
  }

  private void finish() {
    open.forEach(o -> o.done |= o.fetched);
    settle();
  }

  private void settle() {
    for (Iterator<Obligation> all = open.iterator(); all.hasNext(); ) {
      Obligation o = all.next();
      if (o.settled()) {
        all.remove();
        settled.add(o);
      }
    }
    while (settled.size() > SETTLED) {
      settled.removeFirst();
    }
  }

  /** The write buffer was flushed. */
  void drainedBuffer() {
    open.removeIf(o -> o.inBuffer);
  }

  /** Requesters with a device-TLB that use a domain. */
  Set<Integer> ahead(int domain) {
    var devices = new TreeSet<Integer>();
    for (Bindings b : shadow.bindings()) {
      if (b.ahead() && b.domain() == domain) {
        devices.add(b.source().value());
      }
    }
    return devices;
  }
}
