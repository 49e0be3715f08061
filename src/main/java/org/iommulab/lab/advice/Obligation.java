package org.iommulab.lab.advice;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.iommulab.bus.SourceId;
import org.jspecify.annotations.Nullable;

/** A change of a table that caches may not know of yet, and what has been done about it. */
final class Obligation {

  /** What was changed. */
  enum Kind {
    LEAF,
    TABLE,
    CONTEXT,
    PASID
  }

  final Kind kind;
  final int step;
  final boolean byKernel;
  final TableFrame place;
  final long entry;
  final long before;
  final long after;
  final int domain;
  final int pasid;
  final int source;
  final long from;
  final long to;

  /** Only caches of what was absent can be wrong. */
  boolean wasAbsent;

  /** The caches would do, but the write may not have left the chipset. */
  boolean inBuffer;

  /** The old entry used second-stage tables. */
  boolean secondStage;

  /** The old entry allowed writing. */
  boolean writable;

  /** Page frame that the old entry named. */
  long frame;

  boolean binding;
  boolean iotlbEarly;
  boolean hinted;
  boolean wrongKind;
  boolean fetched;
  boolean done;
  boolean drained;
  @Nullable Descriptor partial;
  @Nullable Descriptor by;
  final Set<Integer> devices = new HashSet<>();
  final Set<Integer> devicesEarly = new HashSet<>();

  Obligation(
      Kind kind,
      Step step,
      TableFrame place,
      long entry,
      long before,
      long after,
      int domain,
      int pasid,
      int source,
      long from,
      long to) {
    this.kind = kind;
    this.step = step.number();
    this.byKernel = step.byKernel();
    this.place = place;
    this.entry = entry;
    this.before = before;
    this.after = after;
    this.domain = domain;
    this.pasid = pasid;
    this.source = source;
    this.from = from;
    this.to = to;
  }

  boolean isBinding() {
    return kind == Kind.CONTEXT || kind == Kind.PASID;
  }

  boolean contains(long iova) {
    return Long.compareUnsigned(iova, from) >= 0 && Long.compareUnsigned(iova, to) <= 0;
  }

  /** Whether what was served lies where the old entry led. */
  boolean ledTo(long physical) {
    return kind != Kind.LEAF
        || physical >>> 12 >= frame && (physical >>> 12) - frame <= (to - from) >>> 12;
  }

  boolean within(long first, long last) {
    return Long.compareUnsigned(from, first) >= 0 && Long.compareUnsigned(to, last) <= 0;
  }

  boolean meets(long first, long last) {
    return Long.compareUnsigned(from, last) <= 0 && Long.compareUnsigned(first, to) <= 0;
  }

  /** Nothing is left to do. */
  boolean settled() {
    return done && devices.isEmpty();
  }

  SourceId sourceId() {
    return new SourceId(source);
  }

  /** What shows it: the change, and the commands that were about it. */
  List<Evidence> evidence() {
    var evidence = new ArrayList<Evidence>();
    evidence.add(Evidence.command(step));
    evidence.add(Evidence.entry(entry));
    for (Descriptor d : new Descriptor[] {by, partial}) {
      if (d != null) {
        evidence.add(Evidence.descriptor(d.address()));
      }
    }
    return evidence;
  }

  /** One case for one table of a domain. */
  Object key() {
    return List.of(isBinding() ? entry : entry & -4096L, domain);
  }
}
