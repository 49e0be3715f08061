package org.iommulab.lab.advice;

/** What an invalidation does to changes that are still open: which it covers, and how far. */
final class Coverage {

  private Coverage() {}

  /** Writes down what a command has done about a change. */
  static void apply(Obligation o, Descriptor d) {
    switch (d.type()) {
      case CONTEXT_CACHE -> contexts(o, d);
      case PASID_CACHE -> pasids(o, d);
      case IOTLB -> translations(o, d);
      case PASID_IOTLB -> pasidTranslations(o, d);
      case DEVICE_TLB, PASID_DEVICE_TLB -> deviceTlb(o, d);
      default -> {}
    }
  }

  private static void contexts(Obligation o, Descriptor d) {
    if (o.kind != Obligation.Kind.CONTEXT) {
      return;
    }
    int ignored = d.functions();
    boolean covers =
        switch (d.granularity()) {
          case 1 -> true;
          case 2 -> d.domain() == o.domain;
          default -> (d.source() | ignored) == (o.source | ignored);
        };
    o.binding |= covers;
    if (covers && o.wasAbsent) {
      o.fetched = true;
    }
  }

  private static void pasids(Obligation o, Descriptor d) {
    if (o.kind != Obligation.Kind.PASID) {
      return;
    }
    o.binding |=
        switch (d.granularity()) {
          case 3 -> true;
          case 0 -> d.domain() == o.domain;
          default -> d.domain() == o.domain && d.pasid() == o.pasid;
        };
    if (o.binding && o.wasAbsent) {
      o.fetched = true;
    }
  }

  private static void translations(Obligation o, Descriptor d) {
    boolean all = d.granularity() == 1;
    boolean whole = all || d.granularity() == 2 && d.domain() == o.domain;
    if (o.isBinding()) {
      if (whole) {
        o.fetched |= o.binding;
        o.iotlbEarly |= !o.binding;
      }
      return;
    }
    boolean same = all || d.domain() == o.domain;
    boolean covers = whole || same && o.within(d.from(), d.to());
    boolean meets = same && o.meets(d.from(), d.to());
    if (meets && o.kind == Obligation.Kind.TABLE && d.granularity() == 3 && d.hint()) {
      o.hinted = true;
      o.partial = d;
    } else if (covers) {
      o.fetched = true;
      o.by = d;
      o.drained = d.drainsWrites() && d.drainsReads();
    } else if (d.granularity() == 3 && o.meets(d.from(), d.to())) {
      o.partial = d;
    }
  }

  private static void pasidTranslations(Obligation o, Descriptor d) {
    boolean same = d.domain() == o.domain && d.pasid() == o.pasid;
    if (!same) {
      return;
    }
    if (o.kind == Obligation.Kind.PASID) {
      o.wrongKind |= o.binding && o.secondStage;
      o.fetched |= o.binding && !o.secondStage;
      o.iotlbEarly |= !o.binding;
    } else if (o.place.first()) {
      boolean covers = d.granularity() == 2 || o.within(d.from(), d.to());
      boolean hinted = covers && o.kind == Obligation.Kind.TABLE && d.hint();
      o.hinted |= hinted;
      o.fetched |= covers && !hinted;
      o.drained |= o.fetched;
    }
  }

  private static void deviceTlb(Obligation o, Descriptor d) {
    if (!o.devices.contains(d.source()) || !(o.isBinding() || d.covers(o.from))) {
      return;
    }
    if (o.fetched) {
      o.devices.remove(d.source());
    } else {
      o.devicesEarly.add(d.source());
    }
  }
}
